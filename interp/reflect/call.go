package reflect

import (
	"go/types"
	"iter"
	"reflect"
)

// NumMethod is the number of methods of the value's type.
func (v Value) NumMethod() int { return v.Type().NumMethod() }

// Method is a method of v as a function.
func (v Value) Method(i int) Value {
	if v.typ.t == nil {
		return v.in(v.Value.Method(i), nil)
	}
	return v.bound(v.typ.methods()[i])
}

// MethodByName is the method with a name, not valid if there is none.
func (v Value) MethodByName(name string) Value {
	if v.typ.t == nil {
		m := v.Value.MethodByName(name)
		if !m.IsValid() {
			return Value{}
		}
		return v.in(m, nil)
	}
	for _, m := range v.typ.methods() {
		if m.Name() == name {
			return v.bound(m)
		}
	}
	return Value{}
}

// Methods are the methods, each as a function.
func (v Value) Methods() iter.Seq2[Method, Value] {
	return func(yield func(Method, Value) bool) {
		for i := range v.NumMethod() {
			if !yield(v.typ.Method(i), v.Method(i)) {
				return
			}
		}
	}
}

// Call calls a function.
func (v Value) Call(in []Value) []Value {
	t := v.function("Call")
	args, n := make([]reflect.Value, 0, len(in)), t.NumIn()
	if t.IsVariadic() {
		n--
	}
	if len(in) < n || len(in) > n && !t.IsVariadic() {
		panic("reflect: Call with too " + map[bool]string{true: "few", false: "many"}[len(in) < n] + " input arguments")
	}
	for i, x := range in {
		if i < n {
			args = append(args, x.as(real(t.In(i)), t.Type.In(i), "reflect: Call using "+x.named()))
		} else {
			args = append(args, x.as(real(t.In(n).Elem()), t.Type.In(n).Elem(), "reflect: Call using "+x.named()))
		}
	}
	return v.results(v.Value.Call(args))
}

// CallSlice calls a variadic function with the last argument as its list.
func (v Value) CallSlice(in []Value) []Value {
	t := v.function("CallSlice")
	if !t.IsVariadic() || len(in) != t.NumIn() {
		panic("reflect: CallSlice of a function that takes other arguments")
	}
	args := make([]reflect.Value, len(in))
	for i, x := range in {
		args[i] = x.as(real(t.In(i)), t.Type.In(i), "reflect: CallSlice using "+x.named())
	}
	return v.results(v.Value.CallSlice(args))
}

func (v Value) named() string {
	if v.typ == nil {
		return "zero Value argument"
	}
	return v.typ.String()
}

// function is the type of v, which a method calls.
func (v Value) function(method string) *rtype {
	if v.typ == nil || v.typ.Kind() != reflect.Func {
		panic(&reflect.ValueError{Method: "reflect.Value." + method, Kind: v.Kind()})
	}
	v.open(method)
	return v.typ
}

func (v Value) results(out []reflect.Value) []Value {
	list := make([]Value, len(out))
	for i, x := range out {
		list[i] = v.in(x, func() types.Type { return v.typ.signature().Results().At(i).Type() })
	}
	return list
}
