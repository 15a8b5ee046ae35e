package exec

import (
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/vector"
)

// applied replaces each row by what a user's function gives for it.
type applied struct {
	stateless
	rows     rewriter
	fn       func(row.Row) row.Row
	computed *vector.Program // instead of calls, but for its faults; or nil
}

func newApplied(t *Task, s *plan.Step) *applied {
	op := s.Op.(*plan.Apply)
	a := &applied{rows: newRewriter(t, s, op.Adds), fn: op.Func}
	a.computed, _ = Computed(s) // calls do what it cannot
	return a
}

func (a *applied) process(_ int, b *row.Batch, out emit) error {
	if !compute(a.computed, b) {
		return a.rows.rewrite(b, a.fn, out)
	}
	cols := make([]row.Vec, a.rows.step.Schema.Len())
	copy(cols, b.Cols)
	for k, at := range a.rows.sets {
		cols[at] = a.computed.Column(k, b.Len())
	}
	var bad []int32
	for i, fault := range a.computed.Faults() {
		if fault == 0 {
			continue
		}
		ok, err := a.called(b, cols, i)
		if err != nil {
			return err
		}
		if !ok {
			bad = append(bad, int32(i))
		}
	}
	return a.rows.give(b, cols, bad, out)
}

// called calls the function for row i; false: the row is a bad one.
func (a *applied) called(b *row.Batch, cols []row.Vec, i int) (bool, error) {
	a.rows.restore(b, cols, i)
	err := a.rows.task.try(a.rows.step, &i, func() { a.rows.assign(cols, i, a.fn(row.NewRow(b, i)).Changes()) })
	if err == nil {
		return true, nil
	}
	return false, a.rows.task.bad(User, a.rows.step, b.Record(i), err)
}
