package oracle

import (
	"slices"
	"sync"
	"time"
)

// day is 24 hours in µs: the least that a day's number counts, not how long a day is.
const day = 24 * 3600 * 1_000_000

// days are the windows of whole days of a zone that hold a time, the latest first. Days are numbered since 1970, weeks
// begin on Mondays, and of windows that begin at one time, since a date was skipped, the last counts.
func (w Windows) days(t int64) (out [][2]int64) {
	size, hop, phase := w.Size/day, w.Hop/day, int64(0)
	if hop%7 == 0 {
		phase = 4 // 1970-01-05 was a Monday
	}
	around := time.UnixMicro(t).UTC().Unix() / 86400
	for d := around + 3; d >= around-size-3; d-- {
		if ((d-phase)%hop+hop)%hop != 0 {
			continue
		}
		span := [2]int64{firstOfDay(w.Zone, d), firstOfDay(w.Zone, d+size)}
		if span[0] <= t && t < span[1] && !slices.ContainsFunc(out, func(s [2]int64) bool { return s[0] == span[0] }) {
			out = append(out, span)
		}
	}
	return out
}

// known are the days that were looked for.
var known sync.Map

// firstOfDay is the first instant at which the clocks of a zone show the date of a day, or a later one: it is looked
// for second by second.
func firstOfDay(zone string, d int64) int64 {
	type of struct {
		zone string
		day  int64
	}
	if at, ok := known.Load(of{zone, d}); ok {
		return at.(int64)
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		panic(err) // the tests name it
	}
	shown := func(s int64) bool {
		at := time.Unix(s, 0).In(loc)
		return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC).Unix() >= d*86400
	}
	at := d*86400 - 27*3600
	for !shown(at) { // a minute at a time: in Newfoundland a date was shown for one, and again an hour later
		at += 60
	}
	for at -= 60; !shown(at); at++ {
	}
	known.Store(of{zone, d}, at*1e6)
	return at * 1e6
}
