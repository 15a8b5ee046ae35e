package expr

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

const (
	microsPerDay  = 24 * 3600 * 1_000_000
	microsPerWeek = 7 * microsPerDay
)

func timeFunctions() []function {
	part := func(name, doc string, f func(time.Time) int) function {
		return function{name: name, params: "t, zone", doc: doc, example: name + "(_ts)", forms: []overload{
			{in: oneTime, out: row.Int, kernel: each1(func(us int64) int64 { return int64(f(time.UnixMicro(us).UTC())) })},
			{in: []row.Kind{row.Time, row.String}, out: row.Int, prepare: zoned(f)}}}
	}
	return []function{
		{name: "time", params: "x, unit", doc: "a time: text is read as RFC 3339 or a date, in UTC without a zone; a number counts 's', 'ms', 'us' or 'ns' since 1970", example: "time(ts, 'ms')", forms: []overload{
			{in: oneStr, out: row.Time, prepare: reading(readTime, "such as '2026-01-31' or '2026-01-31T12:00:00Z'; strptime reads other forms")}, {in: oneTime, out: row.Time, kernel: each1(identity[int64])},
			{in: []row.Kind{row.Int, row.String}, out: row.Time, prepare: prepareTime},
			{in: []row.Kind{row.Float, row.String}, out: row.Time, prepare: prepareTime}}},
		part("year", "the year, in UTC or a zone such as 'Europe/Rome'", time.Time.Year),
		part("month", "the month, 1 to 12", func(t time.Time) int { return int(t.Month()) }),
		part("day", "the day of the month", time.Time.Day),
		part("hour", "the hour, 0 to 23", time.Time.Hour),
		part("minute", "the minute", time.Time.Minute),
		part("second", "the second", time.Time.Second),
		part("dow", "the day of the week, Monday 1 to Sunday 7", func(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }),
		part("doy", "the day of the year, 1 to 366", time.Time.YearDay),
		part("week", "the week of the year by ISO 8601, 1 to 53", func(t time.Time) int { _, w := t.ISOWeek(); return w }),
		{name: "truncate", params: "t, span, zone", doc: "rounded down to a multiple of the span since 1970; days in the zone, weeks from Monday", example: "truncate(_ts, '10s')", forms: []overload{
			{in: []row.Kind{row.Time, row.String}, out: row.Time, prepare: prepareTruncate},
			{in: []row.Kind{row.Time, row.String, row.String}, out: row.Time, prepare: prepareTruncate}}},
		{name: "epoch_ms", params: "t", doc: "milliseconds since 1970, rounded down", example: "epoch_ms(_ts)", forms: []overload{
			{in: oneTime, out: row.Int, kernel: each1(func(us int64) int64 { return row.FloorDiv(us, 1000) })}}},
		{name: "dur", params: "s", doc: "a duration such as '10s', '1m30s' or '1d'", example: "_ts - dur('10s')", forms: []overload{
			{in: oneStr, out: row.Duration, prepare: reading(func(s string) (int64, bool) { us, err := readSpan(s); return us, err == nil }, "such as '10s', '1m30s' or '1d'")}}},
		{name: "seconds", params: "d", doc: "a duration in seconds", example: "seconds(_ts - start)", forms: []overload{
			{in: []row.Kind{row.Duration}, out: row.Float, kernel: each1(func(us int64) float64 { return float64(us) / 1e6 })}}},
	}
}

// layouts are those that time(s) reads beside RFC 3339; they have no zone.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04", "2006-01-02"}

// reading makes a function that reads a text refuse one that is written out and cannot be read: it would be null in every row.
func reading(read func(string) (int64, bool), want string) func([]*step) (kernel, error) {
	return func(args []*step) (kernel, error) {
		if text, err := literalString(args, 0, ""); err == nil {
			if _, ok := read(text); !ok {
				return nil, fmt.Errorf("'%s' is not one, want %s", text, want)
			}
		}
		return try1(read), nil
	}
}

func readTime(s string) (int64, bool) {
	for _, l := range layouts {
		if len(s) < len("2006-01-02") {
			return 0, false
		}
		if t, err := time.Parse(l, s); err == nil {
			return t.UnixMicro(), true
		}
	}
	return 0, false
}

