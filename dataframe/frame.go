package dataframe

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Frame is a lazy table over a stream. The zero Frame carries an error.
type Frame struct {
	node  *plan.Node
	err   error
	watch func(Frame)
}

// Row is a cursor on one row, in functions for Apply, Filter and ApplyState.
type Row = row.Row

// State is what a function for ApplyState keeps for one key.
type State = row.State

// Watched is the frame with a function that is told of every frame built from
// it, so that a notebook can check each where it was made.
func (f Frame) Watched(fn func(Frame)) Frame {
	f.watch = fn
	return f
}

// Node is the end of the frame's graph; nil if the frame has an error.
func (f Frame) Node() *plan.Node {
	if f.Err() != nil {
		return nil
	}
	return f.node
}

// Err is what was wrong when the frame was built: a [*plan.Error], or nil.
func (f Frame) Err() error {
	if f.err == nil && f.node == nil {
		return &plan.Error{Op: "Frame", Err: fmt.Errorf("is empty, want one that begins with Topic")}
	}
	return f.err
}

// Name is the topic that the frame writes, or the first that it reads; "" if it has an error.
func (f Frame) Name() string {
	if f.Err() != nil {
		return ""
	}
	if sink, ok := plan.Ends([]*plan.Node{f.node})[0].Op.(*plan.Sink); ok {
		return sink.Names()[0]
	}
	return f.Topics()[0]
}

// Topics are the topics that the frame reads.
func (f Frame) Topics() []string {
	var out []string
	if f.Err() != nil {
		return nil
	}
	plan.Walk([]*plan.Node{f.node}, func(n *plan.Node) {
		if s, ok := n.Op.(*plan.Source); ok {
			out = append(out, s.Topic)
		}
	})
	return out
}

// then is the frame with one more step.
func (f Frame) then(op plan.Op) Frame {
	if f.Err() != nil {
		return f.told()
	}
	if _, ended := f.node.Op.(*plan.Outputs); ended {
		method, _, _ := strings.Cut(op.Text(), "(")
		return f.fail("Outputs", "", fmt.Errorf("ends a graph, and %s stands behind it: put it behind one of the frames that Outputs is given", method))
	}
	f.node = plan.New(op, f.node)
	return f.told()
}

// fail is the frame with an error, if it has none yet.
func (f Frame) fail(op, text string, err error) Frame {
	if f.Err() == nil {
		f.err = &plan.Error{Op: op, Text: text, Err: err}
	}
	return f.told()
}

func (f Frame) told() Frame {
	if f.watch != nil {
		f.watch(f)
	}
	return f
}

// With adds columns, or replaces them: "kmh = speed * 3.6". A later one may use an earlier one.
func (f Frame) With(columns ...string) Frame {
	parsed, bad, err := parseColumns(columns)
	if err != nil {
		return f.fail("With", bad, err)
	}
	return f.then(&plan.With{Columns: parsed})
}

// Where keeps the rows for which the condition is true: "gear in [7, 8]".
// Rows for which it is null go.
func (f Frame) Where(condition string) Frame {
	e, err := expr.Parse(condition)
	if err != nil {
		return f.fail("Where", condition, err)
	}
	return f.then(&plan.Where{Cond: e})
}

// Select keeps these columns in this order; each is a name or "name = expression".
func (f Frame) Select(columns ...string) Frame {
	parsed, bad, err := parseColumns(columns)
	if err != nil {
		return f.fail("Select", bad, err)
	}
	return f.then(&plan.Select{Columns: parsed})
}

// Time gives rows the event time of a column, which is a time. From there on
// the watermark is the highest of these times so far, in the order of the rows;
// windows and joins behind it are given their Grace. A row whose column is null
// is a bad one.
func (f Frame) Time(column string) Frame { return f.then(&plan.Retime{Column: column}) }

// Drop removes columns.
func (f Frame) Drop(names ...string) Frame { return f.then(&plan.Drop{Names: names}) }

// Rename gives columns other names: Rename("speed", "kmh", "ts", "time").
func (f Frame) Rename(fromTo ...string) Frame {
	if len(fromTo) == 0 || len(fromTo)%2 != 0 {
		return f.fail("Rename", "", fmt.Errorf("has %d names, want pairs of an old and a new one", len(fromTo)))
	}
	op := &plan.Rename{}
	for i := 0; i < len(fromTo); i += 2 {
		op.From, op.To = append(op.From, fromTo[i]), append(op.To, fromTo[i+1])
	}
	return f.then(op)
}

// Map adds a column by a Go function of other columns, such as
// Map("power", func(torque, rpm float64) float64 {...}, "torque", "rpm").
// A row with a null argument gets a null.
func (f Frame) Map(name string, fn any, columns ...string) Frame {
	return MapKnown(f, nil, name, fn, columns...)
}

// Apply calls a Go function for each row, which gives back the row with
// columns set by [row.Row.With]. The columns that it sets are declared after
// it: Apply(fn, "power float").
func (f Frame) Apply(fn func(Row) Row, sets ...string) Frame { return ApplyKnown(f, nil, fn, sets...) }

// Filter keeps the rows for which a Go function says true.
func (f Frame) Filter(fn func(Row) bool) Frame { return FilterKnown(f, nil, fn) }

// OnError says what happens to rows that a step before it cannot take: Stop
// (which is the default), Skip, or DeadLetter("topic"); before that Retry(3,
// "1s"), and beside it Budget("5%").
func (f Frame) OnError(policies ...Policy) Frame {
	op, wrong, err := policy(policies)
	if err != nil {
		return f.fail("OnError", string(wrong), err)
	}
	return f.then(op)
}

func parseColumns(src []string) (out []plan.Column, bad string, err error) {
	for _, s := range src {
		name, e, err := expr.ParseColumn(s)
		if err != nil {
			return nil, s, err
		}
		out = append(out, plan.Column{Name: name, Expr: e})
	}
	return out, "", nil
}

func parseFields(src []string) (out []row.Field, bad string, err error) {
	for _, s := range src {
		f, err := row.ParseField(s)
		if err != nil {
			return nil, s, err
		}
		out = append(out, f)
	}
	return out, "", nil
}
