package session

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/kernel"
)

// list puts columns of any values on show, below the cell that runs.
func (s *Session) list(t display.Table, names []string, kinds []string, rows [][]any) {
	t.Total = len(rows)
	rows = rows[:min(len(rows), max(t.Limit, 1))]
	for c, name := range names {
		values := make([]any, len(rows))
		for i, r := range rows {
			values[i] = r[c]
		}
		t.Columns = append(t.Columns, display.NewColumn(name, kinds[c], values))
	}
	s.current().out.Show(kernel.Display{Bundle: kernel.Bundle(t.Bundle())})
}

// limit is the number of rows that options ask for.
func limit(options []cells.Option, otherwise int) (int, error) {
	for _, o := range options {
		if o.Name == "Limit" {
			if o.N < 1 {
				return 0, fmt.Errorf("%s: want a number of rows, 1 or more", o)
			}
			otherwise = o.N
		}
	}
	return otherwise, nil
}

// peeked is how many records Peek shows.
const peeked = 10

func (s *Session) peek(topic string, options ...cells.Option) {
	s.must(only("Peek", options, "Limit"))
	n, err := limit(options, peeked)
	s.must(err)
	c := s.current()
	from, err := s.samples.open(c.ctx)
	s.must(err)
	sample, err := from.Peek(c.ctx, topic, n)
	s.must(err)
	var rows [][]any
	for _, r := range sample.Records[max(0, len(sample.Records)-n):] {
		var key any
		if r.Key != nil {
			key = string(r.Key)
		}
		rows = append(rows, []any{int64(r.Partition), r.Offset, time.UnixMilli(r.Time).UTC(), key, string(r.Value)})
	}
	t := display.Table{Source: topic, Mode: "as it lies there, not pinned", Limit: n}
	s.list(t, []string{"partition", "offset", "time", "key", "value"}, []string{"int", "int", "time", "bytes", "bytes"}, rows)
}

func (s *Session) groups() {
	c := s.current()
	from, err := s.samples.open(c.ctx)
	s.must(err)
	found, err := from.Groups(c.ctx)
	if len(found) == 0 {
		s.must(err)
	}
	var rows [][]any
	for _, g := range found {
		var topics []string
		for t := range g.Lag {
			topics = append(topics, t)
		}
		slices.Sort(topics)
		rows = append(rows, []any{g.Name, g.State, int64(g.Members), g.TotalLag(), strings.Join(topics, ", ")})
	}
	t := display.Table{Mode: "consumer groups", Limit: len(rows)}
	switch {
	case err != nil:
		t.Notes = []string{err.Error()}
	case len(found) == 0:
		t.Notes = []string{"no group has committed anything: samples and Live need none"}
	}
	s.list(t, []string{"group", "state", "members", "behind", "topics"}, []string{"", "", "int", "int", ""}, rows)
}

func (s *Session) valueCounts(f cells.Frame, column string, options ...cells.Option) {
	s.must(only("ValueCounts", options, "Limit"))
	n, err := limit(options, display.MaxRows)
	s.must(err)
	o, err := s.rows(s.current().ctx, f)
	s.must(err)
	rows := o.tables[0]
	at := rows.Schema().Index(column)
	if at < 0 {
		s.must(unknownColumn(fmt.Sprintf("ValueCounts(%q)", column), column, rows.Schema().Names()))
	}
	v := &rows.Batch().Cols[at]
	seen := map[any]int{} // place in out
	var out [][]any
	for i := range v.Len() {
		x := v.Value(i)
		k := identity(x)
		if p, ok := seen[k]; ok {
			out[p][1] = out[p][1].(int64) + 1
			continue
		}
		seen[k] = len(out)
		out = append(out, []any{x, int64(1), 0.0})
	}
	for _, r := range out {
		r[2] = math.Round(float64(r[1].(int64))/float64(v.Len())*10_000) / 100
	}
	slices.SortStableFunc(out, func(a, b []any) int { return cmp.Compare(b[1].(int64), a[1].(int64)) })
	t := o.shown(0)
	t.Limit = n
	s.list(t, []string{column, "count", "share"}, []string{rows.Schema().At(at).Kind.String(), "int", "%"}, out)
}

func (s *Session) functions(words ...string) {
	var rows [][]any
	for _, f := range slices.Concat(expr.Functions(), expr.Running()) {
		has := true
		for _, w := range words {
			has = has && strings.Contains(strings.ToLower(f.Name+" "+f.Doc), strings.ToLower(w))
		}
		if has {
			rows = append(rows, []any{f.Name, f.Doc, f.Example})
		}
	}
	if len(rows) == 0 {
		s.must(fmt.Errorf("Functions: none has %q in its name or description", strings.Join(words, " ")))
	}
	slices.SortStableFunc(rows, func(a, b []any) int { return cmp.Compare(a[0].(string), b[0].(string)) })
	s.list(display.Table{Mode: "functions of expressions", Limit: len(rows)}, []string{"function", "does", "such as"}, []string{"", "", ""}, rows)
}

// unknownColumn is the error for a column that a verb names and the frame does not have.
func unknownColumn(call, name string, names []string) error {
	return fmt.Errorf("%s: no such column (have %s%s)", call, strings.Join(names, ", "), near.Hint(name, names))
}
