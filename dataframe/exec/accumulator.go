package exec

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// accumulator is one aggregate of one group. What it gives does not depend on
// the order of the rows, but for first and last, which carry their place.
type accumulator interface {
	// add takes row i of v; at is the row's place among all rows. Nulls are not added.
	add(v *row.Vec, i int, at place)
	// merge adds all that another aggregate of the same kind took.
	merge(o accumulator)
	// result is the aggregate, nil for null.
	result() any
	append(dst []byte) []byte
	read(r *varints)
}

// place orders the rows of several sources: by mark, then source, then number.
type place struct {
	mark   int64
	source int
	seq    int64
}

func (p place) compare(o place) int {
	return cmp.Or(cmp.Compare(p.mark, o.mark), cmp.Compare(p.source, o.source), cmp.Compare(p.seq, o.seq))
}

// newAccumulator is an empty aggregate of that name for values of a kind.
func newAccumulator(fn string, kind row.Kind) accumulator {
	switch fn {
	case "count":
		return new(count)
	case "sum":
		if kind == row.Float {
			return new(floatSum)
		}
		return &intSum{kind: kind}
	case "mean":
		return new(mean)
	case "std":
		return new(std)
	case "min":
		return newExtreme(kind, -1)
	case "max":
		return newExtreme(kind, +1)
	case "first":
		return &edgeValue{sign: -1}
	}
	return &edgeValue{sign: +1}
}

// number adds row i to a sum, whatever numeric kind it has.
func number(e *exact, v *row.Vec, i int) {
	switch v.Kind {
	case row.Float:
		e.add(v.Floats[i])
	case row.Bool:
		e.add(float64(v.Bools[i]))
	default:
		e.addInt(v.Ints[i])
	}
}

type count struct{ n int64 }

func (c *count) add(*row.Vec, int, place) { c.n++ }
func (c *count) merge(o accumulator)      { c.n += o.(*count).n }
func (c *count) result() any              { return c.n }
func (c *count) append(dst []byte) []byte { return binary.AppendVarint(dst, c.n) }
func (c *count) read(r *varints)          { c.n = r.varint() }

type floatSum struct{ sum exact }

func (s *floatSum) add(v *row.Vec, i int, _ place) { s.sum.add(v.Floats[i]) }
func (s *floatSum) merge(o accumulator)            { s.sum.merge(&o.(*floatSum).sum) }
func (s *floatSum) result() any                    { return s.sum.value() }
func (s *floatSum) append(dst []byte) []byte       { return s.sum.append(dst) }
func (s *floatSum) read(r *varints)                { s.sum.read(r) }

// intSum sums in 128 bits, so that only the sum itself may overflow, which gives null.
type intSum struct {
	kind   row.Kind
	hi, lo uint64
}

func (s *intSum) add(v *row.Vec, i int, _ place) {
	x := int64(0)
	if v.Kind == row.Bool {
		x = int64(v.Bools[i])
	} else {
		x = v.Ints[i]
	}
	s.sum(uint64(x>>63), uint64(x))
}

func (s *intSum) sum(hi, lo uint64) {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, lo, 0)
	s.hi, _ = bits.Add64(s.hi, hi, carry)
}

func (s *intSum) merge(o accumulator) { s.sum(o.(*intSum).hi, o.(*intSum).lo) }

func (s *intSum) result() any {
	if s.hi != uint64(int64(s.lo)>>63) {
		return nil
	}
	if s.kind == row.Duration {
		return micros(int64(s.lo))
	}
	return int64(s.lo)
}

func (s *intSum) append(dst []byte) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(dst, s.hi), s.lo)
}

func (s *intSum) read(r *varints) { s.hi, s.lo = r.uvarint(), r.uvarint() }

// mean is the exact sum over the count, rounded once.
type mean struct {
	n   int64
	sum exact
}

func (m *mean) add(v *row.Vec, i int, _ place) {
	m.n++
	number(&m.sum, v, i)
}

func (m *mean) merge(o accumulator) { m.take(o.(*mean)) }

func (m *mean) take(o *mean) {
	m.n += o.n
	m.sum.merge(&o.sum)
}

func (m *mean) result() any {
	if m.n == 0 {
		return nil
	}
	return m.sum.over(m.n)
}

func (m *mean) append(dst []byte) []byte { return m.sum.append(binary.AppendVarint(dst, m.n)) }
func (m *mean) read(r *varints)          { m.n = r.varint(); m.sum.read(r) }

// std is the sample standard deviation, sqrt((Σx² - (Σx)²/n) / (n-1)), from
// exact sums, so that the subtraction cancels nothing that is known.
type std struct {
	mean
	squares exact
}

func (s *std) add(v *row.Vec, i int, at place) {
	s.mean.add(v, i, at)
	switch v.Kind {
	case row.Float:
		s.squares.addSquare(v.Floats[i])
	case row.Bool:
		s.squares.add(float64(v.Bools[i]))
	default:
		s.squares.addSquare(float64(v.Ints[i]))
	}
}

func (s *std) merge(o accumulator) {
	s.take(&o.(*std).mean)
	s.squares.merge(&o.(*std).squares)
}

