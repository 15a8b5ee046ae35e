// Package window computes the spans of time that a row belongs to.
//
// A [Spec] says how rows are cut into windows; it is arithmetic only, in µs
// since 1970, and knows neither rows nor watermarks. Spans are half open:
// [start, end), but for sliding windows, which hold their end and not their start.
package window

import (
	"fmt"
	"time"
)

// Kind is the way in which rows are cut into windows.
type Kind uint8

// The kinds of windows.
const (
	Tumbling Kind = iota // back to back: hop = size
	Hopping              // of one size, one every hop: they overlap
	Sliding              // of one size, one that ends at each row
	Session              // from a row to the last that follows within the gap
	Count                // of so many rows
	Running              // all rows so far
)

// Spec says how rows are cut. Windows of time are aligned to
// 1970-01-01T00:00:00Z; those of whole weeks to the Monday after it.
type Spec struct {
	Kind Kind
	Size int64  // µs, > 0: of windows of time; of a Session how long no row must come for it to end
	Hop  int64  // µs, 0 < hop <= size; equal to size for tumbling windows; 0 for the others
	Rows int64  // of a Count
	Zone string // days are those of this time zone; "" for UTC

	calendar *calendar // of a Zone
}

// NewTumbling gives windows of one size, back to back.
func NewTumbling(size time.Duration) (Spec, error) {
	s := Spec{Kind: Tumbling, Size: size.Microseconds(), Hop: size.Microseconds()}
	return s, s.check()
}

// NewHopping gives windows of one size that start every hop.
func NewHopping(size, hop time.Duration) (Spec, error) {
	s := Spec{Kind: Hopping, Size: size.Microseconds(), Hop: hop.Microseconds()}
	return s, s.check()
}

// NewSliding gives a window of one size that ends at each row.
func NewSliding(size time.Duration) (Spec, error) {
	s := Spec{Kind: Sliding, Size: size.Microseconds()}
	return s, positive("window size", s.Size)
}

// NewSession gives windows that end when no row came for a gap.
func NewSession(gap time.Duration) (Spec, error) {
	s := Spec{Kind: Session, Size: gap.Microseconds()}
	return s, positive("session gap", s.Size)
}

// NewCount gives windows of n rows.
func NewCount(n int) (Spec, error) {
	if n < 1 {
		return Spec{}, fmt.Errorf("a window has %d rows, want at least 1", n)
	}
	return Spec{Kind: Count, Rows: int64(n)}, nil
}

// NewRunning gives one window that never ends.
func NewRunning() Spec { return Spec{Kind: Running} }

// maxOverlap bounds how many windows one row may belong to.
const maxOverlap = 10_000

// check says what is wrong with windows of time, or nil.
func (s Spec) check() error {
	if err := positive("window size", s.Size); err != nil {
		return err
	}
	if err := positive("window hop", s.Hop); err != nil {
		return err
	}
	switch {
	case s.Hop > s.Size:
		return fmt.Errorf("window hop %s is longer than its size %s, so rows would be lost: want hop <= size", span(s.Hop), span(s.Size))
	case s.Size/s.Hop > maxOverlap:
		return fmt.Errorf("a row would belong to %d windows (size %s, hop %s), want at most %d: use a longer hop", s.Size/s.Hop, span(s.Size), span(s.Hop), maxOverlap)
	}
	return nil
}

func positive(what string, us int64) error {
	if us <= 0 {
		return fmt.Errorf("%s is %s, want more than 0", what, span(us))
	}
	return nil
}

// Aligned says whether windows begin at times that are the same for all keys.
func (s Spec) Aligned() bool { return s.Kind == Tumbling || s.Kind == Hopping }

// Timed says whether windows end by time, so that they wait for rows that come late.
func (s Spec) Timed() bool { return s.Kind != Count && s.Kind != Running }

// week is what windows of whole weeks are aligned by, and monday the first Monday after 1970 began.
const (
	day    = 24 * 3600 * 1_000_000
	week   = 7 * day
	monday = 4 * day
)

// Last is the start of the latest aligned window that holds time t. The windows
// that hold t start at Last, at Before(Last) and so on, as long as their End is after t.
func (s Spec) Last(t int64) int64 {
	if s.calendar != nil {
		return s.calendar.last(t)
	}
	if s.Hop%week == 0 {
		t -= monday
		return t - floorMod(t, s.Hop) + monday
	}
	return t - floorMod(t, s.Hop)
}

func floorMod(x, y int64) int64 {
	r := x % y
	if r < 0 {
		r += y
	}
	return r
}

// End is where the aligned window ends that starts at start.
func (s Spec) End(start int64) int64 {
	if s.calendar != nil {
		return s.calendar.move(start, s.Size/day)
	}
	return start + s.Size
}

// Before is the start of the aligned window before the one that starts at start.
func (s Spec) Before(start int64) int64 {
	if s.calendar != nil {
		return s.calendar.move(start, -s.Hop/day)
	}
	return start - s.Hop
}

// After is the start of the aligned window after the one that starts at start.
func (s Spec) After(start int64) int64 {
	if s.calendar != nil {
		return s.calendar.move(start, s.Hop/day)
	}
	return start + s.Hop
}

// String is the spec as cells write it.
func (s Spec) String() string {
	zone := ""
	if s.Zone != "" {
		zone = ", " + s.Zone
	}
	switch s.Kind {
	case Hopping:
		return fmt.Sprintf("hopping(%s, %s%s)", span(s.Size), span(s.Hop), zone)
	case Sliding:
		return fmt.Sprintf("sliding(%s)", span(s.Size))
	case Session:
		return fmt.Sprintf("session(%s)", span(s.Size))
	case Count:
		return fmt.Sprintf("every(%d)", s.Rows)
	case Running:
		return "running()"
	}
	return fmt.Sprintf("tumbling(%s%s)", span(s.Size), zone)
}

// Describe names the windows in a sentence: "windows of 10s every 1s".
func (s Spec) Describe() string {
	of := map[Kind]string{Tumbling: "windows of ", Hopping: "windows of ", Sliding: "a window of the last ", Session: "sessions with gaps below "}[s.Kind] + span(s.Size)
	switch s.Kind {
	case Hopping:
		of += " every " + span(s.Hop)
	case Count:
		return fmt.Sprintf("windows of %d rows", s.Rows)
	case Running:
		return "one window that never ends"
	}
	if s.Zone != "" {
		of += " in " + s.Zone
	}
	return of
}

func span(us int64) string { return (time.Duration(us) * time.Microsecond).String() }
