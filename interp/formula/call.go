package formula

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/vector"
)

// packages are those whose functions have no effect but their result, as far as vectors can call them.
var packages = map[string]bool{"math": true, "strings": true, "strconv": true, "unicode/utf8": true}

// call reads a call, which may have several results.
func (b *body) call(x *ast.CallExpr) []operand {
	fun := ast.Unparen(x.Fun)
	tv := b.info.Types[fun]
	switch {
	case tv.IsType():
		return one(b.conversion(x, tv.Type))
	case tv.IsBuiltin():
		return one(b.builtin(x, fun))
	}
	if sel, ok := fun.(*ast.SelectorExpr); ok && b.info.Selections[sel] != nil {
		if b.isRow(b.info.TypeOf(sel.X)) {
			return []operand{b.method(x, sel)}
		}
		return b.methodOf(x, sel)
	}
	if x.Ellipsis.IsValid() {
		b.refuse(x, "passes a slice on")
	}
	if values, ok := b.known(x, fun); ok {
		return values
	}
	t := b.callee(x, fun)
	if t.made != nil {
		t = b.made(t.made)
	}
	args := b.values(x.Args)
	if t.native != nil {
		values := make([]vector.Value, len(args))
		for i, a := range args {
			values[i] = a.value
		}
		return one(b.f.Call(t.name, t.native, values...))
	}
	return b.run(t, args, b.live)
}

// methodOf reads a call of a method of a cell's type, which takes a copy of its receiver.
func (b *body) methodOf(x *ast.CallExpr, sel *ast.SelectorExpr) []operand {
	s := b.info.Selections[sel]
	f, ok := s.Obj().(*types.Func)
	if !ok || f.Pkg() == nil || f.Pkg().Path() != "main" || len(s.Index()) != 1 || byAddress(s) || types.IsInterface(s.Recv()) {
		b.refuse(x, "calls the method %s", sel.Sel.Name)
	}
	return b.run(b.Source.function(sel, f), append([]operand{b.expr(sel.X)}, b.values(x.Args)...), b.live)
}

func one(v vector.Value) []operand { return []operand{{value: v}} }

// callee is the function that is called.
func (b *body) callee(x *ast.CallExpr, fun ast.Expr) Target {
	if lit, ok := fun.(*ast.FuncLit); ok {
		return *b.literal(lit).fn
	}
	if id, ok := fun.(*ast.Ident); ok {
		if v, ok := b.info.Uses[id].(*types.Var); ok && !b.Session.Global(v) {
			if f := b.vars[v].fn; f != nil {
				return *f
			}
			b.refuse(x, "calls %s, which is a variable", id.Name)
		}
	}
	t := b.target(fun, b.info)
	if t.native != nil && (!vector.Callable(t.native) || reflect.TypeOf(t.native).NumIn() != len(x.Args)) {
		b.refuse(x, "calls %s", t.name)
	}
	return t
}

// conversion reads T(x) between numbers, and between types that are the same inside.
func (b *body) conversion(x *ast.CallExpr, t types.Type) vector.Value {
	to, from := b.kind(x, t), b.kind(x.Args[0], b.info.TypeOf(x.Args[0]))
	if to != from && !(to.Numeric() && from.Numeric()) {
		b.refuse(x, "makes a %s of a %s", to, from)
	}
	return b.f.Convert(b.expr(x.Args[0]).value, to)
}

func (b *body) builtin(x *ast.CallExpr, fun ast.Expr) vector.Value {
	name := types.ExprString(fun)
	switch name {
	case "len":
		if k, ok := kindOf(b.info.TypeOf(x.Args[0])); ok && k == row.String {
			return b.f.Length(b.expr(x.Args[0]).value)
		}
		if listed(b.info.TypeOf(x.Args[0]).Underlying()) {
			if p := b.expr(x.Args[0]).parts; p != nil && p.at != nil {
				return p.length
			} else if p != nil {
				return b.f.Const(int64(len(p.list)))
			}
		}
	case "min", "max":
		b.kind(x, b.info.TypeOf(x))
		v := b.expr(x.Args[0]).value
		for _, a := range x.Args[1:] {
			v = b.extreme(name, v, b.expr(a).value)
		}
		return v
	}
	b.refuse(x, "calls %s", types.ExprString(fun))
	return vector.None
}

// extreme is min or max of two.
func (b *body) extreme(name string, x, y vector.Value) vector.Value {
	if b.f.Kind(x) == row.Float {
		if name == "min" {
			return b.f.Call(name, func(a, b float64) float64 { return min(a, b) }, x, y)
		}
		return b.f.Call(name, func(a, b float64) float64 { return max(a, b) }, x, y)
	}
	op := map[string]token.Token{"min": token.LSS, "max": token.GTR}[name]
	return b.f.Choose(b.f.Binary(op, y, x, b.live), y, x)
}
