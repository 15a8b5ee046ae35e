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
	if len(list) == 1 {
		return e.expr(list[0])
	}
	out := make([]string, len(list))
	for i, x := range list {
		text := e.expr(x)
		if t := e.keyType(lhs[i]); t != nil && e.info.Types[x].IsNil() {
			text = "(" + e.typeText(t) + ")(nil)"
		}
		out[i] = "(" + text + ")"
	}
	return strings.Join(out, ", ")
}

// mixed reports whether an assignment of several values must be written one by one: the interpreter fails where one of
// the variables is an interface.
func (e *emitter) mixed(s *ast.AssignStmt) bool {
	if len(s.Lhs) < 2 || len(s.Lhs) != len(s.Rhs) || len(e.frames) > 0 && e.frames[0].kind == inHeader {
		return false
	}
	found := false
	for i, l := range s.Lhs {
		t := e.keyType(l)
		found = found || t != nil && types.IsInterface(t)
		if i > 0 && e.moves(l, s.Lhs[:i]) {
			return false
		}
	}
	return found
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
	for i, l := range s.Lhs {
		t := e.keyType(l)
		if t == nil {
			t = types.Default(e.typeOf(s.Rhs[i]))
		}
		v := e.fresh("v")
		fmt.Fprintf(&first, "var %s %s = %s; ", v, e.typeText(t), e.expr(s.Rhs[i]))
		if id, ok := l.(*ast.Ident); ok && tok == token.DEFINE && id.Name != "_" && e.info.Defs[id] != nil {
			fmt.Fprintf(&then, "var %s %s = %s; ", e.expr(l), e.typeText(t), v)
			continue
		}
		fmt.Fprintf(&then, "%s = %s; ", e.expr(l), v)
	}
	return first.String() + strings.TrimSuffix(then.String(), "; ")
}
