package exec

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// dedup lets the first of rows through that are alike, and remembers it for a while.
//
// A row is remembered for rows before an end, which is within after it. A row
// that comes later than within counts as that late: so a row is of no use when
// time is within beyond its end, and it does not show when it is forgotten.
type dedup struct {
	task   *Task
	step   *plan.Step
	store  state.Store
	text   keyText
	within int64

	seen    map[string]int64 // the ends of rows, by their text
	ends    ends
	changed []string // since the last save
	mark    int64    // of the last row
	texts   row.Vec
	keep    []int32
}

func newDedup(t *Task, s *plan.Step, store state.Store) *dedup {
	op := s.Op.(*plan.Dedup)
	return &dedup{task: t, step: s, store: store, text: keyText{cols: op.Columns}, within: op.Within.Microseconds(), mark: noTime, seen: map[string]int64{}}
}

func (d *dedup) process(_ int, b *row.Batch, out emit) error {
	d.text.keys(b, &d.texts)
	d.keep = d.keep[:0]
	for i := range b.Len() {
		switch {
		case d.texts.IsNull(i) || b.Key.IsNull(i):
			d.task.Counts.NullKey[d.step.ID]++
		case d.first(d.texts.Strs[i], b.Time[i], b.Mark[i]):
			d.keep = append(d.keep, int32(i))
		}
	}
	if len(d.keep) == b.Len() {
		return out(b)
	}
	return out(b.Gather(d.keep))
}

// first says whether no row with that text is remembered, and remembers this one.
func (d *dedup) first(text string, time, mark int64) bool {
	d.mark = mark
	time = max(time, mark-d.within)
	if end, ok := d.seen[text]; ok && time < end {
		return false
	}
	text = strings.Clone(text)
	d.seen[text] = time + d.within
	d.ends.push(time+2*d.within, text)
	d.changed = append(d.changed, text)
	return true
}

// advance forgets what is over.
func (d *dedup) advance(wm int64, _ emit) (int64, error) {
	for len(d.ends) > 0 && d.ends[0].at <= d.mark {
		text := d.ends.pop()
		if end, ok := d.seen[text]; !ok || end+d.within > d.mark {
			continue // it was seen again since
		}
		delete(d.seen, text)
		if err := d.store.Delete([]byte(text)); err != nil {
			return wm, err
		}
	}
	return wm, nil
}

func (d *dedup) save() error {
	for _, text := range d.changed {
		end, ok := d.seen[text]
		if !ok {
			continue
		}
		if err := d.store.Put([]byte(text), binary.AppendVarint(nil, end)); err != nil {
			return err
		}
	}
	d.changed = d.changed[:0]
	return nil
}

func (d *dedup) load() error {
	return d.store.Scan(nil, func(key, value []byte) error {
		end, n := binary.Varint(value)
		if n != len(value) || n <= 0 {
			return fmt.Errorf("what was seen, %q, does not decode: was it written by another program?", key)
		}
		d.seen[string(key)] = end
		d.ends.push(end+d.within, string(key))
		return nil
	})
}
