package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// parallel writes values that are assigned together. The interpreter lets a call, a literal or a receive in a list
// write to its variable by itself, and then leaves out the assignment of all the others; it does not through
// parentheses. It also wants a type on nil there.
func (e *emitter) parallel(list, lhs []ast.Expr) string {
	if len(list) == 1 && len(lhs) == 1 {
		if e.heldPlace(lhs[0]) && e.info.Types[list[0]].IsNil() {
			return "nil"
		}
		return e.as(list[0], e.keyType(lhs[0]))
	}
	if len(list) == 1 {
		if a, ok := ast.Unparen(list[0]).(*ast.TypeAssertExpr); ok {
			return e.assertion(a.X, e.info.Types[a.Type].Type, true)
		}
		return e.expr(list[0])
	}
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = "(" + e.as(x, e.keyType(lhs[i])) + ")"
	}
	return strings.Join(out, ", ")
}

// oneByOne reports whether the parts of an assignment must be written one by one: the interpreter fails where one of several
// variables is an interface, evaluates the left side before what the right side calls, and looks at all places before it
// sets any of them.
func (e *emitter) oneByOne(s *ast.AssignStmt) bool {
	if len(s.Lhs) != len(s.Rhs) || e.inHeader() {
		return false
	}
	return len(s.Lhs) > 1 && (slices.ContainsFunc(s.Lhs, e.holdsAny) || e.fails(s)) || slices.ContainsFunc(s.Lhs, isPlace) && slices.ContainsFunc(s.Rhs, e.actsIn)
}

// holdsAny reports whether what is assigned to is an interface here.
func (e *emitter) holdsAny(x ast.Expr) bool {
	t := e.keyType(x)
	return t != nil && types.IsInterface(t) || e.heldPlace(x)
}

// apart writes an assignment one by one: what the left side calls, the values, what else the left side evaluates, and the
// variables from left to right.
func (e *emitter) apart(s *ast.AssignStmt, tok token.Token) string {
	h, in := e.holding()
	lhs := h.settle(s.Lhs, in)
	if tok != token.DEFINE && tok != token.ASSIGN {
		v := e.fresh("v")
		return h.before.String() + v + " := " + e.amount(s) + "\n" + in.placing().expr(lhs[0]) + " " + tok.String() + " " + v
	}
	values := make([]string, len(lhs))
	for i, l := range s.Lhs {
		t := e.keyType(l)
		if t == nil {
			t = types.Default(e.typeOf(s.Rhs[i]))
		}
		values[i] = h.hold(e.as(s.Rhs[i], t), e.typeText(t))
	}
	return h.before.String() + in.set(s.Lhs, lhs, values, tok)
}

// set writes the assignment of values to places, in their order.
func (e *emitter) set(was, lhs []ast.Expr, values []string, tok token.Token) string {
	h, in := e.holding()
	places, then := make([]string, len(lhs)), make([]string, len(lhs))
	for i, l := range lhs {
		if i > 0 && e.moves(l, lhs[:i]) {
			l = h.fixed(l, in)
		}
		places[i] = in.looking(i == 0).target(l)
	}
	for i, l := range was {
		then[i] = places[i] + " = " + values[i]
		if id, ok := l.(*ast.Ident); ok && tok == token.DEFINE && id.Name != "_" && e.info.Defs[id] != nil {
			then[i] = "var " + e.expr(l) + " " + e.typeText(e.keyType(l)) + " = " + values[i]
		}
	}
	return h.before.String() + strings.Join(then, "; ")
}
