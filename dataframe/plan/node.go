package plan

import "github.com/riffle-stream/riffle/dataframe/row"

// Node is one step of a graph. Nodes are immutable and may be shared by several frames.
type Node struct {
	Op Op
	In []*Node
	At string // where a program's source made it, such as "pipeline.go:12"; "" in cells. In no text or hash
}

// New is a node that applies op to the nodes before it.
func New(op Op, in ...*Node) *Node { return &Node{Op: op, In: in, At: made()} }

// Op is what a node does.
type Op interface {
	// Text is the op as a cell would write it, canonical: equal ops have equal texts.
	Text() string
	// Schema checks the op against the schemas before it and gives the schema after it.
	Schema(in []*row.Schema) (*row.Schema, error)
}

// Walk calls fn for each node that the roots depend on and for the roots, each
// once, every node after those before it.
func Walk(roots []*Node, fn func(*Node)) {
	seen := map[*Node]bool{}
	var visit func(*Node)
	visit = func(n *Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		for _, in := range n.In {
			visit(in)
		}
		fn(n)
	}
	for _, r := range roots {
		visit(r)
	}
}