func (s *std) result() any {
	if s.n < 2 {
		return nil
	}
	if s.sum.odd || s.squares.odd {
		return math.NaN()
	}
	n := new(big.Float).SetPrec(wide).SetInt64(s.n)
	sum := s.sum.big()
	v := new(big.Float).SetPrec(2*2200).Mul(sum, sum)
	v.Quo(v, n).Sub(s.squares.big(), v)
	v.Quo(v, n.SetInt64(s.n-1))
	if v.Sign() <= 0 {
		return 0.0
	}
	f, _ := v.SetPrec(wide).Sqrt(v).Float64()
	return f
}

func (s *std) append(dst []byte) []byte { return s.squares.append(s.mean.append(dst)) }
func (s *std) read(r *varints)          { s.mean.read(r); s.squares.read(r) }

// extremeFloat is the least (sign -1) or greatest (+1) float; NaN if one was.
type extremeFloat struct {
	sign float64
	seen bool
	x    float64
}

func (e *extremeFloat) add(v *row.Vec, i int, _ place) {
	e.take(v.Floats[i] + 0) // -0 becomes 0, so that of two zeros none is less
}

func (e *extremeFloat) merge(o accumulator) {
	if o := o.(*extremeFloat); o.seen {
		e.take(o.x)
	}
}

func (e *extremeFloat) take(x float64) {
	if !e.seen || x != x || e.sign*x > e.sign*e.x {
		e.seen, e.x = true, x
	}
}

func (e *extremeFloat) result() any {
	if !e.seen {
		return nil
	}
	return e.x
}

func (e *extremeFloat) append(dst []byte) []byte {
	if !e.seen {
		return append(dst, 0)
	}
	return binary.LittleEndian.AppendUint64(append(dst, 1), math.Float64bits(e.x))
}

func (e *extremeFloat) read(r *varints) {
	if e.seen = r.byte() == 1; e.seen {
		e.x = r.float()
	}
}

// newExtreme is the least (sign -1) or greatest (+1) value of a kind.
func newExtreme(kind row.Kind, sign int) accumulator {
	switch kind {
	case row.Float:
		return &extremeFloat{sign: float64(sign)}
	case row.String:
		return &extremeString{sign: sign}
	}
	return &extremeInt{sign: sign, kind: kind}
}

type extremeInt struct {
	sign int
	kind row.Kind
	seen bool
	x    int64
}

func (e *extremeInt) add(v *row.Vec, i int, _ place) {
	e.take(v.Ints[i])
}

func (e *extremeInt) merge(o accumulator) {
	if o := o.(*extremeInt); o.seen {
		e.take(o.x)
	}
}

func (e *extremeInt) take(x int64) {
	if !e.seen || cmp.Compare(x, e.x) == e.sign {
		e.seen, e.x = true, x
	}
}

func (e *extremeInt) result() any {
	if !e.seen {
		return nil
	}
	switch e.kind {
	case row.Time:
		return instant(e.x)
	case row.Duration:
		return micros(e.x)
	}
	return e.x
}

func (e *extremeInt) append(dst []byte) []byte {
	if !e.seen {
		return append(dst, 0)
	}
	return binary.AppendVarint(append(dst, 1), e.x)
}

func (e *extremeInt) read(r *varints) {
	if e.seen = r.byte() == 1; e.seen {
		e.x = r.varint()
	}
}

type extremeString struct {
	sign int
	seen bool
	x    string
}

func (e *extremeString) add(v *row.Vec, i int, _ place) {
	if x := v.Strs[i]; !e.seen || cmp.Compare(x, e.x) == e.sign {
		e.seen, e.x = true, strings.Clone(x)
	}
}

func (e *extremeString) merge(o accumulator) {
	if o := o.(*extremeString); o.seen && (!e.seen || cmp.Compare(o.x, e.x) == e.sign) {
		e.seen, e.x = true, o.x
	}
}

func (e *extremeString) result() any {
	if !e.seen {
		return nil
	}
	return e.x
}

func (e *extremeString) append(dst []byte) []byte {
	if !e.seen {
		return append(dst, 0)
	}
	return appendBytes(append(dst, 1), []byte(e.x))
}

func (e *extremeString) read(r *varints) {
	if e.seen = r.byte() == 1; e.seen {
		e.x = string(r.bytes())
	}
}

// edgeValue is the value of the first (sign -1) or last (+1) row by place.
type edgeValue struct {
	sign int
	seen bool
	at   place
	x    any
}

func (e *edgeValue) add(v *row.Vec, i int, at place) {
	if !e.seen || at.compare(e.at) == e.sign {
		e.seen, e.at, e.x = true, at, cloned(v.Value(i))
	}
}

func (e *edgeValue) merge(o accumulator) {
	if o := o.(*edgeValue); o.seen && (!e.seen || o.at.compare(e.at) == e.sign) {
		*e = *o
	}
}

func (e *edgeValue) result() any { return e.x }

func (e *edgeValue) append(dst []byte) []byte {
	if !e.seen {
		return append(dst, 0)
	}
	dst = binary.AppendVarint(append(dst, 1), e.at.mark)
	dst = binary.AppendVarint(binary.AppendUvarint(dst, uint64(e.at.source)), e.at.seq)
	return appendBytes(dst, row.AppendValue(nil, e.x))
}

func (e *edgeValue) read(r *varints) {
	if e.seen = r.byte() == 1; !e.seen {
		return
	}
	e.at = place{mark: r.varint(), source: int(r.uvarint()), seq: r.varint()}
	v, _, err := row.ReadValue(r.bytes())
	e.x, r.bad = v, r.bad || err != nil
}
