package expr

import (
	"fmt"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
)

// The limits of an expression.
const (
	maxBytes = 8 << 10
	maxDepth = 64
	maxNodes = 1000
)

// Parse reads an expression. The error is an [*Error].
func Parse(src string) (Expr, error) {
	root, err := parse(src)
	if err != nil {
		return Expr{}, err
	}
	return Expr{root, src}, nil
}

// parse gives the tree; its error is an error only if it is not nil.
func parse(src string) (*node, error) {
	if err := limits(src); err != nil {
		return nil, err
	}
	t, bad := scan(src)
	if bad != nil {
		return nil, bad
	}
	tree, err := parser.ParseWithConfig(src, config())
	if err != nil {
		return nil, t.fromParser(err)
	}
	c := &converter{tokens: t}
	root := c.node(tree.Node)
	if c.err == nil && root.depth() > maxDepth {
		c.err = &Error{Len: len(src), Msg: fmt.Sprintf("nests %d deep, want at most %d", root.depth(), maxDepth), Hint: "make columns of its parts"}
	}
	if c.err != nil {
		c.err.Src = src
		return nil, c.err
	}
	return root, nil
}

func limits(src string) error {
	if len(src) > maxBytes {
		return &Error{Src: src[:0], Msg: fmt.Sprintf("the expression has %d bytes, want at most %d", len(src), maxBytes), Hint: "make columns of its parts"}
	}
	if !utf8.ValidString(src) {
		return &Error{Src: src, Len: len(src), Msg: "the text is not UTF-8"}
	}
	return nil
}

func tooMany(src string) *Error {
	return &Error{Src: src, Len: len(src), Msg: fmt.Sprintf("has more than %d parts", maxNodes), Hint: "make columns of its parts"}
}

// config makes every function of the parser's language an ordinary call, but
// for those that run over the elements of a list: there # is the element.
func config() *conf.Config {
	c := conf.CreateNew()
	c.MaxNodes = maxNodes
	c.DisableIfOperator = true
	for name := range c.Builtins {
		if !closures[name] {
			c.Functions[name] = nil
		}
	}
	return c
}

// converter makes our tree of the parser's.
type converter struct {
	*tokens
	nodes int
	err   *Error
}

func (c *converter) fail(n *node, hint, format string, args ...any) *node {
	if c.err == nil {
		c.err = fault(n, hint, format, args...)
	}
	return n
}

// make counts the node and gives it its place.
func (c *converter) make(n node, pos, end int) *node {
	c.nodes++
	if c.nodes > maxNodes && c.err == nil {
		c.err = tooMany(c.src)
	}
	n.pos, n.end = pos, end
	return &n
}

// token is the index of the token at a node's location.
func (c *converter) token(n ast.Node) int { return c.first[n.Location().From] }

func (c *converter) node(n ast.Node) *node {
	if c.err != nil {
		return &node{}
	}
	i := c.token(n)
	switch n := n.(type) {
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.UnaryNode:
		return c.unary(n.Operator, i, c.node(n.Node))
	case *ast.ConditionalNode:
		args := c.nodes3(n.Cond, n.Exp1, n.Exp2)
		return c.make(node{form: call, name: opIf, args: args}, c.open(args[0]), c.close(args[2]))
	case *ast.CallNode:
		return c.call(n)
	case *ast.BuiltinNode:
		return c.apply(n.Name, i, n.Arguments)
	case *ast.PredicateNode:
		return c.node(n.Node)
	case *ast.MemberNode:
		return c.member(n)
	case *ast.ArrayNode:
		return c.make(node{form: list, args: c.all(n.Nodes)}, c.begin(i), c.finish(c.match[i]))
	}
	return c.leaf(n, i)
}

func (c *converter) all(nodes []ast.Node) []*node {
	var args []*node
	for _, n := range nodes {
		args = append(args, c.node(n))
	}
	return args
}

func (c *converter) nodes3(a, b, d ast.Node) []*node { return c.all([]ast.Node{a, b, d}) }

// leaf converts what has nothing below it.
func (c *converter) leaf(n ast.Node, i int) *node {
	pos, end := c.begin(i), c.finish(i)
	switch n := n.(type) {
	case *ast.NilNode:
		return c.make(node{}, pos, end)
	case *ast.BoolNode:
		return c.make(node{value: n.Value}, pos, end)
	case *ast.IntegerNode:
		return c.make(node{value: int64(n.Value)}, pos, end)
	case *ast.FloatNode:
		return c.make(node{value: n.Value}, pos, end)
	case *ast.StringNode:
		return c.make(node{value: n.Value}, pos, end)
	case *ast.BytesNode:
		return c.make(node{value: n.Value}, pos, end)
	case *ast.PointerNode:
		if n.Name != "" {
			return c.fail(&node{pos: pos, end: end}, "# is the element", "#%s is not known", n.Name)
		}
		return c.make(node{form: element}, pos, end)
	case *ast.IdentifierNode:
		if n.Value == "null" {
			return c.make(node{}, pos, end)
		}
		return c.make(node{form: column, name: n.Value}, pos, end)
	}
	return c.fail(&node{pos: pos, end: end}, "", "%q is not part of an expression", c.src[pos:end])
}
