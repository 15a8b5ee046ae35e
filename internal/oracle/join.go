package oracle

import (
	"cmp"
	"math"
	"slices"
)

// AsOf says how two logs are joined, in µs.
type AsOf struct {
	Within, Grace int64
	Left          bool
	By            Key
}

// Partners are the rows of the join in each of n partitions in order of time; with all, also those that still wait.
func (a AsOf) Partners(left, right Log, n int, all bool) [][]Row {
	out := make([][]Row, n)
	for p := range n {
		wm := min(a.time(left, p, n), a.time(right, p, n))
		if !a.feeds(left, p) && !a.feeds(right, p) {
			wm = never
		}
		rows := a.onTime(left, p, n)
		slices.SortStableFunc(rows, func(x, y *Event) int { return cmp.Or(cmp.Compare(x.Time, y.Time), byPlace(x, y)) })
		for _, e := range rows {
			if !all && e.Time+a.Grace >= wm {
				continue
			}
			partner := a.partner(e, a.onTime(right, p, n))
			if partner == nil && !a.Left {
				continue
			}
			key, _ := a.By.Of(e)
			cols := map[string]any{"speed": e.Column("speed"), "ts": e.Time, "num": nil, "at": nil}
			if partner != nil {
				cols["num"], cols["at"] = partner.Column("num"), partner.Time
			}
			out[p] = append(out[p], Row{key, cols})
		}
	}
	return out
}

// feeds says whether a side has records for the task.
func (a AsOf) feeds(l Log, p int) bool { return a.By.Moved && len(l) > 0 || !a.By.Moved && l.holds(p) }

// time is how far a side came. One without records holds up nothing.
func (a AsOf) time(l Log, p, n int) int64 {
	if !a.feeds(l, p) {
		return math.MaxInt64
	}
	return a.By.Time(l, p, n)
}

// onTime leaves out what came later than the grace.
func (a AsOf) onTime(l Log, p, n int) Log {
	return slices.DeleteFunc(a.By.In(l, p, n), func(e *Event) bool { return e.Time+a.Grace < e.Mark })
}

// partner is the latest event of the other side with the same key that is not after e and not older than within;
// of several at one time the one that came last.
func (a AsOf) partner(e *Event, others Log) *Event {
	var best *Event
	key, _ := a.By.Of(e)
	for _, o := range others {
		if other, _ := a.By.Of(o); other == key && o.Time <= e.Time && e.Time-o.Time <= a.Within && (best == nil || o.Time >= best.Time) {
			best = o
		}
	}
	return best
}
