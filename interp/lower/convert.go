package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// The interpreter does not keep the types of cells apart inside an interface, nor does compiled code see their methods.
// So an interface holds a value of a cell's type together with that type: a box, which the host makes and opens. An
// interface type of a cell is any here, and a call through it asks the host for the method. An interface type of
// compiled code stays what it is; the host wraps a box that becomes one.

// as writes x as a value of a type that it is assignable to.
func (e *emitter) as(x ast.Expr, to types.Type) string {
	if to == nil {
		return e.expr(x)
	}
	to = e.subst(to)
	if e.info.Types[x].IsNil() {
		if reference(to) {
			return "(" + e.typeText(to) + ")(nil)"
		}
		return "nil"
	}
	from := e.typeOf(x)
	if types.IsInterface(to) && !types.IsInterface(from) {
		if lit, ok := ast.Unparen(x).(*ast.FuncLit); ok {
			return e.convert(e.hold(lit), from, to)
		}
	}
	return e.convert(e.expr(x), from, to)
}

// convert writes a value of one type as another that it is assignable to.
func (e *emitter) convert(text string, from, to types.Type) string {
	if sig := loopedFunc(to); sig != nil && loopedFunc(from) == nil && text != "nil" {
		return e.toLooped(text, to, sig)
	}
	if sig := loopedFunc(from); sig != nil && to != nil && !types.IsInterface(to) && loopedFunc(to) == nil {
		return e.fromLooped(text, from, sig)
	}
	if from == nil || to == nil || !types.IsInterface(to) {
		return text
	}
	switch {
	case types.IsInterface(from):
		return e.reface(text, from, to)
	case !e.ours(from) && text != "" && strings.ContainsRune("-!^+", rune(text[0])):
		return "(" + text + ")" // else the interpreter takes the operator for one of interfaces, and the function ends there
	case !e.ours(from):
		return text
	}
	text = fmt.Sprintf("%s(%s, %d)", e.rt("Box"), text, e.number(from))
	if native(to) {
		e.lacks(from, to)
		return e.wrapper(to) + "(" + text + ")"
	}
	return text
}

// sought are the methods beyond those of an interface that compiled code looks for on what it is given as one.
var sought = map[string][]string{
	"io.Reader": {"WriteTo"}, "io.Writer": {"ReadFrom", "WriteString"}, "io/fs.FS": {"Glob", "ReadDir", "ReadFile", "Stat", "Sub"}, "flag.Value": {"IsBoolFlag"},
	"net/http.ResponseWriter": {"Flush", "Hijack", "Push", "ReadFrom", "Unwrap"},
}

// lacks notes such methods of a cell's type: what the host makes of a box has the interface's own.
func (e *emitter) lacks(from, to types.Type) {
	for _, name := range sought[types.TypeString(to, nil)] {
		s := types.NewMethodSet(from).Lookup(nil, name)
		if s == nil || s.Obj().Pkg() == nil || s.Obj().Pkg().Path() != "main" || e.home != e.session {
			continue
		}
		local := types.RelativeTo(s.Obj().Pkg())
		e.note("%s: compiled code that is given %s as %s does not see its method %s here; in an exported program it does", e.at, types.TypeString(from, local), types.TypeString(to, nil), name)
	}
}

// note says once where a cell differs from the program.
func (p *Program) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(p.code.Notes, text) {
		p.code.Notes = append(p.code.Notes, text)
	}
}

// reface writes a value of one interface type as another.
func (e *emitter) reface(text string, from, to types.Type) string {
	switch {
	case !native(from) && !native(to), types.Identical(from, to):
		return text
	case native(from) && native(to):
		if types.AssignableTo(from, to) && e.typeText(from) == e.typeText(to) {
			return text
		}
		return e.wrapper(to) + "(" + e.bare(text) + ")"
	case native(to):
		return e.wrapper(to) + "(" + text + ")"
	}
	return e.bare(text)
}

// bare writes what a compiled interface holds: the box, if it was made of one.
func (e *emitter) bare(text string) string { return e.rt("Bare") + "(" + text + ")" }

// native reports whether an interface type is one of compiled code, with its methods.
func native(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || !types.IsInterface(n) {
		return false
	}
	if n.Obj().Pkg() == nil {
		return n.Obj().Name() == "error"
	}
	return n.Obj().Pkg().Path() != "main" && n.TypeArgs().Len() == 0 && n.Underlying().(*types.Interface).NumMethods() > 0
}

// wrapper is the function that makes a compiled interface of what any holds.
func (e *emitter) wrapper(t types.Type) string {
	return e.helper("to", t, "(x interface{}) T { var v T; "+e.rt("To")+"(x, &v); return v }")
}

// assertion writes x.(T), with the second value if ok.
func (e *emitter) assertion(x ast.Expr, t types.Type, ok bool) string {
	from := e.typeOf(x)
	text := e.expr(x)
	if native(from) {
		text = e.bare(text)
	}
	return e.asserter(from, t, ok) + "(" + text + ")"
}

// asserter is the function that asserts that what any holds is of a type.
func (e *emitter) asserter(from, t types.Type, ok bool) string {
	t = e.subst(t)
	call := fmt.Sprintf("(x, %d, %d, &v)", e.number(from), e.number(t))
	if ok {
		return e.helper("is", t, "(x interface{}) (T, bool) { var v T; ok := "+e.rt("Is")+call+"; return v, ok }")
	}
	return e.helper("as "+e.key(from), t, "(x interface{}) T { var v T; "+e.rt("As")+call+"; return v }")
}

// equal writes a comparison in which a side is an interface.
func (e *emitter) equal(x, y ast.Expr) string {
	side := func(x ast.Expr) string {
		if t := e.typeOf(x); native(t) {
			return e.expr(x)
		}
		return e.as(x, types.NewInterfaceType(nil, nil))
	}
	return e.rt("Equal") + "(" + side(x) + ", " + side(y) + ")"
}

// dynamic is the function that calls a method of what any holds.
func (e *emitter) dynamic(m *types.Func, sig *types.Signature) string {
	in, out := e.forward(sig)
	params := "(x interface{}"
	if sig.Params().Len() > 0 {
		params += ", "
	}
	return e.helper("call "+m.Name(), sig, fmt.Sprintf("%s { var f T; %s(x, %q, &f); %s }", params+in[1:], e.rt("Find"), m.Name(), returning(sig, "f("+out+")")))
}
