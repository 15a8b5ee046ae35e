package lower

import (
	"go/ast"
	"go/types"
	"strings"
)

// expr writes an expression.
func (e *emitter) expr(x ast.Expr) string {
	if tv, ok := e.info.Types[x]; ok && tv.Value != nil && !tv.IsType() {
		return e.constant(tv.Value, e.subst(tv.Type))
	}
	switch x := x.(type) {
	case *ast.Ident:
		return e.ident(x)
	case *ast.ParenExpr:
		return e.parens(x)
	case *ast.FuncLit:
		return e.funcLit(x)
	case *ast.CompositeLit:
		return e.composite(x)
	case *ast.SelectorExpr:
		return e.selector(x)
	case *ast.IndexExpr:
		return e.index(x)
	case *ast.IndexListExpr:
		return e.function(x)
	case *ast.SliceExpr:
		return e.slice(x)
	case *ast.TypeAssertExpr:
		return e.valuing().assertion(x.X, e.info.Types[x.Type].Type, false)
	case *ast.CallExpr:
		return e.valuing().call(x)
	case *ast.StarExpr:
		if e.info.Types[x].IsType() {
			return e.typ(e.info.Types[x].Type)
		}
		return "(*" + e.pointer(x.X) + ")"
	case *ast.UnaryExpr:
		return e.valuing().unary(x)
	case *ast.BinaryExpr:
		return e.valuing().binary(x)
	case *ast.ArrayType, *ast.StructType, *ast.FuncType, *ast.InterfaceType, *ast.MapType, *ast.ChanType:
		return e.typ(e.info.Types[x].Type)
	}
	fail("the expression %s", types.ExprString(x))
	return ""
}

// parens writes parentheses where they matter: what we write has its own, and two pairs of them, in an argument, make
// the interpreter lose the value.
func (e *emitter) parens(x *ast.ParenExpr) string {
	switch inner := ast.Unparen(x).(type) {
	case *ast.BinaryExpr, *ast.Ident, *ast.BasicLit, *ast.SelectorExpr, *ast.IndexExpr, *ast.CallExpr:
		return e.expr(inner)
	default:
		return "(" + e.expr(inner) + ")"
	}
}

func (e *emitter) exprs(list []ast.Expr) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = e.expr(x)
	}
	return strings.Join(out, ", ")
}

// header writes an expression between a keyword and its block, where a composite literal would be misread.
func (e *emitter) header(x ast.Expr) string {
	return e.heading().expr(x)
}

func (e *emitter) heading() *emitter {
	c := *e
	c.frames = append([]frame{{kind: inHeader}}, e.frames...)
	return &c
}

// inHeader reports whether what is written stands between a keyword and its block.
func (e *emitter) inHeader() bool { return len(e.frames) > 0 && e.frames[0].kind == inHeader }

func (e *emitter) ident(x *ast.Ident) string {
	if x.Name == "_" {
		return "_"
	}
	if _, ok := e.info.Instances[x]; ok {
		return e.function(x)
	}
	o := e.object(x)
	if n, ok := e.rename[o]; ok {
		return n
	}
	switch o := o.(type) {
	case *types.TypeName:
		return e.typ(o.Type())
	case *types.Nil:
		return "nil"
	case *types.Builtin:
		return o.Name()
	case *types.Func:
		return e.funcName(o)
	case *types.Var:
		return e.varName(o)
	}
	return x.Name
}

// varName is a variable's name: a local one's own, a cell's by its place, another package's qualified.
func (e *emitter) varName(o *types.Var) string {
	if e.global(o) {
		return e.place(o)
	}
	if o.Pkg() != nil && o.Pkg().Path() != "main" && o.Parent() == o.Pkg().Scope() {
		return e.pkg(o.Pkg().Path()) + "." + o.Name()
	}
	return local(o.Name())
}

// local is the name of a local variable: with the mark it hides neither a type nor a word of the language, which the text
// of ours may mention where the user's does not.
func local(name string) string {
	if name == "_" {
		return name
	}
	return mark + name
}

// place is the interpreter's variable for a cell's variable, declared when first needed.
func (p *Program) place(o *types.Var) string {
	c := p.session.Canon(o)
	if n, ok := p.names[c]; ok {
		return n
	}
	n := p.fresh(o.Name())
	p.setName(c, n)
	e := p.emitter(p.session, nil)
	p.code.Vars += "var " + n + " " + e.typ(o.Type()) + "\n"
	return n
}

// untyped writes x for a place of type t; a constant without its type, which it takes from the place.
func (e *emitter) untyped(x ast.Expr, t types.Type) string {
	if v := e.info.Types[x].Value; v != nil {
		if b, ok := e.subst(t).Underlying().(*types.Basic); ok && b.Info()&types.IsComplex == 0 {
			return literal(v, b)
		}
	}
	return e.as(x, t)
}

// isInstance reports whether x names a generic function with its types.
func (e *emitter) isInstance(x ast.Expr) bool {
	id := nameOf(x)
	if id == nil {
		return false
	}
	_, ok := e.info.Instances[id]
	return ok
}

func nameOf(x ast.Expr) *ast.Ident {
	switch x := x.(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		return x.Sel
	case *ast.IndexExpr:
		return nameOf(x.X)
	case *ast.IndexListExpr:
		return nameOf(x.X)
	case *ast.ParenExpr:
		return nameOf(x.X)
	}
	return nil
}
