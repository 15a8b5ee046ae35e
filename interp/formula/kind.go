package formula

import (
	"go/ast"
	"go/constant"
	"go/types"
	"math"
	"reflect"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/vector"
)

// kind is the kind of values of a type, which x is of.
func (s *Source) kind(x ast.Node, t types.Type) row.Kind {
	if k, ok := kindOf(t); ok {
		return k
	}
	s.refuse(x, "has a value of type %s", typeName(t))
	return row.Null
}

func typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return p.Name()
	})
}

// kindOf is the kind of values of a type: the ones that hold 64 bits, texts and truths, under names of cells too. A
// named type of a package, such as a time.Duration, may stand in a column as something else.
func kindOf(t types.Type) (row.Kind, bool) {
	if n, ok := types.Unalias(t).(*types.Named); ok && (n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main") {
		return row.Null, false
	}
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		return row.Null, false
	}
	switch b.Kind() {
	case types.Bool, types.UntypedBool:
		return row.Bool, true
	case types.Int, types.Int64, types.UntypedInt:
		return row.Int, true
	case types.Float64, types.UntypedFloat:
		return row.Float, true
	case types.String, types.UntypedString:
		return row.String, true
	}
	return row.Null, false
}

// constant is a constant's value in its type.
func (b *body) constant(x ast.Node, v constant.Value, t types.Type) vector.Value {
	if types.IsInterface(t) {
		b.refuse(x, "has a value of type %s", typeName(t))
	}
	switch b.kind(x, t) {
	case row.Bool:
		return b.f.Const(constant.BoolVal(v))
	case row.Int:
		i, _ := constant.Int64Val(constant.ToInt(v))
		return b.f.Const(i)
	case row.Float:
		f, _ := constant.Float64Val(constant.ToFloat(v))
		return b.f.Const(f)
	}
	return b.f.Const(constant.StringVal(v))
}

// value is a variable's value as a constant.
func (b *body) value(x ast.Node, v reflect.Value, t types.Type) vector.Value {
	k := b.kind(x, t)
	for v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	switch {
	case k == row.Bool && v.Kind() == reflect.Bool:
		return b.f.Const(v.Bool())
	case k == row.Int && v.CanInt():
		return b.f.Const(v.Int())
	case k == row.Float && v.CanFloat():
		return b.f.Const(v.Float())
	case k == row.String && v.Kind() == reflect.String:
		return b.f.Const(v.String())
	}
	b.refuse(x, "has a variable whose value is not known")
	return vector.None
}

// zero is the value of a variable that was not set.
func (b *body) zero(x ast.Node, t types.Type) operand {
	if b.isRow(t) {
		b.refuse(x, "has an empty row")
	}
	switch b.kind(x, t) {
	case row.Bool:
		return operand{value: b.f.Const(false)}
	case row.Int:
		return operand{value: b.f.Const(int64(0))}
	case row.Float:
		return operand{value: b.f.Const(math.Float64frombits(0))}
	}
	return operand{value: b.f.Const("")}
}
