package chart

import "math"

// Thin is the series with at most n points (at least 32), over x from lo to hi: of each of
// n/2 columns the lowest and the highest point, so that no peak is lost that
// pixels would show. A gap stays where a column has no other point. Partial
// and open points are thinned apart and stay what they are.
func (s Series) Thin(lo, hi float64, n int) Series {
	n = max(n, 32)
	if len(s.X) <= n || !(hi > lo) {
		return s
	}
	closed := len(s.X) - s.Open
	out := Series{Name: s.Name, X: make([]float64, 0, n), Y: make([]float64, 0, n)}
	first, last := min(n/4, s.Partial), min(n/4, s.Open) // n/4 is 8 or more
	out.Partial = s.thin(&out, 0, s.Partial, s.X[0], s.X[max(0, s.Partial-1)], first)
	s.thin(&out, s.Partial, closed, lo, hi, n-first-last)
	if s.Open > 0 {
		out.Open = s.thin(&out, closed, len(s.X), s.X[closed], s.X[len(s.X)-1], last)
	}
	return out
}

// thin appends what it keeps of the points from a to b, and says how many that are.
func (s Series) thin(out *Series, a, b int, lo, hi float64, n int) int {
	had := len(out.X)
	if b-a <= n {
		out.X, out.Y = append(out.X, s.X[a:b]...), append(out.Y, s.Y[a:b]...)
		return b - a
	}
	columns := max(1, n/2-2) // the ends are kept beside, and x = hi has its own column
	width := max((hi-lo)/float64(columns), math.SmallestNonzeroFloat64)
	c := column{low: -1, high: -1, gap: -1}
	s.keep(out, a)
	at := math.Inf(-1)
	for i := a + 1; i < b-1; i++ {
		if col := math.Floor((s.X[i] - lo) / width); col != at {
			c.flush(s, out)
			at = col
		}
		c.see(s, i)
	}
	c.flush(s, out)
	s.keep(out, b-1)
	return len(out.X) - had
}

func (s Series) keep(out *Series, i int) {
	out.X, out.Y = append(out.X, s.X[i]), append(out.Y, s.Y[i])
}

// column is the points of one column that count, by index; -1: none.
type column struct{ low, high, gap int }

func (c *column) see(s Series, i int) {
	switch {
	case !s.Has(i):
		c.gap = i
	case c.low < 0:
		c.low, c.high = i, i
	case s.Y[i] < s.Y[c.low]:
		c.low = i
	case s.Y[i] > s.Y[c.high]:
		c.high = i
	}
}

func (c *column) flush(s Series, out *Series) {
	switch a, b := min(c.low, c.high), max(c.low, c.high); {
	case b >= 0:
		s.keep(out, a)
		if a != b {
			s.keep(out, b)
		}
	case c.gap >= 0:
		s.keep(out, c.gap)
	}
	*c = column{-1, -1, -1}
}

// Spread is the series with at most one point in each of n x n cells of the area, for dots in no order.
func (s Series) Spread(x, y [2]float64, n int) Series {
	if len(s.X) <= n {
		return s
	}
	side := math.Floor(math.Sqrt(float64(n)))
	out := Series{Name: s.Name}
	seen := map[[2]int]bool{}
	for i := range s.X {
		cell := [2]int{place(s.X[i], x, side), place(s.Y[i], y, side)}
		if s.Has(i) && !seen[cell] {
			seen[cell] = true
			s.keep(&out, i)
		}
	}
	return out
}

// place is the cell, 0 to side-1, of v within the bounds.
func place(v float64, bounds [2]float64, side float64) int {
	if bounds[1] <= bounds[0] || !finite(v) {
		return 0
	}
	return int(min(side-1, max(0, math.Floor((v-bounds[0])/(bounds[1]-bounds[0])*side))))
}
