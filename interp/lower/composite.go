package lower

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
)

func (e *emitter) composite(x *ast.CompositeLit) string {
	t := e.typeOf(x)
	prefix := ""
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t, prefix = ptr.Elem(), "&"
	}
	parts := make([]string, len(x.Elts))
	for i, el := range x.Elts {
		parts[i] = e.element(t, i, el)
	}
	text := prefix + e.typeText(t) + "{" + strings.Join(parts, ", ") + "}"
	if e.inHeader() {
		return "(" + text + ")"
	}
	return text
}

// element writes element i of a composite literal of type t.
func (e *emitter) element(t types.Type, i int, el ast.Expr) string {
	key, value := ast.Expr(nil), el
	if kv, ok := el.(*ast.KeyValueExpr); ok {
		key, value = kv.Key, kv.Value
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		if key == nil {
			return e.fieldValue(value, u.Field(i))
		}
		name := key.(*ast.Ident).Name
		for f := range u.Fields() {
			if f.Name() == name {
				return name + ": " + e.fieldValue(value, f)
			}
		}
	case *types.Map:
		return e.mapKey(key, u, "false") + ": " + e.untyped(value, u.Elem())
	case *types.Slice:
		return e.indexOf(key) + e.untyped(value, u.Elem())
	case *types.Array:
		return e.indexOf(key) + e.untyped(value, u.Elem())
	}
	return e.expr(el)
}

// fieldValue writes x for a field.
func (e *emitter) fieldValue(x ast.Expr, f *types.Var) string {
	if e.info.Types[x].IsNil() && held(f) {
		return "nil"
	}
	return e.untyped(x, f.Type())
}

// indexOf writes the index of an element.
func (e *emitter) indexOf(key ast.Expr) string {
	if key == nil {
		return ""
	}
	return constant.ToInt(e.info.Types[key].Value).ExactString() + ": "
}
