package interp

import (
	"go/token"
	"go/types"

	"github.com/riffle-stream/riffle/interp/check"
	"github.com/riffle-stream/riffle/interp/symbols"
)

// A Description says what a name is.
type Description struct {
	Name        string
	Declaration string // as Go would declare it
	Doc         string // its documentation comment
	Variable    bool   // of the session
	Prelude     bool   // it is of the prelude
	Absent      bool   // no cell imports its package
}

// Inspect implements Engine.
func (e *engine) Inspect(code string, pos int) (Description, bool) {
	pos = min(max(pos, 0), len(code))
	from, to := word(code, pos)
	if !inCode(code, pos) {
		return Description{}, false
	}
	e.checking.Lock()
	defer e.checking.Unlock()
	p := e.session.Probe(code, to)
	o := e.meant(p, code[from:to])
	if o == nil && p.Callee > 0 {
		from, to = word(code, p.Callee)
		p = e.session.Probe(code, to)
		o = e.meant(p, code[from:to])
	}
	if o == nil {
		return Description{}, false
	}
	return e.describe(o, p), true
}

func (e *engine) describe(o types.Object, p check.Probe) Description {
	d := Description{Name: o.Name(), Declaration: e.declaration(o), Doc: e.doc(o), Absent: p.Object != o}
	_, d.Variable = o.(*types.Var)
	d.Variable = d.Variable && e.session.Lookup(o.Name()) == o
	if o.Pkg() != nil {
		_, d.Prelude = e.config.Prelude.Set.Lookup(o.Pkg().Path())
	}
	return d
}

// meant is what a name means, though its package may not be imported.
func (e *engine) meant(p check.Probe, name string) types.Object {
	switch {
	case name == "":
		return nil
	case p.Object != nil:
		return p.Object
	case p.Unknown != "":
		if pkg := e.unimported(p.Unknown); pkg != nil {
			return pkg.Scope().Lookup(name)
		}
		return nil
	case p.Member:
		return nil
	}
	if pkg := e.unimported(name); pkg != nil {
		return types.NewPkgName(token.NoPos, pkg, name, pkg)
	}
	return nil
}

// doc is the documentation of an object.
func (e *engine) doc(o types.Object) string {
	if pkg, ok := o.(*types.PkgName); ok {
		return e.documentation(pkg.Imported().Path(), symbols.OfPackage)
	}
	if t, ok := o.(*types.TypeName); ok && t.IsAlias() {
		if named, ok := types.Unalias(t.Type()).(*types.Named); ok && named.Obj() != o {
			return e.doc(named.Obj())
		}
	}
	if o.Pkg() == nil {
		return e.documentation("builtin", o.Name())
	}
	if o.Pkg().Path() == "main" {
		return e.comment(o)
	}
	return e.documentation(o.Pkg().Path(), owned(o))
}

// owned is "Type.Method" of a method, and the name of anything else.
func owned(o types.Object) string {
	f, ok := o.(*types.Func)
	if !ok || f.Signature().Recv() == nil {
		return o.Name()
	}
	t := f.Signature().Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name() + "." + o.Name()
	}
	return o.Name()
}

// documentation is what a package says of a name of its.
func (e *engine) documentation(path, name string) string {
	for _, set := range e.sets {
		if text := set.Doc(path, name); text != "" {
			return text
		}
	}
	return ""
}

// comment is the comment above the declaration of a cell's function, type or constant.
func (e *engine) comment(o types.Object) string {
	d := e.session.Decl(owned(o))
	if d == nil {
		return ""
	}
	return d.Comment()
}
