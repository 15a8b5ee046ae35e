package tables

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
)

// judge says why a declaration cannot be instantiated from source, or "".
func (s *portable) judge(d *declared) string {
	if why, ok := s.verdicts[d]; ok || s.inside[d] {
		return why
	}
	s.inside[d] = true
	why := s.reason(d)
	delete(s.inside, d)
	if why != "" || len(s.inside) == 0 {
		s.verdicts[d] = why
	}
	return why
}

func (s *portable) reason(d *declared) (why string) {
	if f, ok := d.node.(*ast.FuncDecl); ok && f.Body == nil {
		return "has no Go source"
	}
	if g, ok := d.node.(*ast.GenDecl); ok && g.Tok == token.VAR {
		return "uses the variable " + d.objects[0].Name() + " of its package"
	}
	ast.Inspect(d.node, func(n ast.Node) bool {
		if why == "" {
			why = s.fault(n)
		}
		return why == ""
	})
	for _, n := range s.needs(d) {
		why = cmp.Or(why, s.judge(n))
	}
	return why
}

// fault says why a piece of source means something that only its own package can mean.
func (s *portable) fault(n ast.Node) string {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		if sel := s.info.Selections[n]; sel != nil && !sel.Obj().Exported() && s.foreign(sel) {
			return "uses " + types.ExprString(n) + ", which is hidden in its package"
		}
	case *ast.ForStmt:
		if v := s.captured(n.Init, n.Body); v != "" {
			return v
		}
	case *ast.RangeStmt:
		if v := s.captured(n, n.Body); v != "" {
			return v
		}
	case *ast.TypeSpec:
		if o := s.info.Defs[n.Name]; !generic(o.Type()) && !types.IsInterface(o.Type()) {
			return "uses the type " + n.Name.Name + ", which is hidden in its package"
		}
	case *ast.Ident:
		return s.outside(s.info.Uses[n])
	}
	return ""
}

// foreign reports whether a field or method belongs to a type of compiled code.
func (s *portable) foreign(sel *types.Selection) bool {
	t := sel.Recv()
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && (n.Obj().Pkg() != s.pkg || s.compiled(n.Origin().Obj()))
}

// outside says why an object of another package is out of reach, or "".
func (s *portable) outside(o types.Object) string {
	if o == nil || o.Pkg() == nil || o.Pkg() == s.pkg {
		return ""
	}
	if n, ok := o.(*types.PkgName); ok {
		o = n
		if n.Imported().Path() == "unsafe" {
			return "uses package unsafe"
		}
		return ""
	}
	if s.has(o.Pkg().Path()) {
		return ""
	}
	if t, ok := o.(*types.TypeName); ok && types.IsInterface(t.Type()) {
		return "" // a constraint: only the checker needs it
	}
	return "uses package " + o.Pkg().Path()
}

// captured says that a loop's variable is kept by a function or pointer, where the language version of the module has
// one variable for all turns.
func (s *portable) captured(defines ast.Node, body *ast.BlockStmt) (why string) {
	if s.perIteration || defines == nil {
		return ""
	}
	vars := map[types.Object]bool{}
	switch d := defines.(type) {
	case *ast.AssignStmt:
		for _, l := range d.Lhs {
			vars[s.def(l)] = true
		}
	case *ast.RangeStmt:
		vars[s.def(d.Key)], vars[s.def(d.Value)] = true, true
	}
	delete(vars, nil)
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			ast.Inspect(n, func(m ast.Node) bool {
				if id, ok := m.(*ast.Ident); ok && vars[s.info.Uses[id]] {
					why = "keeps the variable " + id.Name + " of a loop, which is one for all turns before Go 1.22"
				}
				return true
			})
		case *ast.UnaryExpr:
			if id, ok := ast.Unparen(n.X).(*ast.Ident); ok && n.Op == token.AND && vars[s.info.Uses[id]] {
				why = "keeps the variable " + id.Name + " of a loop, which is one for all turns before Go 1.22"
			}
		}
		return why == ""
	})
	return why
}

func (s *portable) def(x ast.Expr) types.Object {
	id, ok := x.(*ast.Ident)
	if !ok {
		return nil
	}
	return s.info.Defs[id]
}
