package interp

import (
	"fmt"
	"go/types"
	"reflect"

	"github.com/riffle-stream/riffle/display"
)

// component is the type of result i.
func component(t types.Type, i int) types.Type {
	if tuple, ok := t.(*types.Tuple); ok {
		return tuple.At(i).Type()
	}
	return types.Default(t)
}

// Said is the value of an argument of the prelude's Display, with the type that it has in its cell.
func Said(v any) Value {
	b, ok := bare(v).(box)
	if !ok {
		out := Value{Value: reflect.ValueOf(v)}
		if out.Value.IsValid() {
			out.Shape = display.TypeOf(out.Value.Type())
		}
		return out
	}
	return b.kind.engine.valueOf(b, b.kind.typ)
}

// valueOf is a value that is shown. Text is what it says of itself, or as what it shows if its type has the name of a
// cell's in it.
func (e *engine) valueOf(v any, t types.Type) (out Value) {
	b, boxed := bare(v).(box)
	switch {
	case boxed:
		t = b.kind.typ
	case !types.IsInterface(t) && e.ours(t):
		b, boxed = box{v, e.kinds.of(t)}, true
	}
	out = Value{Value: reflect.ValueOf(raw(v)), Type: t, Shape: e.shapeOf(t)}
	defer func() {
		_ = recover() // a nil receiver: no text, as fmt takes it
	}()
	switch v := v.(type) {
	case error:
		out.Text = v.Error()
	case fmt.Stringer:
		out.Text = v.String()
	default:
		if boxed && b.kind != nil {
			out.Text = fmt.Sprint(b)
		}
	}
	return out
}

// Format shows the value as fmt does, with what it says of itself if it does.
func (v Value) Format() string {
	if v.Text != "" {
		return v.Text
	}
	if !v.Value.IsValid() {
		return "<nil>"
	}
	return fmt.Sprint(v.Value)
}
