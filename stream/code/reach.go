package code

import (
	"go/ast"
	"go/token"
)

// reach gathers what a function's text speaks of, and what that speaks of. It
// knows no types, and takes too much rather than too little.
type reach struct {
	*Source
	nodes map[ast.Node]bool
	seen  map[any]bool
	todo  []func()
}

// reached are the nodes of everything that a function reaches, itself included.
func (s *Source) reached(f found) map[ast.Node]bool {
	r := &reach{Source: s, nodes: map[ast.Node]bool{}, seen: map[any]bool{}}
	for _, n := range f.nodes {
		r.add(n, f.in)
	}
	if f.of != "" {
		r.made(f.of)
	}
	for len(r.todo) > 0 {
		next := r.todo[0]
		r.todo = r.todo[1:]
		next()
	}
	return r.nodes
}

// made takes what values of a type are made of: of a method the receiver counts.
func (r *reach) made(name string) {
	for _, f := range r.funcs {
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok && mentions(lit.Type, func(id *ast.Ident) bool { return id.Name == name }) {
				r.add(lit, f)
			}
			return true
		})
	}
}

// add takes a node, and follows the names in it. Those of a literal or of a
// statement may be of the function around it.
func (r *reach) add(n ast.Node, in *ast.FuncDecl) {
	if n == nil || r.nodes[n] {
		return
	}
	r.nodes[n] = true
	if f, ok := n.(*ast.FuncDecl); ok {
		in = f
	}
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			ast.Inspect(n.X, visit)
			return false
		case *ast.Ident:
			r.name(n, in)
		}
		return true
	}
	ast.Inspect(n, visit)
}

// name follows a name once: a variable of the function, or what the package declares.
func (r *reach) name(id *ast.Ident, in *ast.FuncDecl) {
	if o := id.Obj; o != nil && in != nil && in.Pos() <= o.Pos() && o.Pos() < in.End() && o.Kind != ast.Fun {
		if !r.seen[o] {
			r.seen[o] = true
			r.todo = append(r.todo, func() { r.local(o, in) })
		}
		return
	}
	if !r.seen[id.Name] {
		r.seen[id.Name] = true
		r.todo = append(r.todo, func() { r.global(id.Name) })
	}
}

// local takes what a function makes of one of its variables.
func (r *reach) local(o *ast.Object, in *ast.FuncDecl) {
	if t, ok := o.Decl.(*ast.TypeSpec); ok {
		r.add(t, in)
		return
	}
	r.assigned(in, func(id *ast.Ident) bool { return id.Obj == o })
	if !parameter(in, o) {
		return
	}
	for _, f := range r.funcs { // what calls pass is what a parameter is
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && called(call.Fun) == in.Name.Name {
				r.add(call, f)
			}
			return true
		})
	}
}

// global takes the declarations of a name, and what functions assign to it.
func (r *reach) global(name string) {
	variable := false
	for _, d := range r.decls[name] {
		r.add(d, nil)
		_, is := d.(*ast.ValueSpec)
		variable = variable || is
	}
	for _, f := range r.funcs {
		if variable {
			r.assigned(f, func(id *ast.Ident) bool { return id.Name == name })
		}
	}
}

func called(fun ast.Expr) string {
	switch x := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}

func parameter(f *ast.FuncDecl, o *ast.Object) bool {
	for _, list := range []*ast.FieldList{f.Recv, f.Type.Params, f.Type.Results} {
		if list == nil {
			continue
		}
		for _, field := range list.List {
			if field == o.Decl {
				return true
			}
		}
	}
	return false
}

// assigned takes the statements of a function that may change a variable, and
// what decides about them.
func (r *reach) assigned(in *ast.FuncDecl, is func(*ast.Ident) bool) {
	if in.Body == nil {
		return
	}
	var around []ast.Node
	ast.Inspect(in.Body, func(n ast.Node) bool {
		if n == nil {
			around = around[:len(around)-1]
			return true
		}
		around = append(around, n)
		if !changes(n, is) {
			return true
		}
		if _, loop := n.(*ast.RangeStmt); !loop {
			r.add(n, in)
		}
		for _, a := range around {
			r.header(a, in)
		}
		return true
	})
}

// header takes what decides whether, and with what, a statement runs that is in another.
func (r *reach) header(n ast.Node, in *ast.FuncDecl) {
	take := func(nodes ...ast.Node) {
		for _, n := range nodes {
			r.add(n, in)
		}
	}
	switch n := n.(type) {
	case *ast.IfStmt:
		take(statement(n.Init), n.Cond)
	case *ast.ForStmt:
		take(statement(n.Init), expression(n.Cond), statement(n.Post))
	case *ast.RangeStmt:
		take(expression(n.Key), expression(n.Value), n.X)
	case *ast.SwitchStmt:
		take(statement(n.Init), expression(n.Tag))
	case *ast.CaseClause:
		for _, e := range n.List {
			take(e)
		}
	}
}

// statement is nil, and not an interface that holds nil, if there is none; so is expression.
func statement(s ast.Stmt) ast.Node {
	if s == nil {
		return nil
	}
	return s
}

func expression(e ast.Expr) ast.Node {
	if e == nil {
		return nil
	}
	return e
}

// changes says whether a statement may change a variable: it assigns to it or
// to a part of it, takes its address, or calls something for what that does.
func changes(n ast.Node, is func(*ast.Ident) bool) bool {
	root := func(x ast.Expr) bool {
		id := base(x)
		return id != nil && is(id)
	}
	switch n := n.(type) {
	case *ast.AssignStmt:
		for _, l := range n.Lhs {
			if root(l) {
				return true
			}
		}
	case *ast.IncDecStmt:
		return root(n.X)
	case *ast.ValueSpec:
		for _, id := range n.Names {
			if is(id) {
				return true
			}
		}
	case *ast.RangeStmt:
		return root(n.Key) || root(n.Value)
	case *ast.UnaryExpr:
		return n.Op == token.AND && root(n.X)
	case *ast.ExprStmt:
		return mentions(n, is)
	}
	return false
}

// base is the variable at the root of a selector, index or dereference.
func base(x ast.Expr) *ast.Ident {
	for {
		switch y := x.(type) {
		case *ast.Ident:
			return y
		case *ast.SelectorExpr:
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.StarExpr:
			x = y.X
		case *ast.ParenExpr:
			x = y.X
		default:
			return nil
		}
	}
}

func mentions(n ast.Node, is func(*ast.Ident) bool) bool {
	found := false
	if n == nil {
		return false
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && is(id) {
			found = true
		}
		return !found
	})
	return found
}
