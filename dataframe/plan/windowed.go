package plan

import (
	"fmt"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/window"
)

// Emit says when a window gives its row.
type Emit uint8

// When a window gives its row.
const (
	Final   Emit = iota // once, when it closes
	Current             // after each row that it takes, and once more when it closes
)

// Window computes aggregates of the rows of each key in each span of time.
type Window struct {
	Spec  window.Spec
	Keys  []string
	Grace *time.Duration // how long after its end a window still takes rows; nil: from the facts
	Emit  Emit
	Aggs  []Aggregate
}

// The columns that a window adds in front of its aggregates.
const (
	WindowStart = "window_start"
	WindowEnd   = "window_end"
)

// Text is the op as a cell writes it.
func (w *Window) Text() string {
	var b strings.Builder
	b.WriteString(w.Spec.String())
	if w.Grace != nil {
		fmt.Fprintf(&b, ".grace(%s)", *w.Grace)
	}
	if w.Emit == Current {
		b.WriteString(".emit(current)")
	}
	parts := make([]string, len(w.Aggs))
	for i, a := range w.Aggs {
		parts[i] = fmt.Sprintf("%q", a.Text())
	}
	fmt.Fprintf(&b, ".agg(%s)", strings.Join(parts, ", "))
	return b.String()
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
	fields = append(fields, row.Field{Name: WindowStart, Kind: row.Time}, row.Field{Name: WindowEnd, Kind: row.Time})
	if len(w.Aggs) == 0 {
		return nil, wrongf("Agg", "", "names no aggregate, want at least one such as \"n = count()\"")
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
