package lower

import (
	"fmt"
	"go/ast"
	"go/types"
)

// Reflection sees neither the names nor the methods of interpreted types. So where a value goes to package fmt, or to
// the host, its static type goes with it, and the String and Error methods it may need are taught to the host.

// Said is the type that a number in lowered code stands for.
func (p *Program) Said(i int) types.Type { return p.said[i] }

// Taught is the number under which a type's method was taught, if it was.
func (p *Program) Taught(t *types.TypeName) (int, bool) {
	n, ok := p.taught[t]
	return n, ok
}

// say writes a value together with its type, if a cell's type is in it.
func (e *emitter) say(x ast.Expr, text string) string {
	t := e.typeOf(x)
	if t == nil || types.IsInterface(t) || !e.ours(t) {
		return text
	}
	return e.sayAny(x, text)
}

// sayAny writes a value together with its type, whatever that is.
func (e *emitter) sayAny(x ast.Expr, text string) string {
	t := e.typeOf(x)
	if t == nil || types.Identical(t, types.Typ[types.UntypedNil]) || isErrorType(t) {
		return text
	}
	t = types.Default(t)
	e.learn(t)
	e.said = append(e.said, t)
	return fmt.Sprintf("%s(%s, %d)", e.rt("Say"), text, len(e.said)-1)
}

// ours reports whether a type of a cell is in t.
func (e *emitter) ours(t types.Type) bool {
	found := false
	walkNamed(t, map[types.Type]bool{}, func(n *types.Named) {
		found = found || n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "main"
	})
	return found
}

// learn teaches the host the methods that print the types in t.
func (e *emitter) learn(t types.Type) {
	seen := map[types.Type]bool{}
	var walk func(types.Type)
	walk = func(t types.Type) {
		walkNamed(t, seen, func(n *types.Named) {
			if n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main" {
				return
			}
			e.teach(n)
			walk(n.Underlying())
		})
	}
	walk(t)
}

func (e *emitter) teach(n *types.Named) {
	if _, ok := e.taught[n.Obj()]; ok || n.TypeArgs().Len() > 0 || types.IsInterface(n) {
		return
	}
	m, ptr := printer(n)
	if m == "" {
		return
	}
	d := e.methodDecl(n, m)
	if d == nil {
		return
	}
	o := n.Obj()
	e.taught[o] = len(e.taught)
	e.undo = append(e.undo, func() { delete(e.taught, o) })
	recv := e.typeText(n)
	if ptr {
		recv = "*" + recv
	}
	e.setup += fmt.Sprintf("\n%s(%d, func(v %s) string { return %s(v) })", e.rt("Teach"), e.taught[o], recv, e.methodName(n, d))
}

// printer is the method that fmt would call, and whether it wants a pointer.
func printer(n *types.Named) (name string, ptr bool) {
	for _, name := range []string{"Error", "String"} {
		for m := range n.Methods() {
			sig := m.Signature()
			if m.Name() != name || sig.Params().Len() != 0 || sig.Results().Len() != 1 || !types.Identical(sig.Results().At(0).Type(), types.Typ[types.String]) {
				continue
			}
			_, ptr := sig.Recv().Type().(*types.Pointer)
			return name, ptr
		}
	}
	return "", false
}
