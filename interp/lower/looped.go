package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// The interpreter ends the process over a map or slice type that holds itself with no struct between, such as
// type Trie map[rune]Trie, and refuses a function type that takes or gives itself. So its elements, parameters and results
// are any here, and what they hold is taken out where it is read.

// looped is the element type of such a type.
func looped(t types.Type) (elem types.Type, ok bool) {
	n, isNamed := types.Unalias(t).(*types.Named)
	if !isNamed || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main" || types.IsInterface(n) {
		return nil, false
	}
	switch u := n.Underlying().(type) {
	case *types.Map:
		elem = u.Elem()
	case *types.Slice:
		elem = u.Elem()
	default:
		return nil, false
	}
	return elem, !structural(n)
}

// loopedText writes such a type; "" for another.
func (e *emitter) loopedText(t *types.Named) string {
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Chan, *types.Array:
		if !structural(t) {
			fail("the type %s, which holds itself with no struct between", t.Obj().Name())
		}
	case *types.Signature:
		if loopedFunc(t) != nil {
			return "func" + e.loopedSignature(t, u)
		}
	case *types.Map:
		if elem, ok := looped(t); ok {
			e.zero(elem)
			return "map[" + e.typeText(u.Key()) + "]interface{}"
		}
	case *types.Slice:
		if elem, ok := looped(t); ok {
			e.zero(elem)
			return "[]interface{}"
		}
	}
	return ""
}

// heldElement reports whether x is indexed or ranged over, and its elements are any here.
func (e *emitter) heldElement(x ast.Expr) bool {
	t := e.typeOf(x)
	if t == nil {
		return false
	}
	_, ok := looped(t)
	return ok
}

// heldIndex reports whether x is such an element.
func (e *emitter) heldIndex(x ast.Expr) bool {
	i, ok := ast.Unparen(x).(*ast.IndexExpr)
	return ok && !e.info.Types[i.X].IsType() && !e.isInstance(i.X) && e.heldElement(i.X)
}

// readElement writes what is read of an element.
func (e *emitter) readElement(x *ast.IndexExpr, text string) string {
	elem, _ := looped(e.typeOf(x.X))
	m, isMap := e.typeOf(x.X).Underlying().(*types.Map)
	if _, ok := e.info.Types[x].Type.(*types.Tuple); ok && isMap { // with whether it is there
		return e.helper("entry", e.typeOf(x.X), "(m T, k "+e.typ(m.Key())+") ("+e.typ(elem)+", bool) { x, ok := m[k]; v, _ := x.("+e.typ(elem)+"); return v, ok }") +
			"(" + e.expr(x.X) + ", " + e.mapKey(x.Index, m, "false") + ")"
	}
	return e.unheld(text, elem)
}

// loopedFunc is the signature of a function type that takes or gives itself, or nil.
func loopedFunc(t types.Type) *types.Signature {
	n, isNamed := types.Unalias(t).(*types.Named)
	if !isNamed || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main" {
		return nil
	}
	sig, ok := n.Underlying().(*types.Signature)
	if !ok || structural(n) {
		return nil
	}
	return sig
}

// loopedSignature writes parameters and results of such a type.
func (e *emitter) loopedSignature(t types.Type, sig *types.Signature) string {
	list := func(vars *types.Tuple) string {
		var out []string
		for i := range vars.Len() {
			out = append(out, e.loopedPart(t, vars, i, sig.Variadic() && vars == sig.Params()))
		}
		return "(" + strings.Join(out, ", ") + ")"
	}
	return list(sig.Params()) + " " + list(sig.Results())
}

// loopedPart writes the type of a parameter or result: any if it mentions the function's type.
func (e *emitter) loopedPart(t types.Type, vars *types.Tuple, i int, variadic bool) string {
	switch {
	case !mentions(vars.At(i).Type(), t) && variadic && i == vars.Len()-1:
		return "..." + e.typeText(vars.At(i).Type().(*types.Slice).Elem())
	case !mentions(vars.At(i).Type(), t):
		return e.typeText(vars.At(i).Type())
	case variadic && i == vars.Len()-1:
		fail("the type %s, which takes any number of itself", t)
	}
	return "interface{}"
}

// mentions reports whether a type has another in it, with no struct between.
func mentions(t, other types.Type) bool {
	found, seen := false, map[types.Type]bool{}
	var walk func(types.Type)
	walk = func(u types.Type) {
		walkNamed(u, seen, func(n *types.Named) {
			found = found || types.Identical(n, other)
			if _, ok := n.Underlying().(*types.Struct); !ok && !found && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "main" && !types.IsInterface(n) {
				walk(n.Underlying())
			}
		})
	}
	walk(t)
	return found
}

// invokeLooped writes a call of such a function, whose results have their types.
func (e *emitter) invokeLooped(x *ast.CallExpr, t types.Type, sig *types.Signature) string {
	in, out := e.forward(sig)
	params := "(f T"
	if sig.Params().Len() > 0 {
		params += ", "
	}
	return e.helper("invoke", t, params+in[1:]+" { "+e.loopedResults(t, sig, "f("+out+")")+" }") + e.arguments(x, []string{e.operand(x.Fun)})
}

// loopedResults returns what a call of such a function gives, with its types.
func (e *emitter) loopedResults(t types.Type, sig *types.Signature, call string) string {
	var names, values []string
	for i := range sig.Results().Len() {
		names = append(names, fmt.Sprintf("r%d", i))
		values = append(values, names[i])
		if r := sig.Results().At(i).Type(); mentions(r, t) {
			values[i] = e.unheld(names[i], r)
		}
	}
	if len(names) == 0 {
		return call
	}
	return strings.Join(names, ", ") + " := " + call + "; return " + strings.Join(values, ", ")
}

// toLooped writes a function of another type as one of such a type.
func (e *emitter) toLooped(text string, t types.Type, sig *types.Signature) string {
	var in, out []string
	for i := range sig.Params().Len() {
		p := sig.Params().At(i).Type()
		variadic := sig.Variadic() && i == sig.Params().Len()-1
		in = append(in, fmt.Sprintf("a%d %s", i, e.loopedPart(t, sig.Params(), i, sig.Variadic())))
		arg := fmt.Sprintf("a%d", i)
		if mentions(p, t) {
			arg = e.unheld(arg, p)
		}
		if variadic {
			arg += "..."
		}
		out = append(out, arg)
	}
	var results []string
	for i := range sig.Results().Len() {
		results = append(results, e.loopedPart(t, sig.Results(), i, false))
	}
	call := "f(" + strings.Join(out, ", ") + ")"
	if len(results) > 1 {
		var names []string
		for i := range results {
			names = append(names, fmt.Sprintf("r%d", i))
		}
		call = strings.Join(names, ", ") + " := " + call + "; return " + strings.Join(names, ", ")
	} else if len(results) == 1 {
		call = "return " + call
	}
	body := "func(" + strings.Join(in, ", ") + ") (" + strings.Join(results, ", ") + ") { " + call + " }"
	return e.helper("looped", t, "(f func"+e.signature(sig)+") T { if f == nil { return nil }; return "+body+" }") + "(" + text + ")"
}

// fromLooped writes a function of such a type as one of its underlying type.
func (e *emitter) fromLooped(text string, t types.Type, sig *types.Signature) string {
	in, out := e.forward(sig)
	return e.helper("unlooped", t, "(f T) func"+e.signature(sig)+" { if f == nil { return nil }; return func"+in+" { "+e.loopedResults(t, sig, "f("+out+")")+" } }") + "(" + text + ")"
}
