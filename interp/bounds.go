package interp

import (
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
