package expr

// form says what a node is.
type form uint8

const (
	literal form = iota // value: nil, bool, int64, float64, string or []byte
	column              // name
	call                // name and args: functions, and operators by their sign
	list                // args
	member              // name, of args[0]
	element             // #, inside any, all, filter and map
)

// The names of calls that are neither a function nor written as their sign.
const (
	opIndex = "[]" // list[i]
	opIf    = "if"
)

// node is one node of a tree. It is never changed once it has a parent.
type node struct {
	form     form
	name     string
	value    any
	args     []*node
	pos, end int // bytes of the source, end exclusive, outer parentheses left out
}

// walk visits the node and all below it, parents first.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, a := range n.args {
		a.walk(visit)
	}
}

// size is the number of nodes.
func (n *node) size() int {
	count := 0
	n.walk(func(*node) { count++ })
	return count
}

// depth is how deep the tree nests; the terms of a chain such as a + b + c are on one level.
func (n *node) depth() int {
	deepest := 0
	for i, a := range n.args {
		d := a.depth()
		if i == 0 && infix(n) && infix(a) {
			d--
		}
		deepest = max(deepest, d)
	}
	return deepest + 1
}

// infix says whether the node is written between its two arguments.
func infix(n *node) bool {
	_, ok := precedence[n.name]
	return n.form == call && len(n.args) == 2 && ok
}

// isNull says whether the node is the literal null.
func (n *node) isNull() bool { return n.form == literal && n.value == nil }

// closes says whether the node is a function whose second argument runs over the elements of a list.
func (n *node) closes() bool {
	return n.form == call && len(n.args) == 2 && closures[n.name]
}

var closures = map[string]bool{"any": true, "all": true, "filter": true, "map": true}
