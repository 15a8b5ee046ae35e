package display

import "reflect"

// A Type tells of a value what reflection may not know: the types of interpreted programs have neither names nor
// methods there, and fields under other names. [TypeOf] is a type as reflection knows it.
type Type interface {
	// String is the type's name, or how Go writes it.
	String() string
	// Elem is the type of the elements of a pointer, slice, array, channel or map.
	Elem() Type
	// Key is the type of a map's keys.
	Key() Type
	// Fields are those of a struct, as many as the value has.
	Fields() []Field
	// Says is what the method String or Error of the value says, if it has one.
	Says(v reflect.Value) (text string, ok bool)
	// Speaks says whether values of the type have such a method.
	Speaks() bool
	// Holds is what a value is in truth: what is in an interface, and its type.
	Holds(v reflect.Value) (reflect.Value, Type)
}

// A Field is one of a struct.
type Field struct {
	Name  string
	Type  Type
	Shown bool // in tables
}

// TypeOf is a type as reflection knows it.
func TypeOf(t reflect.Type) Type { return reflected{t} }

type reflected struct{ reflect.Type }

func (t reflected) Elem() Type { return reflected{t.Type.Elem()} }
func (t reflected) Key() Type  { return reflected{t.Type.Key()} }

func (t reflected) Fields() []Field {
	out := make([]Field, t.NumField())
	for i := range out {
		f := t.Field(i)
		out[i] = Field{f.Name, reflected{f.Type}, f.IsExported()}
	}
	return out
}

func (t reflected) Says(v reflect.Value) (string, bool) { return own(v) }
func (t reflected) Speaks() bool                        { return speaks(t.Type) || speaks(reflect.PointerTo(t.Type)) }

func (t reflected) Holds(v reflect.Value) (reflect.Value, Type) {
	for v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		return v, t
	}
	return v, reflected{v.Type()}
}

// nameOf is a type's own name, without its package, or "" if it has none.
func nameOf(t Type) string {
	if r, ok := t.(reflected); ok {
		return r.Name()
	}
	if n, ok := t.(interface{ Name() string }); ok {
		return n.Name()
	}
	return ""
}
