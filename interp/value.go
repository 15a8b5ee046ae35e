package interp

import (
	"fmt"
	"go/types"
)

// component is the type of result i.
func component(t types.Type, i int) types.Type {
	if tuple, ok := t.(*types.Tuple); ok {
		return tuple.At(i).Type()
	}
	return types.Default(t)
}

// said is what a value says of itself, or "".
func said(v any) (text string) {
	defer func() {
		if recover() != nil { // a nil receiver, as fmt takes it
			text = ""
		}
	}()
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
