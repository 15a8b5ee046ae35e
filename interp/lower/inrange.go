package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
)

// A reach is what is known of a loop's variable: it is at least low, and below the length of each of these variables.
type reach struct {
	low  int64
	over map[types.Object]bool
}

// counting notes what the head of a loop says of its variable, for the body.
func (e *emitter) counting(v types.Object, low int64, over types.Object, body *ast.BlockStmt) *emitter {
	c := *e
	if v == nil || e.assigned(v, body) {
		return &c
	}
	c.ranges = maps.Clone(e.ranges)
	if c.ranges == nil {
		c.ranges = map[types.Object]reach{}
	}
	r := reach{low, map[types.Object]bool{}}
	if over != nil && !e.assigned(over, body) && !(e.global(over) && calls(body)) {
		r.over[over] = true
	}
	c.ranges[v] = r
	return &c
}

// assigned reports whether a variable may change in a body: it stands on the left, is counted, or has its address taken.
func (e *emitter) assigned(v types.Object, body ast.Node) bool {
	found := false
	is := func(x ast.Expr) {
		if id, ok := ast.Unparen(x).(*ast.Ident); ok && e.object(id) == v {
			found = true
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				is(l)
			}
		case *ast.IncDecStmt:
			is(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				is(n.X)
			}
		case *ast.RangeStmt:
			if n.Key != nil {
				is(n.Key)
			}
			if n.Value != nil {
				is(n.Value)
			}
		case *ast.SelectorExpr: // a method of it may take its address
			if s := e.info.Selections[n]; s != nil && s.Kind() == types.MethodVal {
				is(n.X)
			}
		}
		return !found
	})
	return found
}

// rangeReach is the body's emitter of a range over a slice, array, string or integer.
func (e *emitter) rangeReach(s *ast.RangeStmt) *emitter {
	id, ok := s.Key.(*ast.Ident)
	if !ok || s.Tok != token.DEFINE {
		return e
	}
	if _, ok := e.typeOf(s.X).Underlying().(*types.Map); ok {
		return e
	}
	var over types.Object
	if x, ok := ast.Unparen(s.X).(*ast.Ident); ok && !isInteger(e.typeOf(s.X)) {
		over = e.object(x)
	}
	return e.counting(e.info.Defs[id], 0, over, s.Body)
}

// forReach is the emitter for condition and body of a loop such as for i := 1; i < len(s); i++.
func (e *emitter) forReach(s *ast.ForStmt) (cond, body *emitter) {
	init, ok := s.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 || !rises(s.Post, init.Lhs[0]) {
		return e, e
	}
	low := e.info.Types[init.Rhs[0]].Value
	id, ok := init.Lhs[0].(*ast.Ident)
	if !ok || low == nil || low.Kind() != constant.Int {
		return e, e
	}
	n, ok := constant.Int64Val(low)
	if !ok || n < 0 {
		return e, e
	}
	v := e.info.Defs[id]
	return e.counting(v, n, nil, s.Body), e.counting(v, n, e.bounded(s.Cond, v), s.Body)
}

// rises reports whether a loop's last statement only adds to a variable.
func rises(post ast.Stmt, v ast.Expr) bool {
	name := v.(*ast.Ident).Name
	switch s := post.(type) {
	case *ast.IncDecStmt:
		id, ok := s.X.(*ast.Ident)
		return ok && id.Name == name && s.Tok == token.INC
	case *ast.AssignStmt:
		id, ok := s.Lhs[0].(*ast.Ident)
		if !ok || id.Name != name || s.Tok != token.ADD_ASSIGN {
			return false
		}
		lit, ok := s.Rhs[0].(*ast.BasicLit)
		return ok && lit.Kind == token.INT && len(lit.Value) < 9
	}
	return false
}

// bounded is the variable s of a condition i < len(s), or of one that it is joined to.
func (e *emitter) bounded(cond ast.Expr, v types.Object) types.Object {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if cond == nil || !ok {
		return nil
	}
	if b.Op == token.LAND {
		if o := e.bounded(b.X, v); o != nil {
			return o
		}
		return e.bounded(b.Y, v)
	}
	i, ok := ast.Unparen(b.X).(*ast.Ident)
	call, isCall := ast.Unparen(b.Y).(*ast.CallExpr)
	if !ok || !isCall || b.Op != token.LSS || e.object(i) != v || len(call.Args) != 1 || !e.info.Types[ast.Unparen(call.Fun)].IsBuiltin() || nameOf(call.Fun).Name != "len" {
		return nil
	}
	if s, ok := ast.Unparen(call.Args[0]).(*ast.Ident); ok {
		return e.object(s)
	}
	return nil
}

// inRange reports whether an index is known to be in range: a constant of an array, or a loop's variable, or some less.
func (e *emitter) inRange(x *ast.IndexExpr) bool {
	if _, ok := deref(e.typeOf(x.X)).Underlying().(*types.Array); ok && e.info.Types[x.Index].Value != nil {
		return true
	}
	s, ok := ast.Unparen(x.X).(*ast.Ident)
	if !ok {
		return false
	}
	i, less := ast.Unparen(x.Index), int64(0)
	if b, ok := i.(*ast.BinaryExpr); ok && b.Op == token.SUB && e.info.Types[b.Y].Value != nil {
		less, _ = constant.Int64Val(constant.ToInt(e.info.Types[b.Y].Value))
		i = ast.Unparen(b.X)
	}
	id, ok := i.(*ast.Ident)
	if !ok {
		return false
	}
	r, ok := e.ranges[e.object(id)]
	return ok && r.over[e.object(s)] && less >= 0 && less <= r.low
}
