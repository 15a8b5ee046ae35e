package exec

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// collected is the first values by place.
type collected struct {
	most   int
	asked  bool // the user said how many
	more   bool // than most came
	values []placed
}

type placed struct {
	at place
	x  any
}

func (c *collected) add(v *row.Vec, i int, at place) {
	if n := len(c.values); n == c.most && c.values[n-1].at.compare(at) < 0 {
		c.more = true
		return
	}
	c.put(placed{at, cloned(v.Value(i))})
}

func (c *collected) put(p placed) {
	at := len(c.values)
	if at > 0 && c.values[at-1].at.compare(p.at) > 0 {
		at, _ = slices.BinarySearchFunc(c.values, p, func(a, b placed) int { return a.at.compare(b.at) })
	}
	c.values = slices.Insert(c.values, at, p)
	if len(c.values) > c.most {
		c.values, c.more = c.values[:c.most], true
	}
}

func (c *collected) merge(o accumulator) {
	other := o.(*collected)
	c.more = c.more || other.more
	for _, p := range other.values {
		c.put(p)
	}
}

func (c *collected) result() any {
	out := make([]any, len(c.values))
	for i, p := range c.values {
		out[i] = p.x
	}
	return out
}

func (c *collected) cut() bool { return c.more && !c.asked }

func (c *collected) append(dst []byte) []byte {
	dst = binary.AppendUvarint(append(dst, flag(c.more)), uint64(len(c.values)))
	for _, p := range c.values {
		dst = appendBytes(p.at.append(dst), row.AppendValue(nil, p.x))
	}
	return dst
}

func (c *collected) read(r *varints) {
	c.more = r.byte() == 1
	for n := r.uvarint(); n > 0 && !r.bad; n-- {
		c.values = append(c.values, placed{readPlace(r), r.value()})
	}
}

// greatest is the greatest values, falling.
type greatest[T any] struct {
	kind   *scalar[T]
	most   int
	values []T
}

func (g *greatest[T]) add(v *row.Vec, i int, _ place) { g.put(g.kind.of(v, i), true) }

func (g *greatest[T]) put(x T, points bool) {
	n := len(g.values)
	if n == g.most && g.kind.compare(x, g.values[n-1]) <= 0 {
		return
	}
	if points {
		x = g.kind.keep(x)
	}
	at, _ := slices.BinarySearchFunc(g.values, x, func(a, b T) int { return g.kind.compare(b, a) })
	g.values = slices.Insert(g.values, at, x)
	g.values = g.values[:min(n+1, g.most)]
}

func (g *greatest[T]) merge(o accumulator) {
	for _, x := range o.(*greatest[T]).values {
		g.put(x, false)
	}
}

func (g *greatest[T]) result() any              { return listOf(g.kind, g.values) }
func (g *greatest[T]) append(dst []byte) []byte { return appendList(g.kind, dst, g.values) }
func (g *greatest[T]) read(r *varints)          { g.values = readList(g.kind, r) }

// different is the different values, rising: the least of them if there are more than are kept.
type different[T any] struct {
	kind   *scalar[T]
	more   bool
	values []T
}

func (d *different[T]) add(v *row.Vec, i int, _ place) { d.put(d.kind.of(v, i), true) }

func (d *different[T]) put(x T, points bool) {
	at, found := slices.BinarySearchFunc(d.values, x, d.kind.compare)
	if found {
		return
	}
	if at == plan.MostKept {
		d.more = true
		return
	}
	if points {
		x = d.kind.keep(x)
	}
	d.values = slices.Insert(d.values, at, x)
	if len(d.values) > plan.MostKept {
		d.values, d.more = d.values[:plan.MostKept], true
	}
}

func (d *different[T]) merge(o accumulator) {
	other := o.(*different[T])
	d.more = d.more || other.more
	for _, x := range other.values {
		d.put(x, false)
	}
}

