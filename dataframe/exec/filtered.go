package exec

import (
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/vector"
)

// filtered keeps the rows for which a user's function says true.
type filtered struct {
	stateless
	task     *Task
	step     *plan.Step
	fn       func(row.Row) bool
	computed *vector.Program // instead of calls, but for its faults; or nil
	keep     []int32
}

func newFiltered(t *Task, s *plan.Step) *filtered {
	f := &filtered{task: t, step: s, fn: s.Op.(*plan.Filter).Func}
	f.computed, _ = Computed(s) // calls do what it cannot
	return f
}

func (f *filtered) process(_ int, b *row.Batch, out emit) error {
	f.keep = f.keep[:0]
	says := f.called
	if compute(f.computed, b) {
		says = f.known(b.Len())
	}
	for i := range b.Len() {
		ok, err := says(b, i)
		if err != nil {
			if err := f.task.bad(User, f.step, b.Record(i), err); err != nil {
				return err
			}
		} else if ok {
			f.keep = append(f.keep, int32(i))
		}
	}
	if len(f.keep) == b.Len() {
		return out(b)
	}
	return out(b.Gather(f.keep))
}

// called is what the function says of row i.
func (f *filtered) called(b *row.Batch, i int) (ok bool, err error) {
	err = f.task.try(f.step, &i, func() { ok = f.fn(row.NewRow(b, i)) })
	return ok, err
}

// known says of a row of n what was computed, but for faults.
func (f *filtered) known(n int) func(b *row.Batch, i int) (bool, error) {
	v, faults := f.computed.Column(0, n), f.computed.Faults()
	return func(b *row.Batch, i int) (bool, error) {
		if len(faults) > 0 && faults[i] != 0 {
			return f.called(b, i)
		}
		return v.Bools[i] != 0, nil
	}
}
