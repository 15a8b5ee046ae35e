package expr

import (
	"cmp"
	"math"

	"github.com/riffle-stream/riffle/dataframe/row"
)

var (
	oneFloat = []row.Kind{row.Float}
	oneInt   = []row.Kind{row.Int}
	oneStr   = []row.Kind{row.String}
	oneTime  = []row.Kind{row.Time}
)

func mathFunctions() []function {
	return append(append(numbers(), rounding()...), append(curves(), trigonometry()...)...)
}

func numbers() []function {
	span := []row.Kind{row.Duration}
	return []function{
		{name: "abs", params: "x", doc: "the distance from 0", example: "abs(delta)", forms: []overload{
			{in: oneInt, out: row.Int, kernel: checked1(absInt)}, {in: oneFloat, out: row.Float, kernel: each1(math.Abs)},
			{in: span, out: row.Duration, kernel: checked1(absInt)}}},
		{name: "sign", params: "x", doc: "-1, 0 or 1", example: "sign(delta)", forms: []overload{
			{in: oneInt, out: row.Int, kernel: each1(func(x int64) int64 { return int64(cmp.Compare(x, 0)) })},
			{in: oneFloat, out: row.Float, kernel: each1(signFloat)}}},
		{name: "min2", params: "a, b", doc: "the smaller of two; NaN if one is NaN", example: "min2(speed, 300)", forms: ofTwo(kernels{each2(lesser[int64]), each2(lesser[float64]), each2(lesser[string])})},
		{name: "max2", params: "a, b", doc: "the greater of two; NaN if one is NaN", example: "max2(speed, 0)", forms: ofTwo(kernels{each2(greater[int64]), each2(greater[float64]), each2(greater[string])})},
		{name: "clamp", params: "x, low, high", doc: "x, but at least low and at most high", example: "clamp(throttle, 0, 1)", forms: ofThree(kernels{each3(clamp[int64]), each3(clamp[float64]), nil})},
		{name: "div", params: "a, b", doc: "a / b rounded down to an int; null if b is 0", example: "div(lap, 10)", forms: []overload{
			{in: []row.Kind{row.Int, row.Int}, out: row.Int, kernel: divInts},
			{in: []row.Kind{row.Duration, row.Duration}, out: row.Int, kernel: divInts},
			{in: []row.Kind{row.Duration, row.Int}, out: row.Duration, kernel: divInts}}},
	}
}

// kernels are the same function on ints, floats and strings; nil: not on those.
type kernels struct{ ints, floats, strs kernel }

func ofTwo(k kernels) []overload   { return alike(k, 2) }
func ofThree(k kernels) []overload { return alike(k, 3) }

// alike are forms whose n arguments and result have one kind.
func alike(k kernels, n int) []overload {
	var forms []overload
	add := func(kind row.Kind, run kernel) {
		if run == nil {
			return
		}
		in := make([]row.Kind, n)
		for i := range in {
			in[i] = kind
		}
		forms = append(forms, overload{in: in, out: kind, kernel: run})
	}
	add(row.Int, k.ints)
	add(row.Float, k.floats)
	add(row.String, k.strs)
	add(row.Time, k.ints)
	add(row.Duration, k.ints)
	return forms
}

func lesser[T cmp.Ordered](a, b T) T  { return min(a, b) }
func greater[T cmp.Ordered](a, b T) T { return max(a, b) }

func clamp[T cmp.Ordered](x, low, high T) T { return min(max(x, low), high) }

func absInt(x int64) (int64, bool) { return max(x, -x), x != math.MinInt64 }

