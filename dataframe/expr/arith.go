package expr

import (
	"math"
	"math/bits"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// arithmetic are the operators on numbers, times and durations.
func arithmetic() []function {
	i, f, t, d, s := row.Int, row.Float, row.Time, row.Duration, row.String
	form := func(a, b, out row.Kind, k kernel) overload {
		return overload{in: []row.Kind{a, b}, out: out, kernel: k}
	}
	neg := func(k row.Kind, run kernel) overload { return overload{in: []row.Kind{k}, out: k, kernel: run} }
	return []function{
		{name: "+", forms: []overload{form(i, i, i, addInts), form(f, f, f, addFloats), form(s, s, s, each2(joined)),
			form(t, d, t, addInts), form(d, t, t, addInts), form(d, d, d, addInts)}},
		{name: "-", forms: []overload{form(i, i, i, subInts), form(f, f, f, subFloats),
			form(t, t, d, subInts), form(t, d, t, subInts), form(d, d, d, subInts),
			neg(i, checked1(negInt)), neg(f, each1(negFloat)), neg(d, checked1(negInt))}},
		{name: "*", forms: []overload{form(i, i, i, mulInts), form(f, f, f, mulFloats),
			form(d, i, d, mulInts), form(i, d, d, mulInts), form(d, f, d, checked2(scale)), form(f, d, d, checked2(scaled))}},
		{name: "/", forms: []overload{form(f, f, f, divFloats), form(d, d, f, each2(ratio)), form(d, f, d, checked2(shrink))}},
		{name: "%", forms: []overload{form(i, i, i, try2(modInt)), form(f, f, f, each2(modFloat)), form(d, d, d, try2(modInt))}},
		{name: "**", forms: []overload{form(f, f, f, each2(math.Pow))}},
	}
}

func joined(a, b string) string { return a + b }

func negFloat(a float64) float64 { return -a }

func negInt(a int64) (int64, bool) { return -a, a != math.MinInt64 }

func ratio(a, b int64) float64 { return float64(a) / float64(b) }

// toInt rounds to the nearest int, halves to even; false: there is none.
func toInt(x float64) (int64, bool) {
	r := math.RoundToEven(x)
	if !(r >= -1<<63 && r < 1<<63) {
		return 0, false
	}
	return int64(r), true
}

func scale(d int64, by float64) (int64, bool)  { return toInt(float64(d) * by) }
func scaled(by float64, d int64) (int64, bool) { return toInt(float64(d) * by) }
func shrink(d int64, by float64) (int64, bool) { return toInt(float64(d) / by) }

// modInt has the sign of b; false: b is 0.
func modInt(a, b int64) (int64, bool) {
	switch b {
	case 0:
		return 0, false
	case -1:
		return 0, true
	}
	r := a % b
	if r != 0 && r^b < 0 {
		r += b
	}
	return r, true
}

// modFloat has the sign of b and is exact, as in Python; a - floor(a/b)*b can
// be off by more than b.
func modFloat(a, b float64) float64 {
	r := math.Mod(a, b)
	switch {
	case r == 0:
		return math.Copysign(0, b)
	case (r < 0) != (b < 0):
		return r + b
	}
	return r
}

// shape says which operand of two is one value for all rows.
type shape uint8

const (
	bothColumns shape = iota
	rightConstant
	leftConstant
)

func shapeOf(s *step, n int) shape {
	switch {
	case s.args[1].one && n > 1:
		return rightConstant
	case s.args[0].one && n > 1:
		return leftConstant
	}
	return bothColumns
}

func addFloats(s *step, n int) {
	out, a, b := operands(s)
	switch shapeOf(s, n) {
	case bothColumns:
		for i := range out {
			out[i] = a[i] + b[i]
		}
	case rightConstant:
		addConst(out, a, b[0])
	case leftConstant:
		addConst(out, b, a[0])
	}
}

func addConst(out, a []float64, c float64) {
	a = a[:len(out)]
	for i := range out {
		out[i] = a[i] + c
	}
}

func subFloats(s *step, n int) {
	out, a, b := operands(s)
	switch shapeOf(s, n) {
	case bothColumns:
		for i := range out {
			out[i] = a[i] - b[i]
		}
	case rightConstant:
		c := b[0]
		for i := range out {
			out[i] = a[i] - c
		}
	case leftConstant:
		c := a[0]
		for i := range out {
			out[i] = c - b[i]
		}
	}
}

func mulFloats(s *step, n int) {
	out, a, b := operands(s)
	switch shapeOf(s, n) {
	case bothColumns:
		for i := range out {
			out[i] = a[i] * b[i]
		}
	case rightConstant:
		mulConst(out, a, b[0])
	case leftConstant:
		mulConst(out, b, a[0])
	}
}

func mulConst(out, a []float64, c float64) {
	a = a[:len(out)]
	for i := range out {
		out[i] = a[i] * c
	}
}

func divFloats(s *step, n int) {
	out, a, b := operands(s)
	switch shapeOf(s, n) {
	case bothColumns:
		for i := range out {
			out[i] = a[i] / b[i]
		}
	case rightConstant:
		c := b[0]
		for i := range out {
			out[i] = a[i] / c
		}
	case leftConstant:
		c := a[0]
		for i := range out {
			out[i] = c / b[i]
		}
	}
}

// operands are the result and the two operands, cut so that the compiler sees
// that every row of the result is in them; a constant has its one row.
func operands(s *step) (out, a, b []float64) {
	out, a, b = s.own.Floats, s.args[0].vec.Floats, s.args[1].vec.Floats
	if !s.args[0].one {
		a = a[:len(out)]
	}
	if !s.args[1].one {
		b = b[:len(out)]
	}
	return out, a, b
}

func addInts(s *step, n int) {
	a, am := arg[int64](s, 0)
	b, bm := arg[int64](s, 1)
	var over int64
	for i := range s.own.Ints {
		x, y := a[i&am], b[i&bm]
		r := x + y
		over |= (x ^ r) & (y ^ r)
		s.own.Ints[i] = r
	}
	if over < 0 {
		s.findOver(n, func(i int) bool {
			x, y, r := a[i&am], b[i&bm], s.own.Ints[i]
			return (x^r)&(y^r) < 0
		})
	}
}

func subInts(s *step, n int) {
	a, am := arg[int64](s, 0)
	b, bm := arg[int64](s, 1)
	var over int64
	for i := range s.own.Ints {
		x, y := a[i&am], b[i&bm]
		r := x - y
		over |= (x ^ y) & (x ^ r)
		s.own.Ints[i] = r
	}
	if over < 0 {
		s.findOver(n, func(i int) bool {
			x, y, r := a[i&am], b[i&bm], s.own.Ints[i]
			return (x^y)&(x^r) < 0
		})
	}
}

func mulInts(s *step, n int) {
	a, am := arg[int64](s, 0)
	b, bm := arg[int64](s, 1)
	var over int64
	for i := range s.own.Ints {
		r, high := product(a[i&am], b[i&bm])
		over |= high ^ r>>63
		s.own.Ints[i] = r
	}
	if over != 0 {
		s.findOver(n, func(i int) bool {
			r, high := product(a[i&am], b[i&bm])
			return high != r>>63
		})
	}
}

// product is the low and the high half of a signed product.
func product(x, y int64) (low, high int64) {
	hi, lo := bits.Mul64(uint64(x), uint64(y))
	return int64(lo), int64(hi) - (x >> 63 & y) - (y >> 63 & x)
}

// findOver counts the rows that overflowed, after a loop has seen that there are some.
func (s *step) findOver(n int, is func(i int) bool) {
	for i := range n {
		if is(i) {
			s.overflow(i, n)
		}
	}
}
