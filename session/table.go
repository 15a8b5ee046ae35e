package session

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/display"
)

// shown is a table without rows: where they come from and what there is to say of them.
func (o *outcome) shown(root int) display.Table {
	t := display.Table{Source: topicsOf(o.plan.Roots[root]), Mode: sampled(o.sample.Spec), Fingerprint: o.sample.Fingerprint.Short()}
	if o.fresh {
		t.Notes = append(t.Notes, "the sample was taken now and is pinned: every run sees these rows (Sample chooses them, Resample takes them anew)")
	}
	if o.into != "" {
		t.Notes = append(t.Notes, fmt.Sprintf("what a run writes to topic %s; nothing is written here", o.into))
	}
	t.Notes = append(t.Notes, o.notes()...)
	if note := o.thinNote(); note != "" {
		t.Notes = append(t.Notes, note)
	}
	if note := o.partialNote(root); note != "" {
		t.Notes = append(t.Notes, note)
	}
	return t
}

// marked is shown, with a mark at the rows that are partial.
func (o *outcome) marked(root int) display.Table {
	t := o.shown(root)
	t.Marked = o.partial(root)
	return t
}

// sampled says how a sample was chosen: "sample last 10,000", "all rows".
func sampled(spec string) string {
	if strings.HasPrefix(spec, wholeStill) {
		return "all rows"
	}
	if word, n, ok := strings.Cut(spec, " "); ok {
		if rows, err := strconv.Atoi(n); err == nil {
			spec = word + " " + number(rows)
		}
	}
	return "sample " + spec
}

// topicsOf names the topics, and the files, that a step's rows come from.
func topicsOf(s *plan.Step) string {
	var names []string
	for _, src := range s.Origin() {
		name, _, _ := strings.Cut(src.Topic, stillMark)
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// collected is a table that a cell holds as a value.
func collected(rows *cells.Collected) display.Table {
	head, tail := display.Ends(rows.Len(), 0)
	return cut(display.Table{Mode: "collected"}, rows, head, tail)
}

// cut puts the first and last rows of a table on show, with their marks.
func cut(t display.Table, rows *row.Table, head, tail int) display.Table {
	n := rows.Len()
	head, tail = min(head, n), min(tail, n-min(head, n))
	for c, f := range rows.Schema().Fields() {
		col := &rows.Batch().Cols[c]
		values := atEnds(n, head, tail, col.Value)
		t.Columns = append(t.Columns, display.NewColumn(f.Name, f.Kind.String(), values))
	}
	if marks := t.Marked; marks != nil {
		t.Marked = atEnds(n, head, tail, func(i int) bool { return marks[i] })
	}
	t.Total, t.Tail = n, tail
	return t
}

// atEnds is what the first and the last of n rows have.
func atEnds[T any](n, head, tail int, of func(int) T) []T {
	out := make([]T, 0, head+tail)
	for i := range head {
		out = append(out, of(i))
	}
	for i := n - tail; i < n; i++ {
		out = append(out, of(i))
	}
	return out
}

// part puts some of the first or last rows of a table on show, as if they were all.
func part(t display.Table, rows *row.Table, head, tail int) display.Table {
	t = cut(t, rows, head, tail)
	t.Part = "first"
	if tail > 0 {
		t.Part = "last"
	}
	t.Limit = max(head, tail, 1)
	return t
}

// count is a number of things in words: "1 row", "50,000 rows".
func count(n int, of string) string {
	if n != 1 {
		of += "s"
	}
	return number(n) + " " + of
}

// number is a number with a comma for each thousand.
func number(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
