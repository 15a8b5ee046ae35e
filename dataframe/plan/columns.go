package plan

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Column is a name and the expression that gives its values.
type Column struct {
	Name string
	Expr expr.Expr
}

func (c Column) text() string { return c.Name + " = " + c.Expr.String() }

// With adds columns, or replaces them in place. A later one may use an earlier one.
type With struct{ Columns []Column }

// Text is the op as a cell writes it.
func (w *With) Text() string {
	parts := make([]string, len(w.Columns))
	for i, c := range w.Columns {
		parts[i] = fmt.Sprintf("%q", c.text())
	}
	return "with(" + strings.Join(parts, ", ") + ")"
}

// Schema has the new columns.
func (w *With) Schema(in []*row.Schema) (*row.Schema, error) {
	s := in[0]
	for _, c := range w.Columns {
		k, err := c.Expr.Check(s)
		if err != nil {
			return nil, wrong("With", c.text(), err)
		}
		s = s.With(row.Field{Name: c.Name, Kind: k})
	}
	return s, nil
}

// Where keeps the rows for which the condition is true; false and null go.
type Where struct{ Cond expr.Expr }

// Text is the op as a cell writes it.
func (w *Where) Text() string { return fmt.Sprintf("where(%q)", w.Cond.String()) }

// Schema is unchanged.
func (w *Where) Schema(in []*row.Schema) (*row.Schema, error) {
	k, err := w.Cond.Check(in[0])
	if err != nil {
		return nil, wrong("Where", w.Cond.String(), err)
	}
	if k != row.Bool && k != row.Any && k != row.Null {
		return nil, wrongf("Where", w.Cond.String(), "is %s, want a condition that is true or false", k)
	}
	return in[0], nil
}

// Select keeps these columns, in this order; each is a name or name = expression.
type Select struct{ Columns []Column }

// Text is the op as a cell writes it.
func (s *Select) Text() string {
	return "select" + strings.TrimPrefix((&With{s.Columns}).Text(), "with")
}

// Schema has the selected columns only.
func (s *Select) Schema(in []*row.Schema) (*row.Schema, error) {
	out := row.NewSchema()
	for _, c := range s.Columns {
		k, err := c.Expr.Check(in[0])
		if err != nil {
			return nil, wrong("Select", c.text(), err)
		}
		out = out.With(row.Field{Name: c.Name, Kind: k})
	}
	if out.Len() == 0 {
		return nil, wrongf("Select", "", "names no column, want at least one of %s", list(in[0].Names()))
	}
	return out, nil
}

// Drop removes columns.
type Drop struct{ Names []string }

// Text is the op as a cell writes it.
func (d *Drop) Text() string { return "drop(" + quoted(d.Names) + ")" }

// Schema lacks the dropped columns.
func (d *Drop) Schema(in []*row.Schema) (*row.Schema, error) {
	gone := map[string]bool{}
	for _, n := range d.Names {
		if in[0].Index(n) < 0 {
			return nil, wrong("Drop", n, Unknown(n, in[0]))
		}
		gone[n] = true
	}
	var kept []row.Field
	for _, f := range in[0].Fields() {
		if !gone[f.Name] {
			kept = append(kept, f)
		}
	}
	return row.NewSchema(kept...), nil
}

// Rename gives columns another name, in place.
type Rename struct{ From, To []string }

// Text is the op as a cell writes it.
func (r *Rename) Text() string {
	parts := make([]string, len(r.From))
	for i := range r.From {
		parts[i] = fmt.Sprintf("%q", r.From[i]+" -> "+r.To[i])
	}
	return "rename(" + strings.Join(parts, ", ") + ")"
}

// Schema has the new names.
func (r *Rename) Schema(in []*row.Schema) (*row.Schema, error) {
	fields := in[0].Fields()
	for i, from := range r.From {
		at := in[0].Index(from)
		if at < 0 {
			return nil, wrong("Rename", from, Unknown(from, in[0]))
		}
		fields[at].Name = r.To[i]
	}
	out := row.NewSchema(fields...)
	if out.Len() != len(fields) {
		return nil, wrongf("Rename", strings.Join(r.To, ", "), "two columns would have one name: drop one first")
	}
	return out, nil
}

// FillNull puts a value where a column has none. Its text is a coalescing With.
type FillNull struct{ Columns []Column }

// Text is the op as a cell writes it.
func (f *FillNull) Text() string {
	return "fillnull" + strings.TrimPrefix((&With{f.Columns}).Text(), "with")
}

// Schema is that of the coalescing expressions.
func (f *FillNull) Schema(in []*row.Schema) (*row.Schema, error) {
	for _, c := range f.Columns {
		if in[0].Index(c.Name) < 0 {
			return nil, wrong("FillNull", c.Name, Unknown(c.Name, in[0]))
		}
	}
	return (&With{f.Columns}).Schema(in)
}

func quoted(names []string) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(parts, ", ")
}
