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

// yields are what the run time says of a function that calls the body of a range over it when it may not, by the state
// of the loop; 0 stands for a panic of the body that the function kept.
var yields = map[int]string{
	0:  "recovered a loop body panic and did not resume panicking",
	-1: "continued iteration after loop body panic",
	1:  "continued iteration after function for loop body returned false",
	2:  "continued iteration after whole loop exit",
}

func badYield(state int) { panic(thrown("runtime error: range function " + yields[state])) }

// runes are the letters of a text and the places where they begin.
func runes(text string) (places []int, letters []rune) {
	letters = make([]rune, 0, len(text))
	places = make([]int, 0, len(text))
	for i, r := range text {
		places, letters = append(places, i), append(letters, r)
	}
	return places, letters
}
