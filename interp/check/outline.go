package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"
)

// outline checks the cell's declarations without function bodies, and its statements.
func (a *attempt) outline() []types.Error {
	var decls []ast.Decl
	for _, u := range a.units {
		f := u.function()
		switch {
		case f == nil:
			decls = append(decls, u.node)
		case u.adopted != nil:
		default:
			decls = append(decls, stub(f))
		}
	}
	body := *a.parts.body
	body.Body = &ast.BlockStmt{Lbrace: body.Body.Lbrace, List: a.statements(), Rbrace: body.Body.Rbrace}
	decls = append(decls, &body)
	a.info = newInfo()
	errs := a.check(decls, a.info, nil)
	a.objs = a.objs[:0:0]
	for name := range declared(decls) {
		if o := a.main.Scope().Lookup(name); o != nil {
			a.objs = append(a.objs, o)
		}
	}
	a.vars = hoist(a.info.Scopes[body.Type])
	for _, v := range a.vars {
		a.globals[v] = true
	}
	for _, o := range a.objs {
		a.globals[o] = true
	}
	return a.used(errs)
}

// statements are the cell's, with a last expression as an assignment: Go wants it used.
func (a *attempt) statements() []ast.Stmt {
	list := a.parts.stmts
	last, ok := lastValue(list)
	if !ok {
		return list
	}
	if _, call := last.X.(*ast.CallExpr); call && !a.value {
		return list
	}
	blank := &ast.AssignStmt{Lhs: []ast.Expr{&ast.Ident{NamePos: last.Pos(), Name: "_"}}, TokPos: last.Pos(), Tok: token.ASSIGN, Rhs: []ast.Expr{last.X}}
	return append(append([]ast.Stmt(nil), list[:len(list)-1]...), blank)
}

func lastValue(list []ast.Stmt) (*ast.ExprStmt, bool) {
	if len(list) == 0 {
		return nil, false
	}
	e, ok := list[len(list)-1].(*ast.ExprStmt)
	return e, ok
}

// isLastValue reports whether the error is that the last expression, a conversion or a builtin call, is not used.
func (a *attempt) isLastValue(e types.Error) bool {
	last, ok := lastValue(a.parts.stmts)
	return ok && strings.HasSuffix(e.Msg, " is not used") && last.Pos() <= e.Pos && e.Pos < last.End()
}

// hoist lists the variables of a scope in order of definition.
func hoist(scope *types.Scope) []*types.Var {
	var out []*types.Var
	if scope == nil {
		return nil
	}
	for _, n := range scope.Names() {
		if v, ok := scope.Lookup(n).(*types.Var); ok {
			out = append(out, v)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Pos() < out[j].Pos() })
	return out
}

// used drops the complaint that a variable of the cell is not used: a later cell may use it.
func (a *attempt) used(errs []types.Error) []types.Error {
	at := map[token.Pos]bool{}
	for _, v := range a.vars {
		at[v.Pos()] = true
	}
	var out []types.Error
	for _, e := range errs {
		if !strings.HasPrefix(e.Msg, "declared and not used") || !at[e.Pos] {
			out = append(out, e)
		}
	}
	return append(out, a.ghosts(a.info)...)
}

// ghosts finds uses of methods that only a failed cell declared.
func (a *attempt) ghosts(info *types.Info) []types.Error {
	var out []types.Error
	if len(a.ghost) == 0 {
		return nil
	}
	for sel, s := range info.Selections {
		if f, ok := s.Obj().(*types.Func); ok && a.ghost[f] && !a.adopts(f) {
			out = append(out, types.Error{Fset: a.fset, Pos: sel.Sel.Pos(), Msg: types.ExprString(sel) + " undefined (its method was declared only in a cell that failed)"})
		}
	}
	return out
}

func (a *attempt) adopts(f *types.Func) bool {
	for _, u := range a.units {
		if u.adopted == f {
			return true
		}
	}
	return false
}

// check type-checks declarations as a package main in which the objects they mention are known. Those of extra hide
// the session's.
func (a *attempt) check(decls []ast.Decl, info *types.Info, extra []types.Object) []types.Error {
	// One package and one scope for all cells, emptied: go/types compares both by address.
	*a.main.Scope() = *types.NewScope(types.Universe, token.NoPos, token.NoPos, "package main")
	pkg := a.main
	a.insert(pkg, decls, extra)
	var errs []types.Error
	conf := types.Config{GoVersion: GoVersion, Importer: a.importer, Sizes: a.sizes, Error: func(err error) {
		e, ok := err.(types.Error)
		if detail, more := strings.CutPrefix(e.Msg, "\t"); ok && more && len(errs) > 0 {
			errs[len(errs)-1].Msg += fmt.Sprintf("\n\t%s: %s", a.position(e.Pos), detail)
		} else if ok {
			errs = append(errs, e)
		}
	}}
	file := &ast.File{Name: ast.NewIdent(a.main.Name()), Decls: decls, FileStart: a.parts.stree.file.FileStart, FileEnd: a.parts.stree.file.FileEnd}
	// The error is the first of errs.
	_ = types.NewChecker(&conf, a.fset, pkg, info).Files([]*ast.File{file})
	return errs
}

// insert puts what the declarations mention, and do not declare themselves, into the package's scope.
func (a *attempt) insert(pkg *types.Package, decls []ast.Decl, extra []types.Object) {
	own := declared(decls)
	for _, o := range extra {
		if !own[o.Name()] {
			pkg.Scope().Insert(o)
		}
	}
	seen := map[string]bool{}
	for _, d := range decls {
		ast.Inspect(d, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok || seen[id.Name] || own[id.Name] || id.Name == "_" {
				return true
			}
			seen[id.Name] = true
			o := a.given[id.Name]
			if o == nil {
				o = a.Lookup(id.Name)
			}
			if p, ok := o.(*types.PkgName); ok {
				o = types.NewPkgName(p.Pos(), pkg, p.Name(), p.Imported())
			}
			if o != nil {
				pkg.Scope().Insert(o)
			}
			return true
		})
	}
}

// declared are the names that declarations put at package level.
func declared(decls []ast.Decl) map[string]bool {
	out := map[string]bool{}
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				out[d.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					out[spec.Name.Name] = true
				case *ast.ValueSpec:
					for _, n := range spec.Names {
						out[n.Name] = true
					}
				}
			}
		}
	}
	return out
}
