package expr

import (
	"math"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// step is one node of a program: it computes a vector from those of its
// arguments. A constant step has one row, which stands for all.
type step struct {
	kind    row.Kind
	one     bool
	vec     *row.Vec // the result: own, or a column of the batch
	own     row.Vec
	valid   []byte // room for own.Valid
	args    []*step
	load    func(b *row.Batch) *row.Vec // instead of a kernel, for columns
	kernel  kernel
	lenient bool // the kernel looks at nulls itself
	meter   *meter
}

// kernel computes n rows of s.own from s.args. Where own.Valid is set, rows
// that are null there already are null whatever the kernel writes.
type kernel func(s *step, n int)

// meter counts what went wrong with values.
type meter struct{ overflows, misfits int64 }

func (s *step) eval(b *row.Batch) {
	switch {
	case s.one:
	case s.load != nil:
		s.vec = s.load(b)
	default:
		s.run(b.Len())
	}
}

// run computes n rows from arguments that are up to date.
func (s *step) run(n int) {
	s.own.Resize(n)
	s.vec = &s.own
	if !s.lenient {
		s.inherit(n)
	}
	s.kernel(s, n)
	if s.kind == row.Duration {
		s.bound(n)
	}
	s.clean()
}

// maxSpan is the longest duration in µs that a time.Duration holds, 292 years.
const maxSpan = math.MaxInt64 / 1000

// bound makes durations null, as overflows, that no Go value could carry.
func (s *step) bound(n int) {
	for i, us := range s.own.Ints {
		if us > maxSpan || us < -maxSpan {
			s.overflow(i, n)
		}
	}
}

// inherit makes the rows null in which an argument is.
func (s *step) inherit(n int) {
	for _, a := range s.args {
		if a.vec.Valid == nil {
			continue
		}
		valid := s.validity(n)
		if len(a.vec.Valid) == 1 && a.one {
			if a.vec.Valid[0] == 0 {
				clear(valid)
			}
			continue
		}
		from := a.vec.Valid[:len(valid)]
		for i := range valid {
			valid[i] &= from[i]
		}
	}
}

// validity is own.Valid, all valid if it was not there.
func (s *step) validity(n int) []byte {
	if s.own.Valid != nil {
		return s.own.Valid
	}
	if cap(s.valid) < n {
		s.valid = make([]byte, n, n+n/4)
	}
	s.own.Valid = s.valid[:n]
	for i := range s.own.Valid {
		s.own.Valid[i] = 1
	}
	return s.own.Valid
}

// null makes row i null.
func (s *step) null(i, n int) { s.validity(n)[i] = 0 }

// overflow makes row i null and counts it, unless it is null already.
func (s *step) overflow(i, n int) {
	if !s.own.IsNull(i) {
		s.null(i, n)
		s.meter.overflows++
	}
}

// misfit makes row i null because its value has a kind that does not fit.
func (s *step) misfit(i, n int) {
	if !s.own.IsNull(i) {
		s.null(i, n)
		s.meter.misfits++
	}
}

// clean puts zero values into null rows, as batches have them.
func (s *step) clean() {
	if s.own.Valid == nil {
		return
	}
	switch s.kind {
	case row.Bool:
		zeroNulls(s.own.Bools, s.own.Valid)
	case row.Int, row.Time, row.Duration:
		zeroNulls(s.own.Ints, s.own.Valid)
	case row.Float:
		zeroNulls(s.own.Floats, s.own.Valid)
	case row.String, row.Bytes:
		zeroNulls(s.own.Strs, s.own.Valid)
	case row.List, row.Struct, row.Any:
		zeroNulls(s.own.Anys, s.own.Valid)
	}
}

func zeroNulls[T any](values []T, valid []byte) {
	var zero T
	for i, ok := range valid {
		if ok == 0 {
			values[i] = zero
		}
	}
}

// values is the slice of a vector that holds T: byte for bools, int64 for
// ints, times and durations, float64, string for strings and bytes, any for
// the rest.
func values[T any](v *row.Vec) []T {
	for _, s := range [...]any{&v.Floats, &v.Ints, &v.Bools, &v.Strs, &v.Anys} {
		if p, ok := s.(*[]T); ok {
			return *p
		}
	}
	return nil
}

// arg is the values of argument i, and a mask to index them with: row&mask is
// the row itself, or 0 if one value stands for all.
func arg[T any](s *step, i int) ([]T, int) {
	if s.args[i].one {
		return values[T](s.args[i].vec), 0
	}
	return values[T](s.args[i].vec), -1
}
