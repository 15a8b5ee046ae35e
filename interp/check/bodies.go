package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// adopt gives methods that the cell declares on earlier types to those types. A failed attempt leaves the method on
// the type, as go/types cannot take it back: it is a ghost until a cell declares it.
func (a *attempt) adopt() (bool, error) {
	for _, u := range a.units {
		if u.recv == "" || a.declaresType(u.recv) {
			u.adopted = nil
			continue
		}
		if u.adopted != nil {
			continue
		}
		base, ok := a.names[u.recv].(*types.TypeName)
		if !ok {
			if _, lent := a.Lookup(u.recv).(*types.TypeName); lent { // the checker would add the method to the package's own type
				return false, a.errorAt(u.function().Recv.List[0].Type.Pos(), "cannot define new methods on non-local type "+u.recv)
			}
			continue // the outline says what is wrong
		}
		if u.old != nil && u.old.Func.Recv != base {
			a.leave(u, "its type changed")
			return true, nil
		}
		again, err := a.adoptMethod(u, base)
		if again || err != nil && a.unsettle(u.recv) {
			return true, nil
		}
		if err != nil {
			if u.old != nil {
				a.leave(u, err.Error())
				return true, nil
			}
			return false, err
		}
	}
	return false, nil
}

// adoptMethod makes a method one of an earlier type. It reports true if the type was declared again for it instead: the
// checker cannot add methods to a generic type that has instances.
func (a *attempt) adoptMethod(u *unit, base *types.TypeName) (again bool, err error) {
	named, ok := base.Type().(*types.Named)
	if !ok {
		return false, a.errorAt(u.node.Pos(), fmt.Sprintf("cannot add a method to %s here: declare the type and its methods in one cell", base.Name()))
	}
	f := plain(stub(u.function()), a.constraints)
	info := newInfo()
	errs := a.check([]ast.Decl{f}, info, nil)
	if len(errs) > 0 {
		return false, a.errorAt(errs[0].Pos, errs[0].Msg)
	}
	name := u.function().Name.Name
	sig := info.Defs[f.Name].Type().(*types.Signature)
	for m := range named.Methods() {
		if m.Name() == name && sameMethod(m, sig) {
			u.adopted = m
			return false, nil
		}
		if m.Name() == name && named.TypeParams().Len() == 0 {
			return false, a.errorAt(u.node.Pos(), fmt.Sprintf("method %s has another signature already (%s); declare type %s again in this cell", u.name, m.Signature(), base.Name()))
		}
	}
	if named.TypeParams().Len() > 0 {
		return a.widen(u, base)
	}
	u.adopted = types.NewFunc(u.function().Name.Pos(), a.main, name, method(sig))
	named.AddMethod(u.adopted)
	a.ghost[u.adopted] = true
	return false, nil
}

// widen declares a generic type again, with a method that its earlier values do not have.
func (a *attempt) widen(u *unit, base *types.TypeName) (bool, error) {
	d := a.decls[base.Name()]
	if d == nil || a.again[d.Name] || u.old != nil || !a.redo(d) {
		return false, a.errorAt(u.node.Pos(), fmt.Sprintf("cannot add a method to %s here: declare the type and its methods in one cell", base.Name()))
	}
	a.widened = append(a.widened, fmt.Sprintf("%s is another type now, with method %s; values made before do not have it", base.Name(), u.function().Name.Name))
	return true, nil
}

// sameMethod reports whether a method has the signature of a function of its receiver and parameters.
func sameMethod(m *types.Func, sig *types.Signature) bool {
	if params := m.Signature().RecvTypeParams(); params != nil && params.Len() == sig.TypeParams().Len() {
		args := make([]types.Type, params.Len())
		for i := range args {
			args[i] = params.At(i)
		}
		if t, err := types.Instantiate(nil, sig, args, false); err == nil {
			sig = t.(*types.Signature)
		}
	}
	own := method(sig)
	return types.Identical(m.Type(), own) && types.Identical(m.Signature().Recv().Type(), own.Recv().Type())
}

// method makes the signature of a function of a receiver that of a method.
func method(sig *types.Signature) *types.Signature {
	var params []*types.Var
	for i := 1; i < sig.Params().Len(); i++ {
		params = append(params, sig.Params().At(i))
	}
	return types.NewSignatureType(sig.Params().At(0), nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic())
}

// checkBodies checks every function with its body, now that the cell's variables have types.
func (a *attempt) checkBodies() []types.Error {
	var decls []ast.Decl
	for _, u := range a.units {
		if f := u.function(); f != nil {
			u.plain = plain(f, a.constraints)
			decls = append(decls, u.plain)
		}
	}
	a.bodies = newInfo()
	if len(decls) == 0 {
		return nil
	}
	var extra []types.Object
	for _, v := range a.vars {
		extra = append(extra, v)
	}
	extra = append(extra, a.objs...)
	errs := a.check(decls, a.bodies, extra)
	return append(errs, a.ghosts(a.bodies)...)
}

