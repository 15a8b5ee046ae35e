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
	s, ok := v.(spoken)
	if !ok {
		out := Value{Value: reflect.ValueOf(v)}
		if out.Value.IsValid() {
			out.Shape = display.TypeOf(out.Value.Type())
		}
		return out
	}
	return Value{Value: s.value, Type: s.typ, Shape: s.engine.shapeOf(s.typ)}
}

// said is what a value says of itself, or shows as if its type has the name of a cell's in it; else "".
func (e *engine) said(v any, t types.Type) (text string) {
	defer func() {
		if recover() != nil { // a nil receiver, as fmt takes it
			text = ""
		}
	}()
	if !types.IsInterface(t) && e.ours(t) {
		return fmt.Sprint(spoken{e, reflect.ValueOf(v), t})
	}
	switch v := v.(type) {
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	}
	return ""
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
