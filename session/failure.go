package session

import (
	"errors"
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/exec"
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
	at  interp.Position
}

// Error is the cause's text.
func (f *failure) Error() string { return f.err.Error() }

// fail ends the cell that runs with an error. The interpreter carries the panic up to Eval.
func (c *running) fail(err error) {
	c.failed = &failure{err, c.at}
	panic(c.failed)
}

// explain gives what ended a cell as its user reads it.
func (c *running) explain(err error) *kernel.Error {
	if c.failed != nil {
		return failed(c.place(c.failed))
	}
	var list source.ErrorList
	var one *source.Error
	var run *interp.Error
	switch {
	case errors.Is(err, interp.ErrInterrupted):
		return &kernel.Error{Name: "Interrupted", Value: err.Error(), Traceback: []string{"Interrupted: " + err.Error()}}
	case errors.As(err, &list) && len(list) > 0:
		return c.compile(list)
	case errors.As(err, &one):
		return c.compile(source.ErrorList{one})
	case errors.As(err, &run):
		lines := strings.Split(run.Error(), "\n")
		return &kernel.Error{Name: "Panic", Value: lines[0], Traceback: lines}
	}
	return kernel.AsError(err)
}

// compile shows what the compiler says of a cell, and which import it lacks.
func (c *running) compile(list source.ErrorList) *kernel.Error {
	lines := strings.Split(list.Error(), "\n")
	for _, e := range list {
		if name, ok := strings.CutPrefix(e.Message, "undefined: "); ok && packages[name] != "" {
			lines = append(lines, fmt.Sprintf("%s is a package: put import %q into the cell, or into one before it", name, packages[name]))
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

// place finds the words of the cell that an error is about.
func (c *running) place(f *failure) display.Failure {
	out := display.Failure{Name: "Error", Message: f.err.Error(), Where: fmt.Sprintf("cell %d", c.number), Source: c.text, Line: f.at.Line, Column: f.at.Column}
	var bad *exec.BadRow
	if errors.As(f.err, &bad) {
		out.Name = "BadRow"
	}
	var p *plan.Error
	if !errors.As(f.err, &p) {
		return out
	}
	out.Name, out.Message = p.Op, p.Err.Error()
	if p.Text == "" {
		return out
	}
	offset, length := 0, len(p.Text)
	var e *expr.Error
	if errors.As(p.Err, &e) {
		out.Message = e.Msg
		if e.Hint != "" {
			out.Notes = append(out.Notes, e.Hint)
		}
		offset, length = e.Pos+strings.Index(p.Text, e.Src), e.Len
	}
	line, column, ok := locate(c.text, p.Text, f.at.Line)
	if !ok {
		out.Notes = append(out.Notes, "in "+p.Text)
		return out
	}
	out.Line, out.Column, out.Length = line, column+max(0, offset), length
	return out
}

// locate finds a text in the cell, at or after a line, else anywhere. Lines and columns count from 1.
func locate(cell, text string, from int) (line, column int, ok bool) {
	lines := strings.Split(cell, "\n")
	for _, start := range []int{max(0, from-1), 0} {
		for i := start; i < len(lines); i++ {
			if at := strings.Index(lines[i], text); at >= 0 {
				return i + 1, at + 1, true
			}
		}
	}
	return 0, 0, false
}

func failed(f display.Failure) *kernel.Error {
	return &kernel.Error{Name: f.Name, Value: f.Message, Traceback: f.Traceback()}
}
