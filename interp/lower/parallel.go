package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
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

// mixed reports whether an assignment of several values must be written one by one: the interpreter fails where one of
// the variables is an interface.
func (e *emitter) mixed(s *ast.AssignStmt) bool {
	if len(s.Lhs) < 2 || len(s.Lhs) != len(s.Rhs) || e.inHeader() {
		return false
	}
	found := false
	for _, l := range s.Lhs {
		t := e.keyType(l)
		found = found || t != nil && types.IsInterface(t) || e.heldPlace(l)
	}
	return found
}

// target writes what is assigned to.
func (e *emitter) target(x ast.Expr) string {
	if e.heldPlace(x) {
		return e.placing().expr(x)
	}
	return e.expr(x)
}

// moves reports whether an assignment to the variables before may change which place x is.
func (e *emitter) moves(x ast.Expr, before []ast.Expr) bool {
	fixed := func(x ast.Expr) bool {
		id, ok := ast.Unparen(x).(*ast.Ident)
		if !ok {
			return e.info.Types[x].Value != nil
		}
		for _, b := range before {
			if b, ok := ast.Unparen(b).(*ast.Ident); ok && e.object(b) == e.object(id) {
				return false
			}
		}
		return true
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return false
	case *ast.SelectorExpr:
		return !fixed(x.X)
	case *ast.StarExpr:
		return !fixed(x.X)
	case *ast.IndexExpr:
		return !fixed(x.X) || !fixed(x.Index)
	}
	return true
}

// apart writes an assignment of several values one by one, the values first.
func (e *emitter) apart(s *ast.AssignStmt, tok token.Token) string {
	var first, then strings.Builder
	places := make([]string, len(s.Lhs))
	for i, l := range s.Lhs {
		if places[i] = e.target(l); i > 0 && e.moves(l, s.Lhs[:i]) {
			places[i] = e.fixed(ast.Unparen(l), &first)
		}
	}
	for i, l := range s.Lhs {
		t := e.keyType(l)
		if t == nil {
			t = types.Default(e.typeOf(s.Rhs[i]))
		}
		v := e.fresh("v")
		fmt.Fprintf(&first, "var %s %s = %s; ", v, e.typeText(t), e.as(s.Rhs[i], t))
		if id, ok := l.(*ast.Ident); ok && tok == token.DEFINE && id.Name != "_" && e.info.Defs[id] != nil {
			fmt.Fprintf(&then, "var %s %s = %s; ", e.expr(l), e.typeText(t), v)
			continue
		}
		fmt.Fprintf(&then, "%s = %s; ", places[i], v)
	}
	return first.String() + strings.TrimSuffix(then.String(), "; ")
}

// fixed writes a place whose operands are evaluated before.
func (e *emitter) fixed(x ast.Expr, before *strings.Builder) string {
	hold := func(x ast.Expr) string {
		v := e.fresh("p")
		fmt.Fprintf(before, "var %s %s = %s; ", v, e.typeText(types.Default(e.typeOf(x))), e.expr(x))
		return v
	}
	switch x := x.(type) {
	case *ast.IndexExpr:
		base := e.reading(x.X).operand(x.X)
		if _, array := e.typeOf(x.X).Underlying().(*types.Array); !array {
			base = hold(x.X)
		}
		return base + "[" + hold(x.Index) + "]"
	case *ast.StarExpr:
		return "(*" + hold(x.X) + ")"
	case *ast.SelectorExpr:
		if _, isPtr := e.typeOf(x.X).Underlying().(*types.Pointer); isPtr {
			return hold(x.X) + "." + x.Sel.Name
		}
	}
	return e.target(x)
}
