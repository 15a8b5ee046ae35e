package row

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Table is rows that stand still: what was collected from a frame.
type Table struct{ batch Batch }

// NewTable is an empty table.
func NewTable(s *Schema) *Table {
	t := &Table{Batch{Schema: s, Cols: make([]Vec, s.Len()), Key: Vec{Kind: String}}}
	for i := range t.batch.Cols {
		t.batch.Cols[i] = MakeVec(s.At(i).Kind, 0)
	}
	return t
}

// Add copies the rows of a batch of the table's schema to its end.
func (t *Table) Add(b *Batch) {
	for c := range t.batch.Cols {
		t.batch.Cols[c].extend(&b.Cols[c])
	}
	key := b.Key
	if key.Kind != String {
		key = Vec{Kind: String, Strs: make([]string, b.Len()), Valid: make([]byte, b.Len())}
	}
	t.batch.Key.extend(&key)
	t.batch.Time = append(t.batch.Time, b.Time...)
	t.batch.Mark = append(t.batch.Mark, b.Mark...)
}

// Len is the number of rows.
func (t *Table) Len() int { return t.batch.Len() }

// Schema is the table's columns.
func (t *Table) Schema() *Schema { return t.batch.Schema }

// Batch is the table as one batch, which must not be changed.
func (t *Table) Batch() *Batch { return &t.batch }

// Row is a cursor on row i.
func (t *Table) Row(i int) Row { return NewRow(&t.batch, i) }

// Rows are cursors on all rows.
func (t *Table) Rows() []Row {
	out := make([]Row, t.Len())
	for i := range out {
		out[i] = t.Row(i)
	}
	return out
}

// Floats is a float or int column; 0 where it is null. Like the other columns
// it panics with an [*AccessError] if there is no such column.
func (t *Table) Floats(name string) []float64 { return column(t, name, Row.Float) }

// Ints is an int column; 0 where it is null.
func (t *Table) Ints(name string) []int64 { return column(t, name, Row.Int) }

// Strings is a string column; "" where it is null.
func (t *Table) Strings(name string) []string { return column(t, name, Row.Str) }

// Bools is a bool column; false where it is null.
func (t *Table) Bools(name string) []bool { return column(t, name, Row.Bool) }

// Times is a time column; the zero time where it is null.
func (t *Table) Times(name string) []time.Time { return column(t, name, Row.Time) }

func column[T any](t *Table, name string, get func(Row, string) T) []T {
	out := make([]T, t.Len())
	for i := range out {
		out[i] = get(t.Row(i), name)
	}
	return out
}

// SortByTime puts the rows in order of event time; rows of one time stay as they are.
func (t *Table) SortByTime() {
	sel := make([]int32, t.Len())
	for i := range sel {
		sel[i] = int32(i)
	}
	slices.SortStableFunc(sel, func(a, b int32) int { return cmp.Compare(t.batch.Time[a], t.batch.Time[b]) })
	t.pick(sel)
}

// SortBy puts the rows in order of a column, nulls last; rows of one value stay as they are.
func (t *Table) SortBy(name string, descending bool) {
	v := t.batch.Col(name)
	if v == nil {
		panic(&AccessError{fmt.Sprintf("no column %q (have %s)", name, t.batch.Schema)})
	}
	sel := make([]int32, t.Len())
	for i := range sel {
		sel[i] = int32(i)
	}
	slices.SortStableFunc(sel, func(a, b int32) int {
		switch {
		case v.IsNull(int(a)) || v.IsNull(int(b)):
			return cmp.Compare(flag(v.IsNull(int(a))), flag(v.IsNull(int(b))))
		case descending:
			return v.compare(int(b), int(a))
		}
		return v.compare(int(a), int(b))
	})
	t.pick(sel)
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (t *Table) pick(sel []int32) {
	t.batch = *t.batch.Gather(sel)
}

// KeepLast forgets all rows but the last n.
func (t *Table) KeepLast(n int) {
	if t.Len() > n {
		t.batch = *t.Last(n)
	}
}

// Last is a batch of the last n rows, which the table must have.
func (t *Table) Last(n int) *Batch {
	sel := make([]int32, n)
	for i := range sel {
		sel[i] = int32(t.Len() - n + i)
	}
	return t.batch.Gather(sel)
}
