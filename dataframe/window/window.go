// Package window computes the spans of time that a row belongs to.
//
// A [Spec] says how time is cut; it is arithmetic only, in µs since 1970, and
// knows neither rows nor watermarks. Spans are half open: [start, end).
package window

import (
	"fmt"
	"time"
)

// Kind is the way in which time is cut.
type Kind uint8

// The kinds of windows.
const (
	Tumbling Kind = iota // back to back: hop = size
	Hopping              // of one size, one every hop: they overlap
)

// Spec says how time is cut. Windows are aligned to 1970-01-01T00:00:00Z.
type Spec struct {
	Kind Kind
	Size int64 // µs, > 0
	Hop  int64 // µs, 0 < hop <= size; equal to size for tumbling windows
}

// NewTumbling gives windows of one size, back to back.
func NewTumbling(size time.Duration) (Spec, error) {
	s := Spec{Tumbling, size.Microseconds(), size.Microseconds()}
	return s, s.Check()
}

// NewHopping gives windows of one size that start every hop.
func NewHopping(size, hop time.Duration) (Spec, error) {
	s := Spec{Hopping, size.Microseconds(), hop.Microseconds()}
	return s, s.Check()
}

// maxOverlap bounds how many windows one row may belong to.
const maxOverlap = 10_000

// Check says what is wrong with the spec, or nil.
func (s Spec) Check() error {
	switch {
	case s.Size <= 0:
		return fmt.Errorf("window size is %s, want more than 0", span(s.Size))
	case s.Hop <= 0:
		return fmt.Errorf("window hop is %s, want more than 0", span(s.Hop))
	case s.Hop > s.Size:
		return fmt.Errorf("window hop %s is longer than its size %s, so rows would be lost: want hop <= size", span(s.Hop), span(s.Size))
	case s.Size/s.Hop > maxOverlap:
		return fmt.Errorf("a row would belong to %d windows (size %s, hop %s), want at most %d: use a longer hop", s.Size/s.Hop, span(s.Size), span(s.Hop), maxOverlap)
	}
	return nil
}

// Last is the start of the latest window that holds time t. The windows that
// hold t start at Last, Last-Hop, ... as long as start+Size > t.
func (s Spec) Last(t int64) int64 {
	r := t % s.Hop
	if r < 0 {
		r += s.Hop
	}
	return t - r
}

// String is the spec as cells write it.
func (s Spec) String() string {
	if s.Kind == Hopping {
		return fmt.Sprintf("hopping(%s, %s)", span(s.Size), span(s.Hop))
	}
	return fmt.Sprintf("tumbling(%s)", span(s.Size))
}

func span(us int64) string { return (time.Duration(us) * time.Microsecond).String() }
