package oracle

import (
	"cmp"
	"math"
	"math/big"
	"slices"
)

// Aggregates are the aggregates that rows have.
var Aggregates = []string{
	"n = count()", "hot = count(speed > 50)", "s = sum(speed)", "m = mean(speed)", "mg = mean(speed, gear >= 2)", "sd = std(speed)", "vr = var(speed)",
	"lo = min(speed)", "hi = max(speed)", "sn = sum(num)", "mn = mean(num)", "hn = max(num)", "lt = min(text)", "f = first(text)", "l = last(speed)", "t = max(ts)",
	"md = median(speed)", "q = quantile(speed, 0.3, gear < 3)", "p9 = p90(num)", "ds = distinct(text)", "dn = distinct(speed)", "c = collect(num)", "c2 = collect(text, 2)",
	"st = set(gear)", "tp = top(speed, 3)", "am = argmin(text, speed)", "ax = argmax(num, text)", "mo = mode(gear)", "mt = mode(text)", "hg = histogram(speed, 20)",
	"an = any(gear > 2)", "al = all(gear > 0, speed > 10)", "dl = delta(num)", "ds2 = delta(speed)", "rt = rate(num)", "ew = ewm(gear, '3s')", "ea = earliest(num)", "la = latest(text)",
}

func (w Windows) row(i *instance, at int64) Row {
	in := slices.Clone(i.rows)
	slices.SortFunc(in, byPlace)
	cols := map[string]any{"window_start": i.start, "window_end": i.end, "at": at}
	if w.Kind == "running" {
		cols = map[string]any{"at": at}
	}
	for _, c := range w.By.Columns {
		cols[c] = in[0].Column(c)
	}
	cols["fd"] = w.folded(in, i.joined)
	sums(cols, in)
	ranks(cols, in)
	edges(cols, in)
	return Row{i.key, cols}
}

// folded is the numbers of the rows as the digits of one, in the order of their sources and in each as they are taken: as
// they came, but by time for a sliding window, and for a session as its parts were joined.
func (w Windows) folded(in, joined Log) int64 {
	switch w.Kind {
	case "sliding":
		in = timely(in)
	case "session":
		in = joined
	}
	in = having(in, "num")
	slices.SortStableFunc(in, func(a, b *Event) int { return cmp.Compare(a.Source, b.Source) })
	h := uint64(0)
	for _, e := range in {
		h = h*31 + uint64(*e.Num)
	}
	return int64(h >> 12)
}

// having are the rows that have a value in a column.
func having(in Log, column string) (out Log) {
	for _, e := range in {
		if e.Column(column) != nil {
			out = append(out, e)
		}
	}
	return out
}

func where(in Log, keep func(*Event) bool) Log {
	return slices.DeleteFunc(slices.Clone(in), func(e *Event) bool { return !keep(e) })
}

func sums(cols map[string]any, in Log) {
	speeds, nums := exactly(in, "speed"), exactly(in, "num")
	cols["n"] = int64(len(in))
	cols["hot"] = int64(len(where(in, func(e *Event) bool { return e.Speed != nil && *e.Speed > 50 })))
	cols["s"] = nearest(sum(speeds))
	cols["m"], cols["mn"] = mean(speeds), mean(nums)
	cols["mg"] = mean(exactly(where(in, func(e *Event) bool { return e.Gear != nil && *e.Gear >= 2 }), "speed"))
	cols["sd"], cols["vr"] = deviation(speeds, true), deviation(speeds, false)
	if total := sum(nums); total.Num().IsInt64() {
		cols["sn"] = total.Num().Int64()
	} else {
		cols["sn"] = nil
	}
	cols["ew"] = weighed(having(in, "gear"))
}

// weighed is the mean of gears whose weight halves each three seconds.
func weighed(in Log) any {
	if len(in) == 0 {
		return nil
	}
	last := slices.MaxFunc(in, func(a, b *Event) int { return cmp.Compare(a.Time, b.Time) }).Time
	total, weights := 0.0, 0.0
	for _, e := range in {
		w := math.Pow(0.5, (float64(last)-float64(e.Time))/3e6)
		total, weights = total+w*float64(*e.Gear), weights+w
	}
	return total / weights
}

func ranks(cols map[string]any, in Log) {
	speeds := having(in, "speed")
	cols["lo"], cols["hi"] = extreme(in, "speed", -1), extreme(in, "speed", 1)
	cols["hn"], cols["lt"], cols["t"] = extreme(in, "num", 1), extreme(in, "text", -1), extreme(in, "ts", 1)
	cols["md"] = quantile(speeds, "speed", 0.5)
	cols["q"] = quantile(where(speeds, func(e *Event) bool { return e.Gear != nil && *e.Gear < 3 }), "speed", 0.3)
	cols["p9"] = quantile(having(in, "num"), "num", 0.9)
	cols["ds"], cols["dn"] = int64(len(different(in, "text"))), int64(len(different(in, "speed")))
	cols["st"] = different(in, "gear")
	cols["tp"] = []any{}
	all := values(speeds, "speed")
	slices.SortFunc(all, func(a, b any) int { return compare(b, a) })
	for _, x := range all[:min(3, len(all))] {
		cols["tp"] = append(cols["tp"].([]any), x.(float64)+0)
	}
	cols["mo"], cols["mt"] = frequent(in, "gear"), frequent(in, "text")
	cols["hg"] = bins(speeds)
	cols["am"], cols["ax"] = nil, nil
	if slow := firstOf(speeds, func(a, b *Event) bool { return *a.Speed < *b.Speed }); slow != nil {
		cols["am"] = slow.Column("text")
	}
	if high := firstOf(having(in, "text"), func(a, b *Event) bool { return *a.Text > *b.Text }); high != nil {
		cols["ax"] = high.Column("num")
	}
}

