package formula

import (
	"go/ast"
	"go/token"
	"go/types"
)

// quiet refuses a struct, list or map of a cell whose parts may change while rows flow. It is told by every place where
// the variable stands: functions may only look into it, and nothing may have its memory under another name.
func (s *Source) quiet(x ast.Node, v *types.Var) {
	canon := s.Session.Canon(v)
	for _, cell := range s.Session.Cells() {
		for _, st := range cell.Stmts {
			s.uses(st.Node, cell.Info, canon, x, false)
		}
		for _, d := range cell.Decls {
			if d.Func != nil {
				s.uses(d.Func.Node, d.Info, canon, x, true)
			}
		}
	}
}

// uses looks at the places of a variable in n.
func (s *Source) uses(n ast.Node, info *types.Info, canon types.Object, x ast.Node, inside bool) {
	var above []ast.Node
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil {
			above = above[:len(above)-1]
			return true
		}
		above = append(above, n)
		id, ok := n.(*ast.Ident)
		if !ok || info.ObjectOf(id) == nil || s.Session.Canon(info.ObjectOf(id)) != canon {
			return true
		}
		in := inside
		for _, a := range above {
			if _, lit := a.(*ast.FuncLit); lit {
				in = true
			}
		}
		p := place{id, above[:len(above)-1], info, in}
		if !p.harmless() {
			s.refuse(id, "uses %s, which may change while rows flow", id.Name)
		}
		return true
	})
}

// A place is where a variable stands, within nodes of which the last is the nearest.
type place struct {
	id     *ast.Ident
	above  []ast.Node
	info   *types.Info
	inside bool // a function
}

// harmless reports whether the place neither changes parts of the variable while rows flow nor lets something else.
func (p place) harmless() bool {
	_, copied := p.info.ObjectOf(p.id).Type().Underlying().(*types.Struct) // and has no memory of others that is read
	if len(p.above) == 0 {
		return false
	}
	switch a := p.above[len(p.above)-1].(type) {
	case *ast.IndexExpr:
		return a.X != p.id || p.looked(a)
	case *ast.SelectorExpr:
		sel := p.info.Selections[a]
		if sel != nil && sel.Kind() == types.MethodVal {
			return copied && !byAddress(sel)
		}
		return p.looked(a)
	case *ast.RangeStmt:
		return a.X == p.id
	case *ast.AssignStmt:
		for i, l := range a.Lhs {
			if l == p.id {
				return !p.inside && (copied || len(a.Lhs) == len(a.Rhs) && fresh(a.Rhs[i], p.info))
			}
		}
		return copied
	case *ast.ValueSpec:
		for i, n := range a.Names {
			if n == p.id {
				return copied || len(a.Values) == 0 || len(a.Values) == len(a.Names) && fresh(a.Values[i], p.info)
			}
		}
		return copied
	case *ast.CallExpr:
		return copied || p.passed(a)
	case *ast.UnaryExpr:
		return a.Op != token.AND
	}
	return copied
}

// looked reports whether a part of the variable is only read, or set by a statement of a cell.
func (p place) looked(part ast.Expr) bool {
	if len(p.above) < 2 {
		return false
	}
	switch a := p.above[len(p.above)-2].(type) {
	case *ast.AssignStmt:
		for _, l := range a.Lhs {
			if l == part {
				return !p.inside
			}
		}
	case *ast.IncDecStmt:
		return !p.inside
	case *ast.UnaryExpr:
		return a.Op != token.AND
	case *ast.IndexExpr, *ast.SliceExpr, *ast.SelectorExpr:
		return simple(p.info.TypeOf(part)) // what lies deeper is not followed
	}
	return true
}

// passed reports whether a call that the variable is passed to leaves it as it is.
func (p place) passed(c *ast.CallExpr) bool {
	if p.info.Types[c.Fun].IsBuiltin() {
		switch types.ExprString(c.Fun) {
		case "len", "cap":
			return true
		case "delete", "clear":
			return !p.inside
		}
		return false
	}
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	o := p.info.Uses[sel.Sel]
	return o != nil && o.Pkg() != nil && o.Pkg().Path() == "fmt"
}

// fresh reports whether an expression makes memory that nothing else has.
func fresh(x ast.Expr, info *types.Info) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.CallExpr:
		return info.Types[x.Fun].IsBuiltin() && types.ExprString(x.Fun) == "make"
	}
	return false
}
