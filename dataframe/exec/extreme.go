package exec

import (
	"cmp"
	"encoding/binary"
	"math"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

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

// pointed is the value of one column in the row where another is least (sign
// -1) or greatest (+1); of several such rows the first by place. NaN is no extreme.
type pointed[T any] struct {
	of   *aggregate
	kind *scalar[T]
	sign int
	seen bool
	by   T
	at   place
	x    any
}

func (a *pointed[T]) add(v *row.Vec, i int, at place) {
	by := a.kind.of(v, i)
	if a.kind.odd(by) {
		return
	}
	if !a.seen || a.before(by, at) {
		a.seen, a.by, a.at, a.x = true, a.kind.keep(by), at, cloned(a.of.beside.Value(i))
	}
}

// before says whether a row comes before the one that was found.
func (a *pointed[T]) before(by T, at place) bool {
	c := a.kind.compare(by, a.by)
	return c == a.sign || c == 0 && at.compare(a.at) < 0
}

func (a *pointed[T]) merge(other accumulator) {
	if o := other.(*pointed[T]); o.seen && (!a.seen || a.before(o.by, o.at)) {
		a.seen, a.by, a.at, a.x = true, o.by, o.at, o.x
	}
}

func (a *pointed[T]) result() any { return a.x }

func (a *pointed[T]) append(dst []byte) []byte {
	if !a.seen {
		return append(dst, 0)
	}
	dst = a.at.append(a.kind.append(append(dst, 1), a.by))
	return appendBytes(dst, row.AppendValue(nil, a.x))
}

func (a *pointed[T]) read(r *varints) {
	if a.seen = r.byte() == 1; a.seen {
		a.by, a.at, a.x = a.kind.read(r), readPlace(r), r.value()
	}
}
