package exec

import (
	"reflect"
	"time"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/vector"
)

// mapped adds a column by a user's function of other columns.
type mapped struct {
	stateless
	task     *Task
	step     *plan.Step
	args     []int
	call     plan.Loop
	computed *vector.Program // instead of calls, but for its faults; or nil
	at       int
}

func newMapped(t *Task, s *plan.Step) *mapped {
	op := s.Op.(*plan.Map)
	m := &mapped{task: t, step: s, call: loopOf(op), at: s.Schema.Index(op.Name)}
	m.computed, _ = Computed(s) // calls do what it cannot
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
	v, skip := m.begin(args, b)
	var bad []int32
	for at := 0; at < len(skip); at++ {
		err := m.task.try(m.step, &at, func() { m.call(args, skip, &v, &at) })
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

// begin is the column as far as it is known without calls, and the rows that no
// call is needed for; none if that is all.
func (m *mapped) begin(args []*row.Vec, b *row.Batch) (v row.Vec, skip []bool) {
	if !compute(m.computed, b) {
		v = row.MakeVec(m.step.Schema.At(m.at).Kind, b.Len())
		return v, nulls(args, &v, b.Len())
	}
	v = m.computed.Column(0, b.Len())
	for _, a := range args {
		for i := range a.Valid {
			if a.Valid[i] == 0 {
				v.SetNull(i)
			}
		}
	}
	for i, fault := range m.computed.Faults() {
		skip = append(skip, fault == 0 || v.IsNull(i))
	}
	return v, skip
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
