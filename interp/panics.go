package interp

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

// An Error is a panic of a cell, with the user's frames.
type Error struct {
	Message string  // as the Go run time says it
	Frames  []Frame // innermost last
	Routine bool    // it ended a goroutine, not the cell
}

// A Frame is a place on the stack of a panic.
type Frame struct {
	Func   string // "" for a cell's own statements
	At     Position
	Source string // the line
}

// Error shows the message, then each frame with its source line.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Routine {
		b.WriteString("in a goroutine: ")
	}
	b.WriteString(e.Message)
	for _, f := range e.Frames {
		fmt.Fprintf(&b, "\n%s", f.At)
		if f.Func != "" {
			fmt.Fprintf(&b, ", in %s", f.Func)
		}
		if f.Source != "" {
			fmt.Fprintf(&b, "\n    %s", strings.TrimSpace(f.Source))
		}
	}
	return b.String()
}

// errDeep is what too deep a recursion ends with.
var errDeep = errors.New("stack overflow: the calls go too deep; is there an end to the recursion?")

// exited is what os.Exit and log.Fatal end with in a cell.
func exited(code int) error {
	return fmt.Errorf("exit status %d: it ended this cell, the session goes on", code)
}

// outcome makes an error of what a goroutine of a cell ended with.
func (e *engine) outcome(v any, r *run, routine bool) error {
	reason := e.runs.reason()
	v = value(v)
	if q, ok := v.(quit); ok {
		reason, v = q.reason, nil
	}
	switch {
	case errors.Is(reason, ErrInterrupted):
		return reason
	case reason != nil:
		at := e.at(r)
		at.Column = 0
		return &Error{Message: reason.Error(), Frames: []Frame{{At: at, Source: e.sourceLine(at.Cell, at.Line)}}, Routine: routine}
	case v == nil:
		return nil
	}
	return &Error{Message: "panic: " + message(v), Frames: e.frames(r), Routine: routine}
}

// message is what the Go run time prints for a panic value.
func message(v any) string {
	switch v := v.(type) {
	case error:
		return goText(v.Error())
	case fmt.Stringer:
		return v.String()
	case string:
		return goText(v)
	}
	return fmt.Sprintf("%v", v)
}

// reflectTexts are what the interpreter's reflection says instead of the Go run time.
var reflectTexts = []struct{ has, says string }{
	{"reflect: slice index out of range", "runtime error: index out of range"},
	{"reflect: array index out of range", "runtime error: index out of range"},
	{"reflect: string index out of range", "runtime error: index out of range"},
	{"reflect.Value.Slice: slice index out of bounds", "runtime error: slice bounds out of range"},
	{"reflect.Value.Slice: string slice index out of bounds", "runtime error: slice bounds out of range"},
	{"reflect.Value.Slice3: slice index out of bounds", "runtime error: slice bounds out of range"},
	{"reflect: call of reflect.Value.Field on zero Value", "runtime error: invalid memory address or nil pointer dereference"},
	{"reflect: call of reflect.Value.Elem on zero Value", "runtime error: invalid memory address or nil pointer dereference"},
	{"reflect: call of reflect.Value.Call on zero Value", "runtime error: invalid memory address or nil pointer dereference"},
	{"reflect.Value.Call: call of nil function", "runtime error: invalid memory address or nil pointer dereference"},
	{"reflect: call of reflect.Value.", "runtime error: invalid memory address or nil pointer dereference"},
	{"reflect: reflect.Value.SetMapIndex", "assignment to entry in nil map"},
}

func goText(text string) string {
	for _, t := range reflectTexts {
		if strings.Contains(text, t.has) {
			return t.says
		}
	}
	return places.ReplaceAllString(text, "")
}

// A runtimeError stands for the run time's error where reflection's came.
type runtimeError string

func (e runtimeError) Error() string { return string(e) }

// RuntimeError marks it as the run time's.
func (e runtimeError) RuntimeError() {}

var _ runtime.Error = runtimeError("")

// recovered is what recover() gives in a cell. What ends the cell itself is not for the cell to stop.
func (e *engine) recovered(v any) any {
	switch v := value(v).(type) {
	case nil:
		return nil
	case quit:
		panic(v)
	case error:
		e.trace.reset()
		if text := goText(v.Error()); text != v.Error() {
			return runtimeError(text)
		}
		return v
	case string:
		e.trace.reset()
		if text := goText(v); text != v {
			return runtimeError(text)
		}
	}
	e.trace.reset()
	return v
}

// value is what the interpreter panicked with: it panics with a reflect.Value.
func value(v any) any {
	if r, ok := v.(reflect.Value); ok && r.IsValid() && r.CanInterface() {
		return r.Interface()
	}
	return v
}

// spawn runs f in a goroutine of the caller's run. A panic in it is reported and ends only it.
func (e *engine) spawn(line int, f func()) {
	r := e.runs.of()
	if r == nil {
		r = newRun(0)
	}
	go func() {
		defer e.runs.leave(e.runs.enter(r))
		defer func() {
			err := e.outcome(recover(), r, true)
			if err != nil && !errors.Is(err, ErrInterrupted) {
				fmt.Fprintln(e.stdio.err, err)
			}
		}()
		f()
	}()
}

// maxFrames bounds the calls of compiled code on a stack: an interpreted call takes three or four. The run time system
// would end the process at a gigabyte.
const maxFrames = 100_000

// deep is called now and then by functions that call others.
func (e *engine) deep() {
	e.runs.poll()
	var pc [1]uintptr
	if runtime.Callers(maxFrames, pc[:]) > 0 {
		e.runs.quit(errDeep)
	}
}

// frames are the user's frames of the panic that was traced, innermost last.
func (e *engine) frames(r *run) []Frame {
	var out []Frame
	for _, t := range e.trace.take() {
		at := e.frameAt(t, r)
		if at.Cell == 0 {
			continue
		}
		f := Frame{Func: e.program.Func(t.fn), At: at, Source: e.sourceLine(at.Cell, at.Line)}
		if n := len(out); n > 0 && out[n-1] == f {
			continue // a long recursion
		}
		if f.Func == "" && !strings.HasPrefix(t.fn, "cell") {
			f.Func = "func"
		}
		out = append([]Frame{f}, out...)
	}
	return out
}

// frameAt is the place of a traced call. The interpreter does not always know the line: then it is the statement of
// the cell, or the function's first line.
func (e *engine) frameAt(t traced, r *run) Position {
	if t.cell != 0 {
		return Position{Cell: t.cell, Line: t.line}
	}
	if strings.HasPrefix(t.fn, "cell") {
		at := e.at(r)
		return Position{Cell: at.Cell, Line: at.Line}
	}
	if d := e.session.Decl(e.program.Func(t.fn)); d != nil {
		at := d.Src.Position()
		return Position{Cell: at.Cell, Line: at.Line}
	}
	return Position{}
}

func (e *engine) sourceLine(cell, line int) string {
	for _, c := range e.session.Cells() {
		if c.Number == cell {
			return c.Line(line)
		}
	}
	return ""
}
