package exec

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// rewriter calls a function for each row of a batch and puts the columns that it set in place.
type rewriter struct {
	task *Task
	step *plan.Step
	sets []int     // the places of the columns that the function sets
	vecs []row.Vec // those columns
	row  row.Scratch
	at   int // the row that the function is called for
	adds []row.Field
}

func newRewriter(t *Task, s *plan.Step, adds []row.Field) rewriter {
	r := rewriter{task: t, step: s, adds: adds}
	for _, f := range adds {
		r.sets, r.vecs = append(r.sets, s.Schema.Index(f.Name)), append(r.vecs, row.Vec{})
	}
	return r
}

// rewrite leaves out the rows for which fn fails, following the step's policy.
func (r *rewriter) rewrite(b *row.Batch, fn func(row.Row) row.Row, out emit) error {
	cols := r.columns(b)
	var bad []int32
	for i := 0; i < b.Len(); i++ {
		err := r.task.try(r.step, &i, func() {
			for ; i < b.Len(); i++ {
				r.at = i
				r.assign(cols, i, fn(r.row.Row(b, i)).Changes())
			}
		})
		if err == nil {
			break
		}
		if err := r.task.bad(User, r.step, b.Record(i), err); err != nil {
			return err
		}
		bad = append(bad, int32(i))
	}
	return r.give(b, cols, bad, out)
}

// give hands the rows on, but for those that are bad.
func (r *rewriter) give(b *row.Batch, cols []row.Vec, bad []int32, out emit) error {
	b = b.WithCols(r.step.Schema, cols)
	if len(bad) > 0 {
		b = b.Gather(without(b.Len(), bad))
	}
	return out(b)
}

// columns are the batch's, with others where the function sets them: as they were before, or null.
func (r *rewriter) columns(b *row.Batch) []row.Vec {
	cols := make([]row.Vec, r.step.Schema.Len())
	copy(cols, b.Cols)
	for k, at := range r.sets {
		v, old := &r.vecs[k], b.Col(r.adds[k].Name)
		v.Kind = r.step.Schema.At(at).Kind
		if old != nil && old.Kind == v.Kind {
			v.Copy(old)
		} else {
			v.Nulls(b.Len())
		}
		cols[at] = *v
	}
	return cols
}

// restore makes the columns that the function sets in row i what they were before, or null.
func (r *rewriter) restore(b *row.Batch, cols []row.Vec, i int) {
	for k, at := range r.sets {
		v, old := &cols[at], b.Col(r.adds[k].Name)
		if old == nil || old.Kind != v.Kind {
			v.SetNull(i)
		} else if err := v.Set(i, old.Value(i)); err != nil {
			v.SetNull(i)
		}
	}
}

// assign puts what the function set into row i.
func (r *rewriter) assign(cols []row.Vec, i int, changes []row.Member) {
	r.check(changes)
	for _, m := range changes {
		if err := cols[r.place(m.Name)].Set(i, m.Value); err != nil {
			panic(&row.AccessError{Msg: fmt.Sprintf("column %q %v", m.Name, err)})
		}
	}
}

// place is that of a column that the function sets, or -1.
func (r *rewriter) place(name string) int {
	for i := range r.adds {
		if r.adds[i].Name == name {
			return r.sets[i]
		}
	}
	return -1
}

// check panics with an [*Undeclared] if the function set columns that the plan does not know.
func (r *rewriter) check(changes []row.Member) {
	var lacks []row.Field
	for _, m := range changes {
		if r.place(m.Name) >= 0 {
			continue
		}
		if k := row.KindOf(m.Value); k != row.Null { // a null has no kind to declare
			lacks = append(lacks, row.Field{Name: m.Name, Kind: k})
		} else {
			lacks = append(lacks, row.Field{Name: m.Name, Kind: row.Float})
		}
	}
	if lacks != nil {
		panic(&Undeclared{lacks})
	}
}

// Undeclared says that a function set columns that the plan does not know. It is wrong with the function's step, and
// not with the row.
type Undeclared struct {
	Fields []row.Field // as they should be declared
}

// Error says what to declare.
func (u *Undeclared) Error() string {
	names, fields := make([]string, len(u.Fields)), make([]string, len(u.Fields))
	for i, f := range u.Fields {
		names[i], fields[i] = strconv.Quote(f.Name), strconv.Quote(f.String())
	}
	return fmt.Sprintf("the function sets column %s, which is not declared: put %s after the function", strings.Join(names, ", "), strings.Join(fields, ", "))
}
