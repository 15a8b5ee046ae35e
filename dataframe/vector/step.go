package vector

import "github.com/riffle-stream/riffle/dataframe/row"

// step computes a column from those of other steps.
type step struct {
	args   []*step
	live   *step                       // the rows for which a fault counts; nil: all
	load   func(b *row.Batch) *row.Vec // instead of a kernel
	kernel kernel
	fill   func(v *row.Vec) // instead of a kernel, of what is the same in every row
	vec    *row.Vec         // the column: own, or one of the batch
	own    row.Vec
	to     *Program
}

// kernel computes every row of s.own.
type kernel func(s *step)

func (s *step) eval(b *row.Batch) {
	n := b.Len()
	switch {
	case s.load != nil:
		s.vec = s.load(b)
	case s.fill != nil:
		if s.own.Len() < n {
			s.own.Resize(n)
			s.fill(&s.own)
		}
		s.vec = &s.own
	default:
		s.own.Resize(n)
		s.vec = &s.own
		s.kernel(s)
	}
}

// fault says that the function must be called for row i, if the step counts there.
func (s *step) fault(i int) {
	if s.live != nil && s.live.vec.Bools[i] == 0 {
		return
	}
	s.to.fault(i, s.own.Len())
}

// values is the slice of a vector that holds T: byte for bools, int64, float64, string.
func values[T any](v *row.Vec) []T {
	for _, s := range [...]any{&v.Floats, &v.Ints, &v.Bools, &v.Strs} {
		if p, ok := s.(*[]T); ok {
			return *p
		}
	}
	return nil
}

// arg is argument i.
func arg[T any](s *step, i int) []T { return values[T](s.args[i].vec) }

// each1 is the kernel of a loop over one column.
func each1[A, R any](loop func(out []R, a []A)) kernel {
	return func(s *step) {
		out := values[R](&s.own)
		loop(out, arg[A](s, 0)[:len(out)])
	}
}

// each2 is the kernel of a loop over two columns of one kind.
func each2[A, R any](loop func(out []R, a, b []A)) kernel {
	return func(s *step) {
		out := values[R](&s.own)
		loop(out, arg[A](s, 0)[:len(out)], arg[A](s, 1)[:len(out)])
	}
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}
