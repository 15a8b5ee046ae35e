package exec

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// aggregates are what a window's rows are made of: the group's columns, its
// span of time if it has one, and a value for each aggregate.
type aggregates struct {
	task  *Task
	step  *plan.Step
	keys  []int // the group's columns in the rows before
	list  []aggregate
	spans bool // rows have window_start and window_end
	exact bool // no aggregate rounds, so that what was taken together first does not show
	small bool // nor holds many values
	given []any
}

// large are the aggregates that hold values.
var large = []string{"median", "p50", "p90", "p95", "p99", "quantile", "distinct", "collect", "set", "top", "mode", "histogram"}

// aggregate computes the values that an aggregate takes from a batch.
type aggregate struct {
	make   func() accumulator
	args   []*expr.Program
	by     int           // the argument that says which rows count: those where it is not null
	filter *expr.Program // nil: every row

	values *row.Vec   // of the current batch, nil: count()
	vecs   []*row.Vec // all arguments, of a fold
	reduce *reducing
	bad    []badAt
	beside *row.Vec // the other argument, of two
	keep   []bool   // by the filter
}

func newAggregates(t *Task, s *plan.Step) (*aggregates, error) {
	op, in := s.Op.(*plan.Window), s.In[0].Schema
	g := &aggregates{task: t, step: s, spans: op.Spans(), exact: true, small: true, list: make([]aggregate, len(op.Aggs))}
	for _, k := range op.Keys {
		g.keys = append(g.keys, in.Index(k))
	}
	if op.Reduce != nil {
		g.list = []aggregate{{}}
		a := &g.list[0]
		a.reduce = newReducing(op, in, a)
		a.make = func() accumulator { return &bySource{make: func() accumulator { return &reduced{reducing: a.reduce} }} }
		g.exact, g.small = false, false
	}
	for i, a := range op.Aggs {
		if err := g.list[i].compile(a, in); err != nil {
			return nil, fmt.Errorf("%s: %w", a.Text(), err)
		}
		_, rounds := g.list[i].make().(*bySource)
		g.exact = g.exact && !rounds
		g.small = g.small && !rounds && !slices.Contains(large, a.Func)
	}
	return g, nil
}

func (a *aggregate) compile(op plan.Aggregate, in *row.Schema) error {
	for _, e := range op.Args {
		p, err := expr.Compile(e, in)
		if err != nil {
			return err
		}
		a.args = append(a.args, p)
	}
	if op.Filter != nil {
		p, err := expr.Compile(*op.Filter, in)
		if err != nil {
			return err
		}
		a.filter = p
	}
	kinds, err := op.Kinds(in)
	if err != nil {
		return err
	}
	if op.Fold != nil {
		f, err := newFolding(op.Fold, a)
		a.make = func() accumulator { return &bySource{make: func() accumulator { return &folded{folding: f} }} }
		a.vecs = make([]*row.Vec, len(a.args))
		return err
	}
	a.by = max(0, len(a.args)-1) // of argmax(x, by) the row counts that has a by
	a.make = a.maker(op, kinds)
	return nil
}

// eval computes the values of a batch, and which rows each aggregate takes.
func (g *aggregates) eval(b *row.Batch) {
	for i := range g.list {
		g.list[i].eval(b)
	}
}

func (a *aggregate) eval(b *row.Batch) {
	if a.reduce != nil {
		a.reduce.batch = b
	}
	for i, p := range a.args {
		switch v := p.Eval(b); {
		case a.vecs != nil:
			a.vecs[i] = v
		case i == a.by:
			a.values = v
		default:
			a.beside = v
		}
	}
	if a.filter == nil {
		return
	}
	a.keep = slices.Grow(a.keep[:0], b.Len())[:b.Len()]
	clear(a.keep)
	for _, i := range trues(a.filter.Eval(b), nil) {
		a.keep[i] = true
	}
}

// badAt is a row for which a user's function failed.
type badAt struct {
	row int
	err error
}

func (a *aggregate) fail(i int, err error) { a.bad = append(a.bad, badAt{i, err}) }

// report follows the step's policy for the rows of a batch for which a function failed.
func (g *aggregates) report(b *row.Batch) error {
	for i := range g.list {
		bad := g.list[i].bad
		g.list[i].bad = nil
		for _, x := range bad {
			if err := g.task.bad(User, g.step, b.Record(x.row), x.err); err != nil {
				return err
			}
		}
	}
	return nil
}

// cell is a new group, of row i and without it. Like is another cell of the group, or nil.
func (g *aggregates) cell(b *row.Batch, i int, like *cell) *cell {
	if like != nil {
		return &cell{key: like.key, group: like.group, acc: g.empty()}
	}
	c := &cell{key: strings.Clone(b.Key.Strs[i]), acc: g.empty()}
	for _, k := range g.keys {
		c.group = row.AppendValue(c.group, b.Cols[k].Value(i))
	}
	return c
}

