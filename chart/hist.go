package chart

import "math"

// Bins counts how many values of each series fall into each of so many ranges
// of one width between the least and the greatest value. Of the series that it
// gives, X are the middles of the ranges and Y the counts.
func (d Data) Bins(n int) Data {
	_, y, ok := d.Bounds()
	if !ok || n < 1 {
		return Data{Left: d.Left}
	}
	if d.integers() && y[1]-y[0] < 1e6 {
		each := math.Ceil((y[1] - y[0] + 1) / float64(n)) // so many whole numbers fall into a range, or some would look rare
		n = int(math.Ceil((y[1] - y[0] + 1) / each))
		y[0], y[1] = y[0]-.5, y[0]-.5+float64(n)*each
	}
	if y[0] == y[1] {
		y[0], y[1] = y[0]-.5, y[1]+.5
	}
	width := (y[1] - y[0]) / float64(n)
	out := Data{Left: d.Left} // Y are counts, without unit
	for _, s := range d.Series {
		b := Series{Name: s.Name, X: make([]float64, n), Y: make([]float64, n)}
		for i := range n {
			b.X[i] = y[0] + (float64(i)+.5)*width
		}
		for i, v := range s.Y {
			if s.Has(i) {
				b.Y[place(v, y, float64(n))]++
			}
		}
		out.Series = append(out.Series, b)
	}
	return out
}

// integers says whether all values are whole numbers.
func (d Data) integers() bool {
	for _, s := range d.Series {
		for i, v := range s.Y {
			if s.Has(i) && v != math.Trunc(v) {
				return false
			}
		}
	}
	return true
}

// BinCount is the number of ranges that suits so many values: Sturges' rule, doubled, because streams have
// many values and a chart has room; at least 5 and at most 60.
func BinCount(values int) int {
	if values < 1 {
		return 5
	}
	return max(5, min(60, int(2*math.Ceil(math.Log2(float64(values))+1))))
}
