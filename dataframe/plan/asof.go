package plan

import (
	"fmt"
	"math"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// AsOf joins each row of the first input with the row of the second that has
// the same key and is nearest to it in a direction, no further away than Within.
type AsOf struct {
	Sides
	Within *time.Duration // nil: from the facts
	Toward Direction
}

// Direction is where in time the partner of a row lies.
type Direction string

// Where in time the partner of a row lies.
const (
	Backward Direction = ""        // the latest that is not later
	Forward  Direction = "forward" // the earliest that is not earlier
	Nearest  Direction = "nearest" // of both the nearer, of two as near the earlier
)

// Text is the op as a cell writes it.
func (a *AsOf) Text() string {
	var own []string
	if a.Within != nil {
		own = append(own, fmt.Sprintf("within(%s)", *a.Within))
	}
	if a.Toward != Backward {
		own = append(own, string(a.Toward))
	}
	return a.text("asof", own...)
}

// Schema is the first input's columns and those of the second that are not keys.
func (a *AsOf) Schema(in []*row.Schema) (*row.Schema, error) {
	if a.Within != nil && *a.Within <= 0 {
		return nil, wrongf("AsOf", "", "within is %s, want how old a partner may be, such as Within(\"5s\")", *a.Within)
	}
	return a.schema("AsOf", in)
}

// Span is where partners of a row lie, from its time; below zero is before it.
func (a *AsOf) Span() (from, to time.Duration) {
	switch a.Toward {
	case Forward:
		return 0, *a.Within
	case Nearest:
		return -*a.Within, *a.Within
	}
	return -*a.Within, 0
}

// freeze is the op with what the facts say.
func (a *AsOf) freeze(s *Step) *AsOf {
	out := *a
	if out.Within == nil {
		d := within(s)
		out.Within = &d
		out.Measured = append(out.Measured, fmt.Sprintf("Within(%q)", d))
	}
	out.Sides = out.Sides.freeze(s)
	return &out
}

// defaultWithin is how old a partner may be where no sample taught how often rows come.
const defaultWithin = 10 * time.Second

// within is twice the median gap between two rows of a key on the slower side,
// rounded up to two digits, so that one row of it may be missing.
func within(s *Step) time.Duration {
	gap := time.Duration(0)
	for _, src := range s.Origin() {
		gap = max(gap, time.Duration(src.Facts.Gap))
	}
	if gap == 0 {
		return defaultWithin
	}
	want, unit := max(2*gap, time.Millisecond), time.Duration(math.Pow10(max(0, int(math.Log10(float64(2*gap)))-1)))
	return (want + unit - 1) / unit * unit
}
