package interp

import (
	"cmp"
	"reflect"
	"slices"
)

// sorted orders the keys of a map as fmt does.
func sorted(keys []reflect.Value) []reflect.Value {
	slices.SortStableFunc(keys, order)
	return keys
}

// order compares two values of one type: numbers and strings by value, false before true, structs and arrays part by
// part, interfaces by what they hold.
func order(a, b reflect.Value) int {
	switch {
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	case a.CanComplex():
		return cmp.Or(cmp.Compare(real(a.Complex()), real(b.Complex())), cmp.Compare(imag(a.Complex()), imag(b.Complex())))
	}
	switch a.Kind() {
	case reflect.String:
		return cmp.Compare(a.String(), b.String())
	case reflect.Bool:
		return ordinal(a.Bool()) - ordinal(b.Bool())
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		return cmp.Compare(a.Pointer(), b.Pointer())
	case reflect.Struct:
		return orderParts(a.NumField(), a.Field, b.Field)
	case reflect.Array:
		return orderParts(a.Len(), a.Index, b.Index)
	case reflect.Interface:
		return orderHeld(a, b)
	}
	return 0
}

func ordinal(b bool) int {
	if b {
		return 1
	}
	return 0
}

func orderParts(n int, a, b func(int) reflect.Value) int {
	for i := range n {
		if c := order(a(i), b(i)); c != 0 {
			return c
		}
	}
	return 0
}

// orderHeld compares what interfaces hold: nil first, then by type, then by value.
func orderHeld(a, b reflect.Value) int {
	if a.IsNil() || b.IsNil() {
		return ordinal(!a.IsNil()) - ordinal(!b.IsNil())
	}
	x, y := bare(a.Interface()), bare(b.Interface())
	if c := cmp.Compare(dynamicName(x), dynamicName(y)); c != 0 {
		return c
	}
	return order(reflect.ValueOf(raw(x)), reflect.ValueOf(raw(y)))
}
