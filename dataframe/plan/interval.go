package plan

import (
	"fmt"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Interval joins each row of the first input with every row of the second that
// has the same key and lies between From and To of it in time, both included.
type Interval struct {
	Sides
	From, To time.Duration // from the first side's row to the second's; below zero is earlier
}

// Text is the op as a cell writes it.
func (i *Interval) Text() string {
	return i.text("interval", fmt.Sprintf("from(%s)", i.From), fmt.Sprintf("to(%s)", i.To))
}

// Schema is the first input's columns and those of the second that are not keys.
func (i *Interval) Schema(in []*row.Schema) (*row.Schema, error) {
	if i.From > i.To {
		return nil, wrongf("Interval", "", "begins %s after it ends, want the earlier bound first, such as Interval(other, \"-5s\", \"+1s\", On(\"car\"))", i.From-i.To)
	}
	return i.schema("Interval", in)
}

// Span is where partners of a row lie, from its time; below zero is before it.
func (i *Interval) Span() (from, to time.Duration) { return i.From, i.To }

// freeze is the op with what the facts say.
func (i *Interval) freeze(s *Step) *Interval {
	out := *i
	out.Sides = out.Sides.freeze(s)
	return &out
}
