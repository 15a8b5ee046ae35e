package window

import (
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // programs run where there are no time zones, too
)

// In gives the same windows, of whole days, by the days of a time zone, such
// as "America/New_York". A day begins when the clocks there first show its
// date: at midnight, or where that is skipped right after it. So it has 24
// hours, or 23 or 25 when the clocks change, and none is counted twice.
func (s Spec) In(zone string) (Spec, error) {
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		return s, fmt.Errorf("time zone %q is not known, want one such as \"Europe/Rome\" or \"America/New_York\"", zone)
	}
	if !s.Aligned() {
		return s, fmt.Errorf("%s has no days, want Tumbling or Hopping", s)
	}
	if s.Size%day != 0 || s.Hop%day != 0 {
		return s, fmt.Errorf("%s is not of whole days, and others are the same in every time zone: want such as Tumbling(\"1d\")", s)
	}
	s.Zone = zone
	s.calendar = &calendar{loc: loc, hop: s.Hop / day}
	if s.Hop%week == 0 {
		s.calendar.phase = monday / day
	}
	return s, nil
}

// calendar is the days of a time zone, by their number since 1970-01-01.
type calendar struct {
	loc   *time.Location
	hop   int64 // days
	phase int64 // the number of a day at which a window begins

	mu    sync.Mutex // of the plan that tasks share
	known map[int64]int64
}

// last is the start of the latest window that holds time t.
func (c *calendar) last(t int64) int64 {
	d := c.day(t)
	return c.start(d - floorMod(d-c.phase, c.hop))
}

// move is the start of the window so many days after the one that starts at
// start. Where a date was skipped, as when Samoa changed sides of the date line,
// two days begin at once: no window begins at the first of them.
func (c *calendar) move(start, days int64) int64 {
	d := c.day(start)
	for floorMod(d-c.phase, c.hop) != 0 && c.start(d-1) == start {
		d--
	}
	at := c.start(d + days)
	for d += days; at == start; at = c.start(d) {
		d += days
	}
	return at
}

// day is the number of the day that time t is in.
func (c *calendar) day(t int64) int64 {
	_, offset := time.UnixMicro(t).In(c.loc).Zone()
	local := t + int64(offset)*1_000_000
	d := (local - floorMod(local, day)) / day
	for c.start(d) > t {
		d--
	}
	for c.start(d+1) <= t {
		d++
	}
	return d
}

// mostKnown is how many days' starts are remembered.
const mostKnown = 1000

// start is the first instant at which the clocks show the day's date, or a later one.
func (c *calendar) start(d int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.known[d]
	if !ok {
		if c.known == nil || len(c.known) >= mostKnown {
			c.known = map[int64]int64{}
		}
		at = c.find(d)
		c.known[d] = at
	}
	return at
}

// widest is more than clocks anywhere were ever off UTC, in µs.
const widest = 26 * 3600 * 1_000_000

func (c *calendar) find(d int64) int64 {
	midnight := d * day // if the clocks showed UTC
	for probe := midnight - widest; ; {
		t := time.UnixMicro(probe).In(c.loc)
		_, offset := t.Zone()
		from, to := t.ZoneBounds()
		begins := midnight - int64(offset)*1_000_000
		if !from.IsZero() {
			begins = max(begins, from.UnixMicro())
		}
		end := to.UnixMicro()
		if end <= probe { // on the last day of leap years beyond the tables, ZoneBounds ends the year a day early
			end = probe + day
		}
		if to.IsZero() || begins < end {
			return begins
		}
		probe = end
	}
}
