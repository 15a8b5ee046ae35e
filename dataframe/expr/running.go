package expr

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Places are what the running functions of programs keep of each key: a place
// for each of their calls, in the order in which the programs were compiled.
type Places struct {
	fresh []func() keeper
	texts []string
	rows  []*Memory // of the batch that is computed
	batch *row.Batch
}

// Memory is what running functions keep of one key.
type Memory struct{ kept []keeper }

// keeper is what one call keeps of one key. Its values are nil, int64, float64,
// string, or what a column of kind any holds.
type keeper interface {
	values() []any
	restore(values []any) bool
}

// New is the memory of a key of which no row was seen.
func (p *Places) New() *Memory {
	m := &Memory{kept: make([]keeper, len(p.fresh))}
	for i, fresh := range p.fresh {
		m.kept[i] = fresh()
	}
	return m
}

// Text says what a memory is made of, a line for each call: memories of equal
// texts can be read from each other's bytes.
func (p *Places) Text() string { return strings.Join(p.texts, "\n") }

// Append appends the memory's bytes.
func (m *Memory) Append(dst []byte) []byte {
	all := make([]any, len(m.kept))
	for i, k := range m.kept {
		all[i] = k.values()
	}
	return row.AppendValue(dst, all)
}

// Read is the memory that Append wrote.
func (p *Places) Read(src []byte) (*Memory, error) {
	v, rest, err := row.ReadValue(src)
	all, _ := v.([]any)
	if err != nil || len(rest) != 0 || len(all) != len(p.fresh) {
		return nil, fmt.Errorf("does not decode as what %d functions keep: %w", len(p.fresh), row.ErrEncoding)
	}
	m := p.New()
	for i, k := range m.kept {
		values, ok := all[i].([]any)
		if !ok || !k.restore(values) {
			return nil, fmt.Errorf("does not decode as what %s keeps: %w", p.texts[i], row.ErrEncoding)
		}
	}
	return m, nil
}

// CompileRunning is [Compile] of an expression that may have running functions,
// which look at the earlier rows of a key. What they keep gets its place in places.
func CompileRunning(e Expr, s *row.Schema, places *Places) (*Program, error) {
	e, err := e.located()
	if err != nil {
		return nil, err
	}
	c := newCompiler(s, &meter{})
	c.places = places
	last, bad := c.node(e.root)
	if bad != nil {
		bad.Src = e.src
		return nil, bad
	}
	p := c.program(last)
	p.places = places
	return p, nil
}

// CheckRunning is [Expr.Check] for an expression that may have running functions.
func (e Expr) CheckRunning(s *row.Schema) (row.Kind, error) {
	p, err := CompileRunning(e, s, &Places{})
	if err != nil {
		return row.Null, err
	}
	return p.Kind(), nil
}

// EvalRunning computes a value for each row of the batch, as [Program.Eval]
// does; of each row it is given the memory of its key, and changes it. The rows
// must be in order.
func (p *Program) EvalRunning(b *row.Batch, of []*Memory) *row.Vec {
	p.places.rows, p.places.batch = of, b
	return p.Eval(b)
}

// keeps adds a step whose kernel has a keeper for each key.
func (c *compiler) keeps(n *node, kind row.Kind, args []*step, fresh func() keeper, kernel func(s *step, n int, at func(i int) keeper)) *step {
	p, place := c.places, len(c.places.fresh)
	p.fresh, p.texts = append(p.fresh, fresh), append(p.texts, n.text()+" over "+fmt.Sprint(kindsOf(args)))
	for i := range args {
		args[i] = c.spread(args[i])
	}
	return c.add(&step{kind: kind, args: args, lenient: true, kernel: func(s *step, n int) {
		kernel(s, n, func(i int) keeper { return p.rows[i].kept[place] })
	}}, true)
}

// running compiles a call of a function over earlier rows.
func (c *compiler) running(f runningFunction, n *node) (*step, *Error) {
	if c.places == nil {
		return nil, fault(n, "group first, as in .GroupBy(\"car\").With(\"change = diff(speed)\"); it cannot stand inside any, all, filter or map", "%s needs the earlier rows of its key", n.name)
	}
	if len(n.args) < f.least || len(n.args) > f.most {
		return nil, fault(n, "", "%s: has %d arguments, want %s", n.text(), len(n.args), f.signature)
	}
	return f.compile(c, n)
}

// count reads argument i of a call, a whole number that is written out, or the default.
func count(n *node, i int, most int64, otherwise int64) (int, *Error) {
	if i >= len(n.args) {
		return int(otherwise), nil
	}
	x, ok := n.args[i].value.(int64)
	if !ok || n.args[i].form != literal || x < 1 || x > most {
		return 0, fault(n.args[i], "", "%s: is no number of rows, want a whole number from 1 to %d", n.args[i].text(), most)
	}
	return int(x), nil
}

// span reads argument i of a call, a duration that is written out, in µs, or the default.
func span(n *node, i int, otherwise int64) (int64, *Error) {
	if i >= len(n.args) {
		return otherwise, nil
	}
	text, ok := n.args[i].value.(string)
	if !ok {
		return 0, fault(n.args[i], "", "%s: is no duration, want such as '10s'", n.args[i].text())
	}
	us, err := readSpan(text)
	if err == nil && us <= 0 {
		err = fmt.Errorf("%q is not above zero", text)
	}
	if err != nil {
		return 0, fault(n.args[i], "", "%v", err)
	}
	return us, nil
}

// number is the first argument of a call as floats.
func (c *compiler) number(n *node) (*step, *Error) {
	x, err := c.node(n.args[0])
	if err != nil {
		return nil, err
	}
	if !x.kind.Numeric() && x.kind != row.Any && x.kind != row.Null {
		return nil, fault(n, "", "%s: %s is %s, want a number", n.text(), n.args[0].text(), x.kind)
	}
	return c.convert(x, row.Float), nil
}