// units are how many of them make a second.
var units = map[string]int64{"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}

// prepareTime makes times of numbers of a unit; what no int64 of µs holds is null.
func prepareTime(args []*step) (kernel, error) {
	unit, err := literalString(args, 1, "unit")
	if err != nil {
		return nil, err
	}
	per, ok := units[unit]
	if !ok {
		return nil, fmt.Errorf("no unit %q, want 's', 'ms', 'us' or 'ns'", unit)
	}
	if args[0].kind == row.Float {
		return try1(func(x float64) (int64, bool) { return cutFloat(math.Floor(x * (1e6 / float64(per)))) }), nil
	}
	if per >= 1_000_000 {
		by := per / 1_000_000
		return each1(func(x int64) int64 { return row.FloorDiv(x, by) }), nil
	}
	by := 1_000_000 / per
	return checked1(func(x int64) (int64, bool) {
		r, high := product(x, by)
		return r, high == r>>63
	}), nil
}

func location(args []*step, i int) (*time.Location, error) {
	name, err := literalString(args, i, "zone")
	if err != nil {
		return nil, err
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fmt.Errorf("no time zone %q, want a name such as 'Europe/Rome'", name)
	}
	return loc, nil
}

func zoned(f func(time.Time) int) func(args []*step) (kernel, error) {
	return func(args []*step) (kernel, error) {
		loc, err := location(args, 1)
		if err != nil {
			return nil, err
		}
		return each1(func(us int64) int64 { return int64(f(time.UnixMicro(us).In(loc))) }), nil
	}
}

func prepareTruncate(args []*step) (kernel, error) {
	text, err := literalString(args, 1, "span")
	if err != nil {
		return nil, err
	}
	span, err := readSpan(text)
	if err != nil || span <= 0 {
		return nil, fmt.Errorf("%q is not a span such as '10s' or '1d'", text)
	}
	loc := time.UTC
	if len(args) == 3 {
		if loc, err = location(args, 2); err != nil {
			return nil, err
		}
	}
	if loc == time.UTC {
		return each1(func(us int64) int64 { return floorSpan(us, span) }), nil
	}
	return each1(func(us int64) int64 { return floorIn(us, span, loc) }), nil
}

// floorSpan rounds down to a multiple of the span; weeks begin on Monday, and 1970 on a Thursday.
func floorSpan(us, span int64) int64 {
	shift := int64(0)
	if span%microsPerWeek == 0 {
		shift = 3 * microsPerDay
	}
	return row.FloorDiv(us+shift, span)*span - shift
}

// floorIn rounds down by the clock on the wall of a zone.
func floorIn(us, span int64, loc *time.Location) int64 {
	_, offset := time.UnixMicro(us).In(loc).Zone()
	wall := us + int64(offset)*1_000_000
	floor := floorSpan(wall, span)
	if span%microsPerDay != 0 {
		return us - (wall - floor)
	}
	d := time.UnixMicro(floor).UTC()
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, loc).UnixMicro()
}

// spanUnits are the units of durations in µs, the longest first.
var spanUnits = []struct {
	name string
	us   int64
}{{"w", microsPerWeek}, {"d", microsPerDay}, {"h", 3_600_000_000}, {"m", 60_000_000}, {"s", 1_000_000}, {"ms", 1_000}, {"us", 1}, {"µs", 1}}

// readSpan reads a duration as people say it, such as 1m30s, in µs. Units are w d h m s ms us.
func readSpan(s string) (int64, error) {
	rest, minus := strings.CutPrefix(s, "-")
	total, seen := 0.0, false
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
		unit := rest[digits:]
		if end := strings.IndexAny(unit, "0123456789."); end >= 0 {
			unit = unit[:end]
		}
		number, ok := readFloat(rest[:digits])
		us := unitMicros(unit)
		if !ok || us == 0 {
			return 0, fmt.Errorf("%q is not a duration such as 10s, 1m30s or 1d", s)
		}
		total, seen = total+float64(number*float64(us)), true
		rest = rest[digits+len(unit):]
	}
	us, ok := toInt(total)
	if !seen || !ok {
		return 0, fmt.Errorf("%q is not a duration such as 10s, 1m30s or 1d", s)
	}
	if minus {
		us = -us
	}
	return us, nil
}

func unitMicros(name string) int64 {
	for _, u := range spanUnits {
		if u.name == name {
			return u.us
		}
	}
	return 0
}

// ParseSpan reads a duration as expressions write it: "10s", "1m30s", "1d".
func ParseSpan(s string) (time.Duration, error) {
	us, err := readSpan(s)
	if err == nil && (us > math.MaxInt64/1000 || us < math.MinInt64/1000) {
		err = fmt.Errorf("%q is longer than 292 years", s)
	}
	return time.Duration(us) * time.Microsecond, err
}

// spanText writes a duration so that readSpan reads it, such as 1m30s.
func spanText(us int64) string {
	if us == 0 {
		return "0s"
	}
	var b strings.Builder
	left := uint64(us)
	if us < 0 {
		b.WriteByte('-')
		left = -left
	}
	for _, u := range spanUnits[1:7] {
		if n := left / uint64(u.us); n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u.name)
			left %= uint64(u.us)
		}
	}
	return b.String()
}
