package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"github.com/riffle-stream/riffle/interp/source"
)

// bind resolves the cell's imports.
func (a *attempt) bind() error {
	for _, spec := range a.parts.imports {
		if err := a.bindOne(spec); err != nil {
			return err
		}
	}
	return nil
}

func (a *attempt) bindOne(spec *ast.ImportSpec) error {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return a.errorAt(spec.Path.Pos(), "invalid import path: "+spec.Path.Value)
	}
	pkg, err := a.importer.Import(path)
	if err != nil {
		return a.errorAt(spec.Path.Pos(), err.Error())
	}
	name := pkg.Name()
	if spec.Name != nil {
		name = spec.Name.Name
	}
	if name == "." {
		for _, n := range pkg.Scope().Names() {
			if token.IsExported(n) {
				a.given[n] = pkg.Scope().Lookup(n)
				a.dotted[n] = a.given[n]
			}
		}
		return nil
	}
	p := types.NewPkgName(spec.Pos(), a.main, name, pkg)
	a.given[name] = p
	a.bound = append(a.bound, p)
	return nil
}

// own makes units of the cell's declarations, and of the methods of types that it declares again.
func (a *attempt) own() error {
	for _, d := range a.parts.decls {
		u := &unit{name: declName(d), node: d, tree: a.parts.dtree, recv: receiver(d)}
		if f, ok := d.(*ast.FuncDecl); ok && f.Body == nil {
			return a.errorAt(f.Name.Pos(), "missing function body")
		}
		a.units = append(a.units, u)
	}
	a.settle()
	a.bringMethods()
	return nil
}

// bringMethods declares the methods again of types that the cell declares again.
func (a *attempt) bringMethods() {
	for _, d := range a.order {
		if d.Func != nil && d.Func.Recv != nil && a.declaresType(d.Func.Recv.Name()) && !a.declares(d.Name) {
			a.redo(d)
		}
	}
}

// declaresType reports whether a unit declares a type of that name.
func (a *attempt) declaresType(name string) bool {
	for _, u := range a.units {
		g, ok := u.node.(*ast.GenDecl)
		if !ok || g.Tok != token.TYPE {
			continue
		}
		for _, spec := range g.Specs {
			if spec.(*ast.TypeSpec).Name.Name == name {
				return true
			}
		}
	}
	return false
}

// redo adds an earlier declaration, parsed anew so that its positions follow those of what it now refers to.
func (a *attempt) redo(d *Decl) bool {
	a.again[d.Name] = true
	t, err := a.parse(d.Src.Cell, d.Src.From, "package main;", d.Src.Text(), "")
	if err != nil || len(t.file.Decls) != 1 {
		return false
	}
	a.units = append(a.units, &unit{name: d.Name, node: t.file.Decls[0], tree: t, old: d, recv: receiver(t.file.Decls[0])})
	if d.Node != nil && d.Node.Tok == token.TYPE {
		a.redoMethods(d)
	}
	return true
}

func (a *attempt) redoMethods(d *Decl) {
	for _, m := range a.order {
		if m.Func == nil || m.Func.Recv == nil || a.again[m.Name] || a.declares(m.Name) {
			continue
		}
		for _, o := range d.Objects {
			if o.Name() == m.Func.Recv.Name() {
				a.redo(m)
			}
		}
	}
}

func declName(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if r := receiver(d); r != "" {
			return r + "." + d.Name.Name
		}
		return d.Name.Name
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				return spec.Name.Name
			case *ast.ValueSpec:
				return spec.Names[0].Name
			}
		}
	}
	return "_"
}

// receiver is the name of a method's receiver type, or "".
func receiver(d ast.Decl) string {
	f, ok := d.(*ast.FuncDecl)
	if !ok || f.Recv == nil || len(f.Recv.List) == 0 {
		return ""
	}
	id, _, _ := receiverType(f.Recv.List[0].Type)
	if id == nil {
		return ""
	}
	return id.Name
}

// receiverType takes a receiver's type apart: its name, its type parameters, whether it is a pointer.
func receiverType(e ast.Expr) (id *ast.Ident, params []ast.Expr, ptr bool) {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e, ptr = x.X, true
		case *ast.IndexExpr:
			e, params = x.X, []ast.Expr{x.Index}
		case *ast.IndexListExpr:
			e, params = x.X, x.Indices
		case *ast.Ident:
			return x, params, ptr
		default:
			return nil, nil, ptr
		}
	}
}

// function returns the unit's function, or nil.
func (u *unit) function() *ast.FuncDecl {
	f, _ := u.node.(*ast.FuncDecl)
	return f
}

// stub is the function without its body, for the outline; an endless loop needs no return.
func stub(f *ast.FuncDecl) *ast.FuncDecl {
	c := *f
	c.Body = emptyBody(f.Body)
	return &c
}

func emptyBody(b *ast.BlockStmt) *ast.BlockStmt {
	at := b.Lbrace
	loop := &ast.ForStmt{For: at, Body: &ast.BlockStmt{Lbrace: at, Rbrace: at}}
	return &ast.BlockStmt{Lbrace: at, List: []ast.Stmt{loop}, Rbrace: b.Rbrace}
}

// plain is the function under the name _, a method as the function of its receiver and parameters; constraints gives
// the type parameters of the receiver's type.
func plain(f *ast.FuncDecl, constraints func(name string) *ast.FieldList) *ast.FuncDecl {
	c := *f
	c.Name = &ast.Ident{NamePos: f.Name.Pos(), Name: "_"}
	if f.Recv == nil {
		return &c
	}
	typ := *f.Type
	typ.Params = &ast.FieldList{Opening: f.Type.Params.Opening, Closing: f.Type.Params.Closing}
	typ.Params.List = append(typ.Params.List, namedReceiver(f))
	for _, p := range f.Type.Params.List {
		typ.Params.List = append(typ.Params.List, named(p))
	}
	c.Recv, c.Type = nil, &typ
	if id, params, _ := receiverType(f.Recv.List[0].Type); len(params) > 0 {
		typ.TypeParams = typeParams(params, constraints(id.Name))
	}
	return &c
}

// named gives an unnamed parameter the name _, since the receiver beside it has a name.
func named(p *ast.Field) *ast.Field {
	if len(p.Names) > 0 {
		return p
	}
	c := *p
	c.Names = []*ast.Ident{{NamePos: p.Pos(), Name: "_"}}
	return &c
}

func namedReceiver(f *ast.FuncDecl) *ast.Field { return named(f.Recv.List[0]) }

func typeParams(names []ast.Expr, declared *ast.FieldList) *ast.FieldList {
	if declared == nil {
		return nil
	}
	out := &ast.FieldList{Opening: declared.Opening, Closing: declared.Closing}
	i := 0
	for _, f := range declared.List {
		for range f.Names {
			if i == len(names) {
				return out
			}
			id, ok := names[i].(*ast.Ident)
			if ok {
				out.List = append(out.List, &ast.Field{Names: []*ast.Ident{{NamePos: id.Pos(), Name: id.Name}}, Type: f.Type})
			}
			i++
		}
	}
	return out
}

// Syntax is what is wrong with the form of a cell: a *source.Incomplete if it ends inside something open.
func Syntax(cell source.Cell) error {
	_, err := (&Session{fset: token.NewFileSet()}).read(cell)
	return err
}
