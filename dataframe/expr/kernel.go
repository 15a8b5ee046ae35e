package expr

import "github.com/riffle-stream/riffle/dataframe/row"

// bit is a bool as batches hold it; the compiler makes it one instruction.
func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// each1 applies f to every row.
func each1[A, R any](f func(A) R) kernel {
	return func(s *step, n int) {
		a, am := arg[A](s, 0)
		out := values[R](&s.own)
		for i := range out {
			out[i] = f(a[i&am])
		}
	}
}

// each2 applies f to every row of two arguments.
func each2[A, B, R any](f func(A, B) R) kernel {
	return func(s *step, n int) {
		a, am := arg[A](s, 0)
		b, bm := arg[B](s, 1)
		out := values[R](&s.own)
		for i := range out {
			out[i] = f(a[i&am], b[i&bm])
		}
	}
}

// each3 applies f to every row of three arguments.
func each3[A, B, C, R any](f func(A, B, C) R) kernel {
	return func(s *step, n int) {
		a, am := arg[A](s, 0)
		b, bm := arg[B](s, 1)
		c, cm := arg[C](s, 2)
		out := values[R](&s.own)
		for i := range out {
			out[i] = f(a[i&am], b[i&bm], c[i&cm])
		}
	}
}

// try1 applies f to every row; where it says false, the row is null.
func try1[A, R any](f func(A) (R, bool)) kernel {
	return func(s *step, n int) {
		a, am := arg[A](s, 0)
		out := values[R](&s.own)
		for i := range out {
			r, ok := f(a[i&am])
			out[i] = r
			if !ok {
				s.null(i, n)
			}
		}
	}
}

// try2 applies f to every row of two arguments; where it says false, the row is null.
func try2[A, B, R any](f func(A, B) (R, bool)) kernel {
	return func(s *step, n int) {
		a, am := arg[A](s, 0)
		b, bm := arg[B](s, 1)
		out := values[R](&s.own)
		for i := range out {
			r, ok := f(a[i&am], b[i&bm])
			out[i] = r
			if !ok {
				s.null(i, n)
			}
		}
	}
}

// checked1 and checked2 apply a function on ints that says false where it
// overflows; such a row is null and counted.
func checked1(f func(int64) (int64, bool)) kernel {
	return func(s *step, n int) {
		a, am := arg[int64](s, 0)
		for i := range s.own.Ints {
			r, ok := f(a[i&am])
			s.own.Ints[i] = r
			if !ok {
				s.overflow(i, n)
			}
		}
	}
}

func checked2[A, B int64 | float64](f func(A, B) (int64, bool)) kernel {
	return func(s *step, n int) {
		a, am := arg[A](s, 0)
		b, bm := arg[B](s, 1)
		for i := range s.own.Ints {
			r, ok := f(a[i&am], b[i&bm])
			s.own.Ints[i] = r
			if !ok {
				s.overflow(i, n)
			}
		}
	}
}

// allNull is a column of a kind without any value.
func allNull(s *step, n int) { clear(s.validity(n)) }

// known says for row i of an argument whether it has a value.
func known(v *row.Vec, one bool, i int) byte {
	if v.Valid == nil {
		return 1
	}
	if one {
		i = 0
	}
	return v.Valid[i]
}
