package row

import (
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/near"
)

// Kind is the type of a column's values. Null values are possible in every
// kind; the kind Null itself is a column that has nothing else.
type Kind uint8

// The kinds, and the Go values that [Vec.Value] gives for them.
const (
	Null     Kind = iota // nil
	Bool                 // bool
	Int                  // int64
	Float                // float64
	String               // string
	Bytes                // []byte
	Time                 // time.Time, to the microsecond, UTC
	Duration             // time.Duration, to the microsecond
	List                 // []any
	Struct               // Object
	Any                  // any of the above, value by value
)

var kindNames = [...]string{"null", "bool", "int", "float", "string", "bytes", "time", "duration", "list", "struct", "any"}

// String is the name that cells use, such as "float".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// ParseKind reads a name as [Kind.String] writes it.
func ParseKind(name string) (Kind, error) {
	for k, n := range kindNames {
		if n == name {
			return Kind(k), nil
		}
	}
	return Null, fmt.Errorf("kind %q is not known, want one of bool, int, float, string, bytes, time, duration, list, struct, any%s", name, near.Hint(name, kindNames[:]))
}

// Numeric says whether arithmetic takes the kind as a number.
func (k Kind) Numeric() bool { return k == Int || k == Float }

// inInts says whether values of the kind live in Vec.Ints.
func (k Kind) inInts() bool { return k == Int || k == Time || k == Duration }

// Nested says whether values of the kind may hold others; they live in Vec.Anys.
func (k Kind) Nested() bool { return k == List || k == Struct || k == Any }

// Common is the kind that holds values of both, and whether there is one.
func Common(a, b Kind) (Kind, bool) {
	switch {
	case a == b, b == Null:
		return a, true
	case a == Null:
		return b, true
	case a == Any || b == Any:
		return Any, true
	case a.Numeric() && b.Numeric():
		return Float, true
	}
	return Null, false
}
