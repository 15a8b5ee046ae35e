package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// A Site is a call of a method of the prelude's types that takes a function, and is told what is known of it.
type Site struct {
	Arg    ast.Expr // the function
	Info   *types.Info
	Locals []*types.Var // variables of functions around Arg that it uses, of simple types
}

// Tell makes calls of a method of the prelude's types, "Frame.Map", calls of a function of the runtime, "Frame_Map",
// which takes the receiver, what the runtime's Formula gives for the number of the call's site, and the arguments.
func (p *Program) Tell(method string) { p.tells[method] = true }

// Site is the call of that number.
func (p *Program) Site(i int) Site { return p.sites[i] }

// told writes such a call.
func (e *emitter) told(x *ast.CallExpr, s *types.Selection, recv string, t types.Type) (string, bool) {
	named, ok := types.Unalias(deref(t)).(*types.Named)
	if !ok || !e.tells[named.Obj().Name()+"."+s.Obj().Name()] || !e.prelude(named) {
		return "", false
	}
	for _, a := range x.Args {
		if _, ok := e.typeOf(a).Underlying().(*types.Signature); !ok {
			continue
		}
		if _, ptr := t.Underlying().(*types.Pointer); ptr {
			recv = "*" + recv
		}
		known := e.site(a)
		return e.rt(named.Obj().Name()+"_"+s.Obj().Name()) + e.arguments(x, []string{recv, known}), true
	}
	return "", false
}

// prelude reports whether the prelude has that type.
func (p *Program) prelude(t *types.Named) bool {
	if p.session.Prelude() == nil {
		return false
	}
	o := p.session.Prelude().Scope().Lookup(t.Obj().Name())
	return o != nil && types.Identical(o.Type(), t)
}

// site notes a site, and writes what tells the runtime of it: its number, and a function that gives the values of its
// locals.
func (e *emitter) site(arg ast.Expr) string {
	s := Site{Arg: arg, Info: e.info}
	var values []string
	if lit, ok := ast.Unparen(arg).(*ast.FuncLit); ok {
		for _, id := range e.locals(lit) {
			v := e.info.Uses[id].(*types.Var)
			s.Locals = append(s.Locals, v)
			values = append(values, basic(v.Type().Underlying().(*types.Basic))+"("+e.ident(id)+")")
		}
	}
	e.sites = append(e.sites, s)
	const typ = "func(func(...interface{}))"
	give := "(" + typ + ")(nil)"
	if len(values) > 0 { // in a slice: as [emitter.hold] says
		give = fmt.Sprintf("[]%s{func(give%s func(...interface{})) { give%s(%s) }}[0]", typ, mark, mark, strings.Join(values, ", "))
	}
	return fmt.Sprintf("%s(%d, %s)", e.rt("Formula"), len(e.sites)-1, give)
}

// locals are the first uses of variables of functions around a literal whose types are basic.
func (e *emitter) locals(lit *ast.FuncLit) []*ast.Ident {
	var out []*ast.Ident
	seen := map[types.Object]bool{}
	ast.Inspect(lit, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		v, ok := e.info.Uses[id].(*types.Var)
		if !ok || seen[v] || v.IsField() || e.global(v) || v.Pkg() == nil || v.Pkg().Path() != "main" || v.Pos() >= lit.Pos() && v.Pos() < lit.End() {
			return true
		}
		seen[v] = true
		if _, ok := v.Type().Underlying().(*types.Basic); ok {
			out = append(out, id)
		}
		return true
	})
	return out
}
