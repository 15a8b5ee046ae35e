package reflect

import (
	"fmt"
	"go/types"
	"iter"
	"reflect"
)

// Value is reflect.Value.
type Value struct {
	reflect.Value
	typ    *rtype
	place  reflect.Value // a variable of any that holds it, if one does
	hidden bool          // it was got by a field that is not exported
}

// in is a part of v: of type t if v is of a cell's.
func (v Value) in(part reflect.Value, t func() types.Type) Value {
	var typ types.Type
	if v.typ.t != nil {
		typ = t()
	}
	out := v.typ.pkg.value(part, typ)
	out.hidden = v.hidden
	return out
}

// Type is the value's.
func (v Value) Type() Type {
	if v.typ == nil {
		panic(&reflect.ValueError{Method: "reflect.Value.Type", Kind: reflect.Invalid})
	}
	return v.typ
}

// String is the text of a text, and of others what they are.
func (v Value) String() string {
	switch {
	case !v.IsValid():
		return "<invalid Value>"
	case v.Kind() == reflect.String:
		return v.Value.String()
	}
	return "<" + v.typ.String() + " Value>"
}

// Shown is v as an operand of fmt, which prints it as what it is of; within another value it is a String.
func (v Value) Shown() fmt.Formatter {
	type Value struct{ operand } // %T shows this name
	return Value{operand{v}}
}

// An operand is a Value that is printed.
type operand struct{ v Value }

// Format implements [fmt.Formatter].
func (o operand) Format(f fmt.State, verb rune) {
	switch v := o.v; {
	case !v.IsValid():
		fmt.Fprint(f, "<invalid reflect.Value>")
	case v.typ.t == nil && !v.hidden && v.Kind() != reflect.Interface:
		fmt.Fprintf(f, fmt.FormatString(f, verb), v.Value.Interface())
	case v.Kind() == reflect.Interface && v.IsNil():
		fmt.Fprint(f, "<nil>")
	case v.Kind() == reflect.Interface:
		operand{v.Elem()}.Format(f, verb)
	default:
		v.typ.pkg.host.Speak(f, verb, v.Value, v.typ.checked(), v.hidden)
	}
}

// CanInterface reports whether Interface does not panic.
func (v Value) CanInterface() bool { return v.Value.CanInterface() && !v.hidden }

// Interface is the value in an interface.
func (v Value) Interface() any {
	if v.hidden {
		panic("reflect.Value.Interface: cannot return value obtained from unexported field or method")
	}
	return v.boxed()
}

func (v Value) boxed() any {
	switch {
	case v.Kind() == reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return v.Elem().boxed()
	case v.typ != nil && v.typ.t != nil:
		return v.typ.pkg.host.Box(v.Value.Interface(), v.typ.t)
	}
	return v.Value.Interface()
}

// Elem is what an interface holds or a pointer points to.
func (v Value) Elem() Value {
	if v.Kind() == reflect.Interface {
		if v.IsNil() {
			return Value{}
		}
		out := v.typ.pkg.ValueOf(v.Value.Interface())
		out.hidden = v.hidden
		return out
	}
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return Value{}
	}
	return v.in(v.Value.Elem(), func() types.Type { return v.typ.t.Underlying().(*types.Pointer).Elem() })
}

// Field is field i.
func (v Value) Field(i int) Value {
	part := v.Value.Field(i)
	s := v.typ.structType()
	if s == nil {
		return v.in(part, nil)
	}
	out := v.in(part, func() types.Type { return s.Field(i).Type() })
	out.hidden = v.hidden || !s.Field(i).Exported()
	return out
}

// Fields are the fields, each with what it has.
func (v Value) Fields() iter.Seq2[StructField, Value] {
	return func(yield func(StructField, Value) bool) {
		for i := range v.NumField() {
			if !yield(v.typ.Field(i), v.Field(i)) {
				return
			}
		}
	}
}

// FieldByIndex is a field of a field.
func (v Value) FieldByIndex(index []int) Value {
	out, err := v.FieldByIndexErr(index)
	if err != nil {
		panic("reflect: indirection through nil pointer to embedded struct")
	}
	return out
}

// FieldByIndexErr is a field of a field, or the error that a pointer on the way is nil.
func (v Value) FieldByIndexErr(index []int) (Value, error) {
	for i, x := range index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return Value{}, fmt.Errorf("reflect: indirection through nil pointer to embedded struct field %s", v.typ.Elem().Name())
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v, nil
}

// FieldByName is the field with a name, not valid if there is none.
func (v Value) FieldByName(name string) Value {
	if f, ok := v.typ.FieldByName(name); ok {
		return v.FieldByIndex(f.Index)
	}
	return Value{}
}

// FieldByNameFunc is the field whose name matches, not valid if there is none.
func (v Value) FieldByNameFunc(match func(string) bool) Value {
	if f, ok := v.typ.FieldByNameFunc(match); ok {
		return v.FieldByIndex(f.Index)
	}
	return Value{}
}

// elem is the type of elements of a cell's type.
func (v Value) elem() types.Type {
	if e, ok := v.typ.t.Underlying().(interface{ Elem() types.Type }); ok {
		return e.Elem()
	}
	return types.Typ[types.Uint8] // of a text
}

// Index is element i.
func (v Value) Index(i int) Value { return v.in(v.Value.Index(i), v.elem) }

// Slice is v[i:j].
func (v Value) Slice(i, j int) Value { return v.in(v.Value.Slice(i, j), v.cut) }

// Slice3 is v[i:j:k].
func (v Value) Slice3(i, j, k int) Value { return v.in(v.Value.Slice3(i, j, k), v.cut) }

// cut is the type of a part of v.
func (v Value) cut() types.Type {
	if a, ok := v.typ.t.Underlying().(*types.Array); ok {
		return types.NewSlice(a.Elem())
	}
	return v.typ.t
}

// Addr is the address of v.
func (v Value) Addr() Value {
	return v.in(v.Value.Addr(), func() types.Type { return types.NewPointer(v.typ.t) })
}

// Convert is v as a value of type t.
func (v Value) Convert(t Type) Value {
	to := real(t)
	if v.typ.t == nil && to.t == nil {
		return v.in(v.Value.Convert(to.Type), nil)
	}
	if !v.typ.ConvertibleTo(t) {
		panic("reflect.Value.Convert: value of type " + v.typ.String() + " cannot be converted to type " + t.String())
	}
	out := reflect.New(to.Type).Elem()
	switch {
	case t.Kind() == reflect.Interface:
		v.typ.pkg.host.Fit(out, v.boxed())
	case v.Value.CanConvert(to.Type):
		out.Set(v.Value.Convert(to.Type))
	default:
		v.typ.pkg.host.Fit(out, v.Value.Interface())
	}
	c := v.typ.pkg.value(out, to.t)
	c.Value, c.hidden = reflect.ValueOf(out.Interface()), v.hidden
	if t.Kind() == reflect.Interface {
		c.Value = out
	}
	return c
}

// CanConvert reports whether Convert does not panic.
func (v Value) CanConvert(t Type) bool {
	if to := real(t); v.typ.t == nil && to.t == nil {
		return v.Value.CanConvert(to.Type)
	}
	return v.typ.ConvertibleTo(t)
}

// Equal is v == u.
func (v Value) Equal(u Value) bool {
	if !v.IsValid() || !u.IsValid() {
		return v.IsValid() == u.IsValid()
	}
	return v.typ == u.typ && v.Value.Equal(u.Value)
}
