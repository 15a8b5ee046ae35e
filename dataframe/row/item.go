package row

import (
	"math"
	"time"
)

// item is a value that a state keeps. Numbers, bools and strings lie in it as they are: functions set them for every row,
// and in an interface each would be an allocation.
type item struct {
	kind Kind   // Null: there is none
	bits uint64 // of a Bool, Int, Float or Duration
	text string // of a String
	any  any    // of the others
}

// itemOf is a value as an item, if a state can keep it.
//
// It must not let value itself go, only what it points to: then the compiler puts a number that is handed to Set on the caller's stack.
func itemOf(value any) (it item, ok bool) {
	switch x := value.(type) {
	case float64:
		return item{kind: Float, bits: math.Float64bits(x)}, true
	case float32:
		return item{kind: Float, bits: math.Float64bits(float64(x))}, true
	case string:
		return item{kind: String, text: x}, true
	case bool:
		if x {
			return item{kind: Bool, bits: 1}, true
		}
		return item{kind: Bool}, true
	case time.Duration:
		return item{kind: Duration, bits: uint64(x)}, true
	case time.Time:
		return item{kind: Time, any: x}, true
	case []byte:
		return item{kind: Bytes, any: x}, true
	case []any:
		return item{kind: List, any: x}, true
	case Object:
		return item{kind: Struct, any: x}, true
	}
	n, ok := integer(value)
	return item{kind: Int, bits: uint64(n)}, ok
}

// integer is a value of one of Go's integer types, if it fits.
func integer(value any) (int64, bool) {
	switch x := value.(type) {
	case int:
		return int64(x), true
	case int64:
		return x, true
	case int32:
		return int64(x), true
	case int16:
		return int64(x), true
	case int8:
		return int64(x), true
	case uint:
		return int64(x), x <= math.MaxInt64
	case uint64:
		return int64(x), x <= math.MaxInt64
	case uint32:
		return int64(x), true
	case uint16:
		return int64(x), true
	case uint8:
		return int64(x), true
	}
	return 0, false
}

// value is the item as [Vec.Value] gives such values.
func (it *item) value() any {
	switch it.kind {
	case Null:
		return nil
	case Bool:
		return it.bits != 0
	case Int:
		return int64(it.bits)
	case Float:
		return math.Float64frombits(it.bits)
	case String:
		return it.text
	case Duration:
		return time.Duration(it.bits)
	}
	return it.any
}
