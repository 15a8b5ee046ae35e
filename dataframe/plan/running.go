package plan

import (
	"fmt"
	"time"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Running adds columns, or keeps the rows for which a condition is true, by
// expressions that may look at the earlier rows of the row's key.
type Running struct {
	Keys    []string // the group's columns
	Columns []Column
	Cond    *expr.Expr // instead of columns
	// TTL is how long what is kept of a key is kept after its latest row, in event time; 0 is for ever.
	TTL time.Duration
}

// Text is the op as a cell writes it.
func (r *Running) Text() string {
	text := setting("running.with", r.Columns)
	if r.Cond != nil {
		text = fmt.Sprintf("running.where(%q)", r.Cond.String())
	}
	return text + ttlText(r.TTL)
}

// ttlText is a time to live as it stands behind a step; "" if there is none.
func ttlText(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf(".ttl(%s)", d)
}

// Schema has the new columns.
func (r *Running) Schema(in []*row.Schema) (*row.Schema, error) {
	s := in[0]
	if r.Cond != nil {
		k, err := r.Cond.CheckRunning(s)
		if err != nil {
			return nil, wrong("Where", r.Cond.String(), err)
		}
		if k != row.Bool && k != row.Any && k != row.Null {
			return nil, wrongf("Where", r.Cond.String(), "is %s, want a condition that is true or false", k)
		}
		return s, nil
	}
	for _, c := range r.Columns {
		k, err := c.Expr.CheckRunning(s)
		if err != nil {
			return nil, wrong("With", c.text(), err)
		}
		s = s.With(row.Field{Name: c.Name, Kind: k})
	}
	return s, nil
}

// needs are the columns that the step reads, if after it those in out are read.
func (r *Running) needs(in map[string]bool) {
	if r.Cond != nil {
		needExpr(in, *r.Cond)
	}
	needColumns(in, r.Columns)
	need(in, r.Keys...)
}
