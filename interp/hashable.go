package interp

import (
	"go/types"
	"reflect"
)

// hashable panics as the run time does if a key of a map holds what cannot be compared; none says that the map has nothing.
func hashable(key any, none bool) {
	name := unhashable(key)
	switch {
	case name == "":
	case none:
		panic(thrown("hash of unhashable type: " + name))
	default:
		panic(thrown("runtime error: hash of unhashable type " + name))
	}
}

// unhashable names the type in a value that cannot be compared, or gives "".
func unhashable(x any) string {
	switch b, ok := bare(x).(box); {
	case x == nil:
		return ""
	case !ok && !reflect.TypeOf(x).Comparable(), ok && !types.Comparable(b.kind.typ):
		return dynamicName(x)
	case ok:
		return unhashableIn(reflect.ValueOf(b.Value))
	}
	return unhashableIn(reflect.ValueOf(x))
}

// unhashableIn looks at the parts of a value that are interfaces.
func unhashableIn(v reflect.Value) (name string) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() && v.CanInterface() {
			return unhashable(v.Interface())
		}
	case reflect.Struct:
		for i := 0; i < v.NumField() && name == ""; i++ {
			name = unhashableIn(v.Field(i))
		}
	case reflect.Array:
		for i := 0; i < v.Len() && name == ""; i++ {
			name = unhashableIn(v.Index(i))
		}
	}
	return name
}
