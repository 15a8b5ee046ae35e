package session

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/interp"
)

// rowFailure is what ends a cell when it is not the rows that are wrong: a step takes none of them.
type rowFailure struct {
	*exec.BadRow
	step  *plan.Step
	panic *interp.Error // of the user's function, or nil
	bad   int
	read  int64
}

// Unwrap is the first row.
func (f *rowFailure) Unwrap() error { return f.BadRow }

// undeclared is what a function sets without a declaration, or nil.
func (f *rowFailure) undeclared() *exec.Undeclared {
	var u *exec.Undeclared
	errors.As(f.Err, &u)
	return u
}

// placeRow shows a step that takes no row: what to declare, or the first row and the line of the user's function.
func (s *Session) placeRow(out *display.Failure, f *rowFailure) {
	out.Name = opName(f.step.Op)
	if u := f.undeclared(); u != nil {
		var names, fields []string
		for _, x := range u.Fields {
			names, fields = append(names, x.Name), append(fields, strconv.Quote(x.String()))
		}
		are := "is"
		if len(names) > 1 {
			are = "are"
		}
		out.Message = fmt.Sprintf("the function sets %s, which %s not declared", strings.Join(names, " and "), are)
		out.Notes = append(out.Notes, fmt.Sprintf("put the columns that it sets after the function: %s(func…, %s)", out.Name, strings.Join(fields, ", ")))
		return
	}
	text := f.Err.Error()
	if f.panic != nil && f.Stack != nil {
		text = f.panic.Message
	}
	out.Message = fmt.Sprintf("fails on each of %s: %s", count(f.bad, "row"), text)
	if int64(f.bad) < f.read {
		out.Message = fmt.Sprintf("fails on %s of %d: %s", count(f.bad, "row"), f.read, text)
	}
	if f.Record != nil {
		out.Notes = append(out.Notes, "the first row is "+rowAt(f.BadRow)+"  "+short(string(f.Record.Value), 200))
	}
	if f.panic == nil {
		return
	}
	if n := len(f.panic.Frames); n > 0 {
		s.placeFrame(out, f.panic.Frames[n-1])
	}
}

// placeFrame points at a line of a user's function.
func (s *Session) placeFrame(out *display.Failure, at interp.Frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.ran {
		if c.number == at.At.Cell {
			out.Where, out.Source, out.Line, out.Column = c.name(), c.text, at.At.Line, 0
		}
	}
}

// opName is the method that a step stands for.
func opName(op plan.Op) string {
	switch op.(type) {
	case *plan.Map:
		return "Map"
	case *plan.Apply:
		return "Apply"
	case *plan.Filter:
		return "Filter"
	case *plan.FlatMap:
		return "FlatMap"
	case *plan.MapBatch:
		return "MapBatch"
	case *plan.ApplyState:
		return "ApplyState"
	case *plan.Source:
		return "Topic"
	case *plan.Sink:
		return "To"
	}
	name, _, _ := strings.Cut(op.Text(), "(")
	return strings.ToUpper(name[:1]) + name[1:]
}

// rowAt is where a bad row's record lies.
func rowAt(b *exec.BadRow) string {
	if b.Record == nil {
		return "a row made by the program"
	}
	return fmt.Sprintf("%s %d@%d", b.Record.Topic, b.Record.Partition, b.Record.Offset)
}

// first says which row was bad and why.
func first(b *exec.BadRow) string { return rowAt(b) + ": " + b.Err.Error() }
