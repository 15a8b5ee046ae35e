package exec

import (
	"encoding/binary"
	"errors"
)

// counting operators have numbers that go with the task's position, such as that of the next row that they make.
type counting interface{ numbers() []*int64 }

func (w *windowed) numbers() []*int64 { return []*int64{&w.nextID, &w.closed} }
func (a *joined) numbers() []*int64   { return []*int64{&a.nextID} }

// positionVersion is the first byte of a position.
const positionVersion = 2

var errPosition = errors.New("the saved position is of another program, or of another number of partitions: start with a new --group")

// Position is where the task stands in time: the marks and counts of its
// sources, writers and operators. It is saved with the task's state and goes
// back into [NewTask].
func (t *Task) Position() []byte {
	out := []byte{positionVersion}
	for _, of := range t.sources {
		out = binary.AppendUvarint(out, uint64(len(of)))
		for _, s := range of {
			out = binary.AppendVarint(binary.AppendVarint(out, s.mark), s.seq)
			out = append(out, flag(s.idle))
		}
	}
	for _, w := range t.writers {
		out = binary.AppendUvarint(out, uint64(len(w.seq)))
		for _, n := range w.seq {
			out = binary.AppendVarint(out, n)
		}
		out = append(binary.AppendVarint(out, w.mark), flag(w.idle))
	}
	for _, n := range t.nodes {
		out = binary.AppendVarint(out, n.wm)
		if c, ok := n.op.(counting); ok {
			for _, x := range c.numbers() {
				out = binary.AppendVarint(out, *x)
			}
		}
	}
	return out
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// setPosition reads what Position wrote; the error is errPosition.
func (t *Task) setPosition(b []byte) error {
	r := varints{b: b}
	if r.byte() != positionVersion {
		return errPosition
	}
	for _, of := range t.sources {
		if r.uvarint() != uint64(len(of)) {
			return errPosition
		}
		for _, s := range of {
			s.mark, s.seq, s.idle = r.varint(), r.varint(), r.byte() == 1
		}
	}
	for _, w := range t.writers {
		if r.uvarint() != uint64(len(w.seq)) {
			return errPosition
		}
		for i := range w.seq {
			w.seq[i] = r.varint()
		}
		w.mark, w.idle = r.varint(), r.byte() == 1
	}
	for _, n := range t.nodes {
		n.wm = r.varint()
		if c, ok := n.op.(counting); ok {
			for _, x := range c.numbers() {
				*x = r.varint()
			}
		}
	}
	if r.bad || len(r.b) != 0 {
		return errPosition
	}
	return nil
}
