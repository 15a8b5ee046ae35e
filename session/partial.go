package session

import (
	"fmt"
	"math"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/survey"
	"github.com/riffle-stream/riffle/dataframe/window"
	"github.com/riffle-stream/riffle/display"
)

// A sample begins in the middle of a stream, so the windows that began before
// it are computed from a part of their rows. Their rows are as they are, here
// and in every proof; a notebook marks them, so that nobody takes them for whole.

// partial says of each row of a root whether its window began before the
// sample; nil if none did.
func (o *outcome) partial(root int) []bool {
	w := windowOf(o.plan.Roots[root])
	if w == nil {
		return nil
	}
	rows, from := o.tables[root].Batch(), o.whole(o.plan.Roots[root])
	times, op := rows.Time, w.Op.(*plan.Window)
	if !ends(op) {
		// The row's time does not tell where its window began, as far as a column does not.
		times, from = starts(rows), o.whole(w.In[0])
	}
	if op.Spec.Kind == window.Session && from > math.MinInt64 {
		from += op.Spec.Size // a row before the sample may have been of the session
	}
	var out []bool
	for i, t := range times {
		if t >= from {
			continue
		}
		if out == nil {
			out = make([]bool, len(times))
		}
		out[i] = true
	}
	return out
}

// partialNote says what the marks of a root's rows mean.
func (o *outcome) partialNote(root int) string {
	n := 0
	for _, marked := range o.partial(root) {
		if marked {
			n++
		}
	}
	switch n {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("1 row is partial (%s): its window began before the sample", display.Mark)
	}
	return fmt.Sprintf("%s are partial (%s): their windows began before the sample", count(n, "row"), display.Mark)
}

// windowOf is the last window that a step's rows come from, or nil.
func windowOf(s *plan.Step) *plan.Step {
	if _, ok := s.Op.(*plan.Window); ok {
		return s
	}
	for _, in := range s.In {
		if w := windowOf(in); w != nil {
			return w
		}
	}
	return nil
}

// whole is the event time, µs, from which on a step's rows are computed from
// all of the rows that there were.
func (o *outcome) whole(s *plan.Step) int64 {
	at := int64(math.MinInt64)
	if _, other := s.Op.(*plan.Retime); other {
		return at // a sample is cut by the time of its topics
	}
	if src, ok := s.Op.(*plan.Source); ok {
		if begin, cut := survey.Begin(src, o.sample, formats(o.sample)); cut {
			at = begin
		}
	}
	for _, in := range s.In {
		at = max(at, o.whole(in))
	}
	w, ok := s.Op.(*plan.Window)
	if !ok || at == math.MinInt64 || !ends(w) {
		return at
	}
	if w.Spec.Kind == window.Sliding {
		return at + w.Spec.Size
	}
	first := w.Spec.Last(at)
	if first < at {
		first = w.Spec.After(first)
	}
	return w.Spec.End(first) - 1 // its rows have the time of its last instant
}

// ends says whether a window's rows have the time of its end.
func ends(w *plan.Window) bool {
	return w.Emit == plan.Final && (w.Spec.Aligned() || w.Spec.Kind == window.Sliding)
}

// starts are those of the rows' windows, if a column still has them.
func starts(b *row.Batch) []int64 {
	col := b.Col(plan.WindowStart)
	if col == nil || col.Kind != row.Time {
		return nil
	}
	return col.Ints
}
