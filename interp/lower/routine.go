package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// goStmt writes a go statement as a call of the runtime, which recovers panics and knows whose goroutine it is.
// Function, receiver and arguments are evaluated now, as the language says.
func (e *emitter) goStmt(s *ast.GoStmt) string {
	start := fmt.Sprintf("%s(%d, ", e.rt("Go"), e.lineNumber(s.Pos()))
	fun := ast.Unparen(s.Call.Fun)
	if lit, ok := fun.(*ast.FuncLit); ok && len(s.Call.Args) == 0 && lit.Type.Results == nil {
		return start + e.hold(lit) + ")"
	}
	if e.info.Types[fun].IsBuiltin() {
		return start + "[]func(){func() { " + e.expr(s.Call) + " }}[0])"
	}
	h := &holder{emitter: e}
	call := h.call(s.Call)
	return "{\n" + h.before.String() + start + "[]func(){func() { " + call + " }}[0])\n}"
}

// hold writes a function literal so that it keeps the variables of its turn of a loop: one that is handed to compiled
// code directly sees what they become.
func (e *emitter) hold(lit *ast.FuncLit) string {
	return "[]" + e.typeText(e.typeOf(lit)) + "{" + e.expr(lit) + "}[0]"
}

// A holder evaluates the parts of a call before the call is made.
type holder struct {
	*emitter
	before strings.Builder
}

// keep keeps a value in a variable; constants need none.
func (h *holder) keep(x ast.Expr) string {
	tv := h.info.Types[x]
	if tv.Value != nil || tv.IsNil() {
		return h.expr(x)
	}
	n := h.fresh("g")
	fmt.Fprintf(&h.before, "var %s %s = %s\n", n, h.typ(tv.Type), h.expr(x))
	return n
}

func (h *holder) call(c *ast.CallExpr) string {
	name, receiver := h.callee(ast.Unparen(c.Fun))
	args := receiver
	for _, a := range c.Args {
		args = append(args, h.keep(a))
	}
	list := strings.Join(args, ", ")
	if c.Ellipsis.IsValid() {
		list += "..."
	}
	return name + "(" + list + ")"
}

// callee writes the function, and its receiver if it is the function of a cell's method.
func (h *holder) callee(fun ast.Expr) (name string, receiver []string) {
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		if s := h.info.Selections[sel]; s != nil && s.Kind() == types.MethodVal {
			recv, t := h.path(sel.X, s)
			if fn := h.methodOf(s.Obj().(*types.Func), t); fn != nil {
				return fn.name, []string{fn.adjust(recv, t)}
			}
			return recv + "." + sel.Sel.Name, nil
		}
	}
	if id := nameOf(fun); id != nil {
		if _, ok := h.object(id).(*types.Func); ok {
			return h.expr(fun), nil
		}
	}
	return h.keep(fun), nil
}

func (e *emitter) lineNumber(pos token.Pos) int {
	if e.home != e.session {
		return 1
	}
	p := e.home.Position(pos)
	return LineOf(p.Cell, p.Line)
}
