package lower

import (
	"go/ast"
	"go/types"
	"slices"
)

// target writes what is assigned to.
func (e *emitter) target(x ast.Expr) string {
	if e.heldPlace(x) {
		return e.placing().expr(x)
	}
	return e.expr(x)
}

// looking is the emitter whose guards may stand before the statement, or one that looks where it writes.
func (e *emitter) looking(before bool) *emitter {
	if before {
		return e
	}
	return e.guarding(nil)
}

// isPlace reports whether x is a part of something, or what a pointer points to.
func isPlace(x ast.Expr) bool {
	_, name := x.(*ast.Ident)
	return x != nil && !name
}

// settle evaluates what places call, and gives the places without the calls; in is the emitter that knows them.
func (h *holder) settle(list []ast.Expr, in *emitter) []ast.Expr {
	out := make([]ast.Expr, len(list))
	for i, x := range list {
		out[i] = h.settled(x, in)
	}
	return out
}

func (h *holder) settled(x ast.Expr, in *emitter) ast.Expr {
	if !h.acts(x) {
		return x
	}
	again := func(x ast.Expr) ast.Expr { return h.settled(x, in) }
	return h.placed(x, again, again, func(x ast.Expr) ast.Expr { return h.standIn(x, in) })
}

// fixed evaluates the operands of a place, so that it stays the one that it is now.
func (h *holder) fixed(x ast.Expr, in *emitter) ast.Expr {
	hold := func(x ast.Expr) ast.Expr {
		if h.info.Types[x].Value != nil {
			return x
		}
		return h.standIn(x, in)
	}
	return h.placed(x, func(x ast.Expr) ast.Expr { return h.fixed(x, in) }, hold, func(x ast.Expr) ast.Expr { return x })
}

// placed is a place with other operands: whole gives what it is a part of, operand what is indexed, an index, or a pointer,
// and other what is no place.
func (h *holder) placed(x ast.Expr, whole, operand, other func(ast.Expr) ast.Expr) ast.Expr {
	was, of := x, operand
	if h.partOf(x) != nil {
		of = whole
	}
	switch c := x.(type) {
	case *ast.ParenExpr:
		x = &ast.ParenExpr{Lparen: c.Lparen, X: of(c.X)}
	case *ast.SelectorExpr:
		s := &ast.SelectorExpr{X: of(c.X), Sel: c.Sel}
		h.info.Selections[s] = h.info.Selections[c]
		x = s
	case *ast.StarExpr:
		x = &ast.StarExpr{Star: c.Star, X: of(c.X)}
	case *ast.IndexExpr:
		base := of(c.X)
		x = &ast.IndexExpr{X: base, Index: operand(c.Index)}
	default:
		return other(x)
	}
	h.info.Types[x] = h.info.Types[was]
	return x
}

// standIn is a name for the value that an expression has now, which in knows.
func (h *holder) standIn(x ast.Expr, in *emitter) ast.Expr {
	id := &ast.Ident{NamePos: x.Pos(), Name: "held"}
	v := types.NewVar(x.Pos(), nil, "held", h.typeOf(x))
	h.info.Types[id], h.info.Uses[id] = h.info.Types[x], v
	in.rename[v] = h.hold(h.expr(x), h.typeText(types.Default(h.typeOf(x))))
	return id
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

// fails reports whether a place behind the first may be none though the values and the first place are: then those before
// it are set when it panics.
func (e *emitter) fails(s *ast.AssignStmt) bool {
	known := map[string]bool{}
	for _, x := range append(slices.Clone(s.Rhs), s.Lhs[0]) {
		ast.Inspect(x, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case ast.Expr:
				known[e.dares(n)] = true
			}
			return true
		})
	}
	return slices.ContainsFunc(s.Lhs[1:], func(x ast.Expr) bool {
		for x != nil && known[e.dares(x)] {
			x = e.partOf(x)
		}
		return x != nil
	})
}

// dares says what x, as a place, is only if something holds; "" for a place that is there.
func (e *emitter) dares(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.IndexExpr:
		if !e.info.Types[x.X].IsValue() || e.isInstance(x.X) || e.inRange(x) && !isPointer(e.typeOf(x.X)) {
			return ""
		}
		if _, isMap := e.typeOf(x.X).Underlying().(*types.Map); isMap {
			return "map " + types.ExprString(x.X)
		}
		return types.ExprString(x)
	case *ast.StarExpr:
		return "*" + types.ExprString(x.X)
	case *ast.SelectorExpr:
		if s := e.info.Selections[x]; s != nil && s.Indirect() {
			return "*" + types.ExprString(x.X)
		}
	}
	return ""
}

// partOf is what a place is a part of with no pointer between, or nil.
func (e *emitter) partOf(x ast.Expr) ast.Expr {
	switch x := x.(type) {
	case *ast.ParenExpr:
		return x.X
	case *ast.SelectorExpr:
		if s := e.info.Selections[x]; s != nil && !s.Indirect() {
			return x.X
		}
	case *ast.IndexExpr:
		if _, array := e.typeOf(x.X).Underlying().(*types.Array); array {
			return x.X
		}
	}
	return nil
}
