package exec

import (
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// flatMapped puts the rows that a user's function gives for a row in its place.
type flatMapped struct {
	stateless
	numbered
	rows rewriter
	fn   func(row.Row) []row.Row
}

func newFlatMapped(t *Task, s *plan.Step) *flatMapped {
	op := s.Op.(*plan.FlatMap)
	return &flatMapped{rows: newRewriter(t, s, op.Adds), fn: op.Func}
}

func (f *flatMapped) process(_ int, b *row.Batch, out emit) error {
	var from []int32
	var set [][]row.Member // by row that is given
	for i := range b.Len() {
		var given [][]row.Member
		err := f.rows.task.try(f.rows.step, &i, func() {
			given = given[:0]
			for _, r := range f.fn(row.NewRow(b, i)) {
				f.rows.check(r.Changes())
				f.fit(r.Changes())
				given = append(given, r.Changes())
			}
		})
		if err != nil {
			if err := f.rows.task.bad(User, f.rows.step, b.Record(i), err); err != nil {
				return err
			}
			continue
		}
		for _, changes := range given {
			from, set = append(from, int32(i)), append(set, changes)
		}
	}
	rows := b.Gather(from)
	f.places(rows)
	cols := f.rows.columns(rows)
	for i, changes := range set {
		f.rows.assign(cols, i, changes)
	}
	return out(rows.WithCols(f.rows.step.Schema, cols))
}

// fit panics with an [*row.AccessError] if a value is not of its column's kind.
func (f *flatMapped) fit(changes []row.Member) {
	for _, m := range changes {
		if err := fits(m.Value, f.rows.step.Schema.At(f.rows.place(m.Name)).Kind); err != nil {
			panic(&row.AccessError{Msg: fmt.Sprintf("column %q %v", m.Name, err)})
		}
	}
}

// doing calls a user's function for each row.
type doing struct {
	stateless
	task *Task
	step *plan.Step
	fn   func(row.Row)
}

func (d *doing) process(_ int, b *row.Batch, out emit) error {
	var bad []int32
	for i := range b.Len() {
		err := d.task.try(d.step, &i, func() { d.fn(row.NewRow(b, i)) })
		if err == nil {
			continue
		}
		if err := d.task.bad(User, d.step, b.Record(i), err); err != nil {
			return err
		}
		bad = append(bad, int32(i))
	}
	if len(bad) == 0 {
		return out(b)
	}
	return out(b.Gather(without(b.Len(), bad)))
}
