package display

import (
	"cmp"
	"reflect"
	"slices"
)

// sortedKeys are a map's keys: numbers by value, strings as text, others as they are printed.
func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	slices.SortStableFunc(keys, compareKeys)
	return keys
}

func compareKeys(a, b reflect.Value) int {
	a, b = inside(a), inside(b)
	if !a.IsValid() || !b.IsValid() || a.Kind() != b.Kind() {
		return cmp.Compare(text(a), text(b))
	}
	switch {
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	case a.Kind() == reflect.String:
		return cmp.Compare(a.String(), b.String())
	}
	return cmp.Compare(text(a), text(b))
}

func inside(v reflect.Value) reflect.Value {
	if v.IsValid() && v.Kind() == reflect.Interface {
		return v.Elem()
	}
	return v
}

func text(v reflect.Value) string {
	if !v.IsValid() {
		return "nil"
	}
	p := printer{}
	return p.value(v, TypeOf(v.Type()), 1)
}
