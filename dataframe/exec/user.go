package exec

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// mapped adds a column by a user's function of other columns.
type mapped struct {
	stateless
	task *Task
	step *plan.Step
	args []int
	call plan.Loop
	at   int
}

func newMapped(t *Task, s *plan.Step) *mapped {
	op := s.Op.(*plan.Map)
	m := &mapped{task: t, step: s, call: loopOf(op), at: s.Schema.Index(op.Name)}
	for _, a := range op.Args {
		m.args = append(m.args, s.In[0].Schema.Index(a))
	}
	return m
}

func (m *mapped) process(_ int, b *row.Batch, out emit) error {
	args := make([]*row.Vec, len(m.args))
	for i, a := range m.args {
		args[i] = &b.Cols[a]
	}
	v := row.MakeVec(m.step.Schema.At(m.at).Kind, b.Len())
	skip := nulls(args, &v, b.Len())
	var bad []int32
	for at := 0; at < b.Len(); at++ {
		err := call(func() { m.call(args, skip, &v, &at) })
		if err == nil {
			break
		}
		if err := m.task.bad(User, m.step, b.Record(at), err); err != nil {
			return err
		}
		bad = append(bad, int32(at))
	}
	b = b.WithCols(m.step.Schema, put(b.Cols, m.at, v))
	if len(bad) > 0 {
		b = b.Gather(without(b.Len(), bad))
	}
	return out(b)
}

// nulls marks the rows that have a null among their arguments, and makes their result null.
func nulls(args []*row.Vec, out *row.Vec, n int) []bool {
	skip := make([]bool, n)
	for _, a := range args {
		for i := range n {
			if a.IsNull(i) && !skip[i] {
				skip[i] = true
				out.SetNull(i)
			}
		}
	}
	return skip
}

// without is the rows of n that are not in bad, which is in order.
func without(n int, bad []int32) []int32 {
	keep := make([]int32, 0, n)
	for i := range int32(n) {
		if len(bad) > 0 && bad[0] == i {
			bad = bad[1:]
			continue
		}
		keep = append(keep, i)
	}
	return keep
}

// loopOf is how the function of an op is called: without reflection if there is a loop for its type, and the columns are of the kinds it takes.
func loopOf(op *plan.Map) plan.Loop {
	fast, slow := direct(op), reflected(op.Func)
	kinds, _, err := plan.Signature(op.Func)
	if fast == nil || err != nil {
		return slow
	}
	return func(args []*row.Vec, skip []bool, out *row.Vec, at *int) {
		for i, a := range args {
			if a.Kind != kinds[i] {
				slow(args, skip, out, at)
				return
			}
		}
		fast(args, skip, out, at)
	}
}

// direct is the loop that the program brought, or one of the most common type; nil if there is none.
func direct(op *plan.Map) plan.Loop {
	switch f := op.Func.(type) {
	case func(float64) float64:
		return func(a []*row.Vec, skip []bool, out *row.Vec, at *int) {
			for x := a[0].Floats; *at < len(x); *at++ {
				if !skip[*at] {
					out.Floats[*at] = f(x[*at])
				}
			}
		}
	case func(float64, float64) float64:
		return func(a []*row.Vec, skip []bool, out *row.Vec, at *int) {
			for x, y := a[0].Floats, a[1].Floats; *at < len(x); *at++ {
				if !skip[*at] {
					out.Floats[*at] = f(x[*at], y[*at])
				}
			}
		}
	}
	return op.Loop()
}

// reflected calls a function of any type, a row at a time.
func reflected(fn any) plan.Loop {
	f := reflect.ValueOf(fn)
	t := f.Type()
	in := make([]reflect.Value, t.NumIn())
	return func(args []*row.Vec, skip []bool, out *row.Vec, at *int) {
		for ; *at < len(skip); *at++ {
			if skip[*at] {
				continue
			}
			for j, a := range args {
				in[j] = argument(a, *at, t.In(j))
			}
			if err := out.Set(*at, plain(f.Call(in)[0])); err != nil {
				panic(err)
			}
		}
	}
}

// argument is a value as the function's argument type, which plan has checked to fit its kind.
func argument(v *row.Vec, i int, t reflect.Type) reflect.Value {
	x := v.Value(i)
	if t.Kind() == reflect.Interface {
		return reflect.ValueOf(&x).Elem()
	}
	return reflect.ValueOf(x).Convert(t)
}

// plain is a function's result without a named type.
func plain(v reflect.Value) any {
	switch x := v.Interface().(type) {
	case nil, time.Time, time.Duration, []byte, []any, row.Object:
		return x
	}
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return int64(v.Uint())
	case reflect.Float32, reflect.Float64:
		return v.Float()
	case reflect.String:
		return v.String()
	}
	return v.Interface()
}

// applied replaces each row by what a user's function gives for it.
type applied struct {
	stateless
	rows rewriter
	fn   func(row.Row) row.Row
}

func (a *applied) process(_ int, b *row.Batch, out emit) error {
	return a.rows.rewrite(b, func(r row.Row) row.Row { return a.fn(r) }, out)
}

// filtered keeps the rows for which a user's function says true.
type filtered struct {
	stateless
	task *Task
	step *plan.Step
	fn   func(row.Row) bool
}

func (f *filtered) process(_ int, b *row.Batch, out emit) error {
	keep := make([]int32, 0, b.Len())
	for i := range b.Len() {
		ok := false
		if err := call(func() { ok = f.fn(row.NewRow(b, i)) }); err != nil {
			if err := f.task.bad(User, f.step, b.Record(i), err); err != nil {
				return err
			}
			continue
		}
		if ok {
			keep = append(keep, int32(i))
		}
	}
	if len(keep) == b.Len() {
		return out(b)
	}
	return out(b.Gather(keep))
}

// rewriter calls a function for each row of a batch and puts the columns that it set in place.
type rewriter struct {
	task *Task
	step *plan.Step
	sets []int // the places of the columns that the function sets
	adds []row.Field
}

func newRewriter(t *Task, s *plan.Step, adds []row.Field) rewriter {
	r := rewriter{task: t, step: s, adds: adds}
	for _, f := range adds {
		r.sets = append(r.sets, s.Schema.Index(f.Name))
	}
	return r
}

// rewrite leaves out the rows for which fn fails, following the step's policy.
func (r *rewriter) rewrite(b *row.Batch, fn func(row.Row) row.Row, out emit) error {
	cols := r.columns(b)
	var bad []int32
	for i := 0; i < b.Len(); i++ {
		err := call(func() {
			for ; i < b.Len(); i++ {
				r.assign(cols, i, fn(row.NewRow(b, i)).Changes())
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
	b = b.WithCols(r.step.Schema, cols)
	if len(bad) > 0 {
		b = b.Gather(without(b.Len(), bad))
	}
	return out(b)
}

// columns are the batch's, with fresh ones where the function sets them: as
// they were before, or null.
func (r *rewriter) columns(b *row.Batch) []row.Vec {
	cols := make([]row.Vec, r.step.Schema.Len())
	copy(cols, b.Cols)
	for _, at := range r.sets {
		f := r.step.Schema.At(at)
		v := row.MakeVec(f.Kind, b.Len())
		old := b.Col(f.Name)
		for i := range b.Len() {
			if old == nil || old.Kind != f.Kind {
				v.SetNull(i)
			} else if err := v.Set(i, old.Value(i)); err != nil {
				v.SetNull(i)
			}
		}
		cols[at] = v
	}
	return cols
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