func (d *different[T]) result() any { return listOf(d.kind, d.values) }
func (d *different[T]) cut() bool   { return d.more }

func (d *different[T]) append(dst []byte) []byte {
	return appendList(d.kind, append(dst, flag(d.more)), d.values)
}

func (d *different[T]) read(r *varints) { d.more, d.values = r.byte() == 1, readList(d.kind, r) }

func listOf[T any](kind *scalar[T], values []T) any {
	out := make([]any, len(values))
	for i, x := range values {
		out[i] = kind.value(x)
	}
	return out
}

func appendList[T any](kind *scalar[T], dst []byte, values []T) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(values)))
	for _, x := range values {
		dst = kind.append(dst, x)
	}
	return dst
}

func readList[T any](kind *scalar[T], r *varints) (values []T) {
	for n := r.uvarint(); n > 0 && !r.bad; n-- {
		values = append(values, kind.read(r))
	}
	return values
}

// tally counts each different value, as long as they are not too many.
type tally[T any] struct {
	kind   *scalar[T]
	more   bool // than can be kept: then nothing is
	values []T  // rising
	counts []int64
}

func (t *tally[T]) put(x T, n int64, points bool) {
	if t.more {
		return
	}
	at, found := slices.BinarySearchFunc(t.values, x, t.kind.compare)
	if found {
		t.counts[at] += n
		return
	}
	if len(t.values) == plan.MostKept {
		t.more, t.values, t.counts = true, nil, nil
		return
	}
	if points {
		x = t.kind.keep(x)
	}
	t.values, t.counts = slices.Insert(t.values, at, x), slices.Insert(t.counts, at, n)
}

func (t *tally[T]) take(o *tally[T]) {
	if o.more {
		t.more, t.values, t.counts = true, nil, nil
	}
	for i, x := range o.values {
		t.put(x, o.counts[i], false)
	}
}

func (t *tally[T]) cut() bool { return t.more }

func (t *tally[T]) append(dst []byte) []byte {
	dst = appendList(t.kind, append(dst, flag(t.more)), t.values)
	for _, n := range t.counts {
		dst = binary.AppendVarint(dst, n)
	}
	return dst
}

func (t *tally[T]) read(r *varints) {
	t.more, t.values = r.byte() == 1, readList(t.kind, r)
	for range t.values {
		t.counts = append(t.counts, r.varint())
	}
}

// mode is the most frequent value, of several the least.
type mode[T any] struct{ tally[T] }

func (m *mode[T]) add(v *row.Vec, i int, _ place) { m.put(m.kind.of(v, i), 1, true) }
func (m *mode[T]) merge(o accumulator)            { m.take(&o.(*mode[T]).tally) }

func (m *mode[T]) result() any {
	best := -1
	for i, n := range m.counts {
		if best < 0 || n > m.counts[best] {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return m.kind.value(m.values[best])
}

// histogram counts the values in bins of one width; those that are not finite are in none.
type histogram struct {
	tally[float64] // by the number of the bin
	width          float64
}

func (h *histogram) add(v *row.Vec, i int, _ place) {
	if bin := math.Floor(numberAt(v, i) / h.width); bin-bin == 0 {
		h.put(bin+0, 1, false)
	}
}

func (h *histogram) merge(o accumulator) { h.take(&o.(*histogram).tally) }

func (h *histogram) result() any {
	if h.more {
		return nil
	}
	out := make([]any, len(h.values))
	for i, bin := range h.values {
		out[i] = row.Object{{Name: "from", Value: bin * h.width}, {Name: "n", Value: h.counts[i]}}
	}
	return out
}

// numberAt is a number or a truth as a float; both zeros are one.
func numberAt(v *row.Vec, i int) float64 {
	switch v.Kind {
	case row.Float:
		return v.Floats[i] + 0
	case row.Bool:
		return float64(v.Bools[i])
	}
	return float64(v.Ints[i])
}
