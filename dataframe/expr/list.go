package expr

import "github.com/riffle-stream/riffle/dataframe/row"

// closureDocs describe the functions that run over the elements of a list.
var closureDocs = []Function{
	{"any", "any(list, condition on #) bool", "whether the condition holds for an element of the list", "any(tags, # == 'wet')"},
	{"all", "all(list, condition on #) bool", "whether the condition holds for every element of the list", "all(laps, # > 0)"},
	{"filter", "filter(list, condition on #) list", "the elements for which the condition holds", "filter(laps, # > 90)"},
	{"map", "map(list, value of #) list", "the value for each element", "map(laps, # / 60)"},
}

func listOperators() []function {
	return []function{{name: opIndex, forms: []overload{{in: []row.Kind{row.List, row.Int}, out: row.Any, kernel: try2(elementAt)}}}}
}

// listOf compiles [a, b, c].
func (c *compiler) listOf(n *node) (*step, *Error) {
	args, err := c.all(n.args)
	if err != nil {
		return nil, err
	}
	return c.add(&step{kind: row.List, args: args, kernel: collect, lenient: true}, false), nil
}

func collect(s *step, n int) {
	for i := range s.own.Anys {
		l := make([]any, len(s.args))
		for k, a := range s.args {
			at := i
			if a.one {
				at = 0
			}
			l[k] = a.vec.Value(at)
		}
		s.own.Anys[i] = l
	}
}

// elementAt is list[i], counted from the end if negative; false: there is none.
func elementAt(list any, i int64) (any, bool) {
	l, ok := list.([]any)
	if i < 0 {
		i += int64(len(l))
	}
	if !ok || i < 0 || i >= int64(len(l)) {
		return nil, false
	}
	return l[i], l[i] != nil
}

// within compiles x in list.
func (c *compiler) within(n *node) (*step, *Error) {
	x, err := c.node(n.args[0])
	if err != nil {
		return nil, err
	}
	if n.args[1].form != list {
		return c.withinColumn(n, x)
	}
	var found *step
	for _, item := range n.args[1].args {
		if item.isNull() {
			continue // a null is in no list, and equal to nothing
		}
		equal, err := c.node(&node{form: call, name: "==", args: []*node{n.args[0], item}, pos: n.pos, end: n.end})
		if err != nil {
			return nil, c.unlike(n, x, item, err)
		}
		if found == nil {
			found = equal
			continue
		}
		found = c.either(found, equal)
	}
	if found == nil {
		return c.add(&step{kind: row.Bool, args: []*step{x}, kernel: func(s *step, n int) { clear(s.own.Bools) }}, false), nil
	}
	return found, nil
}

// either is a or b of two conditions.
func (c *compiler) either(a, b *step) *step {
	s, _ := c.apply(c.lib.byName["or"], []*step{a, b}) // takes conditions
	return s
}

// unlike is the error for an item that cannot be equal to x; an error inside the item stays as it is.
func (c *compiler) unlike(n *node, x *step, item *node, err *Error) *Error {
	s, inner := c.node(item)
	if inner != nil {
		return err
	}
	return fault(item, "", "%s: %s is %s, but %s is %s", n.text(), item.text(), s.kind, n.args[0].text(), x.kind)
}

// withinColumn compiles x in a column of lists.
func (c *compiler) withinColumn(n *node, x *step) (*step, *Error) {
	l, err := c.node(n.args[1])
	if err != nil {
		return nil, err
	}
	if l.kind != row.List && l.kind != row.Any && l.kind != row.Null {
		return nil, fault(n, "such as gear in [7, 8]", "%s: in %s, want a list", n.text(), l.kind)
	}
	args := []*step{c.convert(x, row.Any), c.convert(l, row.List)}
	k := each2(func(x, l any) byte { return bit(contains(l, x)) })
	return c.add(&step{kind: row.Bool, args: args, kernel: k}, false), nil
}

func contains(list, x any) bool {
	l, _ := list.([]any)
	for _, e := range l {
		if same(e, x) {
			return true
		}
	}
	return false
}

// same is == on two values that are not null.
func same(a, b any) bool {
	switch x := a.(type) {
	case int64:
		if y, ok := b.(float64); ok {
			return y == y && compareMixed(x, y) == 0
		}
	case float64:
		if y, ok := b.(int64); ok {
			return x == x && compareMixed(y, x) == 0
		}
	case []any, row.Object, []byte:
		return false
	}
	switch b.(type) {
	case []any, row.Object, []byte:
		return false
	}
	return a == b
}
