package plan

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/expr"
)

// made is the step whose rows were read from no record, as it makes them of several, or nil.
func (s *Step) made() *Step {
	switch s.Op.(type) {
	case *Source:
		return nil
	case *Window:
		return s
	case *Concat:
		for _, in := range s.In {
			if at := in.made(); at != nil {
				return at
			}
		}
		return nil
	}
	return s.In[0].made()
}

// recorded says what is wrong if a step asks for the record of rows that have none.
func (s *Step) recorded() error {
	method, exprs := asked(s.Op)
	for _, e := range exprs {
		for _, what := range e.Record() {
			if s.In[0].Schema.Index(what) >= 0 {
				continue
			}
			if at := s.In[0].made(); at != nil {
				return wrongf(method, e.String(), "%s tells of the record that a row was read from, and rows have none after %s: %s before that",
					what, at.Op.Text(), keptBy(what))
			}
		}
	}
	return nil
}

// keptBy is how rows keep what a pseudo-column or uuid() gives. A header may stay one: then it goes out with the row.
func keptBy(what string) string {
	if name, ok := IsHeader(what); ok {
		return fmt.Sprintf("keep it with Header(%q, %q), or put it into a column with With(\"%[1]s = %[2]s\"),", name, what)
	}
	column := strings.TrimPrefix(what, "_")
	if what == "uuid()" {
		column = "id"
	}
	return fmt.Sprintf("put it into a column, such as With(\"%s = %s\"),", column, what)
}

// asked are the expressions of an op, and the method of the cell language that it stands for.
func asked(op Op) (method string, out []expr.Expr) {
	columns := func(of []Column) {
		for _, c := range of {
			out = append(out, c.Expr)
		}
	}
	switch op := op.(type) {
	case *With:
		method = op.method()
		columns(op.Columns)
	case *Where:
		method, out = "Where", []expr.Expr{op.Cond}
	case *Select:
		method = "Select"
		columns(op.Columns)
	case *Require:
		method = "Require"
		columns(op.Conditions)
	case *Running:
		method = "With"
		columns(op.Columns)
	case *Window:
		method = "Agg"
		for _, a := range op.Aggs {
			out = append(out, a.Reads()...)
		}
	case *Sink:
		method, out = "ToOneOf", []expr.Expr{op.To}
	}
	return method, out
}
