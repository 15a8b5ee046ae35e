package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// returnStmt writes a return; in the body of a range over a function it ends the loop first.
func (e *emitter) returnStmt(s *ast.ReturnStmt) string {
	if f := e.rangeFunc(); f != nil {
		return f.leave(e, s)
	}
	if len(s.Results) == 1 && e.sig.Results().Len() > 1 {
		if text, ok := e.spread(s.Results[0], e.sig.Results()); ok {
			return text
		}
	}
	if len(s.Results) == 0 {
		return e.bareReturn()
	}
	texts := e.returned(s.Results)
	if len(texts) > 1 && slices.ContainsFunc(texts, computes) {
		return e.returnApart(texts)
	}
	return "return " + strings.Join(texts, ", ")
}

// computes reports whether the text of an expression is more than a name or literal.
func computes(text string) bool {
	return strings.ContainsAny(strings.TrimPrefix(text, "-"), "([{+-*/%&|^<>=!.") && !strings.HasPrefix(text, `"`)
}

// callsValue reports whether x calls a function that is the value of a variable, field or element.
func (e *emitter) callsValue(x ast.Expr) bool {
	c, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	fun := ast.Unparen(c.Fun)
	if tv := e.info.Types[fun]; tv.IsType() || tv.IsBuiltin() {
		return false
	}
	id := nameOf(fun)
	if _, index := fun.(*ast.IndexExpr); id == nil || index && !e.isInstance(fun) {
		return true
	}
	_, isFunc := e.object(id).(*types.Func)
	return !isFunc
}

// returnApart writes a return of several values, each evaluated before: the interpreter gives zero for a call of a function
// that was in a field, puts one value in the place of another, and fails on conversions.
func (e *emitter) returnApart(texts []string) string {
	var b strings.Builder
	names := make([]string, len(texts))
	for i, text := range texts {
		names[i] = e.fresh("v")
		fmt.Fprintf(&b, "var %s %s = %s; ", names[i], e.typ(e.sig.Results().At(i).Type()), text)
	}
	return "{ " + b.String() + "return " + strings.Join(names, ", ") + " }"
}

// bareReturn writes a return without values.
func (e *emitter) bareReturn() string {
	return strings.TrimSuffix("return "+strings.Join(e.vars, ", "), " ")
}

// returned writes the values of a return statement as results.
func (e *emitter) returned(list []ast.Expr) []string {
	out := make([]string, len(list))
	for i, x := range list {
		if len(list) == e.sig.Results().Len() {
			out[i] = e.as(x, e.sig.Results().At(i).Type())
		} else {
			out[i] = e.expr(x)
		}
	}
	return out
}

// spread writes the return of a call with several results of which some become interfaces.
func (e *emitter) spread(call ast.Expr, results *types.Tuple) (string, bool) {
	from, names, texts := e.typeOf(call).(*types.Tuple), make([]string, results.Len()), make([]string, results.Len())
	changed := false
	for i := range names {
		names[i] = e.fresh("v")
		texts[i] = e.convert(names[i], from.At(i).Type(), e.subst(results.At(i).Type()))
		changed = changed || texts[i] != names[i]
	}
	return "{ " + strings.Join(names, ", ") + " := " + e.expr(call) + "; return " + strings.Join(texts, ", ") + " }", changed
}
