package session

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/interp/source"
	"github.com/riffle-stream/riffle/kernel"
)

// failure is an error of ours that ended a cell.
type failure struct {
	err error
	at  origin
}

// Error is the cause's text.
func (f *failure) Error() string { return f.err.Error() }

// fail ends the cell that runs with an error. The interpreter carries the panic up to Eval.
func (c *running) fail(err error) {
	c.failed = &failure{err, origin{c, c.at}}
	panic(c.failed)
}

// name is what errors call the cell.
func (c *running) name() string { return fmt.Sprintf("cell %d", c.number) }

// explain gives what ended a cell as its user reads it.
func (s *Session) explain(c *running, err error) *kernel.Error {
	var list source.ErrorList
	var one *source.Error
	var run *interp.Error
	switch {
	case errors.Is(err, interp.ErrInterrupted) && c.letEnd():
		return interrupted("")
	case errors.Is(err, interp.ErrInterrupted):
		return interrupted(strings.TrimPrefix(strings.TrimPrefix(err.Error(), interp.ErrInterrupted.Error()), "; "))
	case c.failed != nil && c.ctx.Err() != nil && errors.Is(c.failed.err, context.Canceled):
		return interrupted("")
	case c.failed != nil:
		return shown(s.place(c.failed))
	case errors.As(err, &list) && len(list) > 0:
		return s.compile(c, list)
	case errors.As(err, &one):
		return s.compile(c, source.ErrorList{one})
	case errors.As(err, &run):
		lines := strings.Split(run.Error(), "\n")
		value := lines[0]
		lines[0] = display.Loud(lines[0])
		return &kernel.Error{Name: "Panic", Value: value, Traceback: lines}
	}
	return kernel.AsError(err)
}

// interrupted is what a cell ends with that was told to; rest is what still runs, or "".
func interrupted(rest string) *kernel.Error {
	text := "the cell was interrupted"
	if rest != "" {
		text += "; " + rest
	}
	return &kernel.Error{Name: "Interrupted", Value: text, Traceback: []string{"Interrupted: " + text}}
}

func shown(f display.Failure) *kernel.Error {
	return &kernel.Error{Name: f.Name, Value: f.Message, Traceback: f.Traceback()}
}

// compile shows what the compiler says of a cell, and what was perhaps meant.
func (s *Session) compile(c *running, list source.ErrorList) *kernel.Error {
	whole := source.Cell{Number: c.number, Text: c.text} // the lines as they were typed, with their magics
	for _, e := range list {
		if e.Cell == c.number && e.Source != "" {
			e.Source = whole.Line(e.Line)
		}
	}
	var lines []string
	for _, e := range list {
		head, rest, _ := strings.Cut(e.Error(), "\n")
		lines = append(lines, display.Loud(head))
		for _, l := range strings.Split(rest, "\n") {
			if strings.TrimSpace(l) == "^" {
				l = strings.TrimSuffix(l, "^") + display.Caret
			}
			lines = append(lines, l)
		}
	}
	for _, e := range list {
		if hint := s.hint(e); hint != "" {
			lines = append(lines, hint)
			break
		}
	}
	return &kernel.Error{Name: "CompileError", Value: list[0].Error(), Traceback: lines}
}

// packages are those of the standard library that cells use most, by name.
var packages = map[string]string{
	"fmt": "fmt", "math": "math", "strings": "strings", "strconv": "strconv", "time": "time", "sort": "sort", "os": "os",
	"slices": "slices", "maps": "maps", "errors": "errors", "bytes": "bytes", "regexp": "regexp", "rand": "math/rand/v2", "json": "encoding/json",
}

// place finds the words that an error is about, wherever they were written.
func (s *Session) place(f *failure) display.Failure {
	at := s.originOf(f)
	out := display.Failure{
		Name: "Error", Message: f.err.Error(), Where: at.cell.name(), Source: at.cell.text, Line: at.at.Line, Column: at.at.Column,
	}
	var r *rowFailure
	var p *plan.Error
	var u *unexpected
	switch {
	case errors.As(f.err, &r):
		s.placeRow(&out, r)
	case errors.As(f.err, &u):
		s.placeUnexpected(&out, at, u)
	case errors.As(f.err, &p):
		s.placePlan(&out, at, p)
	default:
		s.placeQuoted(&out, at, out.Message)
		s.placeVerb(&out)
	}
	if was := f.at; at.cell != was.cell || out.Where != was.cell.name() {
		out.Notes = append(out.Notes, fmt.Sprintf("reached in %s, line %d: %s", was.cell.name(), was.at.Line, strings.TrimSpace(was.cell.source().Line(was.at.Line))))
	}
	return out
}

// placeVerb puts the function that an error begins with in front of it, where the verbs of frames stand.
func (s *Session) placeVerb(out *display.Failure) {
	functions, _ := s.docs()
	for _, f := range functions {
		if rest, ok := strings.CutPrefix(out.Message, f.name+": "); ok {
			out.Name, out.Message = f.name, rest
			return
		}
	}
}

// placePlan finds the words of a mistake in a graph.
func (s *Session) placePlan(out *display.Failure, at origin, p *plan.Error) {
	out.Name, out.Message = p.Op, p.Err.Error()
	if name := s.joined(at); name != "" && p.Op == "GroupBy" {
		out.Name = name // a join groups both its sides
	}
	var e *expr.Error
	if errors.As(p.Err, &e) {
		out.Message = e.Msg
		if e.Hint != "" {
			out.Notes = append(out.Notes, e.Hint)
		}
		if c, l, ok := s.find(at, func(value string) bool { return value == e.Src }); ok {
			c.mark(out, words{l, e.Pos, e.Pos + e.Len})
			return
		}
		if c, l, ok := s.find(at, spells(p.Text)); ok && p.Text != "" {
			c.mark(out, words{l, 0, len(l.Value)})
			return
		}
		out.Notes = append(out.Notes, "the text is\n    "+strings.ReplaceAll(e.Caret(), "\n", "\n    "))
		return
	}
	if s.placeQuoted(out, at, out.Message) || p.Text == "" {
		return
	}
	if c, l, ok := s.find(at, spells(p.Text)); ok {
		c.mark(out, words{l, 0, len(l.Value)})
	} else if !strings.Contains(out.Message, p.Text) {
		out.Notes = append(out.Notes, "in "+p.Text)
	}
}

// joined names the join that the statement at an origin builds, if it does.
func (s *Session) joined(at origin) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for op, o := range s.made {
		if o != at {
			continue
		}
		switch op.(type) {
		case *plan.AsOf:
			return "AsOf"
		case *plan.Interval:
			return "Interval"
		case *plan.Lookup:
			return "Lookup"
		}
	}
	return ""
}

var quotes = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|^topic \S+`)

// placeQuoted finds the first literal of the statement that a message quotes before it says what is wanted.
func (s *Session) placeQuoted(out *display.Failure, at origin, message string) bool {
	seen, _, _ := strings.Cut(message, "want ")
	from, to := at.cell.statement(at.at)
	for _, q := range quotes.FindAllString(seen, -1) {
		text, err := strconv.Unquote(q)
		if err != nil {
			text = strings.TrimSuffix(strings.TrimPrefix(q, "topic "), ":")
		}
		for _, l := range at.cell.source().Literals() {
			if o := at.cell.offset(l.At); l.Value == text && text != "" && o >= from && o < to {
				at.cell.mark(out, words{l, 0, len(text)})
				return true
			}
		}
	}
	return false
}
