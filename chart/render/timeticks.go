package render

import (
	"strings"
	"time"

	"gonum.org/v1/plot"
)

// spans are the distances of ticks that people count time by, up to a day.
var spans = []time.Duration{
	time.Microsecond, 10 * time.Microsecond, 100 * time.Microsecond,
	time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond,
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	day, 2 * day, 7 * day, 14 * day,
}

const day = 24 * time.Hour

// distance is the least of spans that gives at most n ticks; 0 if none does.
func distance(width time.Duration, n int) time.Duration {
	for _, s := range spans {
		if width/s <= time.Duration(n) {
			return s
		}
	}
	return 0
}

// timeTicks labels times from lo to hi, in µs since 1970, with at most n ticks
// or so, and says which day or year it is for the axis: what all labels share.
func timeTicks(lo, hi float64, n int) (ticks []plot.Tick, shared string) {
	from, to := time.UnixMicro(int64(lo)).UTC(), time.UnixMicro(int64(hi)).UTC()
	step := distance(to.Sub(from), n)
	if step == 0 {
		return calendarTicks(from, to, n), "UTC"
	}
	start := from.Truncate(step)
	if step >= day {
		start = time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, time.UTC)
	}
	layout := layoutOf(step)
	for t := start; !t.After(to) && len(ticks) < 100; t = t.Add(step) {
		if t.Before(from) {
			continue
		}
		l := t.Format(layout)
		if step < day && len(ticks) > 0 && t.Equal(t.Truncate(day)) {
			l = t.Format("Jan 2")
		}
		ticks = append(ticks, plot.Tick{Value: float64(t.UnixMicro()), Label: l})
	}
	if step >= day {
		return ticks, from.Format("2006") + " UTC"
	}
	return ticks, from.Format("2006-01-02") + " UTC"
}

func layoutOf(step time.Duration) string {
	switch {
	case step < time.Millisecond:
		return "05.000000"
	case step < time.Second:
		return "15:04:05.000"
	case step < time.Minute:
		return "15:04:05"
	case step < day:
		return "15:04"
	}
	return "Jan 2"
}

// calendarTicks are at the beginnings of months or years.
func calendarTicks(from, to time.Time, n int) []plot.Tick {
	months := int(to.Sub(from)/(30*day)) + 1
	step := 1
	for _, step = range []int{1, 3, 6, 12, 24, 60, 120, 600, 1200, 6000, 12000} {
		if months/step <= n {
			break
		}
	}
	layout := "Jan 2006"
	if step >= 12 {
		layout = "2006"
	}
	var ticks []plot.Tick
	first := from.Year()*12 + int(from.Month()) - 1
	for m := first - first%step; len(ticks) < 100; m += step {
		t := time.Date(m/12, time.Month(m%12+1), 1, 0, 0, 0, 0, time.UTC)
		if t.After(to) {
			break
		}
		if !t.Before(from) {
			ticks = append(ticks, plot.Tick{Value: float64(t.UnixMicro()), Label: t.Format(layout)})
		}
	}
	return ticks
}

// spanTicks labels durations from lo to hi, in µs.
func spanTicks(lo, hi float64, n int) []plot.Tick {
	from, to := time.Duration(lo)*time.Microsecond, time.Duration(hi)*time.Microsecond
	step := distance(to-from, n)
	if step == 0 {
		return numberTicks(lo, hi, steps(lo, hi, n))
	}
	var ticks []plot.Tick
	for d := from.Truncate(step); d <= to && len(ticks) < 100; d += step {
		if d >= from {
			ticks = append(ticks, plot.Tick{Value: float64(d.Microseconds()), Label: spoken(d)})
		}
	}
	return ticks
}

// spoken is a duration without the zeros at its end: 1m30s, 2h.
func spoken(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
