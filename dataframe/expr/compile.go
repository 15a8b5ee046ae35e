package expr

import (
	"cmp"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Compile makes a program of an expression, for batches of exactly this
// schema. The error is an [*Error].
func Compile(e Expr, s *row.Schema) (*Program, error) {
	e, err := e.located()
	if err != nil {
		return nil, err
	}
	c := newCompiler(s, &meter{})
	last, bad := c.node(e.root)
	if bad != nil {
		bad.Src = e.src
		return nil, bad
	}
	return c.program(last), nil
}

// compiler makes steps of nodes; a step stands behind those that it needs.
type compiler struct {
	schema *row.Schema
	lib    *catalog
	steps  []*step
	memo   map[string]*step // by canonical text: a common part is computed once
	places *Places          // of running functions; nil where they may not stand
	turned map[conversion]*step
	meter  *meter
}

// conversion is a step and the kind that it was brought to.
type conversion struct {
	from *step
	to   row.Kind
}

func newCompiler(s *row.Schema, m *meter) *compiler {
	return &compiler{schema: s, lib: library(), memo: map[string]*step{}, turned: map[conversion]*step{}, meter: m}
}

func (c *compiler) node(n *node) (*step, *Error) {
	key := n.text()
	if s, ok := c.memo[key]; ok {
		return s, nil
	}
	s, err := c.make(n)
	if err == nil {
		c.memo[key] = s
	}
	return s, err
}

func (c *compiler) make(n *node) (*step, *Error) {
	switch {
	case n.form == literal:
		return c.constant(n), nil
	case n.form == column:
		return c.column(n)
	case n.form == element:
		return c.element(n)
	case n.form == member:
		return c.memberOf(n)
	case n.form == list:
		return c.listOf(n)
	case n.closes():
		return c.closure(n)
	case n.name == "uuid" && len(n.args) == 0:
		return c.beside(row.String, uuids), nil
	case n.name == "in" && len(n.args) == 2:
		return c.within(n)
	case (n.name == "==" || n.name == "!=") && (n.args[0].isNull() || n.args[1].isNull()):
		return c.nullTest(n)
	}
	return c.call(n)
}

func (c *compiler) all(nodes []*node) ([]*step, *Error) {
	var steps []*step
	for _, n := range nodes {
		s, err := c.node(n)
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	return steps, nil
}

// call compiles a function or operator.
func (c *compiler) call(n *node) (*step, *Error) {
	f, ok := c.lib.byName[n.name]
	if !ok {
		if f, ok := runningFunctionOf(n.name); ok {
			return c.running(f, n)
		}
		return nil, c.unknown(n)
	}
	args, err := c.all(n.args)
	if err != nil {
		return nil, err
	}
	s, why := c.apply(f, args)
	if why == errKinds && aggregate[n.name] {
		return nil, fault(n, "it belongs into Agg, as in .Agg(\"avg = mean(kmh)\"); here it takes a list", "%s is an aggregate of many rows", n.name)
	}
	if why == errKinds {
		return nil, mismatch(n, f, kindsOf(args))
	}
	if why != nil {
		return nil, fault(n, "", "%s: %v", f.name, why)
	}
	return s, nil
}

func kindsOf(args []*step) []row.Kind {
	kinds := make([]row.Kind, len(args))
	for i, a := range args {
		kinds[i] = a.kind
	}
	return kinds
}

// apply is the step of a function over arguments, or errKinds if no form takes them.
func (c *compiler) apply(f *function, args []*step) (*step, error) {
	if f.exact {
		c.align(args)
	}
	m, ok := f.match(kindsOf(args))
	if !ok {
		return nil, errKinds
	}
	if m.dynamic {
		return c.dynamic(f, m.out, args), nil
	}
	for i, a := range args {
		args[i] = c.convert(a, m.param(i))
	}
	if f.columns && !allConstant(args) {
		for i, a := range args {
			args[i] = c.spread(a)
		}
	}
	if m.prepare != nil {
		k, err := m.prepare(args)
		if err != nil {
			return nil, err
		}
		m.kernel = k
	}
	return c.add(&step{kind: m.out, args: args, kernel: m.kernel, lenient: f.lenient}, false), nil
}

// align makes a constant number the kind of the number that it is compared
// with, where that loses nothing: loops over one kind are the fast ones.
func (c *compiler) align(args []*step) {
	for i, a := range args {
		if !a.one || a.vec.IsNull(0) {
			continue
		}
		switch other := args[1-i].kind; {
		case a.kind == row.Int && other == row.Float && max(a.vec.Ints[0], -a.vec.Ints[0]) <= 1<<53:
			args[i] = c.convert(a, row.Float)
		case a.kind == row.Float && other == row.Int:
			if x, ok := cutFloat(a.vec.Floats[0]); ok && float64(x) == a.vec.Floats[0] {
				args[i] = c.constant(&node{value: x})
			}
		}
	}
}

// add puts a step into the program. One whose arguments are all constant is
// computed now, unless an int overflows in it, as each row must be counted
// then, or keep is set.
func (c *compiler) add(s *step, keep bool) *step {
	s.own.Kind, s.meter = s.kind, c.meter
	if !keep && s.kernel != nil && allConstant(s.args) {
		before := *c.meter
		s.run(1)
		if *c.meter == before {
			s.one = true
			return s
		}
		*c.meter = before
		s.args, s.kernel, s.lenient = nil, alwaysOver, true
	}
	c.steps = append(c.steps, s)
	return s
}

func allConstant(args []*step) bool {
	for _, a := range args {
		if !a.one {
			return false
		}
	}
	return true
}

// alwaysOver is what a constant part gives that overflows: null, and counted, on every row.
func alwaysOver(s *step, n int) {
	allNull(s, n)
	s.meter.overflows += int64(n)
}

// constant is the step of a literal.
func (c *compiler) constant(n *node) *step {
	s := &step{kind: row.KindOf(n.value), one: true, meter: c.meter}
	s.own = row.MakeVec(s.kind, 1)
	s.vec = &s.own
	if n.value != nil {
		_ = s.own.Set(0, n.value) // its own kind fits
	}
	return s
}

// convert brings a step to a kind that its own widens to, or to one that its values may have.
func (c *compiler) convert(s *step, to row.Kind) *step {
	if s.kind == to || to == each {
		return s
	}
	key := conversion{s, to}
	if done, ok := c.turned[key]; ok {
		return done
	}
	k, lenient := narrow, false
	switch {
	case s.kind == row.Null:
		k, lenient = allNull, true
	case s.kind == row.Int && to == row.Float:
		k = widen
	case to == row.Any:
		k = box
	}
	c.turned[key] = c.add(&step{kind: to, args: []*step{s}, kernel: k, lenient: lenient}, false)
	return c.turned[key]
}

// spread makes a column of a constant.
func (c *compiler) spread(s *step) *step {
	if !s.one {
		return s
	}
	return c.add(&step{kind: s.kind, args: []*step{s}, kernel: repeat(s.kind), lenient: true}, true)
}

// program is what was compiled so far, with the result of one step.
func (c *compiler) program(last *step) *Program {
	result := c.spread(last) // adds a step
	return &Program{steps: c.steps, result: result, meter: c.meter}
}

// known are the names of all functions.
func (c *compiler) known() []string {
	names := append(c.lib.names(), "any", "all", "filter", "map")
	for _, f := range runningFunctions() {
		names = append(names, f.name)
	}
	return names
}

// unknown is the error for a function that is not there.
func (c *compiler) unknown(n *node) *Error {
	if aggregate[n.name] {
		return fault(n, "it belongs into Agg, as in .Agg(\"avg = mean(kmh)\")", "%s is an aggregate of many rows", n.name)
	}
	at := &node{pos: n.pos, end: n.pos + len(n.name)}
	if strings.HasPrefix(n.name, "rolling") {
		return fault(at, "windows see some rows: GroupBy(\"car\").Sliding(\"10s\").Agg(\"mean(speed)\") has a row for each row", "no function %q", n.name)
	}
	if meant := cmp.Or(renamed[strings.ToLower(n.name)], near.Name(n.name, c.known())); meant != "" {
		return fault(at, "did you mean "+meant+"?", "no function %q", n.name)
	}
	return fault(at, "Functions() lists what there is", "no function %q", n.name)
}

var aggregate = words("count sum mean min max std var median quantile p50 p90 p95 p99 first last earliest latest distinct collect set top argmin argmax mode histogram")

func words(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}
