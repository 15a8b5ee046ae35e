package expr

import (
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser/lexer"
)

// spelled are the operators that have a second spelling.
var spelled = map[string]string{"&&": "and", "||": "or", "!": "not"}

// binary converts an operator. The parser binds not tighter than comparison,
// so that not a == b is (not a) == b; we read it as Python does, and tell the
// two apart by the brackets around them.
func (c *converter) binary(n *ast.BinaryNode) *node {
	if not := c.leadingNot(n); not != nil {
		bare := *n
		bare.Left = without(n.Left, not)
		return c.unary("not", c.token(not), c.binary(&bare))
	}
	name := n.Operator
	if s, ok := spelled[name]; ok {
		name = s
	}
	args := c.all([]ast.Node{n.Left, n.Right})
	if c.err != nil {
		return &node{}
	}
	return c.make(node{form: call, name: name, args: args}, c.open(args[0]), c.close(args[1]))
}

// leadingNot is the not at the very left of a comparison or sum, in the same brackets.
func (c *converter) leadingNot(n *ast.BinaryNode) *ast.UnaryNode {
	sign := c.list[c.token(n)].Value // of a < b < c, joined with and, it is the comparison's
	if p := precedence[sign]; p < precCompare || p >= precPow {
		return nil
	}
	for left := n.Left; ; {
		switch l := left.(type) {
		case *ast.BinaryNode:
			left = l.Left
		case *ast.UnaryNode:
			i := c.token(l)
			if l.Operator == "not" && c.depth[i] == c.depth[c.token(n)] && !c.between(i) {
				return l
			}
			return nil
		default:
			return nil
		}
	}
}

// between says whether the not at token i is that of a not in b.
func (c *converter) between(i int) bool { return c.list[i].Value != "not" }

// without is the chain of left operands with the not taken off its end.
func without(left ast.Node, not *ast.UnaryNode) ast.Node {
	if b, ok := left.(*ast.BinaryNode); ok {
		copied := *b
		copied.Left = without(b.Left, not)
		return &copied
	}
	return not.Node
}

// unary converts a sign or a not; the sign of a number becomes part of it.
func (c *converter) unary(sign string, i int, arg *node) *node {
	if s, ok := spelled[sign]; ok {
		sign = s
	}
	pos := min(c.begin(i), c.open(arg))
	end := c.close(arg)
	if sign == "not" {
		return c.make(node{form: call, name: sign, args: []*node{arg}}, pos, end)
	}
	switch x := arg.value.(type) {
	case int64:
		arg.value = signed(sign, x)
	case float64:
		arg.value = signed(sign, x)
	default:
		if sign == "+" {
			return c.fail(&node{pos: pos, end: end}, "leave it out", "+ before a value says nothing")
		}
		return c.make(node{form: call, name: sign, args: []*node{arg}}, pos, end)
	}
	arg.pos, arg.end = pos, end
	return arg
}

func signed[T int64 | float64](sign string, x T) T {
	if sign == "-" {
		return -x
	}
	return x
}

func (c *converter) call(n *ast.CallNode) *node {
	i := c.token(n)
	name, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		at := &node{pos: c.begin(i), end: c.finish(i)}
		return c.fail(at, asFunction(n, c.src[at.pos:at.end]), "%s is not a function", c.src[at.pos:at.end])
	}
	return c.apply(name.Value, i, n.Arguments)
}

// apply is a call of a function by its name, token i.
func (c *converter) apply(name string, i int, arguments []ast.Node) *node {
	args := c.all(arguments)
	pos, end := c.begin(i), c.finish(c.match[i+1])
	if name != "col" {
		return c.make(node{form: call, name: name, args: args}, pos, end)
	}
	if len(args) == 1 {
		if s, ok := args[0].value.(string); ok && s != "" {
			return c.make(node{form: column, name: s}, pos, end)
		}
	}
	return c.fail(&node{pos: pos, end: end}, "", "col takes the name of a column in quotes, such as col('Engine RPM')")
}

// member converts a.b, a['b'] and a[0].
func (c *converter) member(n *ast.MemberNode) *node {
	of := c.node(n.Node)
	i := c.token(n)
	name, named := n.Property.(*ast.StringNode)
	end := c.finish(i)
	if c.is(i, "[") {
		end = c.finish(c.match[i])
	}
	switch {
	case !named:
		return c.make(node{form: call, name: opIndex, args: []*node{of, c.node(n.Property)}}, c.open(of), end)
	case of.form == column && name.Value != "" && !strings.Contains(name.Value, "."):
		of.name, of.end = of.name+"."+name.Value, end
		return of
	}
	return c.make(node{form: member, name: name.Value, args: []*node{of}}, c.open(of), end)
}

// open and close are where an operand begins and ends, its own parentheses taken in.
func (c *converter) open(n *node) int {
	pos, _ := c.grown(n)
	return pos
}

func (c *converter) close(n *node) int {
	_, end := c.grown(n)
	return end
}

func (c *converter) grown(n *node) (pos, end int) {
	pos, end = n.pos, n.end
	first, last := c.starting(pos), c.ending(end)
	for c.is(first-1, "(") && c.match[first-1] == last+1 && !c.calls(first-1) {
		first, last = first-1, last+1
		pos, end = c.begin(first), c.finish(last)
	}
	return pos, end
}

// calls says whether the bracket at token i holds the arguments of a function.
func (c *converter) calls(i int) bool {
	return i > 0 && c.list[i-1].Kind == lexer.Identifier
}
