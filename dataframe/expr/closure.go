package expr

import (
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// elementColumn is the name under which the elements of a list stand among the
// columns while a closure is computed; no column of a topic has it.
const elementColumn = "#"

// element compiles # inside a closure.
func (c *compiler) element(n *node) (*step, *Error) {
	i := c.schema.Index(elementColumn)
	if i < 0 {
		return nil, fault(n, "such as any(tags, # > 3)", "# is the element inside any, all, filter and map")
	}
	return c.load(row.Any, func(b *row.Batch) *row.Vec { return &b.Cols[i] }), nil
}

// closure compiles a function over the elements of a list: the elements of all
// rows become one batch, with the columns of their row beside each.
func (c *compiler) closure(n *node) (*step, *Error) {
	lists, err := c.node(n.args[0])
	if err != nil {
		return nil, err
	}
	if lists.kind != row.List && lists.kind != row.Any && lists.kind != row.Null {
		return nil, fault(n.args[0], "", "%s: %s is %s, want a list", n.text(), n.args[0].text(), lists.kind)
	}
	inner := newCompiler(c.schema.With(row.Field{Name: elementColumn, Kind: row.Any}), c.meter)
	body, err := inner.node(n.args[1])
	if err != nil {
		return nil, err
	}
	if n.name != "map" {
		if body.kind != row.Bool && body.kind != row.Any && body.kind != row.Null {
			return nil, fault(n.args[1], "", "%s is %s, want a condition", n.args[1].text(), body.kind)
		}
		body = inner.convert(body, row.Bool)
	}
	e := &elements{schema: inner.schema, used: inner.used(n.args[1]), program: inner.program(body)}
	kind := row.Bool
	if n.name == "map" || n.name == "filter" {
		kind = row.List
	}
	return c.overElements(e, n.name, kind, c.convert(lists, row.List)), nil
}

// overElements is the step of a closure; it needs the batch for the columns beside the list.
func (c *compiler) overElements(e *elements, name string, kind row.Kind, lists *step) *step {
	s := c.load(kind, nil)
	s.own.Kind, s.args, s.kernel = kind, []*step{lists}, e.kernel(name)
	s.load = func(b *row.Batch) *row.Vec {
		e.outer = b
		s.run(b.Len())
		return &s.own
	}
	return s
}

// elements are the elements of the lists of a batch, and what a closure gives for each.
type elements struct {
	schema  *row.Schema
	used    []int // the columns that the closure reads
	program *Program
	outer   *row.Batch
	owner   []int32 // the row that each element belongs to
	values  row.Vec
	result  *row.Vec
}

// compute runs the closure over the elements of all rows.
func (e *elements) compute(s *step, n int) {
	e.owner, e.values = e.owner[:0], row.Vec{Kind: row.Any, Anys: e.values.Anys[:0]}
	lists, m := arg[any](s, 0)
	for i := range n {
		l, _ := lists[i&m].([]any)
		for _, v := range l {
			e.owner = append(e.owner, int32(i))
			e.values.Anys = append(e.values.Anys, v)
		}
	}
	for i, v := range e.values.Anys {
		if v == nil {
			e.values.SetNull(i)
		}
	}
	e.result = e.program.Eval(e.around())
}

// around is a batch of the elements: each with what its row has beside it.
func (e *elements) around() *row.Batch {
	b := e.outer
	inner := &row.Batch{Schema: e.schema, Source: b.Source, Records: b.Records, Cols: make([]row.Vec, e.schema.Len())}
	for _, i := range e.used {
		inner.Cols[i] = b.Cols[i].Gather(e.owner)
	}
	inner.Cols[e.schema.Len()-1] = e.values
	inner.Time = pick(b.Time, e.owner)
	inner.Seq, inner.Origin = pick(b.Seq, e.owner), pick(b.Origin, e.owner)
	if b.Key.Len() > 0 {
		inner.Key = b.Key.Gather(e.owner)
	}
	return inner
}

// pick is the values of the rows; nil if the batch has none.
func pick[T any](from []T, rows []int32) []T {
	if from == nil {
		return nil
	}
	out := make([]T, len(rows))
	for k, i := range rows {
		out[k] = from[i]
	}
	return out
}

// used are the places of the columns that a node reads, but for the element's.
func (c *compiler) used(n *node) []int {
	var places []int
	names := Expr{root: n}.Columns()
	for i, f := range c.schema.Fields()[:c.schema.Len()-1] {
		for _, name := range names {
			if name == f.Name || strings.HasPrefix(name, f.Name+".") {
				places = append(places, i)
				break
			}
		}
	}
	return places
}

func (e *elements) kernel(name string) kernel {
	return func(s *step, n int) {
		e.compute(s, n)
		at := 0
		for i := range n {
			from := at
			for at < len(e.owner) && e.owner[at] == int32(i) {
				at++
			}
			e.fold(s, name, i, n, from, at)
		}
	}
}

// fold puts the results of one row's elements together.
func (e *elements) fold(s *step, name string, i, n, from, to int) {
	switch name {
	case "map":
		l := make([]any, 0, to-from)
		for k := from; k < to; k++ {
			l = append(l, e.result.Value(k))
		}
		s.own.Anys[i] = l
	case "filter":
		l := []any{}
		for k := from; k < to; k++ {
			if e.result.Bools[k] != 0 && !e.result.IsNull(k) {
				l = append(l, e.values.Anys[k])
			}
		}
		s.own.Anys[i] = l
	default:
		e.decide(s, name == "all", i, n, from, to)
	}
}

// decide is any or all of one row's elements, three-valued.
func (e *elements) decide(s *step, all bool, i, n, from, to int) {
	s.own.Bools[i] = bit(all)
	unknown := false
	for k := from; k < to; k++ {
		switch {
		case e.result.IsNull(k):
			unknown = true
		case (e.result.Bools[k] != 0) != all:
			s.own.Bools[i] = bit(!all)
			return
		}
	}
	if unknown {
		s.null(i, n)
	}
}
