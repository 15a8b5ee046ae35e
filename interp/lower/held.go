package lower

import (
	"fmt"
	"go/ast"
	"go/types"
)

// The interpreter cannot make the type of a struct with a map or slice of functions which take the struct itself, nor
// structs that mention each other: such a field is any here, and what it holds is taken out where it is read.

// held reports whether a field is such a one.
func held(f *types.Var) bool {
	return listsFuncs(f.Type()) && reaches(f.Type(), f.Origin(), map[types.Type]bool{}) || crosses(f)
}

// crosses reports whether a field leads to another struct that leads back: to one declared later, or to one that holds
// the field's own as a part, where nothing can be any.
func crosses(f *types.Var) bool {
	if f.Embedded() || f.Pkg() == nil || f.Pkg().Path() != "main" {
		return false
	}
	switch f.Type().Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Signature, *types.Chan:
	default:
		return false
	}
	for _, n := range structsOf(f.Type()) {
		if holds(n, f.Origin(), map[types.Type]bool{}, true) {
			continue // its own
		}
		later := n.Obj().Pos() > f.Pos()
		if (later || holds(n, f.Origin(), map[types.Type]bool{}, false)) && reaches(n.Underlying(), f.Origin(), map[types.Type]bool{}) {
			return true
		}
	}
	return false
}

// structsOf are the structs of cells that a type mentions with no struct between.
func structsOf(t types.Type) (out []*types.Named) {
	seen := map[types.Type]bool{}
	var walk func(types.Type)
	walk = func(t types.Type) {
		walkNamed(t, seen, func(n *types.Named) {
			switch _, isStruct := n.Underlying().(*types.Struct); {
			case n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main" || types.IsInterface(n):
			case isStruct:
				out = append(out, n)
			default:
				walk(n.Underlying())
			}
		})
	}
	walk(t)
	return out
}

// holds reports whether a struct has a field: among its own, or in one of its parts.
func holds(t types.Type, field *types.Var, seen map[types.Type]bool, own bool) bool {
	st, ok := t.Underlying().(*types.Struct)
	if !ok || seen[t] {
		return false
	}
	seen[t] = true
	for f := range st.Fields() {
		part := f.Type()
		if f.Embedded() {
			part = deref(part)
		}
		if f.Origin() == field || !own && holds(part, field, seen, false) {
			return true
		}
	}
	return false
}

// listsFuncs reports whether a type is a map or slice whose elements are functions, or lists of them.
func listsFuncs(t types.Type) bool {
	var elem types.Type
	switch u := t.Underlying().(type) {
	case *types.Map:
		elem = u.Elem()
	case *types.Slice:
		elem = u.Elem()
	default:
		return false
	}
	_, ok := elem.Underlying().(*types.Signature)
	return ok || listsFuncs(elem)
}

// reaches reports whether a type mentions a struct of a cell that has a field.
func reaches(t types.Type, field *types.Var, seen map[types.Type]bool) bool {
	found := false
	walkNamed(t, map[types.Type]bool{}, func(n *types.Named) {
		if found || seen[n] || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main" {
			return
		}
		seen[n] = true
		if st, ok := n.Underlying().(*types.Struct); ok {
			for f := range st.Fields() {
				found = found || f.Origin() == field
			}
		}
		found = found || reaches(n.Underlying(), field, seen)
	})
	return found
}

// heldField reports whether x selects such a field.
func (e *emitter) heldField(x ast.Expr) bool {
	sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	s := e.info.Selections[sel]
	return s != nil && s.Kind() == types.FieldVal && held(s.Obj().(*types.Var))
}

// reading is the emitter for an operand whose elements may be assigned to: what a held field or element holds is only read.
func (e *emitter) reading(x ast.Expr) *emitter {
	if e.heldPlace(x) {
		return e.valuing()
	}
	return e
}

// heldPlace reports whether x is a place that holds any here, though its type is another.
func (e *emitter) heldPlace(x ast.Expr) bool { return e.heldField(x) || e.heldIndex(x) }

// zero tells the host the type of what a held place holds.
func (e *emitter) zero(t types.Type) {
	inner := *e
	e.instance("zero "+e.key(t), "zero", func(string) {
		inner.setup += fmt.Sprintf("\n%s(%d, []interface{}{func() %s { var z %s; return z }()}[0])", inner.rt("Zero"), inner.number(t), inner.typeText(t), inner.typeText(t))
	})
}

// unheld writes what a field holds.
func (e *emitter) unheld(text string, t types.Type) string {
	return e.helper("held", t, "(x interface{}) T { v, _ := x.(T); return v }") + "(" + text + ")"
}
