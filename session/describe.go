package session

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/display"
)

// described are the rows of Describe, as pandas names them.
var described = []string{"count", "nulls", "distinct", "mean", "std", "min", "25%", "50%", "75%", "max"}

// describe puts the statistics of each column on show.
func describe(rows *row.Table, t display.Table) display.Table {
	names := make([]any, len(described))
	for i, n := range described {
		names[i] = n
	}
	t.Columns = append(t.Columns, display.NewColumn("", "", names))
	t.Size = count(rows.Len(), "row") + " × " + count(rows.Schema().Len(), "column")
	for c, f := range rows.Schema().Fields() {
		t.Columns = append(t.Columns, display.NewColumn(f.Name, f.Kind.String(), statistics(&rows.Batch().Cols[c])))
		t.Columns[c+1].None = "–" // nothing to compute, which is no null
	}
	return t
}

// statistics of a column, in the order of described; nil where there is none.
func statistics(v *row.Vec) []any {
	out := make([]any, len(described))
	seen := map[any]bool{}
	var xs []float64
	var from, to time.Time
	n := 0
	for i := range v.Len() {
		x := v.Value(i)
		if x == nil {
			continue
		}
		n++
		seen[identity(x)] = true
		switch x := x.(type) {
		case int64:
			xs = append(xs, float64(x))
		case float64:
			xs = append(xs, x)
		case time.Time:
			if n == 1 || x.Before(from) {
				from = x
			}
			if n == 1 || x.After(to) {
				to = x
			}
		}
	}
	out[0], out[1], out[2] = int64(n), int64(v.Len()-n), int64(len(seen))
	if !to.IsZero() {
		out[5], out[9] = from, to
	}
	if len(xs) == 0 {
		return out
	}
	slices.Sort(xs)
	mean, std := moments(xs)
	out[3], out[5], out[9] = mean, xs[0], xs[len(xs)-1]
	if len(xs) > 1 {
		out[4] = std
	}
	for i, q := range []float64{0.25, 0.5, 0.75} {
		out[6+i] = quantile(xs, q)
	}
	return out
}

// identity is what equal values have in common.
func identity(x any) any {
	switch x.(type) {
	case nil, bool, int64, float64, string, time.Duration:
		return x
	}
	return display.Sprint(x)
}

// moments are the mean and the sample standard deviation, in two passes.
func moments(xs []float64) (mean, std float64) {
	for _, x := range xs {
		mean += x
	}
	mean /= float64(len(xs))
	for _, x := range xs {
		std += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(std / float64(len(xs)-1))
}

// quantile interpolates between the two nearest of sorted values, as pandas does.
func quantile(xs []float64, q float64) float64 {
	at := q * float64(len(xs)-1)
	low := int(at)
	if low+1 == len(xs) {
		return xs[low]
	}
	return xs[low] + (at-float64(low))*(xs[low+1]-xs[low])
}

// schema puts the columns of a frame on show, with what the sample had in them.
func schema(s *row.Schema, samples *samples, f cells.Frame) display.Table {
	t := display.Table{Source: f.Name(), Mode: "schema", Limit: s.Len(), Size: count(s.Len(), "column")}
	var names, kinds []any
	for _, field := range s.Fields() {
		names, kinds = append(names, field.Name), append(kinds, field.Kind.String())
	}
	t.Columns = []display.Column{display.NewColumn("column", "", names), display.NewColumn("kind", "", kinds)}
	plan.Walk([]*plan.Node{f.Node()}, func(n *plan.Node) {
		if src, ok := n.Op.(*plan.Source); ok {
			t.Notes = append(t.Notes, samples.drift(src)...)
		}
	})
	return t
}

// drift says which values of a topic are not of their column's kind.
func (s *samples) drift(src *plan.Source) []string {
	s.mu.Lock()
	l, ok := s.facts[src.Text()]
	s.mu.Unlock()
	if !ok {
		return nil
	}
	var out []string
	for _, line := range l.report.Drift() {
		if !slices.ContainsFunc(src.Declared, func(f row.Field) bool { return strings.HasPrefix(line, f.Name+": ") }) {
			out = append(out, line)
		}
	}
	if l.report.Bad > 0 {
		out = append(out, fmt.Sprintf("%s of %s cannot be read; the first: %s", count(l.report.Bad, "row"), src.Topic, l.report.First))
	}
	return out
}
