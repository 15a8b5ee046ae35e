package oracle

// Fading is what a function with state gives that remembers a key's speed for rows less than ttl after it, and how many
// rows in a row found one.
func (k Key) Fading(l Log, n int, all bool, ttl int64) [][]Row {
	out := make([][]Row, n)
	for p, events := range k.Released(l, n, all) {
		speed, until, streak := map[string]*float64{}, map[string]int64{}, map[string]int64{}
		for _, e := range events {
			key, _ := k.Of(e)
			cols := map[string]any{"ts": e.Time, "was": nil}
			if speed[key] != nil && e.seenAt(ttl) < until[key] {
				streak[key]++
				cols["was"] = *speed[key]
			} else {
				streak[key] = 0
			}
			cols["streak"] = streak[key]
			if e.Speed != nil {
				speed[key], until[key] = e.Speed, e.seenAt(ttl)+ttl
			}
			out[p] = append(out[p], Row{key, cols})
		}
	}
	return out
}

// seenAt is an event's time; one that comes later than a time to live counts as that late.
func (e *Event) seenAt(ttl int64) int64 { return max(e.Time, e.Mark-ttl) }

// Firsts are the events that come within of none before that is alike in these columns and was given.
func (k Key) Firsts(l Log, n int, all bool, within int64, columns ...string) [][]Row {
	out := make([][]Row, n)
	alike := Key{Columns: columns}
	for p, events := range k.Released(l, n, all) {
		until := map[string]int64{}
		for _, e := range events {
			text, ok := alike.Of(e)
			if end, was := until[text]; !ok || was && e.seenAt(within) < end {
				continue
			}
			until[text] = e.seenAt(within) + within
			key, _ := k.Of(e)
			out[p] = append(out[p], Row{key, map[string]any{"ts": e.Time, "num": e.Column("num"), "speed": e.Column("speed")}})
		}
	}
	return out
}
