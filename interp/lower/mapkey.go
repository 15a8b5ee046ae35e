package lower

import (
	"go/ast"
	"go/types"
)

// mapKey writes x as a key of a map. One that may hold what cannot be compared is looked at before, since the run time
// would name the interpreter's own types; none says whether the map has nothing, of which Go says it in other words.
func (e *emitter) mapKey(x ast.Expr, m *types.Map, none string) string {
	key := e.subst(m.Key())
	if e.info.Types[x].IsNil() && native(key) { // the interpreter's own nil is of no type
		return e.helper("nil", key, "() T { var z T; return z }") + "()"
	}
	text, from := e.as(x, key), e.typeOf(x)
	if !holdsInterface(key) || types.Comparable(from) && !holdsInterface(from) {
		return text
	}
	return e.helper("key", key, "(k T, none bool) T { "+e.rt("Hashable")+"(k, none); return k }") + "(" + text + ", " + none + ")"
}

// none writes whether a map that is read has nothing, where it may be evaluated twice.
func (e *emitter) none(m ast.Expr, text string) string {
	if e.places || !e.plain(m) {
		return "false"
	}
	return "len(" + text + ") == 0"
}

// holdsInterface reports whether a value of a type that can be a key may hold one of any type.
func holdsInterface(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return true
	case *types.Array:
		return holdsInterface(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if holdsInterface(f.Type()) {
				return true
			}
		}
	}
	return false
}
