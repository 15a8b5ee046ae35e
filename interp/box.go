package interp

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"
)

// A box is a value of a cell's type inside an interface. Two are equal if their types and values are.
type box struct {
	Value any
	kind  *kind
}

func (e *engine) box(v any, n int) any { return box{v, e.kinds.at(n)} }

// open sets *out to a receiver that a method got as any.
func (e *engine) open(v, out any) { fit(reflect.ValueOf(out).Elem(), v) }

// fit sets a variable to a value of its type, or of another that the interpreter has for it.
func fit(out reflect.Value, v any) {
	from := reflect.ValueOf(v)
	switch {
	case v == nil:
		out.SetZero()
	case from.Type().AssignableTo(out.Type()):
		out.Set(from)
	case from.CanConvert(out.Type()):
		out.Set(from.Convert(out.Type()))
	case from.Type().Size() == out.Type().Size() && from.Kind() == out.Kind(): // two forms of a type that mentions itself
		held := reflect.New(from.Type())
		held.Elem().Set(from)
		out.Set(reflect.NewAt(out.Type(), held.UnsafePointer()).Elem())
	default:
		panic(conversionError(fmt.Sprintf("%s is not %s", from.Type(), out.Type())))
	}
}

// bare is what an interface of compiled code was made of.
func bare(x any) any {
	switch x := x.(type) {
	case nil, box, error:
		if u, ok := x.(unboxer); ok {
			return u.unbox()
		}
		return x
	case unboxer:
		return x.unbox()
	}
	v := reflect.ValueOf(x)
	if v.Kind() != reflect.Struct || v.NumField() < 2 || !strings.HasPrefix(v.Type().Name(), "_") || v.Type().Field(0).Name != "IValue" {
		return x
	}
	return v.Field(0).Interface()
}

// An unboxer is a box in a form that compiled code looks for.
type unboxer interface{ unbox() box }

// raw is the value without its box.
func raw(x any) any {
	if b, ok := bare(x).(box); ok {
		return b.Value
	}
	return x
}

// equal is == of two interface values.
func equal(x, y any) bool {
	x, y = bare(x), bare(y)
	a, boxed := x.(box)
	b, both := y.(box)
	if boxed && both && a.kind == b.kind && a.Value != nil && !reflect.TypeOf(a.Value).Comparable() {
		panic(thrown("runtime error: comparing uncomparable type " + goName(a.kind.typ)))
	}
	if boxed != both || boxed && a.kind != b.kind {
		return false
	}
	return x == y
}

// is sets *out to what x holds, and reports whether that is of the type with number to.
func (e *engine) is(x any, _, to int, out any) bool {
	x = bare(x)
	k, place := e.kinds.at(to), reflect.ValueOf(out).Elem()
	if face, ok := k.typ.Underlying().(*types.Interface); ok {
		if x == nil || e.missing(x, face) != "" {
			return false
		}
		e.become(x, place)
		return true
	}
	if b, ok := x.(box); ok {
		if b.kind == k || types.Identical(b.kind.typ, k.typ) {
			fit(place, b.Value)
			return true
		}
		return false
	}
	if x == nil || reflect.TypeOf(x) != place.Type() || e.ours(k.typ) {
		return false
	}
	place.Set(reflect.ValueOf(x))
	return true
}

// as is an assertion that must hold.
func (e *engine) as(x any, from, to int, out any) {
	if e.is(x, from, to, out) {
		return
	}
	x = bare(x)
	name, want := e.kinds.at(from).typ, e.kinds.at(to).typ
	face, isFace := want.Underlying().(*types.Interface)
	switch {
	case x == nil && isFace:
		panic(conversionError("interface is nil, not " + goName(want)))
	case isFace:
		panic(conversionError(fmt.Sprintf("%s is not %s: missing method %s", dynamicName(x), goName(want), e.missing(x, face))))
	}
	panic(conversionError(fmt.Sprintf("%s is %s, not %s", faceName(name), dynamicName(x), goName(want))))
}

func faceName(t types.Type) string {
	if name := goName(t); name != "any" {
		return name
	}
	return "interface {}"
}

