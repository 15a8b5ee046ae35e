package row

import (
	"fmt"
	"strings"
	"time"
)

// Append adds a Go value at the end, widening an int for a Float column.
// The error says which kind was found when the value does not fit.
func (v *Vec) Append(value any) error {
	n := v.Len()
	v.grow(n + 1)
	return v.Set(n, value)
}

// grow makes room for n rows, keeping the content; new rows are valid and zero.
func (v *Vec) grow(n int) {
	old := v.Len()
	switch {
	case v.Kind == Bool:
		v.Bools = append(v.Bools, make([]byte, n-old)...)
	case v.Kind.inInts():
		v.Ints = append(v.Ints, make([]int64, n-old)...)
	case v.Kind == Float:
		v.Floats = append(v.Floats, make([]float64, n-old)...)
	case v.Kind == String || v.Kind == Bytes:
		v.Strs = append(v.Strs, make([]string, n-old)...)
	case v.Kind.Nested():
		v.Anys = append(v.Anys, make([]any, n-old)...)
	default:
		v.Valid = append(v.Valid, make([]byte, n-old)...)
		return
	}
	if v.Valid != nil {
		v.Valid = append(v.Valid, ones(n-old)...)
	}
}

// Set puts a Go value into row i, which must be there; nil is null. Strings are kept as they are, not cloned.
func (v *Vec) Set(i int, value any) error {
	if value == nil {
		v.SetNull(i)
		return nil
	}
	if v.Valid != nil && v.Kind != Null {
		v.Valid[i] = 1
	}
	if v.Kind.Nested() {
		return v.setAny(i, value)
	}
	if v.set(i, value) {
		return nil
	}
	v.SetNull(i)
	return fmt.Errorf("is %s, want %s", Describe(value), v.Kind)
}

func (v *Vec) setAny(i int, value any) error {
	n := Normal(value)
	k := KindOf(n)
	if v.Kind != Any && k != v.Kind {
		v.SetNull(i)
		return fmt.Errorf("is %s, want %s", Describe(value), v.Kind)
	}
	v.Anys[i] = n
	return nil
}

func (v *Vec) set(i int, value any) bool {
	switch x := Normal(value).(type) {
	case bool:
		if v.Kind != Bool {
			return false
		}
		v.Bools[i] = 0
		if x {
			v.Bools[i] = 1
		}
	case int64:
		return v.setInt(i, x)
	case float64:
		if v.Kind != Float {
			return false
		}
		v.Floats[i] = x
	case string:
		if v.Kind != String {
			return false
		}
		v.Strs[i] = x
	case []byte:
		if v.Kind != Bytes {
			return false
		}
		v.Strs[i] = string(x)
	case time.Time:
		if v.Kind != Time {
			return false
		}
		v.Ints[i] = x.UnixMicro()
	case time.Duration:
		if v.Kind != Duration {
			return false
		}
		v.Ints[i] = x.Microseconds()
	default:
		return false
	}
	return true
}

func (v *Vec) setInt(i int, x int64) bool {
	switch v.Kind {
	case Int:
		v.Ints[i] = x
	case Float:
		v.Floats[i] = float64(x)
	default:
		return false
	}
	return true
}

// Normal brings the number and string types that Go code uses to those of
// [Kind]: every integer to int64 (an unsigned one above its range stays as it
// is), float32 to float64. Other values are returned unchanged.
func Normal(value any) any {
	switch x := value.(type) {
	case int:
		return int64(x)
	case int8:
		return int64(x)
	case int16:
		return int64(x)
	case int32:
		return int64(x)
	case uint8:
		return int64(x)
	case uint16:
		return int64(x)
	case uint32:
		return int64(x)
	case uint:
		if uint64(x) <= 1<<63-1 {
			return int64(x)
		}
	case uint64:
		if x <= 1<<63-1 {
			return int64(x)
		}
	case float32:
		return float64(x)
	}
	return value
}

// KindOf is the kind of a Go value as [Vec.Value] gives it; Any for a type that no kind has.
func KindOf(value any) Kind {
	switch Normal(value).(type) {
	case nil:
		return Null
	case bool:
		return Bool
	case int64:
		return Int
	case float64:
		return Float
	case string:
		return String
	case []byte:
		return Bytes
	case time.Time:
		return Time
	case time.Duration:
		return Duration
	case []any:
		return List
	case Object:
		return Struct
	}
	return Any
}

// Describe names a value for an error: its kind and a short form, such as `string "n/a"`.
func Describe(value any) string {
	k := KindOf(value)
	switch k {
	case Null:
		return "null"
	case String:
		s := value.(string)
		if r := []rune(s); len(r) > 40 {
			s = strings.TrimSpace(string(r[:40])) + "…"
		}
		return fmt.Sprintf("string %q", s)
	case List, Struct:
		return k.String()
	case Any:
		return fmt.Sprintf("%T", value)
	}
	return fmt.Sprintf("%s %v", k, value)
}
