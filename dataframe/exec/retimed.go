package exec

import (
	"encoding/binary"
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// clock is what the time of a node comes from: the source of its rows, or the
// last step before it that gave them another time.
type clock interface {
	// raise says that time is at least so far: rows before it are late.
	raise(to int64)
}

func (s *source) raise(to int64) { s.mark = max(s.mark, to) }

// retimed gives rows the event time of a column. Its rows come in one order,
// whatever the interleaving, and the mark of each is the highest time up to it:
// as it is in a topic. The highest of all is the state, without which rows
// after a restart would not be late that were late before.
type retimed struct {
	task  *Task
	step  *plan.Step
	store state.Store
	at    int // the column
	mark  int64
	saved int64
	keep  []int32
}

func newRetimed(t *Task, s *plan.Step, store state.Store) *retimed {
	return &retimed{task: t, step: s, store: store, at: s.In[0].Schema.Index(s.Op.(*plan.Retime).Column), mark: noTime, saved: noTime}
}

func (r *retimed) raise(to int64) { r.mark = max(r.mark, to) }

func (r *retimed) process(_ int, b *row.Batch, out emit) error {
	col := &b.Cols[r.at]
	r.keep = r.keep[:0]
	for i := range b.Len() {
		if err := r.lack(col, i); err == nil {
			r.keep = append(r.keep, int32(i))
		} else if err := r.task.bad(Lack, r.step, b.Record(i), err); err != nil {
			return err
		}
	}
	if len(r.keep) < b.Len() {
		b = b.Gather(r.keep)
		col = &b.Cols[r.at]
	}
	timed := *b
	timed.Time, timed.Mark = col.Ints, make([]int64, b.Len())
	for i, t := range timed.Time {
		r.mark = max(r.mark, t)
		timed.Mark[i] = r.mark
	}
	return out(&timed)
}

// lack says why row i cannot have the column's time.
func (r *retimed) lack(col *row.Vec, i int) error {
	name := r.step.In[0].Schema.At(r.at).Name
	switch {
	case col.IsNull(i):
		return fmt.Errorf("%s is null, and it is the time of the row", name)
	case col.Ints[i] > LastTime || col.Ints[i] < -LastTime:
		return fmt.Errorf("%s is %d µs since 1970, want a time within 146,000 years", name, col.Ints[i])
	}
	return nil
}

func (r *retimed) advance(int64, emit) (int64, error) { return r.mark, nil }

func (r *retimed) save() error {
	if r.mark == r.saved {
		return nil
	}
	r.saved = r.mark
	return r.store.Put([]byte("mark"), binary.AppendVarint(nil, r.mark))
}

func (r *retimed) load() error {
	return r.store.Scan(nil, func(_, value []byte) error {
		mark, n := binary.Varint(value)
		if n != len(value) || n <= 0 {
			return fmt.Errorf("the time of the last rows does not decode: was it written by another program?")
		}
		r.mark, r.saved = mark, mark
		return nil
	})
}
