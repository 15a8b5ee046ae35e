package exec

import (
	"reflect"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// batchMapped adds a column by a user's function of slices of other columns.
type batchMapped struct {
	stateless
	task  *Task
	step  *plan.Step
	fn    reflect.Value
	args  []int
	kinds []row.Kind // of the function's slices
	at    int
}

func newBatchMapped(t *Task, s *plan.Step) *batchMapped {
	op := s.Op.(*plan.MapBatch)
	kinds, _ := plan.Slices(op.Func) // Bind has seen that it is one
	m := &batchMapped{task: t, step: s, fn: reflect.ValueOf(op.Func), kinds: kinds, at: s.Schema.Index(op.Name)}
	for _, a := range op.Args {
		m.args = append(m.args, s.In[0].Schema.Index(a))
	}
	return m
}

func (m *batchMapped) process(_ int, b *row.Batch, out emit) error {
	v := row.MakeVec(m.kinds[len(m.kinds)-1], b.Len())
	var rows []int32 // that have all arguments
	for i := range b.Len() {
		if slices.ContainsFunc(m.args, func(c int) bool { return b.Cols[c].IsNull(i) }) {
			v.SetNull(i)
			continue
		}
		rows = append(rows, int32(i))
	}
	bad, err := m.compute(b, rows, &v)
	if err != nil {
		return err
	}
	b = b.WithCols(m.step.Schema, put(b.Cols, m.at, v))
	if len(bad) > 0 {
		b = b.Gather(without(b.Len(), bad))
	}
	return out(b)
}

// compute calls the function for rows; if it panics, for each alone, so that it is known which are bad.
func (m *batchMapped) compute(b *row.Batch, rows []int32, v *row.Vec) (bad []int32, err error) {
	if len(rows) == 0 || call(func() { m.call(b, rows, v) }) == nil {
		return nil, nil
	}
	for i, at := range rows {
		err := m.task.try(m.step, &i, func() { m.call(b, rows[i:i+1], v) })
		if err == nil {
			continue
		}
		if err := m.task.bad(User, m.step, b.Record(int(at)), err); err != nil {
			return nil, err
		}
		bad = append(bad, at)
	}
	return bad, nil
}

// call gives the function copies of the rows' values, which it may change, and puts its results in place.
func (m *batchMapped) call(b *row.Batch, rows []int32, v *row.Vec) {
	in := make([]reflect.Value, len(m.kinds))
	for k, c := range m.args {
		in[k] = reflect.ValueOf(slice(&b.Cols[c], rows, m.kinds[k]))
	}
	results := zeros(v.Kind, len(rows))
	in[len(m.args)] = reflect.ValueOf(results)
	m.fn.Call(in)
	scatter(results, rows, v)
}

// zeros is a slice for n results of a kind.
func zeros(k row.Kind, n int) any {
	switch k {
	case row.Bool:
		return make([]bool, n)
	case row.Int:
		return make([]int64, n)
	case row.String:
		return make([]string, n)
	}
	return make([]float64, n)
}

// slice is a column's values at some rows, as a slice of the kind's Go type.
func slice(v *row.Vec, rows []int32, kind row.Kind) any {
	switch kind {
	case row.Bool:
		return picked(rows, func(i int32) bool { return v.Bools[i] != 0 })
	case row.Int:
		return picked(rows, func(i int32) int64 { return v.Ints[i] })
	case row.String:
		return picked(rows, func(i int32) string { return v.Strs[i] })
	}
	if v.Kind == row.Int {
		return picked(rows, func(i int32) float64 { return float64(v.Ints[i]) })
	}
	return picked(rows, func(i int32) float64 { return v.Floats[i] })
}

func picked[T any](rows []int32, at func(int32) T) []T {
	out := make([]T, len(rows))
	for k, i := range rows {
		out[k] = at(i)
	}
	return out
}

// scatter puts results into the rows that they are for.
func scatter(results any, rows []int32, v *row.Vec) {
	switch x := results.(type) {
	case []bool:
		for k, at := range rows {
			v.Bools[at] = 0
			if x[k] {
				v.Bools[at] = 1
			}
		}
	case []int64:
		for k, at := range rows {
			v.Ints[at] = x[k]
		}
	case []float64:
		for k, at := range rows {
			v.Floats[at] = x[k]
		}
	case []string:
		for k, at := range rows {
			v.Strs[at] = x[k]
		}
	}
}
