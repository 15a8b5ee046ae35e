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
	w, start := windowOf(o.plan.Roots[root])
	if w == nil || !w.Op.(*plan.Window).Spans() {
		return nil
	}
	rows, from := o.tables[root].Batch(), o.whole(o.plan.Roots[root])
	times, began := rows.Time, rows.Col(start)
	if began != nil && began.Kind == row.Time {
		times, from = began.Ints, o.wholeStart(w)
	}
	var out []bool
	for i, t := range times {
		if t >= from || began != nil && began.IsNull(i) { // without a partner in a join it is of no window
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

// windowOf is the last window that a step's rows come from, or nil, and the
// column that still says when it began, or "".
func windowOf(s *plan.Step) (w *plan.Step, start string) {
	if _, ok := s.Op.(*plan.Window); ok {
		return s, plan.WindowStart
	}
	for _, in := range s.In {
		if w, start = windowOf(in); w != nil {
			return w, plan.Kept(s.Op, start)
		}
	}
	return nil, ""
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
	if w, ok := s.Op.(*plan.Window); ok && w.Spans() {
		return wholeWindow(w, at)
	}
	return at
}

// wholeStart is the least beginning of a window that holds all of its rows.
func (o *outcome) wholeStart(w *plan.Step) int64 {
	at, spec := o.whole(w.In[0]), w.Op.(*plan.Window).Spec
	if spec.Kind == window.Session && at > math.MinInt64 {
		at += spec.Size // a row before the sample may have been of the session
	}
	return at
}

// wholeWindow is the time from which on a window's rows are of all the rows that there were, if those that it takes are from at on.
func wholeWindow(w *plan.Window, at int64) int64 {
	switch {
	case at == math.MinInt64 || w.Spec.Kind == window.Count:
		return at
	case w.Spec.Kind == window.Sliding || w.Spec.Kind == window.Session: // of a session that is the least it may be
		return at + w.Spec.Size
	}
	first := w.Spec.Last(at)
	if first < at {
		first = w.Spec.After(first)
	}
	switch cut := w.Spec.End(w.Spec.Before(first)); w.Emit {
	case plan.Final:
		return w.Spec.End(first) - 1 // its rows have the time of its last instant
	case plan.Current:
		return cut // and before that the time of what changed it
	default:
		return cut + (*w.Grace + w.Every).Microseconds() // or of a tick
	}
}
