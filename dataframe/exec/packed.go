package exec

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// packed is a state as a value that [row.AppendValue] takes: the same for equal
// states, whether the types are the interpreter's or the compiler's. Structs are
// lists of their fields; maps are lists of pairs, in order of the keys' bytes.
func packed(v reflect.Value) any {
	switch x := v.Interface().(type) {
	case time.Time:
		return []any{x.Unix(), int64(x.Nanosecond())}
	case time.Duration:
		return int64(x)
	}
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return int64(v.Uint()) // its bits
	case reflect.Float32, reflect.Float64:
		return v.Float()
	case reflect.String:
		return v.String()
	case reflect.Struct:
		out := make([]any, v.NumField())
		for i := range out {
			out[i] = packed(v.Field(i))
		}
		return out
	case reflect.Map:
		return packedMap(v)
	}
	if v.Kind() == reflect.Slice && v.IsNil() {
		return nil
	}
	out := make([]any, v.Len())
	for i := range out {
		out[i] = packed(v.Index(i))
	}
	return out
}

func packedMap(v reflect.Value) any {
	if v.IsNil() {
		return nil
	}
	type pair struct {
		key   []byte
		value []any
	}
	var pairs []pair
	for it := v.MapRange(); it.Next(); {
		k := packed(it.Key())
		pairs = append(pairs, pair{row.AppendValue(nil, k), []any{k, packed(it.Value())}})
	}
	slices.SortFunc(pairs, func(a, b pair) int { return bytes.Compare(a.key, b.key) })
	out := make([]any, len(pairs))
	for i, p := range pairs {
		out[i] = p.value
	}
	return out
}

// unpack puts a value that packed made into a variable of the type that it was made of.
func unpack(x any, v reflect.Value) error {
	switch v.Interface().(type) {
	case time.Time:
		parts, ok := x.([]any)
		if !ok || len(parts) != 2 {
			return unfit(x, v)
		}
		sec, ok1 := parts[0].(int64)
		nano, ok2 := parts[1].(int64)
		if !ok1 || !ok2 {
			return unfit(x, v)
		}
		v.Set(reflect.ValueOf(time.Unix(sec, nano).UTC()))
		return nil
	}
	switch x := x.(type) {
	case nil:
		v.SetZero()
		return nil
	case bool:
		if v.Kind() == reflect.Bool {
			v.SetBool(x)
			return nil
		}
	case float64:
		if v.CanFloat() {
			v.SetFloat(x)
			return nil
		}
	case string:
		if v.Kind() == reflect.String {
			v.SetString(x)
			return nil
		}
	case int64:
		switch {
		case v.CanInt():
			v.SetInt(x)
			return nil
		case v.CanUint():
			v.SetUint(uint64(x))
			return nil
		}
	case []any:
		return unpackList(x, v)
	}
	return unfit(x, v)
}

func unpackList(x []any, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Struct:
		if v.NumField() != len(x) {
			return fmt.Errorf("state has %d fields where %s is wanted", len(x), v.Type())
		}
		return each(x, v.Field)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), len(x), len(x)))
		return each(x, v.Index)
	case reflect.Array:
		if v.Len() != len(x) {
			return unfit(x, v)
		}
		return each(x, v.Index)
	case reflect.Map:
		v.Set(reflect.MakeMapWithSize(v.Type(), len(x)))
		for _, e := range x {
			pair, ok := e.([]any)
			if !ok || len(pair) != 2 {
				return unfit(e, v)
			}
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			if err := each(pair, func(i int) reflect.Value { return []reflect.Value{key, value}[i] }); err != nil {
				return err
			}
			v.SetMapIndex(key, value)
		}
		return nil
	}
	return unfit(x, v)
}

// each unpacks the values of a list into variables.
func each(x []any, to func(int) reflect.Value) error {
	for i := range x {
		if err := unpack(x[i], to(i)); err != nil {
			return err
		}
	}
	return nil
}
