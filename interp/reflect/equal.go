package reflect

import "reflect"

// visit is a pair that is being compared.
type visit struct {
	a, b uintptr
	typ  *rtype
}

// DeepEqual is reflect.DeepEqual.
func (p *Package) DeepEqual(x, y any) bool {
	a, b := p.ValueOf(x), p.ValueOf(y)
	if !a.IsValid() || !b.IsValid() {
		return a.IsValid() == b.IsValid()
	}
	return a.typ == b.typ && deep(a, b, map[visit]bool{})
}

// deep compares two values of one type.
func deep(a, b Value, open map[visit]bool) bool {
	if !a.IsValid() || !b.IsValid() {
		return a.IsValid() == b.IsValid()
	}
	if a.typ != b.typ {
		return false
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if a.IsNil() != b.IsNil() {
			return false
		}
		at := visit{a.Pointer(), b.Pointer(), a.typ}
		if a.Pointer() == b.Pointer() && (a.Kind() != reflect.Slice || a.Len() == b.Len()) || open[at] {
			return true
		}
		open[at] = true
	}
	switch a.Kind() {
	case reflect.Array, reflect.Slice:
		return a.Len() == b.Len() && all(a.Len(), func(i int) bool { return deep(a.Index(i), b.Index(i), open) })
	case reflect.Interface, reflect.Pointer:
		return deep(a.Elem(), b.Elem(), open)
	case reflect.Struct:
		return all(a.NumField(), func(i int) bool { return deep(a.Field(i), b.Field(i), open) })
	case reflect.Map:
		keys := a.Value.MapKeys()
		return a.Len() == b.Len() && all(len(keys), func(i int) bool {
			x, y := a.Value.MapIndex(keys[i]), b.Value.MapIndex(keys[i])
			return x.IsValid() && y.IsValid() && deep(a.in(x, a.elem), a.in(y, a.elem), open)
		})
	case reflect.Func:
		return a.IsNil() && b.IsNil()
	}
	return a.Value.Equal(b.Value)
}

func all(n int, holds func(int) bool) bool {
	for i := range n {
		if !holds(i) {
			return false
		}
	}
	return true
}
