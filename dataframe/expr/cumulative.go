package expr

import (
	"math"
	"math/bits"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// compileCumsum compiles cumsum.
func compileCumsum(c *compiler, n *node) (*step, *Error) {
	x, err := c.node(n.args[0])
	if err != nil {
		return nil, err
	}
	switch x.kind {
	case row.Int, row.Duration:
		return c.keeps(n, x.kind, []*step{x}, func() keeper { return &wide{} }, sumInts), nil
	case row.Float, row.Any, row.Null:
		return c.keeps(n, row.Float, []*step{c.convert(x, row.Float)}, func() keeper { return newRing[float64](1) }, sumFloats), nil
	}
	return nil, fault(n, "", "%s: %s is %s, want a number", n.text(), n.args[0].text(), x.kind)
}

// wide is a sum of ints that cannot overflow: where it does not fit 64 bits the
// rows are null, and counted, until it fits again.
type wide struct {
	hi int64
	lo uint64
}

func (w *wide) add(x int64) (int64, bool) {
	lo, carry := bits.Add64(w.lo, uint64(x), 0)
	w.hi, w.lo = w.hi+x>>63+int64(carry), lo
	return int64(lo), w.hi == int64(lo)>>63
}

func (w *wide) values() []any { return []any{w.hi, int64(w.lo)} }

func (w *wide) restore(values []any) bool {
	if len(values) != 2 {
		return false
	}
	hi, ok := values[0].(int64)
	lo, fine := values[1].(int64)
	w.hi, w.lo = hi, uint64(lo)
	return ok && fine
}

func sumInts(s *step, n int, at func(int) keeper) {
	in, _ := arg[int64](s, 0)
	for i := range s.own.Ints {
		if s.args[0].vec.IsNull(i) {
			s.null(i, n)
			continue
		}
		sum, fits := at(i).(*wide).add(in[i])
		s.own.Ints[i] = sum
		if !fits {
			s.overflow(i, n)
		}
	}
}

func sumFloats(s *step, n int, at func(int) keeper) {
	in, _ := arg[float64](s, 0)
	for i := range s.own.Floats {
		if s.args[0].vec.IsNull(i) {
			s.null(i, n)
			continue
		}
		sum := at(i).(*ring[float64])
		if sum.has[0] {
			sum.at[0] += in[i]
		} else {
			sum.at[0], sum.has[0] = in[i], true
		}
		s.own.Floats[i] = sum.at[0]
	}
}

// compileCumcount compiles cumcount.
func compileCumcount(c *compiler, n *node) (*step, *Error) {
	args, err := c.all(n.args)
	if err != nil {
		return nil, err
	}
	for i, a := range args {
		if a.kind != row.Bool && a.kind != row.Any && a.kind != row.Null {
			return nil, fault(n, "or cumcount() for all rows, cumcount(has(x)) for those with x", "%s: %s is %s, want a condition", n.text(), n.args[0].text(), a.kind)
		}
		args[i] = c.convert(a, row.Bool)
	}
	return c.keeps(n, row.Int, args, func() keeper { return newRing[int64](1) }, func(s *step, n int, at func(int) keeper) {
		for i := range s.own.Ints {
			total := at(i).(*ring[int64])
			total.has[0] = true
			if len(s.args) == 0 || s.args[0].vec.Bools[i] != 0 {
				total.at[0]++
			}
			s.own.Ints[i] = total.at[0]
		}
	}), nil
}

// compileExtreme compiles cummin (sign -1) and cummax (+1).
func compileExtreme(sign int) func(c *compiler, n *node) (*step, *Error) {
	return func(c *compiler, n *node) (*step, *Error) {
		x, err := c.node(n.args[0])
		if err != nil {
			return nil, err
		}
		switch x.kind {
		case row.Int, row.Time, row.Duration:
			return extremeStep(c, n, x, asIs[int64], func(a, b int64) bool { return before(sign, a, b) }), nil
		case row.Float:
			return extremeStep(c, n, x, asIs[float64], func(a, b float64) bool { return beforeFloat(sign, a, b) }), nil
		case row.String:
			return extremeStep(c, n, x, strings.Clone, func(a, b string) bool { return before(sign, a, b) }), nil
		}
		return nil, fault(n, "", "%s: %s is %s, want a number, string, time or duration", n.text(), n.args[0].text(), x.kind)
	}
}

func before[T int64 | float64 | string](sign int, a, b T) bool {
	if sign < 0 {
		return a < b
	}
	return a > b
}

// beforeFloat has NaN before everything, as min and max of windows do, and the zeros apart.
func beforeFloat(sign int, a, b float64) bool {
	switch {
	case a != a || b != b:
		return b == b
	case a == b:
		return math.Signbit(a) != math.Signbit(b) && math.Signbit(a) == (sign < 0)
	}
	return before(sign, a, b)
}

func extremeStep[T any](c *compiler, n *node, x *step, keep func(T) T, better func(a, b T) bool) *step {
	return c.keeps(n, x.kind, []*step{x}, func() keeper { return newRing[T](1) }, func(s *step, n int, at func(int) keeper) {
		in, _ := arg[T](s, 0)
		out := values[T](&s.own)
		for i := range out {
			if s.args[0].vec.IsNull(i) {
				s.null(i, n)
				continue
			}
			best := at(i).(*ring[T])
			if !best.has[0] || better(in[i], best.at[0]) {
				best.at[0], best.has[0] = keep(in[i]), true
			}
			out[i] = best.at[0]
		}
	})
}
