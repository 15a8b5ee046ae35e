package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// A glance gathers a Probe from the nodes around a place, from the outermost to the innermost.
type glance struct {
	Probe
	info    *types.Info
	tree    *tree
	pos     token.Pos
	scope   *types.Scope
	labels  []string         // of the statements around the place
	all     []string         // of its function
	results *types.Signature // of its function
}

// look finds what stands at an offset of the cell's text, in either tree.
func (a *attempt) look(offset int) Probe {
	g := &glance{}
	g.visit(a.parts.body, a.info, a.parts.stree, offset)
	for st := range a.parts.entries {
		g.visit(st, a.info, a.parts.dtree, offset)
	}
	for _, u := range a.units {
		if u.plain != nil {
			g.visit(u.plain, a.bodies, a.parts.dtree, offset)
		} else {
			g.visit(u.node, a.info, a.parts.dtree, offset)
		}
	}
	for s := g.scope; s != nil && s != a.main.Scope() && s != types.Universe; s = s.Parent() {
		for _, n := range s.Names() {
			if in, o := s.LookupParent(n, g.pos); in == s {
				g.Locals = append(g.Locals, o)
			}
		}
	}
	return g.Probe
}

func (g *glance) visit(n ast.Node, info *types.Info, t *tree, offset int) {
	g.info, g.tree = info, t
	pos := t.tfile.Pos(min(t.head+offset, t.tfile.Size()))
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || pos > n.End() {
			return n != nil && n.Pos() <= pos
		}
		g.pos = pos
		if scope := info.Scopes[n]; scope != nil {
			g.scope = scope
		}
		g.enter(n)
		return true
	})
}

// enter takes in a node around the place.
func (g *glance) enter(n ast.Node) {
	switch n := n.(type) {
	case *ast.FuncDecl:
		g.function(n.Type, n.Body)
	case *ast.FuncLit:
		g.function(n.Type, n.Body)
	case *ast.LabeledStmt:
		g.labels = append(g.labels, n.Label.Name)
	case *ast.BranchStmt:
		g.branch(n)
	case *ast.SelectorExpr:
		if n.Sel.Pos() <= g.pos && g.pos <= n.Sel.End() {
			g.member(n)
		}
	case *ast.CompositeLit:
		g.literal(n)
	case *ast.CallExpr:
		g.call(n)
	case *ast.AssignStmt:
		g.assign(n)
	case *ast.ReturnStmt:
		g.result(n)
	case *ast.Ident:
		if o := g.info.ObjectOf(n); o != nil {
			g.Object = o
		}
	}
}

func (g *glance) function(t *ast.FuncType, body *ast.BlockStmt) {
	g.scope, g.labels, g.all, g.Callee, g.Wanted = g.info.Scopes[t], nil, nil, 0, nil
	g.results, _ = g.info.TypeOf(t).(*types.Signature)
	ast.Inspect(body, func(n ast.Node) bool {
		if l, ok := n.(*ast.LabeledStmt); ok {
			g.all = append(g.all, l.Label.Name)
		}
		return true
	})
}

func (g *glance) branch(n *ast.BranchStmt) {
	if n.Label == nil || g.pos < n.Label.Pos() {
		return
	}
	g.Branch, g.Labels = true, g.labels
	if n.Tok == token.GOTO {
		g.Labels = g.all
	}
}

func (g *glance) member(n *ast.SelectorExpr) {
	g.Member, g.Package, g.Operand, g.Unknown = true, nil, nil, ""
	if id, ok := n.X.(*ast.Ident); ok {
		o := g.info.Uses[id]
		if pkg, ok := o.(*types.PkgName); ok {
			g.Package = pkg.Imported()
			return
		}
		if o == nil {
			g.Unknown = id.Name
			return
		}
	}
	g.Operand = g.info.TypeOf(n.X)
	if g.Operand == types.Typ[types.Invalid] {
		g.Operand = nil
	}
}

// literal takes in what a struct's literal leaves to be set.
func (g *glance) literal(n *ast.CompositeLit) {
	g.Keys, g.OnlyKeys = nil, false
	t := g.info.TypeOf(n)
	if t == nil || g.pos <= n.Lbrace || n.Rbrace.IsValid() && g.pos > n.Rbrace {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	g.Callee, g.Wanted = 0, nil
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	set := map[string]bool{}
	for _, e := range n.Elts {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, _ := pair.Key.(*ast.Ident)
		if key == nil {
			continue
		}
		if pair.Colon < g.pos && g.pos <= pair.Value.End() {
			g.Wanted = fieldType(st, key.Name)
			return
		}
		g.OnlyKeys = true
		set[key.Name] = g.pos < key.Pos() || g.pos > key.End()
	}
	for f := range st.Fields() {
		if !set[f.Name()] && (f.Exported() || f.Pkg() == nil || f.Pkg().Path() == "main") {
			g.Keys = append(g.Keys, f)
		}
	}
}

func fieldType(st *types.Struct, name string) types.Type {
	for f := range st.Fields() {
		if f.Name() == name {
			return f.Type()
		}
	}
	return nil
}

// call takes in the parameter that the place is for.
func (g *glance) call(n *ast.CallExpr) {
	if g.pos <= n.Lparen || n.Rparen.IsValid() && g.pos > n.Rparen {
		return
	}
	g.Keys, g.OnlyKeys, g.Wanted, g.Callee = nil, false, nil, 0
	switch f := ast.Unparen(n.Fun).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		g.Callee = g.tree.offset(f.End())
	}
	t := g.info.TypeOf(n.Fun)
	if t == nil {
		return
	}
	if sig, ok := t.Underlying().(*types.Signature); ok {
		g.Wanted = parameter(sig, slices.IndexFunc(n.Args, func(e ast.Expr) bool { return e.Pos() <= g.pos && g.pos <= e.End() }))
	}
}

// parameter is the type of argument i.
func parameter(sig *types.Signature, i int) types.Type {
	last := sig.Params().Len() - 1
	switch {
	case i < 0 || last < 0 || i > last && !sig.Variadic():
		return nil
	case sig.Variadic() && i >= last:
		if s, ok := sig.Params().At(last).Type().(*types.Slice); ok {
			return s.Elem()
		}
		return nil
	}
	return sig.Params().At(i).Type()
}

// assign takes in the type of what is assigned to.
func (g *glance) assign(n *ast.AssignStmt) {
	if n.Tok != token.ASSIGN || g.pos <= n.TokPos || len(n.Lhs) != len(n.Rhs) {
		return
	}
	for i, e := range n.Rhs {
		if e.Pos() <= g.pos && g.pos <= e.End() {
			g.Wanted = g.info.TypeOf(n.Lhs[i])
		}
	}
}

// result takes in the type of what a function returns.
func (g *glance) result(n *ast.ReturnStmt) {
	if g.results == nil || len(n.Results) > g.results.Results().Len() {
		return
	}
	for i, e := range n.Results {
		if e.Pos() <= g.pos && g.pos <= e.End() {
			g.Wanted = g.results.Results().At(i).Type()
		}
	}
}