func signFloat(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

// divInts rounds down; a division by zero is null.
func divInts(s *step, n int) {
	a, am := arg[int64](s, 0)
	b, bm := arg[int64](s, 1)
	for i := range s.own.Ints {
		x, y := a[i&am], b[i&bm]
		switch {
		case y == 0:
			s.own.Ints[i] = 0
			s.null(i, n)
		case y == -1 && x == math.MinInt64:
			s.own.Ints[i] = 0
			s.overflow(i, n)
		default:
			s.own.Ints[i] = row.FloorDiv(x, y)
		}
	}
}

func rounding() []function {
	same := overload{in: oneInt, out: row.Int, kernel: each1(identity[int64])}
	fn := func(name, doc, example string, f func(float64) float64, more ...overload) function {
		forms := append([]overload{same, {in: oneFloat, out: row.Float, kernel: each1(f)}}, more...)
		return function{name: name, params: "x, digits", doc: doc, example: example, forms: forms}
	}
	digits := overload{in: []row.Kind{row.Float, row.Int}, out: row.Float, kernel: each2(roundDigits)}
	return []function{
		fn("round", "the nearest whole number, or with so many digits; a half to the even one", "round(kmh, 1)", math.RoundToEven, digits),
		fn("floor", "rounded down", "floor(kmh)", math.Floor),
		fn("ceil", "rounded up", "ceil(kmh)", math.Ceil),
		fn("trunc", "rounded towards 0", "trunc(kmh)", math.Trunc),
	}
}

func identity[T any](x T) T { return x }

func roundDigits(x float64, digits int64) float64 {
	p := math.Pow(10, float64(min(max(digits, -308), 308)))
	if r := math.RoundToEven(x*p) / p; !math.IsNaN(r) && !math.IsInf(r, 0) {
		return r
	}
	return x
}

func float1(name, doc, example string, f func(float64) float64) function {
	return function{name: name, params: "x", doc: doc, example: example, forms: []overload{{in: oneFloat, out: row.Float, kernel: each1(f)}}}
}

func float2(name, params, doc, example string, f func(a, b float64) float64) function {
	return function{name: name, params: params, doc: doc, example: example,
		forms: []overload{{in: []row.Kind{row.Float, row.Float}, out: row.Float, kernel: each2(f)}}}
}

func curves() []function {
	log := float1("log", "the natural logarithm, or to a base", "log(rpm)", math.Log)
	log.params = "x, base"
	log.forms = append(log.forms, overload{in: []row.Kind{row.Float, row.Float}, out: row.Float,
		kernel: each2(func(x, base float64) float64 { return math.Log(x) / math.Log(base) })})
	test := func(name, doc string, f func(float64) bool) function {
		return function{name: name, params: "x", doc: doc, example: name + "(speed)",
			forms: []overload{{in: oneFloat, out: row.Bool, kernel: each1(func(x float64) byte { return bit(f(x)) })}}}
	}
	return []function{
		float1("sqrt", "the square root; NaN below 0", "sqrt(ax ** 2 + ay ** 2)", math.Sqrt),
		float1("cbrt", "the cube root", "cbrt(volume)", math.Cbrt),
		float1("exp", "e to the power of x", "exp(-age)", math.Exp),
		log,
		float1("log2", "the logarithm to base 2", "log2(n)", math.Log2),
		float1("log10", "the logarithm to base 10", "log10(power)", math.Log10),
		float2("pow", "x, y", "x to the power of y, as x ** y", "pow(speed, 2)", math.Pow),
		float2("hypot", "x, y", "the length of (x, y)", "hypot(ax, ay)", math.Hypot),
		test("isnan", "whether x is NaN", math.IsNaN),
		test("isinf", "whether x is infinite", func(x float64) bool { return math.IsInf(x, 0) }),
	}
}

func trigonometry() []function {
	return []function{
		float1("sin", "the sine of radians", "sin(radians(heading))", math.Sin),
		float1("cos", "the cosine of radians", "cos(radians(heading))", math.Cos),
		float1("tan", "the tangent of radians", "tan(slope)", math.Tan),
		float1("asin", "the arc sine, in radians", "asin(x)", math.Asin),
		float1("acos", "the arc cosine, in radians", "acos(x)", math.Acos),
		float1("atan", "the arc tangent, in radians", "atan(slope)", math.Atan),
		float2("atan2", "y, x", "the angle of (x, y), in radians", "atan2(vy, vx)", math.Atan2),
		float1("radians", "degrees as radians", "radians(lat)", func(x float64) float64 { return x * (math.Pi / 180) }),
		float1("degrees", "radians as degrees", "degrees(atan2(vy, vx))", func(x float64) float64 { return x * (180 / math.Pi) }),
	}
}
