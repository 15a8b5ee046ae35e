package lower

import (
	"go/ast"
	"strings"
)

// The interpreter keeps the place of a deferred function and of its arguments, not their values, and holds a lock while
// it calls them. So a function that defers keeps the list of its deferred calls itself, and the host runs its body and
// then the list.

// resultVars names the results of a function whose results have names, or that defers: there they must be set before
// the deferred calls run.
func (e *emitter) resultVars(b *ast.BlockStmt) []string {
	if !e.resultNames && !defers(b.List) {
		return nil
	}
	var out []string
	for v := range e.sig.Results().Variables() {
		if name := paramName(v); name != "_" {
			out = append(out, name)
		} else {
			out = append(out, e.fresh("r"))
		}
	}
	return out
}

// deferring writes the body of a function that defers.
func (e *emitter) deferring(b *ast.BlockStmt) string {
	d, inner := e.fresh("d"), *e
	inner.defers, inner.ticks = d, new(bool)
	names := strings.Join(e.vars, ", ")
	text := "func()" + e.results(e.sig) + " {" + inner.plainBody(b) + "}"
	if names != "" {
		text = "func() { " + names + " = " + text + "() }"
	}
	return "\n" + d + " := " + e.rt("Defers") + "()" + e.spot.line() + e.rt("Guard") + "(" + d + ", []func(){" + text + "}[0])\n" + e.bareReturn() + "\n"
}

// taking writes how a function that recovers learns of what.
func (e *emitter) taking(list []ast.Stmt) string {
	if !recovers(list) {
		return ""
	}
	e.slot = "s" + mark
	return "\n" + e.slot + " := " + e.rt("Slot") + "()\n_ = " + e.slot
}

func (e *emitter) deferStmt(s *ast.DeferStmt) string {
	h := &holder{emitter: e}
	call := ""
	if lit, ok := ast.Unparen(s.Call.Fun).(*ast.FuncLit); ok {
		call = h.literal(lit, s.Call)
	} else {
		call = h.call(s.Call)
	}
	return "{\n" + h.before.String() + e.rt("Defer") + "(" + e.defers + ", []func(){func() { " + call + " }}[0])\n}"
}

// literal writes the call of a function literal over the values that its arguments have now.
func (h *holder) literal(lit *ast.FuncLit, c *ast.CallExpr) string {
	kept := &ast.CallExpr{Fun: lit, Args: c.Args, Ellipsis: c.Ellipsis}
	args := make([]string, len(c.Args))
	for i, a := range c.Args {
		p := h.paramType(h.signatureOf(lit), i, c.Ellipsis.IsValid())
		args[i] = h.keep(a, h.argument(kept, a, p), p)
	}
	list := strings.Join(args, ", ")
	if c.Ellipsis.IsValid() {
		list += "..."
	}
	call := h.funcLit(lit) + "(" + list + ")"
	if !recovers(lit.Body.List) { // what it calls may not recover
		call = h.rt("Slot") + "(); " + call
	}
	return call
}

// recovers reports whether statements call recover, function literals aside.
func recovers(list []ast.Stmt) bool {
	found := false
	inside(list, func(n ast.Node) {
		if c, ok := n.(*ast.CallExpr); ok {
			id, ok := c.Fun.(*ast.Ident)
			found = found || ok && id.Name == "recover"
		}
	})
	return found
}

// defers reports whether statements defer, function literals aside.
func defers(list []ast.Stmt) bool {
	found := false
	inside(list, func(n ast.Node) {
		_, ok := n.(*ast.DeferStmt)
		found = found || ok
	})
	return found
}

// inside visits what statements hold, function literals aside.
func inside(list []ast.Stmt, visit func(ast.Node)) {
	for _, s := range list {
		ast.Inspect(s, func(n ast.Node) bool {
			if n == nil {
				return false
			}
			visit(n)
			_, lit := n.(*ast.FuncLit)
			return !lit
		})
	}
}
