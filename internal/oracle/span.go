package oracle

import (
	"cmp"
	"math"
	"math/big"
	"slices"
)

// Windows say how time is cut, in µs.
type Windows struct {
	Size, Hop, Grace int64
	By               Key
}

// Spans are the rows of the windows that closed in each of n partitions, in order of their end and then their key;
// with all, those that are still open too.
func (w Windows) Spans(l Log, n int, all bool) [][]Row {
	out := make([][]Row, n)
	for p := range n {
		type cell struct {
			start int64
			key   string
		}
		cells := map[cell]Log{}
		for _, e := range w.By.In(l, p, n) {
			key, _ := w.By.Of(e)
			for _, start := range w.starts(e.Time) {
				if late := start+w.Size+w.Grace <= e.Mark; !late {
					cells[cell{start, key}] = append(cells[cell{start, key}], e)
				}
			}
		}
		var order []cell
		for c := range cells {
			if all || c.start+w.Size+w.Grace <= w.By.Time(l, p, n) {
				order = append(order, c)
			}
		}
		slices.SortFunc(order, func(a, b cell) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.key, b.key)) })
		for _, c := range order {
			out[p] = append(out[p], w.row(c.start, c.key, cells[c]))
		}
	}
	return out
}

// starts are those of the windows that hold a time: multiples of the hop.
func (w Windows) starts(t int64) []int64 {
	first, _ := new(big.Int).DivMod(big.NewInt(t-w.Size), big.NewInt(w.Hop), new(big.Int))
	var out []int64
	for s := first.Int64() * w.Hop; s <= t; s += w.Hop {
		if s <= t && t < s+w.Size {
			out = append(out, s)
		}
	}
	return out
}

// Aggregates are the aggregates that row computes.
var Aggregates = []string{
	"n = count()", "hot = count(speed > 50)", "s = sum(speed)", "m = mean(speed)", "mg = mean(speed, gear >= 2)", "sd = std(speed)",
	"lo = min(speed)", "hi = max(speed)", "sn = sum(num)", "mn = mean(num)", "hn = max(num)", "lt = min(text)", "f = first(text)", "l = last(speed)", "t = max(ts)",
}

func (w Windows) row(start int64, key string, in Log) Row {
	cols := map[string]any{"window_start": start, "window_end": start + w.Size}
	for _, c := range w.By.Columns {
		cols[c] = in[0].Column(c)
	}
	speeds := floats(in, func(*Event) bool { return true })
	geared := floats(in, func(e *Event) bool { return e.Gear != nil && *e.Gear >= 2 })
	var nums []*big.Rat
	for _, e := range in {
		if e.Num != nil {
			nums = append(nums, new(big.Rat).SetInt64(*e.Num))
		}
	}
	cols["n"] = int64(len(in))
	cols["hot"] = int64(len(slices.DeleteFunc(slices.Clone(in), func(e *Event) bool { return e.Speed == nil || !(*e.Speed > 50) })))
	cols["s"] = nearest(sum(speeds))
	cols["m"], cols["mg"], cols["mn"] = mean(speeds), mean(geared), mean(nums)
	cols["sd"] = deviation(speeds)
	cols["lo"], cols["hi"] = extreme(in, "speed", -1), extreme(in, "speed", 1)
	cols["hn"], cols["lt"], cols["t"] = extreme(in, "num", 1), extreme(in, "text", -1), extreme(in, "ts", 1)
	if total := sum(nums); total.Num().IsInt64() {
		cols["sn"] = total.Num().Int64()
	} else {
		cols["sn"] = nil
	}
	cols["f"], cols["l"] = nil, nil
	for _, e := range in { // nulls are no values, for first and last neither
		if cols["f"] == nil {
			cols["f"] = e.Column("text")
		}
		if e.Speed != nil {
			cols["l"] = *e.Speed
		}
	}
	return Row{key, cols}
}

func floats(in Log, take func(*Event) bool) (out []*big.Rat) {
	for _, e := range in {
		if e.Speed != nil && take(e) {
			out = append(out, new(big.Rat).SetFloat64(*e.Speed))
		}
	}
	return out
}

func sum(xs []*big.Rat) *big.Rat {
	s := new(big.Rat)
	for _, x := range xs {
		s.Add(s, x)
	}
	return s
}

func nearest(x *big.Rat) float64 {
	f, _ := x.Float64()
	return f
}

func mean(xs []*big.Rat) any {
	if len(xs) == 0 {
		return nil
	}
	return nearest(new(big.Rat).Quo(sum(xs), big.NewRat(int64(len(xs)), 1)))
}

// deviation is the root of the mean square distance from the mean, over n-1.
func deviation(xs []*big.Rat) any {
	if len(xs) < 2 {
		return nil
	}
	mean := new(big.Rat).Quo(sum(xs), big.NewRat(int64(len(xs)), 1))
	squares := new(big.Rat)
	for _, x := range xs {
		d := new(big.Rat).Sub(x, mean)
		squares.Add(squares, d.Mul(d, d))
	}
	v := new(big.Float).SetPrec(400).SetRat(squares.Quo(squares, big.NewRat(int64(len(xs)-1), 1)))
	f, _ := v.Sqrt(v).Float64()
	return f
}

// extreme is the least (-1) or greatest (+1) value of a column; of two zeros neither is less, and 0 is given.
func extreme(in Log, column string, sign int) any {
	var best any
	for _, e := range in {
		v := e.Column(column)
		if v != nil && (best == nil || compare(v, best) == sign) {
			best = v
		}
	}
	if best == 0.0 {
		return math.Abs(best.(float64))
	}
	return best
}

func compare(a, b any) int {
	switch x := a.(type) {
	case int64:
		return cmp.Compare(x, b.(int64))
	case string:
		return cmp.Compare(x, b.(string))
	}
	return cmp.Compare(a.(float64), b.(float64))
}
