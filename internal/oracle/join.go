package oracle

import (
	"cmp"
	"math"
	"slices"
)

// Join says how two logs are joined, in µs: an event of the first with those of
// the second that have its key and lie From to To from it in time.
type Join struct {
	From, To, Grace int64
	Left            bool
	By              Key
	Pick            Pick
}

// Pick is which partners of an event it is joined with.
type Pick int

// Which partners of an event it is joined with.
const (
	All     Pick = iota // in order of time
	Latest              // the latest
	First               // the earliest
	Nearest             // the nearer of those
)

// Partners are the rows of the join in each of n partitions in order of time; with all, also those that still wait.
func (j Join) Partners(left, right Log, n int, all bool) [][]Row {
	out := make([][]Row, n)
	for p := range n {
		wm := min(j.time(left, p), j.time(right, p))
		if len(j.By.feeding(left, p))+len(j.By.feeding(right, p)) == 0 {
			wm = never
		}
		for _, e := range inTime(j.onTime(left, p, n)) {
			if !all && e.Time+j.Grace+max(j.To, 0) >= wm {
				continue
			}
			partners := j.partners(e, j.onTime(right, p, n))
			if len(partners) == 0 && j.Left {
				partners = Log{nil}
			}
			for _, partner := range partners {
				key, _ := j.By.Of(e)
				cols := map[string]any{"speed": e.Column("speed"), "ts": e.Time, "num": nil, "at": nil}
				if partner != nil {
					cols["num"], cols["at"] = partner.Column("num"), partner.Time
				}
				out[p] = append(out[p], Row{key, cols})
			}
		}
	}
	return out
}

func inTime(l Log) Log {
	slices.SortStableFunc(l, func(x, y *Event) int { return cmp.Or(cmp.Compare(x.Time, y.Time), byPlace(x, y)) })
	return l
}

// time is how far a side came. One without records holds up nothing.
func (j Join) time(l Log, p int) int64 {
	if l = j.By.feeding(l, p); len(l) > 0 {
		return l.Time()
	}
	return math.MaxInt64
}

// onTime leaves out what came later than the grace.
func (j Join) onTime(l Log, p, n int) Log {
	return slices.DeleteFunc(j.By.In(l, p, n), func(e *Event) bool { return e.Time+j.Grace < e.Mark })
}

// partners are the events of the other side that e is joined with; of several at one time the one that came last
// comes before the others, unless all are wanted.
func (j Join) partners(e *Event, others Log) Log {
	key, _ := j.By.Of(e)
	found := slices.DeleteFunc(others, func(o *Event) bool {
		other, _ := j.By.Of(o)
		return other != key || o.Time-e.Time < j.From || o.Time-e.Time > j.To
	})
	if j.Pick == All || len(found) == 0 {
		return inTime(found)
	}
	best := found[0]
	for _, o := range found {
		d := cmp.Or(cmp.Compare(j.far(e, best), j.far(e, o)), byPlace(o, best))
		if d > 0 {
			best = o
		}
	}
	return Log{best}
}

// far is what of two partners the better has less of.
func (j Join) far(e, o *Event) int64 {
	switch d := o.Time - e.Time; {
	case j.Pick == Latest:
		return -d
	case j.Pick == First:
		return d
	case d <= 0:
		return -2 * d
	default:
		return 2*d + 1 // of two as near the earlier
	}
}