// constraints are the type parameters of a generic type that the cell declares, or an earlier one.
func (a *attempt) constraints(name string) *ast.FieldList {
	for _, u := range a.units {
		if g, ok := u.node.(*ast.GenDecl); ok {
			if t := typeSpec(g, name); t != nil {
				return t.TypeParams
			}
		}
	}
	for _, d := range a.order {
		if d.Node != nil {
			if t := typeSpec(d.Node, name); t != nil {
				return t.TypeParams
			}
		}
	}
	return nil
}

// typeSpec is the specification of a type in a declaration, or nil.
func typeSpec(g *ast.GenDecl, name string) *ast.TypeSpec {
	if g.Tok != token.TYPE {
		return nil
	}
	for _, spec := range g.Specs {
		if t := spec.(*ast.TypeSpec); t.Name.Name == name {
			return t
		}
	}
	return nil
}

// result makes the checked cell.
func (a *attempt) result() *Cell {
	c := &Cell{Cell: a.cell, Imports: a.bound, Dotted: a.dotted, Vars: a.vars, Info: a.info}
	for _, u := range a.units {
		c.Decls = append(c.Decls, a.decl(u))
	}
	c.Stmts = a.topLevel(c)
	c.Notes = a.notes()
	return c
}

func (a *attempt) decl(u *unit) *Decl {
	d := &Decl{Name: u.name, Info: a.info, Uses: map[types.Object]bool{}, Again: u.old != nil, Src: a.span(u)}
	var node ast.Node = u.node
	if f := u.function(); f != nil {
		d.Info, node = a.bodies, u.plain
		d.Func = a.fn(u, f)
		if u.recv == "" {
			d.Objects = []types.Object{d.Func.Object}
		}
	} else {
		d.Node = u.node.(*ast.GenDecl)
		d.Objects = a.objects(d.Node)
	}
	collect(a.Session, node, d.Info, d.Uses)
	return d
}

func (a *attempt) fn(u *unit, f *ast.FuncDecl) *Func {
	out := &Func{Node: u.plain}
	out.Sig, _ = a.bodies.Defs[u.plain.Name].Type().(*types.Signature)
	out.Object, _ = a.info.Defs[f.Name].(*types.Func)
	if u.adopted != nil {
		out.Object = u.adopted
	}
	if u.recv != "" {
		r := out.Object.Signature().Recv().Type()
		if p, ok := r.(*types.Pointer); ok {
			r, out.Ptr = p.Elem(), true
		}
		if n, ok := types.Unalias(r).(*types.Named); ok {
			out.Recv = n.Origin().Obj()
		}
	}
	return out
}

func (a *attempt) objects(g *ast.GenDecl) []types.Object {
	var out []types.Object
	add := func(id *ast.Ident) {
		if o := a.info.Defs[id]; o != nil && id.Name != "_" {
			out = append(out, o)
		}
	}
	for _, spec := range g.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			add(spec.Name)
		case *ast.ValueSpec:
			for _, id := range spec.Names {
				add(id)
			}
		}
	}
	return out
}

// collect adds the package-level objects and methods that a node mentions.
func collect(s *Session, n ast.Node, info *types.Info, into map[types.Object]bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		o := info.Uses[id]
		if f, ok := o.(*types.Func); ok {
			o = f.Origin()
			if f.Signature().Recv() != nil && f.Pkg() != nil && f.Pkg().Path() == "main" {
				into[o] = true
			}
		}
		if s.Global(o) {
			into[o] = true
		}
		return true
	})
}

func (a *attempt) span(u *unit) Span {
	from, to := u.tree.offset(u.node.Pos()), u.tree.offset(u.node.End())
	return Span{Cell: u.tree.cell, From: from, To: to}
}

func (a *attempt) topLevel(c *Cell) []*Stmt {
	var out []*Stmt
	byPos := a.vars
	for i, n := range a.parts.stmts {
		t := a.parts.treeOf(n)
		st := &Stmt{Cell: c, Index: i, Node: n, Entry: a.parts.entries[n], Src: Span{Cell: a.cell, From: t.offset(n.Pos()), To: t.offset(n.End())}}
		for _, v := range byPos {
			if n.Pos() <= v.Pos() && v.Pos() < n.End() {
				st.Vars = append(st.Vars, v)
			}
		}
		out = append(out, st)
	}
	if last, ok := lastValue(a.parts.stmts); ok {
		if tv := a.info.Types[last.X]; tv.IsValue() {
			out[len(out)-1].Value = last.X
		}
	}
	return out
}

// notes say what the cell hides and leaves behind.
func (a *attempt) notes() []string {
	out := a.widened
	for _, d := range a.order {
		if why, ok := a.left[d.Name]; ok {
			out = append(out, fmt.Sprintf("%s (cell %d) keeps what it used before: %s", d.Name, d.Src.Cell.Number, why))
		}
	}
	if a.prelude == nil {
		return out
	}
	hides := func(name string) {
		if o := a.prelude.Scope().Lookup(name); o != nil && o.Exported() && a.names[name] == nil {
			out = append(out, fmt.Sprintf("%s is now yours; the one it hides is %s.%s", name, a.alias, name))
		}
	}
	for _, u := range a.units {
		if u.recv == "" {
			hides(u.name)
		}
	}
	for _, v := range a.vars {
		hides(v.Name())
	}
	return out
}
