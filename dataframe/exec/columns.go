package exec

import (
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// set adds or replaces columns by expressions, each of which may use those before it.
type set struct {
	stateless
	columns []computed
}

type computed struct {
	program *expr.Program
	schema  *row.Schema // with the column
	at      int         // its place
}

func newSet(columns []plan.Column, in *row.Schema) (*set, error) {
	s := &set{}
	for _, c := range columns {
		p, err := expr.Compile(c.Expr, in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		kind, err := c.Expr.Check(in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		in = in.With(row.Field{Name: c.Name, Kind: kind})
		s.columns = append(s.columns, computed{p, in, in.Index(c.Name)})
	}
	return s, nil
}

func (s *set) process(_ int, b *row.Batch, out emit) error {
	for _, c := range s.columns {
		b = b.WithCols(c.schema, put(b.Cols, c.at, *c.program.Eval(b)))
	}
	return out(b)
}

// put is the columns with one added at the end or replaced; the given slice is not changed.
func put(cols []row.Vec, at int, v row.Vec) []row.Vec {
	out := make([]row.Vec, max(len(cols), at+1))
	copy(out, cols)
	out[at] = v
	return out
}

// project gives other columns: each from an expression over the columns before.
type project struct {
	stateless
	values []*expr.Program
	schema *row.Schema
}

func newProject(columns []plan.Column, in, out *row.Schema) (*project, error) {
	p := &project{schema: out}
	for _, c := range columns {
		program, err := expr.Compile(c.Expr, in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		p.values = append(p.values, program)
	}
	for _, f := range out.Fields()[len(columns):] { // headers go along
		program, err := expr.Compile(expr.Col(f.Name), in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		p.values = append(p.values, program)
	}
	return p, nil
}

func (p *project) process(_ int, b *row.Batch, out emit) error {
	cols := make([]row.Vec, len(p.values))
	for i, program := range p.values {
		cols[i] = *program.Eval(b)
	}
	return out(b.WithCols(p.schema, cols))
}

// relabel keeps some columns, by place, under new names.
type relabel struct {
	stateless
	from   []int
	schema *row.Schema
}

func (r *relabel) process(_ int, b *row.Batch, out emit) error {
	cols := make([]row.Vec, len(r.from))
	for i, at := range r.from {
		cols[i] = b.Cols[at]
	}
	return out(b.WithCols(r.schema, cols))
}

// newDrop is the relabelling that leaves out what the schema after it lacks.
func newDrop(in, out *row.Schema) *relabel {
	r := &relabel{schema: out}
	for _, name := range out.Names() {
		r.from = append(r.from, in.Index(name))
	}
	return r
}

// newRename is the relabelling that keeps every column.
func newRename(out *row.Schema) *relabel {
	r := &relabel{schema: out}
	for i := range out.Len() {
		r.from = append(r.from, i)
	}
	return r
}

// where keeps the rows for which a condition is true.
type where struct {
	stateless
	program *expr.Program
	keep    []int32
}

func (w *where) process(_ int, b *row.Batch, out emit) error {
	v := w.program.Eval(b)
	w.keep = trues(v, w.keep[:0])
	if len(w.keep) == b.Len() {
		return out(b)
	}
	return out(b.Gather(w.keep))
}

// trues lists the rows of a condition that are true: not false, not null.
func trues(v *row.Vec, keep []int32) []int32 {
	switch {
	case v.Kind == row.Null:
	case v.Kind == row.Any:
		for i, x := range v.Anys {
			if x == true {
				keep = append(keep, int32(i))
			}
		}
	case v.Valid == nil:
		for i, x := range v.Bools {
			if x != 0 {
				keep = append(keep, int32(i))
			}
		}
	default:
		for i, x := range v.Bools {
			if x&v.Valid[i] != 0 {
				keep = append(keep, int32(i))
			}
		}
	}
	return keep
}
