package exec

import (
	"encoding/binary"
	"math"
	"math/big"
)

// exact is a sum of floats without rounding, so that it does not depend on
// their order: not on how rows of several writers came together, nor on the
// number of partitions. It is Shewchuk's expansion ("Adaptive Precision
// Floating-Point Arithmetic", 1997, as in Python's math.fsum): floats that do
// not overlap, whose sum is the exact sum. Most sums need two or three.
type exact struct {
	parts   []float64 // rising in magnitude, none of them 0
	special float64   // sum of what is not finite
	odd     bool      // something was not finite, or the sum grew beyond the largest float
}

// add adds x. Each part is added by Knuth's two-sum, which gives the rounded
// sum and what rounding took whichever is the larger, without a branch.
func (e *exact) add(x float64) {
	if x-x != 0 { // not finite
		e.special, e.odd = e.special+x, true
		return
	}
	n := 0
	for _, p := range e.parts {
		hi := x + p
		q := hi - x
		if lo := (x - (hi - q)) + (p - q); lo != 0 {
			e.parts[n] = lo
			n++
		}
		x = hi
	}
	if x-x != 0 {
		e.overflow(x)
		return
	}
	e.parts = e.parts[:n]
	if x == 0 {
		return
	}
	if e.parts == nil {
		e.parts = make([]float64, 0, mostParts)
	}
	e.parts = append(e.parts, x)
}

// mostParts are what nearly every sum has room in.
const mostParts = 4

// clear makes the sum 0, and keeps its memory.
func (e *exact) clear() { e.parts, e.special, e.odd = e.parts[:0], 0, false }

// merge adds all that another sum took.
func (e *exact) merge(o *exact) {
	if o.odd {
		e.special, e.odd = e.special+o.special, true
	}
	for _, p := range o.parts {
		e.add(p)
	}
}

// overflow makes the sum infinite, unless it was not finite before.
func (e *exact) overflow(inf float64) {
	if !e.odd {
		e.special, e.odd = inf, true
	}
	e.parts = e.parts[:0]
}

// addSquare adds x*x: the rounded product and what rounding took, which fused
// multiply-add gives exactly, but for x below 1e-145, whose square leaves the floats.
func (e *exact) addSquare(x float64) {
	hi := x * x
	e.add(hi)
	if !math.IsInf(hi, 0) && !math.IsNaN(hi) {
		e.add(math.FMA(x, x, -hi))
	}
}

// addInt adds an integer exactly: one beyond 2^53 as two floats.
func (e *exact) addInt(x int64) {
	high := x &^ (1<<32 - 1)
	if high != 0 {
		e.add(float64(high))
	}
	e.add(float64(x - high))
}

// value is the sum, rounded once, to even.
func (e *exact) value() float64 {
	if e.odd {
		return e.special
	}
	n := len(e.parts)
	if n == 0 {
		return 0
	}
	hi := e.parts[n-1]
	for i := n - 2; i >= 0; i-- {
		x, y := hi, e.parts[i]
		hi = x + y
		lo := y - (hi - x)
		if lo == 0 {
			continue
		}
		// Half-way cases: the parts below decide to which side it goes.
		if i > 0 && (lo < 0) == (e.parts[i-1] < 0) {
			if y := lo * 2; y == hi+y-hi {
				hi += y
			}
		}
		break
	}
	return hi
}

// over is value()/n, rounded once.
func (e *exact) over(n int64) float64 {
	switch parts := len(e.parts); {
	case e.odd || n == 0:
		return e.special / float64(n)
	case parts == 0:
		return 0
	case n <= 1<<53:
		if q, ok := e.near(float64(n)); ok {
			return q
		}
	}
	exact, _ := e.big().Rat(nil)
	f, _ := exact.Quo(exact, new(big.Rat).SetInt64(n)).Float64()
	return f
}

// near is the quotient by floats alone, and whether that is surely the one that
// exact arithmetic gives: if what is known of the remainder, a little more or
// less, leads to the same float.
func (e *exact) near(n float64) (float64, bool) {
	top := len(e.parts) - 1
	hi := e.parts[top]
	q := hi / n
	if top == 0 {
		return q, true
	}
	if abs := math.Abs(q); abs < 1e-200 || abs > 1e300 {
		return 0, false
	}
	low := 0.0
	for _, p := range e.parts[:top] {
		low += p
	}
	d := (math.FMA(-q, n, hi) + low) / n
	doubt := (math.Abs(d) + math.Abs(low/n)) * 0x1p-48
	up, down := q+(d+doubt), q+(d-doubt)
	return up, up == down
}

// wide is the precision, in bits, of roots and their divisions before they are rounded.
const wide = 300

func (e *exact) big() *big.Float {
	sum := new(big.Float).SetPrec(2200) // holds any sum of floats exactly
	for _, p := range e.parts {
		sum.Add(sum, new(big.Float).SetFloat64(p))
	}
	return sum
}

func (e *exact) append(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(e.parts)))
	for _, p := range e.parts {
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(p))
	}
	if !e.odd {
		return append(dst, 0)
	}
	return binary.LittleEndian.AppendUint64(append(dst, 1), math.Float64bits(e.special))
}

func (e *exact) read(r *varints) {
	e.parts = e.parts[:0]
	for range r.uvarint() {
		if r.bad {
			return
		}
		e.parts = append(e.parts, r.float())
	}
	if e.odd = r.byte() == 1; e.odd {
		e.special = r.float()
	}
}

// float reads eight bytes.
func (r *varints) float() float64 { return math.Float64frombits(r.word()) }

// word reads eight bytes.
func (r *varints) word() uint64 {
	if len(r.b) < 8 {
		r.bad, r.b = true, nil
		return 0
	}
	w := binary.LittleEndian.Uint64(r.b)
	r.b = r.b[8:]
	return w
}
