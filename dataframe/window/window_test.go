package window

import (
	"math/rand/v2"
	"testing"
	"time"
)

// starts lists the windows that hold t, by the definition and not by Last.
func starts(s Spec, t int64) []int64 {
	var out []int64
	for k := t/s.Hop + 2; k >= (t-s.Size)/s.Hop-2; k-- {
		if start := k * s.Hop; start <= t && t < start+s.Size {
			out = append(out, start)
		}
	}
	return out
}

func TestLastAgreesWithTheDefinition(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 1))
	for range 20_000 {
		hop := 1 + rnd.Int64N(1000)
		s := Spec{Kind: Hopping, Size: hop + rnd.Int64N(5*hop), Hop: hop}
		at := rnd.Int64N(20_000) - 10_000
		var got []int64
		for start := s.Last(at); s.End(start) > at; start = s.Before(start) {
			got = append(got, start)
		}
		want := starts(s, at)
		if len(got) != len(want) {
			t.Fatalf("seed %d: %v holds %d: starts %v, want %v", seed, s, at, got, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("seed %d: %v holds %d: starts %v, want %v", seed, s, at, got, want)
			}
		}
	}
}

func TestWindowsThatCannotBe(t *testing.T) {
	for name, bad := range map[string]func() (Spec, error){
		"no size":         func() (Spec, error) { return NewTumbling(0) },
		"no hop":          func() (Spec, error) { return NewHopping(5, 0) },
		"hop beyond size": func() (Spec, error) { return NewHopping(5*time.Second, 6*time.Second) },
		"too many":        func() (Spec, error) { return NewHopping(time.Hour, time.Microsecond) },
		"no look-back":    func() (Spec, error) { return NewSliding(-time.Second) },
		"no gap":          func() (Spec, error) { return NewSession(0) },
		"no rows":         func() (Spec, error) { return NewCount(0) },
	} {
		if s, err := bad(); err == nil {
			t.Errorf("%s: %v passes", name, s)
		}
	}
	if s, err := NewHopping(10*time.Second, time.Second); err != nil || s.String() != "hopping(10s, 1s)" {
		t.Errorf("got %v, %v", s, err)
	}
}

func TestWeeksBeginOnMondays(t *testing.T) {
	s, err := NewTumbling(7 * 24 * time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{time.Date(2026, 11, 28, 23, 0, 0, 0, time.UTC), time.Date(1960, 2, 29, 0, 0, 0, 0, time.UTC)} {
		got := time.UnixMicro(s.Last(at.UnixMicro())).UTC()
		if got.Weekday() != time.Monday || at.Sub(got) < 0 || at.Sub(got) >= 7*24*time.Hour {
			t.Errorf("the week of %v begins %v", at, got)
		}
	}
}

// TestDaysOfTimeZones has the days at which clocks change, as people there lived them.
func TestDaysOfTimeZones(t *testing.T) {
	for _, c := range []struct {
		zone, at string // a moment, UTC
		from, to string // of its day, UTC
	}{
		{"America/New_York", "2026-03-08T12:00:00Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"}, // 23 hours
		{"America/New_York", "2026-03-08T04:59:59Z", "2026-03-07T05:00:00Z", "2026-03-08T05:00:00Z"},
		{"America/New_York", "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"},  // 25 hours
		{"America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"}, // midnight is skipped: the day begins at 01:00
		{"America/Sao_Paulo", "2018-02-18T02:30:00Z", "2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z"}, // 23:00 to 24:00 comes twice, on one day
		{"America/Havana", "2026-11-01T04:30:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"},    // midnight comes twice: the first counts
		{"America/Havana", "2026-11-01T05:30:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"},
		{"America/St_Johns", "2010-11-07T02:45:00Z", "2010-11-07T02:30:00Z", "2010-11-08T03:30:00Z"}, // back to the day before at 00:01: it is not that day again
		{"Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"},     // the 30th was skipped
		{"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"},
		{"Asia/Kathmandu", "2026-01-01T00:00:00Z", "2025-12-31T18:15:00Z", "2026-01-01T18:15:00Z"},
		{"Europe/Rome", "1893-10-31T23:10:44Z", "1893-10-31T23:00:00Z", "1893-11-01T23:00:00Z"}, // put forward by ten minutes, to midnight
		{"Europe/Rome", "2040-12-31T12:00:00Z", "2040-12-30T23:00:00Z", "2040-12-31T23:00:00Z"},
		{"UTC", "1969-12-31T23:59:59Z", "1969-12-31T00:00:00Z", "1970-01-01T00:00:00Z"},
	} {
		s, err := NewTumbling(24 * time.Hour)
		if err == nil {
			s, err = s.In(c.zone)
		}
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		from := s.Last(at.UnixMicro())
		if got := text(from); got != c.from {
			t.Errorf("%s: the day of %s begins at %s, want %s", c.zone, c.at, got, c.from)
		}
		if got := text(s.End(from)); got != c.to {
			t.Errorf("%s: the day of %s ends at %s, want %s", c.zone, c.at, got, c.to)
		}
		if got := s.Before(s.End(from)); got != from {
			t.Errorf("%s: before the day that follows %s is %s", c.zone, c.from, text(got))
		}
	}
}

func text(us int64) string { return time.UnixMicro(us).UTC().Format(time.RFC3339) }

// TestDaysLieBackToBack walks through all of time: each instant is in one window, whose span is some whole days, about.
func TestDaysLieBackToBack(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 2))
	for _, zone := range []string{"America/New_York", "America/Sao_Paulo", "Pacific/Apia", "America/St_Johns", "Asia/Manila", "Africa/Cairo", "Australia/Lord_Howe"} {
		for _, days := range []int64{1, 2, 7} {
			s, err := NewTumbling(time.Duration(days) * 24 * time.Hour)
			if err == nil {
				s, err = s.In(zone)
			}
			if err != nil {
				t.Fatal(err)
			}
			for range 300 {
				at := rnd.Int64N(200*365*day) - 100*365*day
				if rnd.IntN(10) == 0 {
					at = rnd.Int64() >> 1 * []int64{-1, 1}[rnd.IntN(2)]
				}
				from := s.Last(at)
				to := s.End(from)
				if from > at || to <= at || s.After(from) != to || s.Before(to) != from || s.Last(to-1) != from {
					t.Fatalf("seed %d: %v: %d is in [%d, %d), after that %d, before its end %d", seed, s, at, from, to, s.After(from), s.Before(to))
				}
				if off := to - from - days*day; off < -25*day/24 || off > 25*day/24 {
					t.Fatalf("seed %d: %v: [%s, %s) is %d hours long", seed, s, text(from), text(to), (to-from)/(day/24))
				}
			}
		}
	}
}

func TestZonesThatCannotBe(t *testing.T) {
	days, _ := NewTumbling(24 * time.Hour)
	hours, _ := NewTumbling(time.Hour)
	sliding, _ := NewSliding(24 * time.Hour)
	for _, c := range []struct {
		spec Spec
		zone string
	}{{days, "Mars/Olympus"}, {days, ""}, {days, "Local"}, {hours, "Europe/Rome"}, {sliding, "Europe/Rome"}} {
		if _, err := c.spec.In(c.zone); err == nil {
			t.Errorf("%v in %q passes", c.spec, c.zone)
		}
	}
}
