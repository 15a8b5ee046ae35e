package exec

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// accumulator is one aggregate of one group. What it gives does not depend on
// the order in which rows are added or accumulators merged: sums are exact, and
// what depends on the order of rows carries their places.
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

// bounded is an accumulator that may hold less than there was.
type bounded interface {
	cut() bool
}

// place orders the rows of several sources: by mark, then source, then number.
// The time goes with it for those that ask, and orders nothing here.
type place struct {
	mark   int64
	source int
	seq    int64
	time   int64 // event time, µs
}

func (p place) compare(o place) int {
	return cmp.Or(cmp.Compare(p.mark, o.mark), cmp.Compare(p.source, o.source), cmp.Compare(p.seq, o.seq))
}

// byTime orders places by time, those of one time as they came.
func (p place) byTime(o place) int { return cmp.Or(cmp.Compare(p.time, o.time), p.compare(o)) }

func (p place) append(dst []byte) []byte {
	dst = binary.AppendUvarint(binary.AppendVarint(dst, p.mark), uint64(p.source))
	return binary.AppendVarint(binary.AppendVarint(dst, p.seq), p.time)
}

func readPlace(r *varints) place {
	return place{mark: r.varint(), source: int(r.uvarint()), seq: r.varint(), time: r.varint()}
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

// cleared makes aggregates as they were new, and says whether it can.
func cleared(acc []accumulator) bool {
	for _, a := range acc {
		switch a := a.(type) {
		case *count:
			a.n = 0
		case *floatSum:
			a.sum.clear()
		case *mean:
			a.n = 0
			a.sum.clear()
		case *extremeFloat:
			a.seen = false
		case *extremeInt:
			a.seen = false
		default:
			return false
		}
	}
	return true
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

// deviation is the sample variance, (Σx² - (Σx)²/n) / (n-1), or its root, from
// exact sums, so that the subtraction cancels nothing that is known.
type deviation struct {
	mean
	squares exact
	root    bool // the standard deviation
}

func (d *deviation) add(v *row.Vec, i int, at place) {
	d.mean.add(v, i, at)
	switch v.Kind {
	case row.Float:
		d.squares.addSquare(v.Floats[i])
	case row.Bool:
		d.squares.add(float64(v.Bools[i]))
	default:
		d.squares.addSquare(float64(v.Ints[i]))
	}
}

func (d *deviation) merge(o accumulator) {
	d.take(&o.(*deviation).mean)
	d.squares.merge(&o.(*deviation).squares)
}

func (d *deviation) result() any {
	if d.n < 2 {
		return nil
	}
	if d.sum.odd || d.squares.odd {
		return math.NaN()
	}
	n := new(big.Float).SetPrec(wide).SetInt64(d.n)
	sum := d.sum.big()
	v := new(big.Float).SetPrec(2*2200).Mul(sum, sum)
	v.Quo(v, n).Sub(d.squares.big(), v)
	v.Quo(v, n.SetInt64(d.n-1))
	if v.Sign() <= 0 {
		return 0.0
	}
	if d.root {
		v.SetPrec(wide).Sqrt(v)
	}
	f, _ := v.Float64()
	return f
}

func (d *deviation) append(dst []byte) []byte { return d.squares.append(d.mean.append(dst)) }
func (d *deviation) read(r *varints)          { d.mean.read(r); d.squares.read(r) }
