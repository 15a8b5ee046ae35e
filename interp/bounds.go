package interp

import (
	"fmt"
	"unsafe"
)

// What is out of range in a cell panics here, by doing the same with values of the same size that hold nothing: so the
// error is the run time's own.

// index gives i if it is one of n things.
func index(i, n int) int {
	if uint(i) >= uint(n) {
		badIndex(i, n)
	}
	return i
}

func badIndex(i, n int) bool {
	_ = make([]struct{}, n)[i]
	return true
}

// badSlice panics for s[low:high], or s[low:high:max] if max is not -1. Only slices have a capacity.
func badSlice(low, high, max, length, capacity int, slice bool) bool {
	switch {
	case !slice:
		_ = unsafe.String(&blank, length)[low:high]
	case max < 0:
		_ = make([]struct{}, length, capacity)[low:high]
	default:
		_ = make([]struct{}, length, capacity)[low:high:max]
	}
	return true
}

// badType panics for v.(to), v of interface type from; missing is a method that to asks for, if it is an interface.
func badType(v any, from, to, missing string) bool {
	switch {
	case v == nil && missing != "":
		panic(runtimeError("interface conversion: interface is nil, not " + to))
	case v == nil:
		panic(runtimeError(fmt.Sprintf("interface conversion: %s is nil, not %s", from, to)))
	case missing != "":
		panic(runtimeError(fmt.Sprintf("interface conversion: %T is not %s: missing method %s", v, to, missing)))
	}
	panic(runtimeError(fmt.Sprintf("interface conversion: %s is %T, not %s", from, v, to)))
}

// blank is where strings begin that nobody reads.
var blank byte

// shift gives the count of a shift.
func shift(n int) int {
	if n < 0 {
		badShift()
	}
	return n
}

func badShift() bool {
	n := -1
	_ = 1 << n
	return true
}

func badPointer() bool {
	var p *int
	return *p == 0
}
