package interp

import (
	"go/types"
	"reflect"

	"github.com/riffle-stream/riffle/display"
)

// A shape tells package display of the type of a cell's value what the checker knows of it. Reflection knows no names
// of types, calls a field y Xy, and sees no methods. What is in an interface is known by reflection only.
type shape struct {
	engine *engine
	static types.Type   // nil: not known
	actual reflect.Type // of the value, where static is nil
}

// shapeOf is the shape of a value with a static type.
func (e *engine) shapeOf(t types.Type) display.Type { return shape{engine: e, static: t} }

func (s shape) String() string {
	if s.static != nil {
		return types.TypeString(s.static, s.engine.short)
	}
	return s.actual.String()
}

// Name is the type's own name, or "".
func (s shape) Name() string {
	if s.static == nil {
		return s.actual.Name()
	}
	if n, ok := types.Unalias(s.static).(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

func (s shape) Elem() display.Type {
	if s.static == nil {
		return shape{engine: s.engine, actual: s.actual.Elem()}
	}
	if t, ok := s.static.Underlying().(interface{ Elem() types.Type }); ok {
		return s.engine.shapeOf(t.Elem())
	}
	return s
}

func (s shape) Key() display.Type {
	if s.static == nil {
		return shape{engine: s.engine, actual: s.actual.Key()}
	}
	if t, ok := s.static.Underlying().(*types.Map); ok {
		return s.engine.shapeOf(t.Key())
	}
	return s
}

// Fields shows those of a cell's type in tables whatever their letters: in a notebook there is no outside.
func (s shape) Fields() []display.Field {
	if s.static == nil {
		return s.actualFields()
	}
	t, ok := s.static.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	out := make([]display.Field, t.NumFields())
	for i := range out {
		f := t.Field(i)
		out[i] = display.Field{Name: f.Name(), Type: s.engine.shapeOf(f.Type()), Shown: f.Name() != "_" && (f.Exported() || f.Pkg() != nil && f.Pkg().Path() == "main")}
	}
	return out
}

func (s shape) actualFields() []display.Field {
	out := make([]display.Field, s.actual.NumField())
	for i := range out {
		f := s.actual.Field(i)
		out[i] = display.Field{Name: f.Name, Type: shape{engine: s.engine, actual: f.Type}, Shown: f.IsExported()}
	}
	return out
}

// Says asks the methods of cells' types, then those that reflection sees.
func (s shape) Says(v reflect.Value) (text string, ok bool) {
	if s.static != nil && s.engine.ours(s.static) {
		defer func() {
			if r := recover(); r != nil { // a nil receiver, as fmt takes it
				text, ok = "("+s.String()+": panic in its method)", true
			}
		}()
		return s.engine.said(v, s.static)
	}
	return display.TypeOf(v.Type()).Says(v)
}

// Speaks implements display.Type.
func (s shape) Speaks() bool {
	if s.static != nil && s.engine.ours(s.static) {
		k, ptr := s.engine.kinds.of(s.static), s.engine.kinds.of(types.NewPointer(s.static))
		return k.speaks() || ptr.speaks()
	}
	if s.static != nil && types.IsInterface(s.static) {
		return false
	}
	return s.actual != nil && display.TypeOf(s.actual).Speaks() || s.static != nil && compiledSpeaks(s.static)
}

// compiledSpeaks reports whether a compiled type has a printing method.
func compiledSpeaks(t types.Type) bool {
	set := types.NewMethodSet(types.NewPointer(t))
	return set.Lookup(nil, "String") != nil || set.Lookup(nil, "Error") != nil
}

// Holds looks into interfaces: a value of a cell's type is there with its type.
func (s shape) Holds(v reflect.Value) (reflect.Value, display.Type) {
	if !v.IsValid() {
		return v, s
	}
	if s.static != nil && !types.IsInterface(s.static) {
		return taken(v, s.static), s
	}
	if v.CanInterface() {
		if b, ok := bare(v.Interface()).(box); ok {
			return reflect.ValueOf(b.Value), s.engine.shapeOf(b.kind.typ)
		}
	}
	for v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		return v, s
	}
	return v, shape{engine: s.engine, actual: v.Type()}
}
