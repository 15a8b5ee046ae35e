package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
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

// holding is a holder, and the emitter that knows what it holds.
func (e *emitter) holding() (*holder, *emitter) { return &holder{emitter: e}, e.knowing() }

// knowing is an emitter that may be told of names.
func (e *emitter) knowing() *emitter {
	c := *e
	c.rename = maps.Clone(e.rename)
	return &c
}

// keep keeps a value in a variable of a type; constants need none.
func (h *holder) keep(x ast.Expr, text string, t types.Type) string {
	tv := h.info.Types[x]
	if tv.Value != nil || tv.IsNil() {
		return text
	}
	return h.hold(text, h.typ(t))
}

func (h *holder) hold(text, t string) string {
	n := h.fresh("g")
	fmt.Fprintf(&h.before, "var %s %s = %s\n", n, t, text)
	return n
}

func (h *holder) call(c *ast.CallExpr) string {
	if h.info.Types[ast.Unparen(c.Fun)].IsBuiltin() {
		return h.builtinCall(c)
	}
	name, receiver := h.callee(ast.Unparen(c.Fun))
	args := receiver
	sig, _ := h.typeOf(c.Fun).Underlying().(*types.Signature)
	for i, a := range c.Args {
		p := h.paramType(sig, i, c.Ellipsis.IsValid())
		if p == nil {
			p = h.typeOf(a)
		}
		args = append(args, h.keep(a, h.argument(c, a, p), p))
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
			m := s.Obj().(*types.Func)
			if fn := h.methodOf(m, t); fn != nil {
				return fn.name, []string{h.hold(fn.adjust(recv, t), h.typeText(fn.receiver(t)))}
			}
			if h.boxed(t) {
				return h.dynamic(m, h.subst(s.Type()).(*types.Signature)), []string{h.hold(recv, "interface{}")}
			}
			return h.hold(h.nativeReceiver(recv, t, m), h.typeText(receiverOf(t, m))) + "." + sel.Sel.Name, nil
		}
	}
	if id := nameOf(fun); id != nil {
		if _, ok := h.object(id).(*types.Func); ok {
			return h.expr(fun), nil
		}
	}
	return h.keep(fun, h.expr(fun), h.typeOf(fun)), nil
}

func (e *emitter) lineNumber(pos token.Pos) int {
	if e.home != e.session {
		return 1
	}
	p := e.home.Position(pos)
	return LineOf(p.Cell, p.Line)
}

// nativeReceiver writes the receiver of a method of compiled code as the method wants it.
func (h *holder) nativeReceiver(recv string, t types.Type, m *types.Func) string {
	if _, isPtr := t.Underlying().(*types.Pointer); !isPtr && receiverOf(t, m) != t {
		return "&" + recv
	}
	return recv
}

// receiverOf is the type that holds a receiver of type t for a method of compiled code.
func receiverOf(t types.Type, m *types.Func) types.Type {
	_, isPtr := t.Underlying().(*types.Pointer)
	if _, wants := m.Signature().Recv().Type().(*types.Pointer); wants && !isPtr {
		return types.NewPointer(t)
	}
	return t
}

// builtinCall keeps the arguments of a builtin function and writes its call.
func (h *holder) builtinCall(c *ast.CallExpr) string {
	kept := *c
	kept.Args = make([]ast.Expr, len(c.Args))
	inner := h.knowing()
	for i, a := range c.Args {
		if kept.Args[i] = a; h.info.Types[a].Value == nil && !h.info.Types[a].IsNil() {
			kept.Args[i] = h.standIn(a, inner)
		}
	}
	return inner.expr(&kept)
}
