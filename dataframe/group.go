package dataframe

import (
	"fmt"
	"time"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
)

// Group is a frame whose rows are taken apart by the values of columns.
type Group struct {
	frame Frame
	keys  []string
	ttl   time.Duration
}

// GroupBy takes the rows apart by the values of columns, each a name or "name =
// expression". If the topic's rows do not lie by these columns already, they move
// through a repartition topic; Explain says which.
func (f Frame) GroupBy(columns ...string) Group {
	f, names := f.keyed("GroupBy", columns)
	return Group{frame: f, keys: names}
}

// TTL is how long the group remembers a key after its latest row, in event time:
// a row that comes later begins anew. It is for what has no end of its own: With
// and Where of the group, Running and EveryN.
func (g Group) TTL(d string) Group {
	ttl, err := ParseDuration(d)
	if err == nil && ttl < time.Microsecond {
		err = fmt.Errorf("is %s, want more than 0", ttl)
	}
	if err != nil {
		g.frame = g.frame.fail("TTL", d, err)
	}
	g.ttl = ttl
	return g
}

// Key makes the text of columns the key of the rows, each a name or "name =
// expression": rows of one key are in one partition, in order. If they do not lie
// by these columns already, they move through a repartition topic.
func (f Frame) Key(columns ...string) Frame {
	f, _ = f.keyed("Key", columns)
	return f
}

// keyed is the frame with its rows by the key of columns, and their names.
func (f Frame) keyed(method string, columns []string) (Frame, []string) {
	parsed, bad, err := parseColumns(columns)
	if err != nil {
		return f.fail(method, bad, err), nil
	}
	var names []string
	var made []plan.Column
	for _, c := range parsed {
		names = append(names, c.Name)
		if name, is := c.Expr.Column(); !is || name != c.Name {
			made = append(made, c)
		}
	}
	if len(made) > 0 && f.Err() == nil {
		f.node = plan.New(&plan.With{Columns: made, Method: method}, f.node)
	}
	return f.then(&plan.KeyBy{Columns: names, Method: method}), names
}

// With adds columns, or replaces them, by expressions that may look at the
// earlier rows of the row's group: "change = diff(speed)", "top = cummax(speed)".
// A later one may use an earlier one. Rows whose group is null go.
func (g Group) With(columns ...string) Frame {
	parsed, bad, err := parseColumns(columns)
	if err != nil {
		return g.frame.fail("With", bad, err)
	}
	return g.frame.then(&plan.Running{Keys: g.keys, Columns: parsed, TTL: g.ttl})
}

// Where keeps the rows for which a condition is true that may look at the
// earlier rows of the row's group: "abs(diff(speed)) > 5". What it looks at are
// all rows, not only those that it keeps.
func (g Group) Where(condition string) Frame {
	e, err := expr.Parse(condition)
	if err != nil {
		return g.frame.fail("Where", condition, err)
	}
	return g.frame.then(&plan.Running{Keys: g.keys, Cond: &e, TTL: g.ttl})
}

// ApplyState calls a Go function for each row with the state of its group. The
// columns that it sets are declared after it: ApplyState(fn, "dist float").
func (g Group) ApplyState(fn func(Row, *State) Row, sets ...string) Frame {
	fields, bad, err := parseFields(sets)
	if err != nil {
		return g.frame.fail("ApplyState", bad, err)
	}
	if fn == nil {
		return g.frame.fail("ApplyState", "", fmt.Errorf("has no function"))
	}
	if g.ttl > 0 {
		return g.frame.fail("TTL", "", fmt.Errorf("is of the group, and what ApplyState keeps has a time to live for each value: want s.SetTTL(name, value, d) in the function"))
	}
	return g.frame.then(&plan.ApplyState{Func: fn, Adds: fields, Keys: g.keys})
}

// failed is the frame with an error of package plan.
func (f Frame) failed(err error) Frame {
	if f.Err() == nil {
		f.err = err
	}
	return f.told()
}
