package row

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/near"
)

// Row is a cursor on one row, for functions that users write. It is valid
// while the function runs. A read of a column that is not there, or of another
// kind, panics with an [*AccessError]; the operator that called the function
// turns it into that row's error.
type Row struct {
	batch *Batch
	i     int
	set   []Member // columns set on this row, by With
	on    *Scratch // what set is the whole of; nil: it has memory of its own
}

// Scratch is memory for what functions set on rows, used again for each row.
type Scratch struct{ set []Member }

// Row is the cursor on row i of a batch, valid until the next one.
func (s *Scratch) Row(b *Batch, i int) Row {
	clear(s.set)
	s.set = s.set[:0]
	return Row{batch: b, i: i, on: s}
}

// NewRow is the cursor on row i of a batch.
func NewRow(b *Batch, i int) Row { return Row{batch: b, i: i} }

// AccessError says that a function read a column that its rows do not have, or as another kind.
type AccessError struct{ Msg string }

// Error is the message.
func (e *AccessError) Error() string { return e.Msg }

// Value is a column as a Go value, nil if null; see [Kind] for the types.
func (r Row) Value(name string) any {
	for i := len(r.set) - 1; i >= 0; i-- {
		if r.set[i].Name == name {
			return r.set[i].Value
		}
	}
	if r.batch != nil {
		if c := r.batch.Col(name); c != nil {
			return c.Value(r.i)
		}
	}
	panic(&AccessError{fmt.Sprintf("no column %q (have %s%s)", name, strings.Join(r.Names(), ", "), near.Hint(name, r.Names()))})
}

// Has says whether the row has that column and it is not null.
func (r Row) Has(name string) bool {
	return slices.Contains(r.Names(), name) && r.Value(name) != nil
}

// Null says whether the column is null.
func (r Row) Null(name string) bool { return r.Value(name) == nil }

// Names are the row's columns in order.
func (r Row) Names() []string {
	var names []string
	if r.batch != nil {
		names = r.batch.Schema.Names()
	}
	for _, m := range r.set {
		if !slices.Contains(names, m.Name) {
			names = append(names, m.Name)
		}
	}
	return names
}

// column is that of the batch, unless With has set another or there is none.
func (r Row) column(name string) *Vec {
	for i := range r.set {
		if r.set[i].Name == name {
			return nil
		}
	}
	if r.batch == nil {
		return nil
	}
	return r.batch.Col(name)
}

// Float is a float or int column as float64; 0 if null.
func (r Row) Float(name string) float64 {
	if c := r.column(name); c != nil {
		switch c.Kind { // a null row is zero there
		case Float:
			return c.Floats[r.i]
		case Int:
			return float64(c.Ints[r.i])
		}
	}
	switch x := r.Value(name).(type) {
	case nil:
		return 0
	case float64:
		return x
	case int64:
		return float64(x)
	default:
		panic(wrong(name, x, "float"))
	}
}

// Int is an int column; 0 if null.
func (r Row) Int(name string) int64 {
	if c := r.column(name); c != nil && c.Kind == Int {
		return c.Ints[r.i]
	}
	return get[int64](r, name, "int")
}

// Str is a string column; "" if null.
func (r Row) Str(name string) string {
	if c := r.column(name); c != nil && c.Kind == String {
		return c.Strs[r.i]
	}
	return get[string](r, name, "string")
}

// Bool is a bool column; false if null.
func (r Row) Bool(name string) bool {
	if c := r.column(name); c != nil && c.Kind == Bool {
		return c.Bools[r.i] != 0
	}
	return get[bool](r, name, "bool")
}

// Time is a time column; the zero time if null.
func (r Row) Time(name string) time.Time { return get[time.Time](r, name, "time") }

// Duration is a duration column; 0 if null.
func (r Row) Duration(name string) time.Duration { return get[time.Duration](r, name, "duration") }

func get[T any](r Row, name, want string) T {
	v := r.Value(name)
	if v == nil {
		var zero T
		return zero
	}
	if x, ok := v.(T); ok {
		return x
	}
	panic(wrong(name, v, want))
}

func wrong(name string, v any, want string) *AccessError {
	return &AccessError{fmt.Sprintf("column %q is %s, read as %s", name, Describe(v), want)}
}

// Key is the key of the stream that the row belongs to.
func (r Row) Key() string {
	if r.batch == nil || r.batch.Key.Kind != String || r.batch.Key.IsNull(r.i) {
		return ""
	}
	return r.batch.Key.Strs[r.i]
}

// When is the row's event time.
func (r Row) When() time.Time {
	if r.batch == nil {
		return time.Time{}
	}
	return time.UnixMicro(r.batch.Time[r.i]).UTC()
}

// With is the row with one column set; the row itself does not change.
func (r Row) With(name string, value any) Row {
	m := Member{name, Normal(value)}
	if r.on != nil && len(r.set) == len(r.on.set) {
		r.on.set = append(r.on.set, m)
		r.set = r.on.set
		return r
	}
	r.set, r.on = append(slices.Clip(r.set), m), nil // another row was made of this one already, which keeps what it has
	return r
}

// Changes are the columns that With set, in order.
func (r Row) Changes() []Member { return r.set }
