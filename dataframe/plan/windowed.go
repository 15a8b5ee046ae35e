package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/window"
)

// Emit says when a window gives its row.
type Emit uint8

// When a window gives its row.
const (
	Final    Emit = iota // once, when it closes
	Current              // after each row that it takes
	Periodic             // at the ticks of event time after which it changed, and when it closes if it changed since
)

// Window computes aggregates of the rows of each key in each window.
type Window struct {
	Spec   window.Spec
	Keys   []string
	Grace  *time.Duration // how long after its end a window still takes rows; nil: from the facts
	TTL    time.Duration  // of windows that time does not end: how long one is kept after the latest row of its key; 0 is for ever
	Emit   Emit
	Every  time.Duration // between ticks, of Periodic
	Aggs   []Aggregate
	OnLate func(row.Row) // is called for each row that comes too late; or nil
	LateTo string        // the topic that such rows go to, as JSON; or ""
	// Reduce makes one row of two, of which the second came later: then the window gives one of its rows, or what was
	// made of them, instead of aggregates.
	Reduce func(a, b row.Row) row.Row
}

// The columns that a window adds in front of its aggregates.
const (
	WindowStart = "window_start"
	WindowEnd   = "window_end"
)

// Text is the op as a cell writes it.
func (w *Window) Text() string {
	var b strings.Builder
	b.WriteString(w.Spec.String() + ttlText(w.TTL))
	if w.Grace != nil && w.Spec.Timed() {
		fmt.Fprintf(&b, ".grace(%s)", *w.Grace)
	}
	switch {
	case w.Emit == Current && w.Spec.Kind != window.Running:
		b.WriteString(".emit(current)")
	case w.Emit == Periodic:
		fmt.Fprintf(&b, ".emit(each(%s))", w.Every)
	}
	if w.OnLate != nil {
		b.WriteString(".onlate(func(Row))")
	}
	if w.LateTo != "" {
		fmt.Fprintf(&b, ".lateto(%q)", w.LateTo)
	}
	if w.Reduce != nil {
		return b.String() + ".reduce(func(Row, Row) Row)"
	}
	parts := make([]string, len(w.Aggs))
	for i, a := range w.Aggs {
		parts[i] = fmt.Sprintf("%q", a.Text())
	}
	fmt.Fprintf(&b, ".agg(%s)", strings.Join(parts, ", "))
	return b.String()
}

// Spans says whether the rows have the columns window_start and window_end: all but those of a running aggregate.
func (w *Window) Spans() bool { return w.Spec.Kind != window.Running }

// Ordered says whether what the window gives depends on the order in which rows of several sources come to it.
func (w *Window) Ordered() bool {
	return w.Emit != Final || w.Spec.Kind == window.Session || !w.Spec.Timed() || w.AsksLate()
}

// Reach is how long a row matters for what the windows give: their size and the grace. It is 0 for windows that time does not end.
func (w *Window) Reach() time.Duration {
	if !w.Spec.Timed() || w.Grace == nil {
		return 0
	}
	return time.Duration(w.Spec.Size)*time.Microsecond + *w.Grace
}

// Reduced are the columns that Reduce gives beside the group's: all others of the rows.
func (w *Window) Reduced(in *row.Schema) (out []row.Field) {
	for _, f := range in.Fields() {
		if w.Reduce != nil && !slices.Contains(w.Keys, f.Name) {
			out = append(out, f)
		}
	}
	return out
}

// Calls says whether functions of the user make its rows, or are told of those that are late.
func (w *Window) Calls() bool {
	return w.OnLate != nil || w.Reduce != nil || slices.ContainsFunc(w.Aggs, func(a Aggregate) bool { return a.Fold != nil })
}

// AsksLate says whether somebody looks at the rows that come too late.
func (w *Window) AsksLate() bool { return w.OnLate != nil || w.LateTo != "" }

// check says what cannot be, whatever the rows are.
func (w *Window) check() error {
	switch {
	case len(w.Aggs) == 0 && w.Reduce == nil:
		return wrongf("Agg", "", "names no aggregate, want at least one such as \"n = count()\"")
	case w.Spec.Kind == window.Running && w.Emit == Final:
		return wrongf("Emit", "", "Running has no end at which it could be Final, want Current or Each(\"1s\")")
	case w.TTL > 0 && w.Spec.Timed():
		return wrongf("TTL", "", "is of what is kept for ever, and %s ends by itself: want Running or EveryN, or leave it out", w.Spec)
	case w.TTL > 0 && w.Emit == Periodic:
		return wrongf("TTL", "", "does not stand beside Emit(Each(%q)): what is forgotten between two ticks would never be given, want Emit(Current)", w.Every)
	case w.AsksLate() && !w.Spec.Timed():
		return wrongf("OnLate", "", "no row is late for %s, which takes rows as they come", w.Spec)
	}
	return nil
}

// Schema is the group's columns, the window's span and the aggregates.
func (w *Window) Schema(in []*row.Schema) (*row.Schema, error) {
	var fields []row.Field
	for _, k := range w.Keys {
		kind, ok := in[0].Kind(k)
		if !ok {
			return nil, wrong("GroupBy", k, Unknown(k, in[0]))
		}
		fields = append(fields, row.Field{Name: k, Kind: kind})
	}
	if err := w.check(); err != nil {
		return nil, err
	}
	if w.Spans() {
		fields = append(fields, row.Field{Name: WindowStart, Kind: row.Time}, row.Field{Name: WindowEnd, Kind: row.Time})
	}
	for _, f := range w.Reduced(in[0]) {
		fields = append(fields, f)
	}
	for _, a := range w.Aggs {
		f, err := a.field(in[0])
		if err != nil {
			return nil, err
		}
		fields = append(fields, f)
	}
	s := row.NewSchema(fields...)
	if s.Len() != len(fields) {
		return nil, wrongf("Agg", "", "two columns would have one name: %s", list(names(fields)))
	}
	return s, nil
}

func names(fields []row.Field) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.Name
	}
	return out
}