// dynamicName is the name of a value's type as %T shows it.
func dynamicName(x any) string {
	switch x := bare(x).(type) {
	case nil:
		return "nil"
	case box:
		return goName(x.kind.typ)
	case conversionError:
		return "*runtime.TypeAssertionError"
	default:
		return reflect.TypeOf(x).String()
	}
}

// missing is a method of an interface that a value does not have, or "".
func (e *engine) missing(x any, face *types.Interface) string {
	if b, ok := x.(box); ok {
		if m, _ := types.MissingMethod(b.kind.typ, face, true); m != nil {
			return m.Name()
		}
		return ""
	}
	t := reflect.TypeOf(x)
	for m := range face.Methods() {
		own, ok := t.MethodByName(m.Name())
		if !ok || own.Type.NumIn() != m.Signature().Params().Len()+1 || own.Type.NumOut() != m.Signature().Results().Len() {
			return m.Name()
		}
	}
	return ""
}

// to sets *out, an interface of compiled code, to x.
func (e *engine) to(x, out any) { e.become(bare(x), reflect.ValueOf(out).Elem()) }

func (e *engine) become(x any, out reflect.Value) {
	b, boxed := x.(box)
	switch {
	case x == nil:
		out.SetZero()
	case out.NumMethod() == 0:
		out.Set(reflect.ValueOf(x))
	case !boxed:
		out.Set(reflect.ValueOf(x))
	case out.Type() == typeOf[error]():
		out.Set(reflect.ValueOf(b.err()))
	default:
		out.Set(e.wrap(b, out.Type()))
	}
}

// wrap makes a value that compiled code can call the methods of an interface on.
func (e *engine) wrap(b box, face reflect.Type) reflect.Value {
	for _, set := range e.sets {
		p, ok := set.Lookup(face.PkgPath())
		if !ok {
			continue
		}
		v, ok := p.Values()["_"+face.Name()]
		if !ok {
			continue
		}
		w := reflect.New(v.Type().Elem()).Elem()
		w.Field(0).Set(reflect.ValueOf(b))
		for i := 1; i < w.NumField(); i++ {
			w.Field(i).Set(b.bound(strings.TrimPrefix(w.Type().Field(i).Name, "W"), w.Field(i).Type()))
		}
		return w
	}
	panic(thrown(fmt.Sprintf("cells cannot use %s as %s", goName(b.kind.typ), face)))
}

// find sets *out to the method of what x holds.
func (e *engine) find(x any, name string, out any) {
	place := reflect.ValueOf(out).Elem()
	switch x := bare(x).(type) {
	case nil:
		badPointer()
	case box:
		place.Set(x.bound(name, place.Type()))
	default:
		fit(place, reflect.ValueOf(x).MethodByName(name).Interface())
	}
}

// bound is a method of the value as a function of type f.
func (b box) bound(name string, f reflect.Type) reflect.Value {
	m, ok := b.kind.method(name)
	if !ok {
		panic(thrown(fmt.Sprintf("the method %s of %s is not known here", name, goName(b.kind.typ))))
	}
	return reflect.MakeFunc(f, func(args []reflect.Value) []reflect.Value {
		recv := reflect.New(m.Type().In(0)).Elem()
		fit(recv, b.Value)
		in := append([]reflect.Value{recv}, args...)
		for i := 1; i < len(in); i++ {
			in[i] = fitted(in[i], m.Type().In(i))
		}
		var results []reflect.Value
		if m.Type().IsVariadic() {
			results = m.CallSlice(in)
		} else {
			results = m.Call(in)
		}
		for i := range results {
			results[i] = fitted(results[i], f.Out(i))
		}
		return results
	})
}

func fitted(v reflect.Value, t reflect.Type) reflect.Value {
	if v.Type() == t {
		return v
	}
	out := reflect.New(t).Elem()
	fit(out, v.Interface())
	return out
}

// call calls a method without parameters that gives one value.
func (b box) call(name string) any {
	m, _ := b.kind.method(name)
	recv := reflect.New(m.Type().In(0)).Elem()
	fit(recv, b.Value)
	return m.Call([]reflect.Value{recv})[0].Interface()
}

func (b box) has(name string) bool {
	_, ok := b.kind.method(name)
	return ok
}