func (g *aggregates) empty() []accumulator {
	acc := make([]accumulator, len(g.list))
	for i := range g.list {
		acc[i] = g.list[i].make()
	}
	return acc
}

// give appends a group's row.
func (g *aggregates) give(rows *row.Batch, c *cell) error {
	values := g.values(c) // before anything is appended: a user's function may panic
	rest, at := c.group, 0
	for range g.keys {
		v, r, err := row.ReadValue(rest)
		if err != nil {
			return fmt.Errorf("window state of key %q: %w", c.key, err)
		}
		rest = r
		if err := rows.Cols[at].Append(v); err != nil {
			return fmt.Errorf("window state of key %q: %w", c.key, err)
		}
		at++
	}
	if g.spans {
		appendInstant(&rows.Cols[at], c.start)
		appendInstant(&rows.Cols[at+1], c.end)
		at += 2
	}
	for _, v := range values {
		if err := rows.Cols[at].Append(v); err != nil {
			return fmt.Errorf("window of key %q: %s %w", c.key, rows.Schema.At(at).Name, err)
		}
		at++
	}
	return rows.Key.Append(c.key)
}

// appendInstant adds a time to a column of times without nulls.
func appendInstant(v *row.Vec, us int64) { v.Ints = append(v.Ints, us) }

// values are those of the aggregates, until the next call.
func (g *aggregates) values(c *cell) []any {
	g.given = g.given[:0]
	for _, a := range c.acc {
		x := a.result()
		if several, ok := x.(columns); ok {
			g.given = append(g.given, several...)
		} else {
			g.given = append(g.given, x)
		}
	}
	return g.given
}

// maker says how an aggregate's accumulators are made.
func (a *aggregate) maker(op plan.Aggregate, kinds []row.Kind) func() accumulator {
	kind := row.Null
	if len(kinds) > 0 {
		kind = kinds[len(kinds)-1]
	}
	switch op.Func {
	case "count":
		return func() accumulator { return new(count) }
	case "sum":
		if kind == row.Float {
			return func() accumulator { return new(floatSum) }
		}
		return func() accumulator { return &intSum{kind: kind} }
	case "mean":
		return func() accumulator { return new(mean) }
	case "std", "var":
		return func() accumulator { return &deviation{root: op.Func == "std"} }
	case "min":
		return func() accumulator { return newExtreme(kind, -1) }
	case "max":
		return func() accumulator { return newExtreme(kind, +1) }
	case "first", "earliest":
		return func() accumulator { return &outermost{sign: -1, time: op.Func == "earliest"} }
	case "last", "latest":
		return func() accumulator { return &outermost{sign: +1, time: op.Func == "latest"} }
	case "any", "all":
		return func() accumulator { return &truth{all: op.Func == "all"} }
	case "delta", "rate":
		return func() accumulator { return newChange(op.Func == "rate") }
	case "distinct":
		return func() accumulator { return new(distinct) }
	case "ewm":
		half := float64(op.Consts[0].(time.Duration).Microseconds())
		return func() accumulator { return &bySource{make: func() accumulator { return &decay{half: half} }} }
	case "histogram":
		return func() accumulator {
			return &histogram{tally: tally[float64]{kind: reals()}, width: op.Consts[0].(float64)}
		}
	case "collect":
		most, asked := int64(plan.MostKept), len(op.Consts) > 0
		if asked {
			most = op.Consts[0].(int64)
		}
		return func() accumulator { return &collected{most: int(most), asked: asked} }
	}
	if q, ok := share(op); ok {
		return func() accumulator { return &quantile{q: q} }
	}
	switch kind {
	case row.Float:
		return ranked(a, op, reals())
	case row.String:
		return ranked(a, op, texts())
	}
	return ranked(a, op, integers(kind))
}

// share is the q of a quantile.
func share(op plan.Aggregate) (float64, bool) {
	if op.Func == "quantile" {
		return op.Consts[0].(float64), true
	}
	q, ok := map[string]float64{"median": 0.5, "p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}[op.Func]
	return q, ok
}

// ranked makes the accumulators that compare values of a kind with each other.
func ranked[T any](a *aggregate, op plan.Aggregate, kind *scalar[T]) func() accumulator {
	switch op.Func {
	case "top":
		most := int(op.Consts[0].(int64))
		return func() accumulator { return &greatest[T]{kind: kind, most: most} }
	case "set":
		return func() accumulator { return &different[T]{kind: kind} }
	case "mode":
		return func() accumulator { return &mode[T]{tally[T]{kind: kind}} }
	case "argmin":
		return func() accumulator { return &pointed[T]{of: a, kind: kind, sign: -1} }
	}
	return func() accumulator { return &pointed[T]{of: a, kind: kind, sign: +1} }
}
