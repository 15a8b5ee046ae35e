package exec

import (
	"math"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// outermost is the value of the first (sign -1) or last (+1) row, by place or by time.
type outermost struct {
	sign int
	time bool
	seen bool
	at   place
	x    any
}

// beyond says whether a place is further out than the one that was found.
func (e *outermost) beyond(at place) bool {
	if !e.seen {
		return true
	}
	if e.time {
		return at.byTime(e.at) == e.sign
	}
	return at.compare(e.at) == e.sign
}

func (e *outermost) add(v *row.Vec, i int, at place) {
	if e.beyond(at) {
		e.seen, e.at, e.x = true, at, cloned(v.Value(i))
	}
}

func (e *outermost) merge(o accumulator) { e.take(o.(*outermost)) }

func (e *outermost) take(o *outermost) {
	if o.seen && e.beyond(o.at) {
		e.seen, e.at, e.x = true, o.at, o.x
	}
}

func (e *outermost) result() any { return e.x }

func (e *outermost) append(dst []byte) []byte {
	if !e.seen {
		return append(dst, 0)
	}
	return appendBytes(e.at.append(append(dst, 1)), row.AppendValue(nil, e.x))
}

func (e *outermost) read(r *varints) {
	if e.seen = r.byte() == 1; e.seen {
		e.at, e.x = readPlace(r), r.value()
	}
}

// change is the value of the latest row less that of the earliest, or that for
// each second between them.
type change struct {
	from, to outermost
	rate     bool
}

func newChange(rate bool) *change {
	return &change{outermost{sign: -1, time: true}, outermost{sign: +1, time: true}, rate}
}

func (c *change) add(v *row.Vec, i int, at place) {
	c.from.add(v, i, at)
	c.to.add(v, i, at)
}

func (c *change) merge(o accumulator) {
	c.from.take(&o.(*change).from)
	c.to.take(&o.(*change).to)
}

func (c *change) result() any {
	if !c.from.seen {
		return nil
	}
	if c.rate {
		if c.from.at.time == c.to.at.time {
			return nil
		}
		return asFloat(c.to.x, c.from.x) / (float64(c.to.at.time-c.from.at.time) / 1e6)
	}
	return difference(c.to.x, c.from.x)
}

// difference is a - b, or nil if its kind does not hold it.
func difference(a, b any) any {
	switch x := a.(type) {
	case int64:
		if d := x - b.(int64); (d < x) == (b.(int64) > 0) {
			return d
		}
		return nil
	case float64:
		return x - b.(float64)
	}
	from, to := microsOf(b), microsOf(a)
	if d := to - from; (d < to) == (from > 0) && d <= math.MaxInt64/1000 && d >= math.MinInt64/1000 {
		return micros(d)
	}
	return nil
}

// asFloat is a - b of numbers or truths.
func asFloat(a, b any) float64 {
	switch x := a.(type) {
	case int64:
		if d, ok := difference(a, b).(int64); ok {
			return float64(d)
		}
		return float64(x) - float64(b.(int64))
	case bool:
		return float64(flag(x)) - float64(flag(b.(bool)))
	}
	return a.(float64) - b.(float64)
}

func (c *change) append(dst []byte) []byte { return c.to.append(c.from.append(dst)) }
func (c *change) read(r *varints)          { c.from.read(r); c.to.read(r) }

// truth is whether one value was true, or with all whether none was false.
type truth struct{ all, other bool }

func (t *truth) add(v *row.Vec, i int, _ place) { t.other = t.other || (v.Bools[i] != 0) != t.all }
func (t *truth) merge(o accumulator)            { t.other = t.other || o.(*truth).other }
func (t *truth) result() any                    { return t.other != t.all }
func (t *truth) append(dst []byte) []byte       { return append(dst, flag(t.other)) }
func (t *truth) read(r *varints)                { t.other = r.byte() == 1 }