// firstOf is the first event that no other is before.
func firstOf(in Log, before func(a, b *Event) bool) (best *Event) {
	for _, e := range in {
		if best == nil || before(e, best) {
			best = e
		}
	}
	return best
}

func edges(cols map[string]any, in Log) {
	cols["f"], cols["l"], cols["ea"], cols["la"], cols["dl"], cols["ds2"], cols["rt"] = nil, nil, nil, nil, nil, nil, nil
	if texts := having(in, "text"); len(texts) > 0 { // nulls are no values
		cols["f"] = *texts[0].Text
		cols["la"] = *timely(texts)[len(texts)-1].Text
	}
	if speeds := having(in, "speed"); len(speeds) > 0 {
		cols["l"] = *speeds[len(speeds)-1].Speed
		by := timely(speeds)
		cols["ds2"] = *by[len(by)-1].Speed - *by[0].Speed
	}
	if nums := having(in, "num"); len(nums) > 0 {
		by := timely(nums)
		from, to := by[0], by[len(by)-1]
		cols["ea"] = *from.Num
		d := new(big.Int).Sub(big.NewInt(*to.Num), big.NewInt(*from.Num))
		if d.IsInt64() {
			cols["dl"] = d.Int64()
		}
		if from.Time != to.Time {
			f, _ := new(big.Float).SetInt(d).Float64()
			cols["rt"] = f / (float64(to.Time-from.Time) / 1e6)
		}
	}
	cols["an"] = len(where(in, func(e *Event) bool { return e.Gear != nil && *e.Gear > 2 })) > 0
	cols["al"] = len(where(in, func(e *Event) bool { return e.Speed != nil && *e.Speed > 10 && e.Gear != nil && *e.Gear <= 0 })) == 0
	c, c2 := values(in, "num"), values(in, "text")
	cols["c"], cols["c2"] = c, c2[:min(2, len(c2))]
}

// timely are events by time, those of one time as they came.
func timely(in Log) Log {
	out := slices.Clone(in)
	slices.SortStableFunc(out, func(a, b *Event) int { return cmp.Compare(a.Time, b.Time) })
	return out
}

func values(in Log, column string) []any {
	out := []any{}
	for _, e := range having(in, column) {
		out = append(out, e.Column(column))
	}
	return out
}

// different are the different values, rising. Zeros of two signs are one.
func different(in Log, column string) []any {
	all := values(in, column)
	slices.SortFunc(all, compare)
	return slices.CompactFunc(all, func(a, b any) bool { return compare(a, b) == 0 })
}

// frequent is the most frequent value, of several the least.
func frequent(in Log, column string) (best any) {
	most := 0
	for _, x := range different(in, column) {
		n := len(where(in, func(e *Event) bool { v := e.Column(column); return v != nil && compare(v, x) == 0 }))
		if n > most {
			best, most = x, n
		}
	}
	return best
}

// bins counts speeds in bins of 20.
func bins(in Log) []any {
	counts := map[float64]int64{}
	for _, e := range in {
		counts[math.Floor(*e.Speed/20)+0]++
	}
	var order []float64
	for bin := range counts {
		order = append(order, bin)
	}
	slices.Sort(order)
	out := []any{}
	for _, bin := range order {
		out = append(out, map[string]any{"from": bin * 20, "n": counts[bin]})
	}
	return out
}

// quantile is on the line between the two values around the place q*(n-1).
func quantile(in Log, column string, q float64) any {
	var xs []float64
	for _, x := range values(in, column) {
		if n, ok := x.(int64); ok {
			xs = append(xs, float64(n))
		} else {
			xs = append(xs, x.(float64)+0)
		}
	}
	if len(xs) == 0 {
		return nil
	}
	slices.Sort(xs)
	low, share := math.Modf(q * float64(len(xs)-1))
	a := xs[int(low)]
	b := xs[min(int(low)+1, len(xs)-1)]
	if share < 0.5 {
		return a + (b-a)*share
	}
	return b - (b-a)*(1-share)
}

func exactly(in Log, column string) (out []*big.Rat) {
	for _, x := range values(in, column) {
		if n, ok := x.(int64); ok {
			out = append(out, new(big.Rat).SetInt64(n))
		} else {
			out = append(out, new(big.Rat).SetFloat64(x.(float64)))
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

// deviation is the mean square distance from the mean, over n-1, or its root.
func deviation(xs []*big.Rat, root bool) any {
	if len(xs) < 2 {
		return nil
	}
	mean := new(big.Rat).Quo(sum(xs), big.NewRat(int64(len(xs)), 1))
	squares := new(big.Rat)
	for _, x := range xs {
		d := new(big.Rat).Sub(x, mean)
		squares.Add(squares, d.Mul(d, d))
	}
	squares.Quo(squares, big.NewRat(int64(len(xs)-1), 1))
	if !root {
		return nearest(squares)
	}
	v := new(big.Float).SetPrec(400).SetRat(squares)
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
