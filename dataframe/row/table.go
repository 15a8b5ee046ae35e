package row

import (
	"fmt"
	"strings"
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
func (t *Table) Add(b *Batch) error {
	for i := range b.Len() {
		for c := range t.batch.Cols {
			if err := t.batch.Cols[c].Append(standing(b.Cols[c].Value(i))); err != nil {
				return fmt.Errorf("column %q %w", t.batch.Schema.At(c).Name, err)
			}
		}
		if err := t.batch.Key.Append(standing(b.Key.Value(i))); err != nil {
			return fmt.Errorf("key %w", err)
		}
	}
	t.batch.Time = append(t.batch.Time, b.Time...)
	t.batch.Mark = append(t.batch.Mark, b.Mark...)
	return nil
}

// standing is a value that does not point into a record.
func standing(v any) any {
	if s, ok := v.(string); ok {
		return strings.Clone(s)
	}
	return v
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
