package oracle

// Earlier is what expressions over the earlier rows of a key give: of all rows so far the change of the speed and the
// gear two rows back, the sum, count, least and greatest, and how many of the last three were slower.
func (k Key) Earlier(l Log, n int, all bool) [][]Row {
	out := make([][]Row, n)
	for p, events := range k.Released(l, n, all) {
		past := map[string]Log{}
		for _, e := range events {
			key, _ := k.Of(e)
			past[key] = append(past[key], e)
			out[p] = append(out[p], Row{key, earlier(past[key])})
		}
	}
	return out
}

// earlier are the columns of the last of a key's events.
func earlier(so Log) map[string]any {
	e, n := so[len(so)-1], len(so)
	cols := map[string]any{"ts": e.Time, "change": nil, "back": nil, "sum": nil, "n": int64(0), "least": nil, "most": nil, "slower": nil, "quick": false}
	if n > 1 && e.Speed != nil && so[n-2].Speed != nil {
		cols["change"] = *e.Speed - *so[n-2].Speed
	}
	if n > 2 {
		cols["back"] = so[n-3].Column("gear")
	}
	sum, least, most, seen := 0.0, 0.0, 0.0, int64(0)
	for _, o := range so {
		if o.Speed == nil {
			continue
		}
		if seen++; seen == 1 {
			sum, least, most = *o.Speed, *o.Speed, *o.Speed
			continue
		}
		sum, least, most = sum+*o.Speed, min(least, *o.Speed), max(most, *o.Speed)
	}
	cols["n"] = seen
	if e.Speed == nil {
		cols["quick"] = nil
		return cols
	}
	rank := int64(1)
	for _, o := range so[max(0, n-3):] {
		if o.Speed != nil && *o.Speed < *e.Speed {
			rank++
		}
	}
	cols["sum"], cols["least"], cols["most"], cols["slower"], cols["quick"] = sum, least, most, rank, *e.Speed >= most
	return cols
}
