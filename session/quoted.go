package session

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/display"
)

// quoted describes the word at the cursor in a string: a column, a function of expressions, or an aggregate. It answers
// for every string.
func (s *Session) quoted(code string, cursor int) (m manual, inString bool) {
	cursor = min(cursor, len(code))
	open := openQuote(code[:cursor])
	if open < 0 {
		return m, false
	}
	at := callsAround(code[:open])
	word := wordAround(code, open+1, cursor)
	if len(at) == 0 || word == "" {
		return m, true
	}
	kind := takes[at[0].name]
	if m, ok := s.manualOfColumn(code, at, word); ok && kind != nothing && kind != topic {
		return m, true
	}
	if kind == aggregate {
		if m, ok := manualOfAggregate(word); ok {
			return m, true
		}
	}
	if kind == aggregate || kind == expression {
		m, _ = manualOfFunction(word)
	}
	return m, true
}

func manualOfAggregate(name string) (manual, bool) {
	for _, a := range plan.Aggregates() {
		if a.Name == name {
			return manual{declaration: a.Signature, doc: a.Doc, example: a.Example}, true
		}
	}
	return manual{}, false
}

func manualOfFunction(name string) (manual, bool) {
	for _, f := range slices.Concat(expr.Functions(), expr.Running()) {
		if f.Name == name {
			return manual{declaration: f.Signature, doc: f.Doc, example: f.Example}, true
		}
	}
	return manual{}, false
}

// wordAround is the name around the cursor, in the text that begins at from.
func wordAround(code string, from, cursor int) string {
	start, end := cursor, cursor
	for start > from && isWord(code[start-1]) {
		start--
	}
	for end < len(code) && isWord(code[end]) {
		end++
	}
	return strings.Trim(code[start:end], ".")
}

// manualOfColumn describes a column of the frame that the calls around the cursor are about.
func (s *Session) manualOfColumn(code string, at []openCall, name string) (manual, bool) {
	frame, fields, known := s.frameAt(code, at)
	if !known {
		fields = s.samples.columns()
	}
	for _, f := range fields {
		if f.Name != name {
			continue
		}
		m := manual{declaration: name + " " + f.Kind.String()}
		if known {
			m.facts = s.valuesOf(frame, name)
		}
		return m, true
	}
	return manual{}, false
}

// maxGlance bounds how long a column's values are looked for.
const maxGlance = 300 * time.Millisecond

// valuesOf says which values a column has in the sample, unless functions of cells make its rows: those run only in cells.
func (s *Session) valuesOf(f cells.Frame, column string) []string {
	ctx, stop := context.WithTimeout(context.Background(), maxGlance)
	defer stop()
	f = f.Select(column)
	p, err := s.samples.bind(ctx, f)
	if err != nil || slices.ContainsFunc(p.Steps, callsCells) {
		return nil
	}
	o := &outcome{plan: p}
	held, ok := s.samples.held(f.Topics())
	if !ok {
		return nil
	}
	o.sample = held
	if err := o.drive(ctx, s.engine.Recovered, (*exec.Replay).Run); err != nil {
		return nil // it takes too long, or Show says what is wrong
	}
	at := o.tables[0].Schema().Index(column)
	if at < 0 {
		return nil
	}
	return factsOf(&o.tables[0].Batch().Cols[at])
}

// callsCells says whether a step runs a function of a cell.
func callsCells(s *plan.Step) bool {
	switch op := s.Op.(type) {
	case *plan.Map, *plan.MapBatch, *plan.Filter, *plan.Apply, *plan.FlatMap, *plan.Do, *plan.ApplyState:
		return true
	case *plan.Window:
		return op.Calls()
	}
	return false
}

// maxSeen is how many values of a column are named.
const maxSeen = 5

// factsOf says what the values of a column are.
func factsOf(v *row.Vec) []string {
	all := statistics(v, v.Kind)
	of := func(name string) any { return all[slices.Index(described, name)] }
	out := []string{fmt.Sprintf("%s in the sample, %s, %d distinct", count(int(of("count").(int64)), "value"), count(int(of("nulls").(int64)), "null"), of("distinct"))}
	if of("min") != nil {
		out = append(out, fmt.Sprintf("from %s to %s", display.Sprint(of("min")), display.Sprint(of("max"))))
	}
	var seen []string
	for i := 0; i < v.Len() && len(seen) < maxSeen; i++ {
		if x := v.Value(i); x != nil && !slices.Contains(seen, display.Sprint(x)) {
			seen = append(seen, display.Sprint(x))
		}
	}
	if len(seen) > 0 {
		out = append(out, "such as "+strings.Join(seen, ", "))
	}
	return out
}
