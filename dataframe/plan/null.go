package plan

import (
	"strings"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// DropNull keeps the rows that have a value in each of the columns.
type DropNull struct {
	Columns []string // none: all columns; Bind writes them out
}

// Text is the op as a cell writes it.
func (d *DropNull) Text() string { return "dropnull(" + quoted(d.Columns) + ")" }

// Schema is unchanged.
func (d *DropNull) Schema(in []*row.Schema) (*row.Schema, error) {
	for _, c := range d.Columns {
		if in[0].Index(c) < 0 {
			return nil, wrong("DropNull", c, Unknown(c, in[0]))
		}
	}
	return in[0], nil
}

// Require makes a row a bad one if it does not have what is asked of it.
type Require struct{ Conditions []Column }

// Text is the op as a cell writes it.
func (r *Require) Text() string {
	parts := make([]string, len(r.Conditions))
	for i, c := range r.Conditions {
		parts[i] = c.Expr.String()
	}
	return "require(" + quoted(parts) + ")"
}

// Schema is unchanged.
func (r *Require) Schema(in []*row.Schema) (*row.Schema, error) {
	if len(r.Conditions) == 0 {
		return nil, wrongf("Require", "", "asks for nothing, want columns that must have a value, or conditions that must be true")
	}
	for _, c := range r.Conditions {
		k, err := c.Expr.Check(in[0])
		if err != nil {
			return nil, wrong("Require", c.Expr.String(), err)
		}
		if _, column := c.Expr.Column(); !column && k != row.Bool && k != row.Any && k != row.Null {
			return nil, wrongf("Require", c.Expr.String(), "is %s, want a column, which must have a value, or a condition, which must be true", k)
		}
	}
	return in[0], nil
}

// Condition is what is computed of a requirement: whether a column has a value, or the condition itself.
func (c Column) Condition() expr.Expr {
	if _, ok := c.Expr.Column(); ok {
		return expr.Call("has", c.Expr)
	}
	return c.Expr
}

// headers is in front of the names of columns that go out as headers of a record, and are no part of its value.
const headers = "_headers."

// IsHeader says whether a column goes out as a header, and under which name.
func IsHeader(column string) (name string, ok bool) { return strings.CutPrefix(column, headers) }

// HeaderColumn is the column whose values go out as a header.
func HeaderColumn(name string) string { return headers + name }
