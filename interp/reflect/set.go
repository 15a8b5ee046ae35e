package reflect

import (
	"reflect"
	"unsafe"
)

// CanSet reports whether v may be changed.
func (v Value) CanSet() bool {
	return !v.hidden && (v.Value.CanSet() || v.place.IsValid() && v.place.CanSet())
}

// CanAddr reports whether v has an address.
func (v Value) CanAddr() bool { return v.Value.CanAddr() || v.place.IsValid() && v.place.CanAddr() }

// open is the variable of v, for the method that sets it.
func (v Value) open(method string) reflect.Value {
	if v.hidden {
		panic("reflect: reflect.Value." + method + " using value obtained using unexported field")
	}
	return v.Value
}

// as is v as an argument, of type t, whose values are of type r here.
func (v Value) as(t *rtype, r reflect.Type, who string) reflect.Value {
	if v.typ == nil {
		panic(who + ": zero Value")
	}
	if v.hidden {
		panic(who + " using value obtained using unexported field")
	}
	if !v.typ.AssignableTo(t) {
		panic(who + ": value of type " + v.typ.String() + " is not assignable to type " + t.String())
	}
	out := reflect.New(r).Elem()
	if t.Kind() == reflect.Interface {
		t.pkg.host.Fit(out, v.boxed())
	} else {
		t.pkg.host.Fit(out, v.Value.Interface())
	}
	return out
}

// Set sets v to x.
func (v Value) Set(x Value) {
	if out := v.open("Set"); v.place.IsValid() {
		v.place.Set(x.as(v.typ, v.place.Type(), "reflect.Set"))
	} else if v.typ == nil || !out.CanSet() {
		out.Set(x.Value) // which panics
	} else {
		out.Set(x.as(v.typ, out.Type(), "reflect.Set"))
	}
}

// SetZero sets v to the zero value.
func (v Value) SetZero() {
	if out := v.open("SetZero"); v.place.IsValid() {
		v.place.SetZero()
	} else {
		out.SetZero()
	}
}

// SetBool sets v to a truth.
func (v Value) SetBool(x bool) { v.open("SetBool").SetBool(x) }

// SetInt sets v to an integer.
func (v Value) SetInt(x int64) { v.open("SetInt").SetInt(x) }

// SetUint sets v to an integer without sign.
func (v Value) SetUint(x uint64) { v.open("SetUint").SetUint(x) }

// SetFloat sets v to a float.
func (v Value) SetFloat(x float64) { v.open("SetFloat").SetFloat(x) }

// SetComplex sets v to a complex number.
func (v Value) SetComplex(x complex128) { v.open("SetComplex").SetComplex(x) }

// SetString sets v to a text.
func (v Value) SetString(x string) { v.open("SetString").SetString(x) }

// SetBytes sets v to bytes.
func (v Value) SetBytes(x []byte) { v.open("SetBytes").SetBytes(x) }

// SetPointer sets v to an address.
func (v Value) SetPointer(x unsafe.Pointer) { v.open("SetPointer").SetPointer(x) }

// SetLen sets the length of a slice.
func (v Value) SetLen(n int) { v.open("SetLen").SetLen(n) }

// SetCap sets the capacity of a slice.
func (v Value) SetCap(n int) { v.open("SetCap").SetCap(n) }

// Grow makes room for n more elements of a slice.
func (v Value) Grow(n int) { v.open("Grow").Grow(n) }

// Clear empties a map, or sets the elements of a slice to zero.
func (v Value) Clear() { v.open("Clear").Clear() }
