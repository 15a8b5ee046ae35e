package formula

import (
	"fmt"
	"go/ast"
	"go/types"
)

// lookup reads m[k] of a map of a cell.
func (b *body) lookup(x *ast.IndexExpr, t *types.Map, ok bool) []operand {
	id, isIdent := ast.Unparen(x.X).(*ast.Ident)
	if !isIdent {
		b.refuse(x, "looks into %s", types.ExprString(x.X))
	}
	v, isVar := b.info.Uses[id].(*types.Var)
	if !isVar || !b.Session.Global(v) {
		b.refuse(x, "looks into %s", id.Name)
	}
	b.quiet(id, v)
	now, known := b.Global(v)
	if !known || !now.CanInterface() {
		b.refuse(x, "uses %s, whose value is not known", id.Name)
	}
	value, has := lookups(now.Interface())
	if value == nil {
		b.refuse(x, "looks into %s, of type %s", id.Name, typeName(t))
	}
	b.kind(x.Index, b.info.TypeOf(x.Index))
	key := b.expr(x.Index).value
	name := fmt.Sprintf("%s %p", id.Name, v)
	out := one(b.f.Call(name, value, key))
	if ok {
		out = append(out, operand{value: b.f.Call(name+" has", has, key)})
	}
	return out
}

// lookups are what a map has for a key and whether it has it, as functions; nil for a map of other types.
func lookups(m any) (value, has any) {
	switch m := m.(type) {
	case map[string]string:
		return of(m)
	case map[string]float64:
		return of(m)
	case map[string]int:
		return of(m)
	case map[string]bool:
		return of(m)
	case map[int]string:
		return of(m)
	case map[int]float64:
		return of(m)
	case map[int]int:
		return of(m)
	case map[int]bool:
		return of(m)
	}
	return nil, nil
}

func of[K comparable, V any](m map[K]V) (value, has any) {
	return func(k K) V { return m[k] }, func(k K) bool { _, ok := m[k]; return ok }
}
