package session

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/display"
)

// described are the rows of Describe, as pandas and Polars name them. One that no column has is left out.
var described = []string{"count", "nulls", "nan", "distinct", "top", "freq", "mean", "std", "min", "25%", "50%", "75%", "max"}

// describe puts the statistics of each column on show.
func describe(rows *row.Table, t display.Table) display.Table {
	var columns [][]any
	for c, f := range rows.Schema().Fields() {
		columns = append(columns, statistics(&rows.Batch().Cols[c], f.Kind))
	}
	var names []any
	kept := make([][]any, len(columns))
	for i, name := range described {
		if !slices.ContainsFunc(columns, func(col []any) bool { return col[i] != nil }) {
			continue
		}
		names = append(names, name)
		for c, col := range columns {
			kept[c] = append(kept[c], col[i])
		}
	}
	t.Columns = append(t.Columns, display.NewColumn("", "", names))
	t.Size = count(rows.Len(), "row") + " × " + count(rows.Schema().Len(), "column")
	for c, f := range rows.Schema().Fields() {
		col := display.NewColumn(f.Name, f.Kind.String(), kept[c])
		col.None = "–" // nothing to compute, which is no null
		t.Columns = append(t.Columns, col)
	}
	return t
}

// statistics of a column, in the order of described; nil where there is none.
func statistics(v *row.Vec, kind row.Kind) []any {
	out := make([]any, 0, len(described))
	add := func(values ...any) { out = append(out, values...) }
	seen, nan := tally(v)
	n := 0
	for _, s := range seen {
		n += s.times
	}
	add(int64(n+nan), int64(v.Len()-n-nan))
	if nan > 0 {
		add(int64(nan))
	} else {
		add(nil)
	}
	add(int64(len(seen)))
	if top := mostFrequent(seen); top != nil && kind != row.Float && kind != row.Time {
		add(top.value, int64(top.times))
	} else {
		add(nil, nil)
	}
	add(measured(v, kind)...)
	return out
}

// tallied is a value, and how often it is there.
type tallied struct {
	value any
	times int
}

// tally counts the values of a column in the order in which they came; nulls and NaN stand apart.
func tally(v *row.Vec) (seen []*tallied, nan int) {
	at := map[any]*tallied{}
	for i := range v.Len() {
		x := v.Value(i)
		if f, ok := x.(float64); ok && f != f {
			nan++
			continue
		}
		if x == nil {
			continue
		}
		k := identity(x)
		if at[k] == nil {
			at[k] = &tallied{value: x}
			seen = append(seen, at[k])
		}
		at[k].times++
	}
	return seen, nan
}

// mostFrequent is the first of the values that are there most often, or nil if none is there twice.
func mostFrequent(seen []*tallied) *tallied {
	var top *tallied
	for _, s := range seen {
		if s.times > 1 && (top == nil || s.times > top.times) {
			top = s
		}
	}
	return top
}

// measured is mean, std, min, quartiles and max of values that have them: numbers, times and durations; of
// conditions the share that is true, and of texts the first and the last by order.
func measured(v *row.Vec, kind row.Kind) []any {
	out := make([]any, 7)
	var xs []float64
	var texts []string
	for i := range v.Len() {
		switch x := v.Value(i).(type) {
		case int64:
			xs = append(xs, float64(x))
		case float64:
			if x == x {
				xs = append(xs, x)
			}
		case bool:
			xs = append(xs, map[bool]float64{true: 1}[x])
		case time.Time:
			xs = append(xs, float64(x.UnixMicro()))
		case time.Duration:
			xs = append(xs, float64(x.Microseconds()))
		case string:
			texts = append(texts, x)
		}
	}
	switch {
	case len(texts) > 0 && len(xs) == 0:
		out[2], out[6] = slices.Min(texts), slices.Max(texts)
	case kind == row.Bool && len(xs) > 0:
		out[0], _ = moments(xs)
	case len(xs) > 0 && len(texts) == 0:
		numeric(xs, kind, out)
	}
	return out
}

// numeric fills in what is measured of numbers, and gives times and durations as such.
func numeric(xs []float64, kind row.Kind, out []any) {
	of := func(x float64) any { return x }
	spread := of
	switch kind {
	case row.Time:
		of = func(x float64) any { return time.UnixMicro(int64(x)).UTC() }
		spread = func(x float64) any { return (time.Duration(x) * time.Microsecond).Round(time.Millisecond) }
	case row.Duration:
		of = func(x float64) any { return time.Duration(x) * time.Microsecond }
		spread = of
	}
	slices.Sort(xs)
	mean, std := moments(xs)
	out[0], out[2], out[6] = of(mean), of(xs[0]), of(xs[len(xs)-1])
	if len(xs) > 1 {
		out[1] = spread(std)
	}
	for i, q := range []float64{0.25, 0.5, 0.75} {
		out[3+i] = of(quantile(xs, q))
	}
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

// misspelt are notes on columns of Fields that no row of the sample has, where one has a name like them: such a column is null.
func misspelt(src *plan.Source, report codec.Report) (notes []string) {
	var names []string
	for _, seen := range report.Columns {
		names = append(names, seen.Name)
	}
	for _, f := range src.Declared {
		if meant := near.Name(f.Name, names); meant != "" && !slices.Contains(names, f.Name) {
			topic, _, _ := strings.Cut(src.Topic, stillMark)
			notes = append(notes, fmt.Sprintf("note: no row of %s in the sample has %q, which Fields names; did you mean %s?", topic, f.Name, meant))
		}
	}
	return notes
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
