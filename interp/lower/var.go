package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

func (e *emitter) declStmt(s *ast.DeclStmt) string {
	g := s.Decl.(*ast.GenDecl)
	if g.Tok != token.VAR {
		return "" // constants are values by now, types are declared where they are used
	}
	var b strings.Builder
	for _, spec := range g.Specs {
		b.WriteString(e.varSpec(spec.(*ast.ValueSpec)))
		b.WriteString("\n")
	}
	return b.String()
}

func (e *emitter) varSpec(v *ast.ValueSpec) string {
	lhs := make([]ast.Expr, len(v.Names))
	for i, n := range v.Names {
		lhs[i] = n
	}
	if blankOnly(v.Names) { // the interpreter has no var _
		if len(v.Values) == 0 {
			return ""
		}
		return e.exprs(lhs) + " = " + e.values(v.Values, lhs)
	}
	if e.hoisted(lhs) {
		return e.hoistedVar(v, lhs)
	}
	if len(v.Values) == len(v.Names) {
		var b strings.Builder
		if len(v.Names) > 1 {
			return e.parallelVar(v)
		}
		fmt.Fprintf(&b, "var %s %s = %s", local(v.Names[0].Name), e.declared(v, 0), e.initialOf(v, 0))
		return b.String()
	}
	names := e.exprs(lhs)
	if len(v.Values) == 1 {
		return "var " + names + " = " + e.values(v.Values, lhs)
	}
	return "var " + names + " " + e.typ(e.info.Types[v.Type].Type)
}

// parallelVar writes var a, b = x, y: the values first.
func (e *emitter) parallelVar(v *ast.ValueSpec) string {
	var b strings.Builder
	temps := make([]string, len(v.Names))
	for i := range v.Names {
		temps[i] = e.fresh("v")
		fmt.Fprintf(&b, "var %s %s = %s\n", temps[i], e.declared(v, i), e.initialOf(v, i))
	}
	for i, n := range v.Names {
		fmt.Fprintf(&b, "var %s %s = %s\n_ = %s\n", local(n.Name), e.declared(v, i), temps[i], temps[i])
	}
	return b.String()
}

// initialOf writes value i of a var specification.
func (e *emitter) initialOf(v *ast.ValueSpec, i int) string {
	if o := e.info.Defs[v.Names[i]]; o != nil {
		return e.untyped(v.Values[i], o.Type())
	}
	return e.expr(v.Values[i])
}

// declared is the type of name i of a var specification.
func (e *emitter) declared(v *ast.ValueSpec, i int) string {
	if o := e.info.Defs[v.Names[i]]; o != nil {
		return e.typ(o.Type())
	}
	if v.Type != nil {
		return e.typ(e.info.Types[v.Type].Type)
	}
	return e.typeText(types.Default(e.typeOf(v.Values[i])))
}

func blankOnly(names []*ast.Ident) bool {
	for _, n := range names {
		if n.Name != "_" {
			return false
		}
	}
	return true
}

// hoistedVar writes a cell's var as the assignment that it is.
func (e *emitter) hoistedVar(v *ast.ValueSpec, lhs []ast.Expr) string {
	if len(v.Values) > 0 {
		return e.exprs(lhs) + " = " + e.values(v.Values, lhs)
	}
	var b strings.Builder
	for _, x := range lhs {
		if x.(*ast.Ident).Name == "_" {
			continue
		}
		z := e.fresh("z")
		fmt.Fprintf(&b, "{ var %s %s; %s = %s }\n", z, e.typ(e.info.Types[v.Type].Type), e.expr(x), z)
	}
	return b.String()
}
