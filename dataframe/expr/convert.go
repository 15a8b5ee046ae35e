package expr

import "github.com/riffle-stream/riffle/dataframe/row"

// widen makes floats of ints.
func widen(s *step, n int) {
	a, m := arg[int64](s, 0)
	for i := range s.own.Floats {
		s.own.Floats[i] = float64(a[i&m])
	}
}

// box makes values of any kind of a typed column.
func box(s *step, n int) {
	from, m := s.args[0].vec, -1
	if s.args[0].one {
		m = 0
	}
	for i := range s.own.Anys {
		s.own.Anys[i] = from.Value(i & m)
	}
}

// narrow takes the values that have the step's kind out of a column of any kind.
func narrow(s *step, n int) {
	from, m := arg[any](s, 0)
	for i := range n {
		v := from[i&m]
		switch {
		case v == nil:
			s.null(i, n)
		case !fits(v, s.kind):
			s.misfit(i, n)
		case s.own.Valid == nil || s.own.Valid[i] != 0:
			_ = s.own.Set(i, v) // fits
		}
	}
}

// fits says whether a column of a kind takes the value, an int widening to float.
func fits(v any, k row.Kind) bool {
	is := row.KindOf(v)
	return is == k || is == row.Int && k == row.Float || k == row.Any
}

// repeat gives the one row of a constant for every row.
func repeat(k row.Kind) kernel {
	switch k {
	case row.Bool:
		return repeated[byte]
	case row.Int, row.Time, row.Duration:
		return repeated[int64]
	case row.Float:
		return repeated[float64]
	case row.String, row.Bytes:
		return repeated[string]
	case row.Null:
		return allNull
	}
	return repeated[any]
}

func repeated[T any](s *step, n int) {
	if s.args[0].vec.IsNull(0) {
		allNull(s, n)
		return
	}
	a, out := values[T](s.args[0].vec), values[T](&s.own)
	for i := range out {
		out[i] = a[0]
	}
}
