package lower

import (
	"go/ast"
	"go/types"
)

// The interpreter cannot make the type of a struct with a map or slice of functions which take the struct itself: such
// a field is any here, and what it holds is taken out where it is read.

// held reports whether a field is such a one.
func held(f *types.Var) bool {
	return listsFuncs(f.Type()) && reaches(f.Type(), f.Origin(), map[types.Type]bool{})
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
	if !e.places || !e.heldField(x) && !e.heldIndex(x) {
		return e
	}
	c := *e
	c.places = false
	return &c
}

// unheld writes what a field holds.
func (e *emitter) unheld(text string, t types.Type) string {
	return e.helper("held", t, "(x interface{}) T { v, _ := x.(T); return v }") + "(" + text + ")"
}
