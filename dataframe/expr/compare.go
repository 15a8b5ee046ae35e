package expr

import (
	"cmp"
	"math"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// comparisons are the operators that compare two values of one kind, or two
// numbers. An int and a float are compared exactly, also beyond 2^53.
func comparisons() []function {
	return []function{
		{name: "==", exact: true, forms: compared(0)}, {name: "!=", exact: true, forms: compared(1)},
		{name: "<", exact: true, forms: compared(2)}, {name: "<=", exact: true, forms: compared(3)},
		{name: ">", exact: true, forms: compared(4)}, {name: ">=", exact: true, forms: compared(5)},
	}
}

// compared are the forms of operator i of == != < <= > >=.
func compared(i int) []overload {
	form := func(a, b row.Kind, k kernel) overload {
		return overload{in: []row.Kind{a, b}, out: row.Bool, kernel: k}
	}
	ints := ordering[int64]()[i]
	strs := ordering[string]()[i]
	forms := []overload{
		form(row.Int, row.Int, ints), form(row.Float, row.Float, ordering[float64]()[i]),
		form(row.Int, row.Float, each2(mixed(i))), form(row.Float, row.Int, each2(flipped(mixed(turned[i])))),
		form(row.String, row.String, strs), form(row.Bytes, row.Bytes, strs),
		form(row.Time, row.Time, ints), form(row.Duration, row.Duration, ints),
	}
	if i < 2 {
		forms = append(forms, form(row.Bool, row.Bool, ordering[byte]()[i]))
	}
	return forms
}

// turned is the operator that says the same with its operands exchanged.
var turned = [...]int{0, 1, 4, 5, 2, 3}

func flipped(f func(int64, float64) byte) func(float64, int64) byte {
	return func(b float64, a int64) byte { return f(a, b) }
}

// mixed compares an int with a float.
func mixed(op int) func(int64, float64) byte {
	return func(a int64, b float64) byte {
		if b != b {
			return bit(op == 1)
		}
		c := compareMixed(a, b)
		return bit([...]bool{c == 0, c != 0, c < 0, c <= 0, c > 0, c >= 0}[op])
	}
}

// compareMixed orders an int and a float that is not NaN by their exact values.
func compareMixed(a int64, b float64) int {
	switch {
	case b >= 1<<63:
		return -1
	case b < -1<<63:
		return 1
	}
	whole := math.Floor(b)
	if c := cmp.Compare(a, int64(whole)); c != 0 {
		return c
	}
	return cmp.Compare(whole, b)
}

// ordering are the kernels of == != < <= > >=.
func ordering[T cmp.Ordered]() [6]kernel {
	return [6]kernel{
		compare(equalCols[T], equalConst[T], equalConst[T]),
		compare(unequalCols[T], unequalConst[T], unequalConst[T]),
		compare(lessCols[T], lessConst[T], moreConst[T]),
		compare(atMostCols[T], atMostConst[T], atLeastConst[T]),
		compare(func(out []byte, a, b []T) { lessCols(out, b, a) }, moreConst[T], lessConst[T]),
		compare(func(out []byte, a, b []T) { atMostCols(out, b, a) }, atLeastConst[T], atMostConst[T]),
	}
}

// compare picks the loop by the shape of the operands; swapped is the one for a constant at the left.
func compare[T cmp.Ordered](cols func(out []byte, a, b []T), withConst, swapped func(out []byte, a []T, c T)) kernel {
	return func(s *step, n int) {
		out, a, b := s.own.Bools, values[T](s.args[0].vec), values[T](s.args[1].vec)
		switch shapeOf(s, n) {
		case bothColumns:
			cols(out, a, b)
		case rightConstant:
			withConst(out, a, b[0])
		case leftConstant:
			swapped(out, b, a[0])
		}
	}
}

func equalCols[T cmp.Ordered](out []byte, a, b []T) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = bit(a[i] == b[i])
	}
}

func unequalCols[T cmp.Ordered](out []byte, a, b []T) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = bit(a[i] != b[i])
	}
}

func lessCols[T cmp.Ordered](out []byte, a, b []T) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = bit(a[i] < b[i])
	}
}

func atMostCols[T cmp.Ordered](out []byte, a, b []T) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = bit(a[i] <= b[i])
	}
}

func equalConst[T cmp.Ordered](out []byte, a []T, c T) {
	a = a[:len(out)]
	for i := range out {
		out[i] = bit(a[i] == c)
	}
}

func unequalConst[T cmp.Ordered](out []byte, a []T, c T) {
	a = a[:len(out)]
	for i := range out {
		out[i] = bit(a[i] != c)
	}
}

func lessConst[T cmp.Ordered](out []byte, a []T, c T) {
	a = a[:len(out)]
	for i := range out {
		out[i] = bit(a[i] < c)
	}
}

func atMostConst[T cmp.Ordered](out []byte, a []T, c T) {
	a = a[:len(out)]
	for i := range out {
		out[i] = bit(a[i] <= c)
	}
}

func moreConst[T cmp.Ordered](out []byte, a []T, c T) {
	a = a[:len(out)]
	for i := range out {
		out[i] = bit(a[i] > c)
	}
}

func atLeastConst[T cmp.Ordered](out []byte, a []T, c T) {
	a = a[:len(out)]
	for i := range out {
		out[i] = bit(a[i] >= c)
	}
}
