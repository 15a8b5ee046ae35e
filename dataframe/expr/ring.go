package expr

import (
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// ring is the last values of a key; not all of them may have come yet.
type ring[T any] struct {
	at  []T
	has []bool
	pos int // of the oldest
}

func newRing[T any](n int) keeper { return &ring[T]{at: make([]T, n), has: make([]bool, n)} }

// push puts a value in and gives the one that it pushes out.
func (r *ring[T]) push(x T, ok bool) (T, bool) {
	was, had := r.at[r.pos], r.has[r.pos]
	r.at[r.pos], r.has[r.pos] = x, ok
	if r.pos++; r.pos == len(r.at) {
		r.pos = 0
	}
	return was, had
}

// latest is what was pushed in last.
func (r *ring[T]) latest() T { return r.at[(r.pos+len(r.at)-1)%len(r.at)] }

func (r *ring[T]) values() []any {
	out := make([]any, len(r.at))
	for i := range out {
		if k := (r.pos + i) % len(out); r.has[k] {
			out[i] = boxed(r.at[k])
		}
	}
	return out
}

func (r *ring[T]) restore(values []any) bool {
	if len(values) != len(r.at) {
		return false
	}
	for i, v := range values {
		if v != nil {
			if r.at[i], r.has[i] = unboxed[T](v); !r.has[i] {
				return false
			}
		}
	}
	r.pos = 0
	return true
}

// boxed is a value of a vector to be stored.
func boxed[T any](x T) any {
	if b, ok := any(x).(byte); ok {
		return int64(b)
	}
	return x
}

func unboxed[T any](v any) (x T, ok bool) {
	if b, is := any(&x).(*byte); is {
		n, ok := v.(int64)
		*b = byte(n)
		return x, ok
	}
	x, ok = v.(T)
	return x, ok
}

// compilePrev compiles prev and lag.
func compilePrev(c *compiler, n *node) (*step, *Error) {
	x, err := c.node(n.args[0])
	if err != nil {
		return nil, err
	}
	back, err := count(n, 1, maxBack, 1)
	if err != nil {
		return nil, err
	}
	switch {
	case x.kind == row.Null:
		return c.constant(&node{}), nil
	case x.kind == row.Bool:
		return prevStep(c, n, x, back, asCame[byte]), nil
	case x.kind == row.Float:
		return prevStep(c, n, x, back, asCame[float64]), nil
	case x.kind == row.String || x.kind == row.Bytes:
		return prevStep(c, n, x, back, ownText), nil
	case x.kind.Nested():
		return prevStep(c, n, x, back, asCame[any]), nil
	}
	return prevStep(c, n, x, back, asCame[int64]), nil
}

func asIs[T any](x T) T { return x }

func asCame[T any](x, _ T) T { return x }

// ownText is a text that does not point into records: the one that was kept last, if it is equal, as it mostly is.
func ownText(x, last string) string {
	if x == last {
		return last
	}
	return strings.Clone(x)
}

func prevStep[T any](c *compiler, n *node, x *step, back int, keep func(x, last T) T) *step {
	fresh := func() keeper { return newRing[T](back) }
	return c.keeps(n, x.kind, []*step{x}, fresh, func(s *step, n int, at func(int) keeper) {
		in, _ := arg[T](s, 0)
		out := values[T](&s.own)
		for i := range out {
			r := at(i).(*ring[T])
			was, had := r.push(keep(in[i], r.latest()), !s.args[0].vec.IsNull(i))
			out[i] = was
			if !had {
				s.null(i, n)
			}
		}
	})
}

// compileDiff makes diff(x, n) the difference that it is short for.
func compileDiff(c *compiler, n *node) (*step, *Error) {
	before := &node{form: call, name: "prev", args: n.args, pos: n.pos, end: n.end}
	s, err := c.node(&node{form: call, name: "-", args: []*node{n.args[0], before}, pos: n.pos, end: n.end})
	if err != nil && err.Pos == n.pos {
		x, _ := c.node(n.args[0])
		if x != nil {
			return nil, fault(n, "", "%s: %s is %s, want a number or time", n.text(), n.args[0].text(), x.kind)
		}
	}
	return s, err
}

// compileRank compiles rank_in.
func compileRank(c *compiler, n *node) (*step, *Error) {
	x, err := c.node(n.args[0])
	if err != nil {
		return nil, err
	}
	among, err := count(n, 1, maxBack, 1)
	if err != nil {
		return nil, err
	}
	switch x.kind {
	case row.Int, row.Time, row.Duration:
		return rankStep(c, n, x, among, asCame[int64]), nil
	case row.Float:
		return rankStep(c, n, x, among, asCame[float64]), nil
	case row.String:
		return rankStep(c, n, x, among, ownText), nil
	}
	return nil, fault(n, "", "%s: %s is %s, want a number, string, time or duration", n.text(), n.args[0].text(), x.kind)
}

func rankStep[T int64 | float64 | string](c *compiler, n *node, x *step, among int, keep func(x, last T) T) *step {
	return c.keeps(n, row.Int, []*step{x}, func() keeper { return newRing[T](among) }, func(s *step, n int, at func(int) keeper) {
		in, _ := arg[T](s, 0)
		for i := range s.own.Ints {
			last, null := at(i).(*ring[T]), s.args[0].vec.IsNull(i)
			last.push(keep(in[i], last.latest()), !null)
			if null {
				s.null(i, n)
				continue
			}
			rank := int64(1)
			for k, y := range last.at {
				if last.has[k] && y < in[i] {
					rank++
				}
			}
			s.own.Ints[i] = rank
		}
	})
}
