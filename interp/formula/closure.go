package formula

import (
	"go/ast"
	"go/types"
	"maps"
)

// literal is a function literal as a value. It is read where it is called, with the variables around it as they are then.
func (b *body) literal(x *ast.FuncLit) operand {
	return operand{fn: &Target{typ: x.Type, body: x.Body, info: b.info, home: b}}
}

// around are the variables of the functions around a function.
func (t Target) around() map[types.Object]operand {
	if t.home == nil {
		return map[types.Object]operand{}
	}
	return maps.Clone(t.home.vars)
}

// A making is a call of a function of a cell that does nothing but give a function literal, with constants.
type making struct {
	callee Target
	lit    *ast.FuncLit
	args   []ast.Expr
	info   *types.Info // of the arguments
}

// making is the function that a call gives. If it was called before, once says that the function that it calls must be
// the only one of its name.
func (s *Source) making(x *ast.CallExpr, info *types.Info, once bool) Target {
	id, _ := ast.Unparen(x.Fun).(*ast.Ident)
	o, ok := info.Uses[id].(*types.Func)
	if !ok || o.Pkg() == nil || o.Pkg().Path() != "main" {
		s.refuse(x, "the function is made by a call")
	}
	for _, a := range x.Args {
		if info.Types[a].Value == nil {
			s.refuse(a, "the function is made by a call, with what is not a constant")
		}
	}
	t := s.function(x, o)
	lit := given(t.body)
	if lit == nil || o.Signature().Variadic() || once && s.versions(o) > 1 {
		s.refuse(x, "the function is made by a call")
	}
	return Target{typ: lit.Type, body: lit.Body, info: t.info, made: &making{t, lit, x.Args, info}}
}

// given is the function literal that a body only returns, or nil.
func given(b *ast.BlockStmt) *ast.FuncLit {
	if len(b.List) != 1 {
		return nil
	}
	r, ok := b.List[0].(*ast.ReturnStmt)
	if !ok || len(r.Results) != 1 {
		return nil
	}
	lit, _ := ast.Unparen(r.Results[0]).(*ast.FuncLit)
	return lit
}

// versions is how often cells have declared a function.
func (s *Source) versions(o types.Object) int {
	n := 0
	for _, c := range s.Session.Cells() {
		for _, d := range c.Decls {
			if d.Func != nil && s.Session.Canon(d.Func.Object) == s.Session.Canon(o) && !d.Again {
				n++
			}
		}
	}
	return n
}

// made is the function with the parameters of the one that gave it.
func (r *reading) made(m *making) Target {
	given := &body{reading: r, info: m.info, live: r.f.Const(true)}
	home := &body{reading: r, info: m.callee.info, vars: map[types.Object]operand{}, live: given.live}
	for i, p := range params(m.callee) {
		if p.name != nil {
			home.vars[m.callee.info.Defs[p.name]] = given.expr(m.args[i])
		}
	}
	return *home.literal(m.lit).fn
}
