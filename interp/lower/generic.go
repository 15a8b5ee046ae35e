package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"github.com/riffle-stream/riffle/interp/check"
)

// load checks the library that declares a generic function or type, or fails.
func (p *Program) load(o types.Object) *check.Session {
	path := o.Pkg().Path()
	if l := p.libraries[path]; l != nil {
		return l
	}
	l := p.library.Session(path)
	if l == nil {
		p.refuse(o)
	}
	p.libraries[path] = l
	return l
}

// refuse fails because of a generic function or type that has no source here.
func (p *Program) refuse(o types.Object) {
	why := p.library.Refused(o.Pkg().Path(), o.Name())
	if why != "" {
		why = " and " + why
	}
	fail("%s.%s, which has type parameters%s; a function in a module of your own can, and %%require ./folder brings that", o.Pkg().Name(), o.Name(), why)
}

// emitter writes declarations of a session.
func (p *Program) emitter(home *check.Session, info *types.Info) *emitter {
	return &emitter{Program: p, home: home, info: info, ticks: new(bool), rename: map[types.Object]string{}}
}

// home is the session that declares a function or type by name: the cells', or a library.
func (p *Program) homeOf(o types.Object) *check.Session {
	if p.session.Global(o) {
		return p.session
	}
	if l := p.owner(o); l != nil {
		return l
	}
	if o.Pkg() != nil && o.Pkg().Path() != "main" {
		return p.load(o)
	}
	return p.session
}

// funcName is what a function that is not generic is called by.
func (e *emitter) funcName(f *types.Func) string {
	if !e.global(f) {
		return e.pkg(f.Pkg().Path()) + "." + f.Name()
	}
	if f == e.self {
		return e.impl
	}
	if l := e.owner(f); l != nil {
		return e.instance(fmt.Sprintf("lib %p", f), f.Name(), func(n string) { e.Program.function(l, l.Decl(f.Name()), n, nil, nil) })
	}
	return e.funcVar(f, f.Name(), f.Signature())
}

// funcVar is the variable that holds a function of a cell.
func (p *Program) funcVar(f types.Object, name string, sig *types.Signature) string {
	c := p.session.Canon(f)
	if n, ok := p.names[c]; ok {
		return n
	}
	n := p.fresh(name)
	p.setName(c, n)
	p.code.Vars += "var " + n + " func" + p.emitter(p.session, nil).signature(sig) + "\n"
	return n
}

// function writes an instance of a generic function, named by x.
func (e *emitter) function(x ast.Expr) string {
	id := nameOf(x)
	inst, ok := e.info.Instances[id]
	if !ok {
		return e.expr(x)
	}
	f, ok := e.info.Uses[id].(*types.Func)
	if !ok {
		return e.typ(e.info.Types[x].Type)
	}
	var args []types.Type
	for t := range inst.TypeArgs.Types() {
		args = append(args, e.subst(t))
	}
	return e.funcInstance(f.Origin(), args)
}

func (e *emitter) funcInstance(f *types.Func, args []types.Type) string {
	home := e.homeOf(f)
	d := home.Decl(f.Name())
	if home == e.session {
		d = e.declOf(f)
	}
	if d == nil || d.Func == nil {
		e.refuse(f)
	}
	if home == e.session {
		return e.variable(d, f.Name(), args)
	}
	key := fmt.Sprintf("func %p %s", d, e.keys(args))
	return e.instance(key, f.Name(), func(n string) { e.Program.function(home, d, n, args, nil) })
}

func (p *Program) keys(args []types.Type) string {
	parts := make([]string, len(args))
	for i, a := range args {
		parts[i] = p.key(a)
	}
	return strings.Join(parts, ",")
}

// declOf is the declaration of a cell's function, the present one or that of the cell being lowered.
func (p *Program) declOf(f *types.Func) *check.Decl {
	if d := p.session.Decl(f.Name()); d != nil && d.Func != nil && p.session.Canon(d.Func.Object) == p.session.Canon(f) {
		return d
	}
	for _, c := range p.session.Cells() {
		for _, d := range c.Decls {
			if d.Func != nil && d.Func.Object == f {
				return d
			}
		}
	}
	return nil
}

// function writes a function under a name, with the types of its type parameters.
func (p *Program) function(home *check.Session, d *check.Decl, name string, args []types.Type, self types.Object) {
	e := p.typed(home, d, args)
	e.sig, e.self, e.impl = d.Func.Sig, self, name
	e.resultNames = hasNames(d.Func.Node.Type.Results)
	e.vars = e.resultVars(d.Func.Node.Body)
	text := "func " + name + e.params(d.Func.Sig) + " {" + e.body(d.Name, d.Func.Node.Body) + "}\n"
	p.code.Funcs += e.line(d.Func.Node.Pos()) + text
}

// typeInstance names an instance of a generic type.
func (e *emitter) typeInstance(t *types.Named) string {
	o := t.Origin().Obj()
	if o.Pkg().Path() == "iter" { // functions without methods: compiled code has them too
		return e.typeText(t.Underlying())
	}
	if o.Pkg().Path() != "main" {
		if path, name, ok := e.library.Instance(t); ok {
			return e.pkg(path) + "." + name
		}
		return e.libraryType(t)
	}
	return e.instance("type "+e.key(t), o.Name(), func(n string) { e.declareType(n, t, env{}) })
}

// libraryType is an instance of another package's generic type, from its source.
func (e *emitter) libraryType(t *types.Named) string {
	home := e.load(t.Obj())
	o, ok := home.Lookup(t.Obj().Name()).(*types.TypeName)
	if !ok {
		e.refuse(t.Obj())
	}
	var args []types.Type
	for a := range t.TypeArgs().Types() {
		args = append(args, a)
	}
	own, err := types.Instantiate(e.context, o.Type(), args, false)
	if err != nil {
		fail("%v", err)
	}
	return e.typeText(own)
}

// methodDecl finds the declaration of a method of a cell's or a library's type.
func (p *Program) methodDecl(t *types.Named, name string) *check.Decl {
	o := t.Origin().Obj()
	if o.Pkg() == nil {
		return nil
	}
	if o.Pkg().Path() != "main" {
		if _, _, compiled := p.library.Instance(t); compiled || t.TypeArgs().Len() == 0 {
			return nil
		}
		return p.load(o).Decl(o.Name() + "." + name)
	}
	if l := p.owner(o); l != nil {
		return l.Decl(o.Name() + "." + name)
	}
	if d := p.session.Decl(o.Name() + "." + name); d != nil && d.Func.Recv == o {
		return d
	}
	cells := p.session.Cells()
	for i := len(cells) - 1; i >= 0; i-- {
		for _, d := range cells[i].Decls {
			if d.Func != nil && d.Func.Recv == o && d.Name == o.Name()+"."+name {
				return d
			}
		}
	}
	return nil
}

// methodName is what the function of a method is called by: a variable, or the instance for a generic type.
func (e *emitter) methodName(t *types.Named, d *check.Decl) string {
	home := e.homeOf(t.Origin().Obj())
	base := t.Obj().Name() + "_" + d.Func.Object.Name()
	if home == e.session && t.TypeArgs().Len() == 0 {
		return e.funcVar(d.Func.Object, base, d.Func.Sig)
	}
	var args []types.Type
	for a := range t.TypeArgs().Types() {
		args = append(args, e.subst(a))
	}
	if home == e.session {
		return e.variable(d, base, args)
	}
	return e.instance(fmt.Sprintf("method %p %s", d, e.keys(args)), base, func(n string) { e.Program.function(home, d, n, args, nil) })
}
