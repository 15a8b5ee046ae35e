package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// operand writes what stands left of a dot, bracket or call.
func (e *emitter) operand(x ast.Expr) string {
	switch x.(type) {
	case *ast.UnaryExpr, *ast.CompositeLit: // not a literal function: the interpreter defers one only without parentheses
		return "(" + e.expr(x) + ")"
	}
	return e.expr(x)
}

func (e *emitter) unary(x *ast.UnaryExpr) string {
	if x.Op == token.AND {
		if lit, ok := x.X.(*ast.CompositeLit); ok {
			inner := e.composite(lit)
			return "&" + strings.TrimSuffix(strings.TrimPrefix(inner, "("), map[bool]string{true: ")"}[strings.HasPrefix(inner, "(")])
		}
	}
	if x.Op == token.ARROW {
		return e.receive(x.X)
	}
	if x.Op == token.AND {
		return x.Op.String() + e.addressed(x.X)
	}
	return x.Op.String() + e.operand(x.X)
}

// addressed writes a place whose address is taken; of an element of what a pointer points to the interpreter does so only
// where that is written out.
func (e *emitter) addressed(x ast.Expr) string {
	if e.heldPlace(x) {
		fail("the address of %s, by way of which its type leads back to itself", types.ExprString(x))
	}
	in := e.placing()
	text := in.operand(x)
	i, ok := ast.Unparen(x).(*ast.IndexExpr)
	if !ok || !isPointer(e.typeOf(i.X)) {
		return text
	}
	base := in.reading(i.X).operand(i.X)
	if rest, ok := strings.CutPrefix(text, base); ok {
		return "(*" + base + ")" + rest
	}
	return text
}

func (e *emitter) binary(x *ast.BinaryExpr) string {
	if x.Op == token.EQL || x.Op == token.NEQ {
		nothing := e.info.Types[x.X].IsNil() || e.info.Types[x.Y].IsNil()
		if !nothing && (types.IsInterface(e.typeOf(x.X)) || types.IsInterface(e.typeOf(x.Y))) {
			return map[token.Token]string{token.NEQ: "!"}[x.Op] + e.equal(x.X, x.Y)
		}
	}
	left := e.side(x.X, x.Y)
	var right string
	switch x.Op {
	case token.LAND, token.LOR: // the right side may not be evaluated, and neither may its guards
		right = e.condition(x.Y)
		if hasLiteral(x.X) {
			left = "func() bool { return bool(" + left + ") }()"
		}
	case token.SHL, token.SHR:
		right = e.shift(x.Y)
	default:
		right = e.side(x.Y, x.X)
	}
	return "(" + left + " " + x.Op.String() + " " + right + ")"
}

// hasLiteral reports whether a value is made in x: the interpreter loses one on the left of && and ||, where it branches.
func hasLiteral(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		_, lit := n.(*ast.CompositeLit)
		found = found || lit
		return !found
	})
	return found
}

// side writes one side of an operator; a constant takes the type of the other side.
func (e *emitter) side(x, other ast.Expr) string {
	if e.info.Types[other].Value == nil && e.info.Types[x].Value != nil && types.Identical(e.typeOf(x), e.typeOf(other)) {
		return e.untyped(x, e.typeOf(x))
	}
	if t := e.typeOf(other); becomes(e.typeOf(x), t) { // the interpreter compares no two types
		return "(" + e.typeText(t) + ")(" + e.expr(x) + ")"
	}
	return e.expr(x)
}

// becomes reports whether a value of type t is compared with one of another type as a value of that.
func becomes(t, other types.Type) bool {
	if other == nil || types.IsInterface(other) || types.Identical(t, other) {
		return false
	}
	c, isChan := other.Underlying().(*types.Chan)
	switch t := types.Unalias(t).(type) {
	case *types.Struct, *types.Array:
		return types.Identical(t, other.Underlying())
	case *types.Chan:
		return isChan && (t.Dir() == types.SendRecv || t.Dir() == c.Dir())
	}
	return false
}
