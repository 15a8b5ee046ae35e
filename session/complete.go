package session

import (
	"context"
	"go/parser"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/kernel"
)

// text is what may stand in a string, by the method or function that takes it.
type text int

const (
	nothing    text = iota
	columns         // names
	expression      // columns and functions
	aggregate       // aggregates, and expressions in them
	topic           // topics of the cluster
)

// takes are the methods and functions whose strings have a meaning.
var takes = map[string]text{
	"With": expression, "Where": expression, "Select": expression, "Agg": aggregate, "GroupBy": expression, "Key": expression,
	"Require": expression, "Split": expression, "Header": expression, "ToOneOf": expression,
	"Drop": columns, "Rename": columns, "FillNull": columns, "DropNull": columns, "Cast": columns, "Unnest": columns, "Flatten": columns,
	"Explode": columns, "Dedup": columns, "Map": columns, "MapBatch": columns, "On": columns,
	"By": columns, "Line": columns, "Bar": columns, "Scatter": columns, "Histogram": columns, "KeyAs": columns, "Time": columns, "Fields": columns,
	"Value": columns, "Has": columns, "Null": columns, "Float": columns, "Int": columns, "Str": columns, "Bool": columns,
	"Floats": columns, "Ints": columns, "Strings": columns, "Bools": columns, "Times": columns,
	"Col": columns, "Topic": topic, "Table": topic, "To": topic, "DeadLetter": topic, "DeadLetters": topic, "LateTo": topic,
}

// inString proposes what may stand in a string at the cursor. Outside of strings it does not answer.
func (s *Session) inString(ctx context.Context, code string, cursor int) (kernel.Completion, bool) {
	if cursor > len(code) {
		return kernel.Completion{}, false
	}
	open := openQuote(code[:cursor])
	if open < 0 {
		return kernel.Completion{}, false
	}
	start := cursor
	for start > open+1 && isWord(code[start-1]) {
		start--
	}
	out := kernel.Completion{Start: start, End: cursor}
	at := callsAround(code[:open])
	if len(at) == 0 {
		return out, true
	}
	word := code[start:cursor]
	kind := takes[at[0].name]
	if kind == topic {
		out.Start = open + 1
		out.Candidates = s.topicsLike(ctx, code[open+1:cursor])
		return out, true
	}
	if kind == nothing {
		return out, true
	}
	before := code[open+1 : start]
	if kind == aggregate && strings.Count(before, "(") <= strings.Count(before, ")") { // inside of one there is no other
		out.Candidates = append(out.Candidates, aggregatesLike(word)...)
	}
	for _, f := range s.columnsAt(code, at) {
		if name := written(f.Name, kind); like(f.Name, word) {
			out.Candidates = append(out.Candidates, kernel.Candidate{Text: name, Type: "column", Signature: f.Kind.String()})
		}
	}
	if kind != columns && word != "" {
		functions := expr.Functions()
		if s.grouped(code, at) {
			functions = append(functions, expr.Running()...)
		}
		if kind == aggregate { // such as max, which is of a list there, too
			functions = slices.DeleteFunc(functions, func(f expr.Function) bool { return slices.Contains(plan.AggregateNames(), f.Name) })
		}
		out.Candidates = append(out.Candidates, functionsLike(functions, word)...)
	}
	return out, true
}

// grouped says whether the innermost call around the cursor is a method of a group.
func (s *Session) grouped(code string, at []openCall) bool {
	e, err := parser.ParseExpr(at[0].receiver)
	if err != nil {
		return false
	}
	_, ok := s.assigned(code[:at[len(at)-1].start]).value(e).(cells.Group)
	return ok
}

// columnsAt are the columns of the frame that the calls around the cursor are about; those of all samples if it is not known.
func (s *Session) columnsAt(code string, at []openCall) []row.Field {
	if _, fields, ok := s.frameAt(code, at); ok {
		return fields
	}
	return s.samples.columns()
}

// frameAt is the frame that the calls around the cursor are about, and its columns.
func (s *Session) frameAt(code string, at []openCall) (cells.Frame, []row.Field, bool) {
	known := s.assigned(code[:at[len(at)-1].start])
	for _, call := range at {
		for _, text := range []string{call.receiver, call.first} {
			if f, ok := known.frame(text); ok {
				if fields, ok := s.fieldsOf(f); ok {
					return f, fields, true
				}
			}
		}
	}
	return cells.Frame{}, nil, false
}

// fieldsOf are a frame's columns, if its samples are there.
func (s *Session) fieldsOf(f cells.Frame) ([]row.Field, bool) {
	if f.Err() != nil || !s.samples.have(f.Topics()) {
		return nil, false
	}
	p, err := s.samples.bind(context.Background(), f)
	if err != nil {
		return nil, false
	}
	return p.Roots[0].Schema.Fields(), true
}

// topicsLike are the cluster's topics, if it answers at once.
func (s *Session) topicsLike(ctx context.Context, word string) (out []kernel.Candidate) {
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	from, ok := s.samples.opened()
	if !ok {
		return nil
	}
	found, err := from.Topics(ctx)
	if err != nil {
		return nil
	}
	for _, t := range found {
		if like(t.Name, word) && !t.Internal {
			out = append(out, kernel.Candidate{Text: t.Name, Type: "topic", Signature: count(int(t.Rows), "row")})
		}
	}
	return out
}

func aggregatesLike(word string) (out []kernel.Candidate) {
	for _, a := range plan.Aggregates() {
		if like(a.Name, word) {
			out = append(out, kernel.Candidate{Text: a.Name, Type: "aggregate", Signature: a.Signature})
		}
	}
	slices.SortFunc(out, func(a, b kernel.Candidate) int { return strings.Compare(a.Text, b.Text) })
	return out
}

func functionsLike(functions []expr.Function, word string) (out []kernel.Candidate) {
	for _, f := range functions {
		if like(f.Name, word) {
			out = append(out, kernel.Candidate{Text: f.Name, Type: "function", Signature: f.Signature})
		}
	}
	slices.SortStableFunc(out, func(a, b kernel.Candidate) int { return strings.Compare(a.Text, b.Text) })
	return out
}

func like(name, word string) bool {
	return len(name) >= len(word) && strings.EqualFold(name[:len(word)], word)
}

var plainColumn = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$`)

// written is a column's name as an expression writes it.
func written(name string, kind text) string {
	if kind == columns || plainColumn.MatchString(name) {
		return name
	}
	return "col('" + strings.ReplaceAll(name, "'", `\'`) + "')"
}

func isWord(c byte) bool {
	return c == '_' || c == '.' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
