package vector

import (
	"fmt"
	"math"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Compile makes a program of a function that gives one value, of columns or of
// the row. The error says which column has values that the function is to be
// called with.
func Compile(f *Func, in *row.Schema, columns []string) (*Program, error) {
	c := newCompiler(f, in, columns)
	c.need(f.Result)
	if err := c.all(); err != nil {
		return nil, err
	}
	c.give(f.Result, None)
	return c.program, nil
}

// CompileRow makes a program of a function that gives a row, which may set
// these columns: each is an output.
func CompileRow(f *Func, in *row.Schema, sets []row.Field) (*Program, error) {
	f = f.clone()
	for _, s := range f.Sets {
		if !declared(sets, s.Name) {
			return nil, fmt.Errorf("column %q is set and not declared", s.Name)
		}
	}
	values, nulls := make([]Value, len(sets)), make([]Value, len(sets))
	for i, field := range sets {
		var err error
		if values[i], nulls[i], err = f.blend(field, in); err != nil {
			return nil, err
		}
		if f.Is(nulls[i], false) {
			nulls[i] = None
		}
	}
	c := newCompiler(f, in, nil)
	for i := range sets {
		c.need(values[i])
		c.need(nulls[i])
	}
	if err := c.all(); err != nil {
		return nil, err
	}
	for i := range sets {
		c.give(values[i], nulls[i])
	}
	return c.program, nil
}

func declared(fields []row.Field, name string) bool {
	for _, f := range fields {
		if f.Name == name {
			return true
		}
	}
	return false
}

// compiler makes the steps of the ops that are needed.
type compiler struct {
	f       *Func
	in      *row.Schema
	columns []string
	needed  []bool
	steps   []*step
	program *Program
}

func newCompiler(f *Func, in *row.Schema, columns []string) *compiler {
	c := &compiler{f: f, in: in, columns: columns, needed: make([]bool, len(f.ops)), steps: make([]*step, len(f.ops)), program: &Program{}}
	for v, o := range f.ops { // an op that can panic is needed though nobody reads its value
		if o.code == fault || o.code == substring || o.code == binary && f.guards(o) {
			c.need(Value(v))
		}
	}
	return c
}

// need marks an op and those that it needs.
func (c *compiler) need(v Value) {
	if v == None || c.needed[v] {
		return
	}
	c.needed[v] = true
	for _, a := range c.f.ops[v].args {
		c.need(a)
	}
	c.need(c.f.ops[v].live)
}

// give adds an output. It may be changed, so it is not a column of the batch, a constant, or an output before it.
func (c *compiler) give(value, null Value) {
	o := output{value: c.steps[value], null: c.steps[null]}
	o.copies = o.null != nil || o.value.load != nil || o.value.fill != nil
	for _, before := range c.program.outputs {
		o.copies = o.copies || before.value == o.value
	}
	c.program.outputs = append(c.program.outputs, o)
}

// all makes the steps of what is needed, in order.
func (c *compiler) all() error {
	for v := range c.f.ops {
		if !c.needed[v] {
			continue
		}
		s, err := c.step(c.f.ops[v])
		if err != nil {
			return err
		}
		c.steps[v] = s
		c.program.steps = append(c.program.steps, s)
	}
	return nil
}

func (c *compiler) step(o op) (*step, error) {
	s := &step{to: c.program, live: c.steps[o.live]}
	s.own.Kind = o.kind
	for _, a := range o.args {
		if a != None {
			s.args = append(s.args, c.steps[a])
		}
	}
	switch o.code {
	case constant:
		s.fill = func(v *row.Vec) { fill(v, o) }
		return s, nil
	case param:
		return s, c.read(s, c.columns[o.bits], o.kind)
	case column:
		return s, c.read(s, o.text, o.kind)
	case null, has:
		return s, c.present(s, o)
	case key:
		s.kernel = keys(s)
		return s, nil
	}
	if s.kernel = c.f.kernel(o); s.kernel == nil {
		return nil, fmt.Errorf("the operator %s is not one of %s columns", o.tok, o.kind)
	}
	return s, nil
}

// fill puts a constant into every row.
func fill(v *row.Vec, o op) {
	for i := range v.Bools {
		v.Bools[i] = byte(o.bits)
	}
	for i := range v.Ints {
		v.Ints[i] = int64(o.bits)
	}
	for i := range v.Floats {
		v.Floats[i] = math.Float64frombits(o.bits)
	}
	for i := range v.Strs {
		v.Strs[i] = o.text
	}
}
