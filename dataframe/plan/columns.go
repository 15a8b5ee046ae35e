package plan

import (
	"cmp"
	"errors"
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
type With struct {
	Columns []Column
	Method  string // of the cell language, if it is another one: FillNull, Cast, Header, GroupBy, Key, Unnest
}

func (w *With) method() string { return cmp.Or(w.Method, "With") }

// Text is the op as a cell writes it.
func (w *With) Text() string { return setting(strings.ToLower(w.method()), w.Columns) }

func setting(method string, columns []Column) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = c.text()
	}
	return method + "(" + quoted(parts) + ")"
}

// Schema has the new columns.
func (w *With) Schema(in []*row.Schema) (*row.Schema, error) {
	s := in[0]
	for i, c := range w.Columns {
		if (w.Method == "FillNull" || w.Method == "Cast") && s.Index(c.Name) < 0 {
			return nil, wrong(w.Method, c.Name, Unknown(c.Name, s))
		}
		if w.Method == "Unnest" && s.Index(c.Name) >= 0 {
			return nil, wrongf(w.Method, c.Name, "two columns would have the name %q: drop or rename one first", c.Name)
		}
		k, err := c.Expr.Check(s)
		if err != nil {
			return nil, wrong(w.method(), c.text(), w.apart(i, err))
		}
		s = s.With(row.Field{Name: c.Name, Kind: k})
	}
	return s, nil
}

// apart adds to an error about column i that a new name and its expression are one text: Map takes them apart.
func (w *With) apart(i int, err error) error {
	var e *expr.Error
	name, alone := w.Columns[i].Expr.Column()
	if !alone || name != w.Columns[i].Name || i+1 == len(w.Columns) || !errors.As(err, &e) {
		return err
	}
	if next := w.Columns[i+1]; next.Name == next.Expr.String() {
		e.Hint = fmt.Sprintf("a new column is one text: With(%q)", name+" = "+next.Name)
	}
	return err
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
func (s *Select) Text() string { return setting("select", s.Columns) }

// Schema has the selected columns only, and what goes out as headers.
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
	for _, f := range in[0].Fields() {
		if _, ok := IsHeader(f.Name); ok && out.Index(f.Name) < 0 {
			out = out.With(f)
		}
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
func (r *Rename) Schema(in []*row.Schema) (*row.Schema, error) { return r.named("Rename", in[0]) }

// named is the schema with the new names, for a method of the cell language.
func (r *Rename) named(method string, s *row.Schema) (*row.Schema, error) {
	fields := s.Fields()
	for i, from := range r.From {
		at := s.Index(from)
		if at < 0 {
			return nil, wrong(method, from, Unknown(from, s))
		}
		fields[at].Name = r.To[i]
	}
	seen := map[string]bool{}
	for _, f := range fields {
		if seen[f.Name] {
			return nil, wrongf(method, f.Name, "two columns would have the name %q: drop or rename one first", f.Name)
		}
		seen[f.Name] = true
	}
	return row.NewSchema(fields...), nil
}

func quoted(names []string) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(parts, ", ")
}
