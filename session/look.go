package session

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/display"
)

// look runs what a frame, view or chart needs and gives what it shows.
func (s *Session) look(v any, options []cells.Option) (display.Bundle, error) {
	if _, ok := v.(cells.Frame); !ok && len(options) > 0 {
		return display.Bundle{}, fmt.Errorf("Show: %s is for frames, whose rows it chooses, and not for %s", options[0], kindOf(v))
	}
	c := s.current()
	switch x := v.(type) {
	case cells.Frame:
		if several(x) {
			return s.ends(c.ctx, x)
		}
		o, err := s.rows(c.ctx, x)
		if err != nil {
			return display.Bundle{}, err
		}
		return o.table(options)
	case cells.View:
		return s.view(x)
	case cells.Chart:
		o, err := s.rows(c.ctx, x.Frame)
		if err != nil {
			return display.Bundle{}, err
		}
		return drawn(x, o.tables[0], o.partial(0))
	case *cells.Collected:
		return collected(x).Bundle(), nil
	}
	return display.Value(v), nil
}

// ends shows what each end of a frame gives.
func (s *Session) ends(ctx context.Context, f cells.Frame) (display.Bundle, error) {
	o, err := s.run(ctx, f)
	if err != nil {
		return display.Bundle{}, err
	}
	var into, rows, columns []any
	for i, root := range o.plan.Roots {
		name := root.Op.Text()
		if sink, ok := root.End().Op.(*plan.Sink); ok {
			name = strings.Join(sink.Names(), ", ")
		}
		into, rows, columns = append(into, name), append(rows, int64(o.tables[i].Len())), append(columns, root.Schema.String())
	}
	t := o.shown(0)
	t.Source, t.Limit = strings.Join(f.Topics(), ", "), len(into)
	t.Columns = []display.Column{display.NewColumn("output", "", into), display.NewColumn("rows", "", rows), display.NewColumn("columns", "", columns)}
	return t.Bundle(), nil
}

// kindOf names what a cell wants to show.
func kindOf(v any) string {
	switch x := v.(type) {
	case cells.View:
		return "a view (" + string(x.Look) + ")"
	case cells.Chart:
		return "a chart"
	}
	return fmt.Sprintf("%T", v)
}

func (s *Session) view(v cells.View) (display.Bundle, error) {
	if v.Rows < 0 {
		return display.Bundle{}, fmt.Errorf("%s(%d): want a number of rows, 0 or more", strings.ToUpper(string(v.Look[:1]))+string(v.Look[1:]), v.Rows)
	}
	how := s.rows
	if v.Look == dataframe.LookExplain || v.Look == dataframe.LookGraph {
		how = func(ctx context.Context, f cells.Frame) (*outcome, error) { return s.run(ctx, f) }
	}
	o, err := how(s.current().ctx, v.Frame)
	if err != nil {
		return display.Bundle{}, err
	}
	rows := o.tables[0]
	switch v.Look {
	case dataframe.LookHead:
		return part(o.marked(0), rows, v.Rows, 0).Bundle(), nil
	case dataframe.LookTail:
		return part(o.marked(0), rows, 0, v.Rows).Bundle(), nil
	case dataframe.LookDescribe:
		return describe(rows, o.shown(0)).Bundle(), nil
	case dataframe.LookSchema:
		return schema(o.plan.Roots[0].Schema, s.samples, v.Frame).Bundle(), nil
	case dataframe.LookExplain:
		return display.Lines(o.explain()), nil
	case dataframe.LookGraph:
		return o.graph(), nil
	case dataframe.LookState:
		return o.state(v.Keys)
	}
	return o.table(nil)
}

// table is the first root's rows as a table: the first of those that the options order, or the first and last.
func (o *outcome) table(options []cells.Option) (display.Bundle, error) {
	rows := o.tables[0]
	if len(options) == 0 {
		head, tail := display.Ends(rows.Len(), 0)
		return cut(o.marked(0), rows, head, tail).Bundle(), nil
	}
	limit := display.MaxRows
	for _, opt := range options {
		switch opt.Name {
		case "Limit":
			if limit = opt.N; limit < 1 {
				return display.Bundle{}, fmt.Errorf("%s: want a number of rows, 1 or more", opt)
			}
		case "By":
			name, down := strings.CutPrefix(opt.Text, "-")
			if names := rows.Schema().Names(); !slices.Contains(names, name) {
				return display.Bundle{}, unknownColumn(opt.String(), name, names)
			}
			rows.SortBy(name, down)
		}
	}
	return part(o.marked(0), rows, limit, 0).Bundle(), nil
}
