package chart

import (
	"cmp"
	"math"
	"strings"
)

// Data is the points of a chart.
type Data struct {
	Scale  Scale    // of every X
	Names  []string // what X counts, from 0, where it is a Category
	Unit   string   // of every Y, such as "s"; may be empty
	Series []Series
	Left   int // series that were left out
}

// Series is the points of one key, in the order of X but for Scatter and Histogram. X and Y are of one length.
type Series struct {
	Name    string
	X, Y    []float64 // Y may be NaN: there is no value, and the line has a gap
	Partial int       // how many points, at the beginning, are of a part of their rows; they are drawn dashed
	Open    int       // how many points, at the end, may still change; they are drawn dashed, too
}

// Whole says whether point i is of all of its rows, and stays what it is.
func (s Series) Whole(i int) bool { return i >= s.Partial && i < len(s.X)-s.Open }

// Partial is the number of points of all series that are of a part of their rows.
func (d Data) Partial() int {
	n := 0
	for _, s := range d.Series {
		n += s.Partial
	}
	return n
}

// Points is the number of points that have a value.
func (d Data) Points() int {
	n := 0
	for _, s := range d.Series {
		for i := range s.Y {
			if s.Has(i) {
				n++
			}
		}
	}
	return n
}

// Bounds are the least and greatest x and y of points that have a value; ok is false if there are none.
func (d Data) Bounds() (x, y [2]float64, ok bool) {
	x, y = [2]float64{math.Inf(1), math.Inf(-1)}, [2]float64{math.Inf(1), math.Inf(-1)}
	for _, s := range d.Series {
		for i := range s.Y {
			if !s.Has(i) {
				continue
			}
			x[0], x[1] = min(x[0], s.X[i]), max(x[1], s.X[i])
			y[0], y[1] = min(y[0], s.Y[i]), max(y[1], s.Y[i])
			ok = true
		}
	}
	return x, y, ok
}

// Has says whether point i has a place on the chart.
func (s Series) Has(i int) bool { return finite(s.X[i]) && finite(s.Y[i]) }

// finite leaves room, so that the distance of two such numbers is finite too.
func finite(v float64) bool { return math.Abs(v) <= 1e300 }

// Last is the last point's value, NaN if there is none.
func (s Series) Last() float64 {
	for i := len(s.Y) - 1; i >= 0; i-- {
		if s.Has(i) {
			return s.Y[i]
		}
	}
	return math.NaN()
}

// Natural compares names as people order them: car-2 before car-10.
func Natural(a, b string) int {
	full := cmp.Compare(a, b)
	for a != "" && b != "" {
		na, nb := number(a), number(b)
		if na == "" || nb == "" {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		ta, tb := strings.TrimLeft(na, "0"), strings.TrimLeft(nb, "0")
		if c := cmp.Or(cmp.Compare(len(ta), len(tb)), cmp.Compare(ta, tb)); c != 0 {
			return c
		}
		a, b = a[len(na):], b[len(nb):]
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), full)
}

// number is the digits that s begins with.
func number(s string) string {
	return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
}
