package chart

import (
	"maps"
	"math"
	"slices"
	"sort"
)

// categories are the names along x, in the order in which they came.
type categories map[string]float64

// place is where a name stands; NaN if there are too many.
func (c categories) place(name string) float64 {
	at, ok := c[name]
	switch {
	case ok:
		return at
	case len(c) >= maxNames:
		return math.NaN()
	}
	at = float64(len(c))
	c[name] = at
	return at
}

// name puts names along x in their natural order, and the points with them.
func (d *Data) name(c categories) {
	d.Names = slices.SortedFunc(maps.Keys(c), Natural)
	rank := make([]float64, len(d.Names))
	for i, n := range d.Names {
		rank[int(c[n])] = float64(i)
	}
	for _, s := range d.Series {
		for i, x := range s.X {
			if finite(x) {
				s.X[i] = rank[int(x)]
			}
		}
		sort.Sort(byX(s))
	}
}

// byX are the points of a series in the order of x.
type byX Series

func (s byX) Len() int           { return len(s.X) }
func (s byX) Less(i, j int) bool { return s.X[i] < s.X[j] }
func (s byX) Swap(i, j int) {
	s.X[i], s.X[j] = s.X[j], s.X[i]
	s.Y[i], s.Y[j] = s.Y[j], s.Y[i]
}

// FirstNames is the data with at most n names along x.
func (d Data) FirstNames(n int) Data {
	if d.Scale != Category || len(d.Names) <= n {
		return d
	}
	d.Names = d.Names[:n]
	d.Series = slices.Clone(d.Series)
	for i, s := range d.Series {
		kept := Series{Name: s.Name}
		for j, x := range s.X {
			if x < float64(n) {
				s.keep(&kept, j)
			}
		}
		d.Series[i] = kept
	}
	return d
}
