package exec

import (
	"encoding/binary"
	"errors"
)

// counting operators have numbers that go with the task's position, such as that of the next row that they make.
type counting interface{ numbers() []*int64 }

func (a *joined) numbers() []*int64 { return []*int64{&a.nextID} }

// positionVersion is the first byte of a position.
const positionVersion = 4

var errPosition = errors.New("the saved position is of another program, or of another number of partitions: start with a new --group")

// Position is where the task stands in time: the marks and counts of its
// sources, of its writers and of the operators that keep something. It is saved
// with the task's state and goes back into [NewTask]. Everything has its name,
// so that steps which keep nothing may come and go.
func (t *Task) Position() []byte {
	out := []byte{positionVersion}
	for i, of := range t.sources {
		out = appendName(out, t.sub.Inputs[i].Topic)
		out = binary.AppendUvarint(out, uint64(len(of)))
		for _, s := range of {
			out = binary.AppendVarint(binary.AppendVarint(out, s.mark), s.seq)
			out = append(out, flag(s.idle))
		}
	}
	for _, w := range t.writers {
		out = appendName(out, w.topic)
		out = binary.AppendUvarint(out, uint64(len(w.seq)))
		for _, n := range w.seq {
			out = binary.AppendVarint(out, n)
		}
		out = append(binary.AppendVarint(out, w.mark), flag(w.idle))
	}
	for _, n := range t.nodes {
		if n.kept == "" {
			continue
		}
		numbers := n.numbers()
		out = appendName(out, n.kept)
		out = binary.AppendUvarint(out, uint64(len(numbers)))
		for _, x := range numbers {
			out = binary.AppendVarint(out, *x)
		}
	}
	return out
}

// numbers are those of a node that keeps something.
func (n *node) numbers() []*int64 {
	out := []*int64{&n.wm}
	if c, ok := n.op.(counting); ok {
		out = append(out, c.numbers()...)
	}
	return out
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func appendName(b []byte, name string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(name))), name...)
}

// setPosition reads what Position wrote; the error is errPosition. What was
// saved for operators that are not there is passed over, and operators that
// nothing was saved for begin.
func (t *Task) setPosition(b []byte) error {
	r := varints{b: b}
	if r.byte() != positionVersion {
		return errPosition
	}
	for i, of := range t.sources {
		if string(r.bytes()) != t.sub.Inputs[i].Topic || r.uvarint() != uint64(len(of)) {
			return errPosition
		}
		for _, s := range of {
			s.mark, s.seq, s.idle = r.varint(), r.varint(), r.byte() == 1
		}
	}
	for _, w := range t.writers {
		if string(r.bytes()) != w.topic || r.uvarint() != uint64(len(w.seq)) {
			return errPosition
		}
		for i := range w.seq {
			w.seq[i] = r.varint()
		}
		w.mark, w.idle = r.varint(), r.byte() == 1
	}
	if err := t.setNumbers(&r); err != nil {
		return err
	}
	return t.stand()
}

func (t *Task) setNumbers(r *varints) error {
	at := map[string]*node{}
	for _, n := range t.nodes {
		if n.kept != "" && !t.cfg.Fresh[n.kept] {
			at[n.kept] = n
		}
	}
	for len(r.b) > 0 && !r.bad {
		var to []*int64
		n := at[string(r.bytes())]
		if n != nil {
			to = n.numbers()
		}
		count := r.uvarint()
		if n != nil && count != uint64(len(to)) {
			return errPosition
		}
		for i := uint64(0); i < count && !r.bad; i++ {
			if x := r.varint(); n != nil {
				*to[i] = x
			}
		}
	}
	if r.bad {
		return errPosition
	}
	return nil
}

// stand brings operators that keep nothing to the time of what is before them.
func (t *Task) stand() error {
	for _, n := range t.nodes {
		if n.kept != "" {
			continue
		}
		if err := n.advance(n.reached()); err != nil {
			return err
		}
	}
	return nil
}
