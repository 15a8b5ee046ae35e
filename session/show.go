package session

import (
	"fmt"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/kernel"
)

// show shows the values of a cell's last expression.
func (s *Session) show(values []interp.Value) {
	if len(values) == 0 || len(values) == 1 && silent(values[0]) {
		return
	}
	c := s.current()
	b := s.bundle(values)
	if len(b.Data) > 0 {
		c.out.Show(kernel.Display{Bundle: b})
	}
}

// silent says whether a value has nothing to show: a run shows itself while it goes on.
func silent(v interp.Value) bool {
	if !v.Value.IsValid() {
		return false
	}
	_, ok := v.Value.Interface().(*cells.Run)
	return ok
}

// bundle is how values show themselves; several are shown one below the other as text.
func (s *Session) bundle(values []interp.Value) kernel.Bundle {
	if len(values) == 1 {
		return s.one(values[0])
	}
	text := ""
	for _, v := range values {
		text += plain(v) + "\n"
	}
	return kernel.Text(text)
}

func (s *Session) one(v interp.Value) kernel.Bundle {
	if !v.Value.IsValid() {
		return kernel.Text("nil")
	}
	x := v.Value.Interface()
	if len(cells.Frames(x)) > 0 {
		b, err := s.look(x, nil)
		if err != nil {
			s.current().fail(err)
		}
		return kernel.Bundle(b)
	}
	if v.Text != "" {
		return kernel.Text(v.Text)
	}
	return kernel.Bundle(display.Value(x))
}

func plain(v interp.Value) string {
	if v.Text != "" {
		return v.Text
	}
	if !v.Value.IsValid() {
		return "nil"
	}
	return display.Sprint(v.Value.Interface())
}

// look runs what a frame, view or chart needs and gives what it shows.
func (s *Session) look(v any, options []cells.Option) (display.Bundle, error) {
	c := s.current()
	switch x := v.(type) {
	case cells.Frame:
		o, err := s.run(c.ctx, x)
		if err != nil {
			return display.Bundle{}, err
		}
		return o.table(0, options), nil
	case cells.View:
		return s.view(x, options)
	case cells.Chart:
		o, err := s.run(c.ctx, x.Frame)
		if err != nil {
			return display.Bundle{}, err
		}
		return drawn(x, o.tables[0], true)
	}
	return display.Value(v), nil
}

func (s *Session) view(v cells.View, options []cells.Option) (display.Bundle, error) {
	o, err := s.run(s.current().ctx, v.Frame)
	if err != nil {
		return display.Bundle{}, err
	}
	switch v.Look {
	case dataframe.LookHead:
		return part(o.shown(0), o.tables[0], v.Rows, 0).Bundle(), nil
	case dataframe.LookTail:
		return part(o.shown(0), o.tables[0], 0, v.Rows).Bundle(), nil
	case dataframe.LookDescribe:
		return describe(o.tables[0], o.shown(0)).Bundle(), nil
	case dataframe.LookSchema:
		return schema(o.plan.Roots[0].Schema, s.samples, v.Frame).Bundle(), nil
	case dataframe.LookExplain:
		return display.Text(o.explain()), nil
	case dataframe.LookGraph:
		return graph(o.plan), nil
	}
	return o.table(0, options), nil
}

// table is a root's rows as a table.
func (o *outcome) table(root int, options []cells.Option) display.Bundle {
	rows, limit := o.tables[root], 0
	for _, opt := range options {
		switch opt.Name {
		case "Limit":
			limit = opt.N
		case "By":
			name, down := opt.Text, false
			if len(name) > 0 && name[0] == '-' {
				name, down = name[1:], true
			}
			rows.SortBy(name, down)
		}
	}
	t := o.shown(root)
	t.Limit = limit
	head, tail := display.Ends(rows.Len(), limit)
	return cut(t, rows, head, tail).Bundle()
}

// shown is a table without rows: where they come from and what there is to say of them.
func (o *outcome) shown(root int) display.Table {
	t := display.Table{Source: o.source(root), Mode: "sample " + o.sample.Spec, Fingerprint: o.sample.Fingerprint.Short()}
	if o.fresh {
		t.Notes = append(t.Notes, "the sample was taken now and is pinned: every run sees these rows (Sample chooses them, Resample takes them anew)")
	}
	t.Notes = append(t.Notes, o.notes()...)
	return t
}

func (o *outcome) source(root int) string {
	name := ""
	for i, src := range o.plan.Roots[root].Origin() {
		if i > 0 {
			name += ", "
		}
		name += src.Topic
	}
	return name
}

// notes say what did not become a row, and why.
func (o *outcome) notes() []string {
	var out []string
	if n := len(o.bad); n > 0 {
		out = append(out, fmt.Sprintf("%s of %s could not be taken and were left out; the first, %s. What a run does with such rows: OnError(Skip), or OnError(DeadLetter(\"topic\"))",
			count(n, "row"), count(len(o.sample.Records), "row"), first(o.bad[0])))
	}
	for _, c := range []struct {
		of   map[int]int64
		says string
	}{
		{o.counts.Late, "came too late for %s and were left out"},
		{o.counts.NullKey, "have no key for %s and were left out"},
	} {
		for id := range o.plan.Steps {
			if n := c.of[id]; n > 0 {
				out = append(out, fmt.Sprintf("%s "+c.says, count(int(n), "row"), o.plan.Steps[id].Op.Text()))
			}
		}
	}
	return out
}

// first says which row was bad and why.
func first(b *exec.BadRow) string {
	if r := b.Record; r != nil {
		return fmt.Sprintf("%s %d@%d: %v", r.Topic, r.Partition, r.Offset, b.Err)
	}
	return b.Err.Error()
}

// cut puts the first and last rows of a table on show.
func cut(t display.Table, rows *row.Table, head, tail int) display.Table {
	n := rows.Len()
	head, tail = min(head, n), min(tail, n-min(head, n))
	for c, f := range rows.Schema().Fields() {
		values := make([]any, 0, head+tail)
		col := &rows.Batch().Cols[c]
		for i := range head {
			values = append(values, col.Value(i))
		}
		for i := n - tail; i < n; i++ {
			values = append(values, col.Value(i))
		}
		t.Columns = append(t.Columns, display.NewColumn(f.Name, f.Kind.String(), values))
	}
	t.Total, t.Tail = n, tail
	return t
}

// part puts some of the first or last rows of a table on show, as if they were all.
func part(t display.Table, rows *row.Table, head, tail int) display.Table {
	t = cut(t, rows, head, tail)
	t.Limit = max(head, tail)
	t.Total, t.Tail = 0, 0
	t.Notes = append([]string{"of " + count(rows.Len(), "row")}, t.Notes...)
	return t
}

// count is a number of things in words: "1 row", "50,000 rows".
func count(n int, of string) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if n != 1 {
		of += "s"
	}
	return digits + " " + of
}
