package interp

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
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
	More   int    // calls between the frame before this one and this one: of functions whose frames are told
}

// Error shows the message, then each frame with its source line.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Routine {
		b.WriteString("in a goroutine: ")
	}
	b.WriteString(e.Message)
	for _, f := range e.Frames {
		if f.More > 0 {
			fmt.Fprintf(&b, "\n... %d more frames", f.More)
		}
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

// A tooDeep is what too deep a recursion ends with: where its innermost call is.
type tooDeep struct{ innermost []Frame }

func (tooDeep) Error() string {
	return "stack overflow: the calls go too deep; is there an end to the recursion?"
}

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
		frames := e.outermost(r)
		var deep tooDeep
		if errors.As(reason, &deep) {
			frames = append(frames, deep.innermost...)
		}
		return &Error{Message: reason.Error(), Frames: frames, Routine: routine}
	case v == nil:
		return nil
	}
	frames := e.frames()
	if len(frames) == 0 {
		frames = e.outermost(r)
	}
	kind, text := "panic: ", message(v)
	if strings.HasPrefix(text, unprintable) {
		kind = "fatal error: "
	}
	return &Error{Message: kind + text, Frames: frames, Routine: routine}
}

// outermost is the statement that a run is at.
func (e *engine) outermost(r *run) []Frame {
	at := e.at(r)
	at.Column = 0
	return []Frame{{At: at, Source: e.sourceLine(at.Cell, at.Line)}}
}

// recoverable is a panic's value as a cell sees it.
func (e *engine) recoverable(panicked any) any {
	v, text := bare(value(panicked)), ""
	switch v := v.(type) {
	case nil:
		return nil
	case quit:
		panic(v)
	case error:
		text = v.Error()
	case string:
		text = v
	}
	e.trace.reset()
	if own := goText(text); own != text {
		return thrown(own)
	}
	return v
}

// value is what the interpreter panicked with: it panics with a reflect.Value.
func value(v any) any {
	for {
		r, ok := v.(reflect.Value)
		if !ok {
			return v
		}
		if !r.IsValid() || !r.CanInterface() {
			return nil
		}
		v = r.Interface()
	}
}

// spawn runs f in a goroutine of the caller's run.
func (e *engine) spawn(line int, f func()) { go e.safe(f)() }

// safe is f for a goroutine of the caller's run. A panic in it is reported and ends only it.
func (e *engine) safe(f func()) func() {
	r := e.runs.of()
	if r == nil {
		r = newRun(0)
	}
	return func() {
		defer e.runs.leave(e.runs.enter(r))
		defer func() {
			err := e.outcome(recover(), r, true)
			if err != nil && !errors.Is(err, ErrInterrupted) {
				fmt.Fprintln(e.stdio.err, err)
			}
		}()
		f()
	}
}

// maxFrames bounds the calls of compiled code on a stack: an interpreted call takes three or four. The run time system
// would end the process at a gigabyte.
const maxFrames = 100_000

// deep is called now and then by functions that call others, which have a number in traces. Too deep, it is called by each
// that is called next, until enough of them are known.
func (e *engine) deep(id int) (count int) {
	e.runs.poll()
	var pc [1]uintptr
	if runtime.Callers(e.maxFrames, pc[:]) == 0 {
		return 0
	}
	calls, enough := e.trace.deeper(id)
	if !enough {
		return -1
	}
	if n := len(calls); n > 0 {
		calls[n-1].more = activations() - n
	}
	e.runs.quit(tooDeep{e.told(calls)})
	return 0
}

// activations is how many calls of the interpreter are on the stack.
func activations() int {
	pcs, n := make([]uintptr, 2*maxFrames), 0
	for _, pc := range pcs[:runtime.Callers(0, pcs)] {
		if f := runtime.FuncForPC(pc - 1); f != nil && f.Name() == "github.com/traefik/yaegi/interp.runCfg" {
			n++
		}
	}
	return n
}

// frames are the user's frames of the panic that was traced, innermost last.
func (e *engine) frames() []Frame { return e.told(e.trace.take()) }

// told are calls, innermost first, as frames, innermost last.
func (e *engine) told(calls []call) []Frame {
	var out []Frame
	for _, c := range slices.Backward(calls) {
		if name, ok := e.program.Spot(c.spot); ok {
			out = append(out, Frame{Func: name, At: c.at, Source: e.sourceLine(c.at.Cell, c.at.Line), More: c.more})
		}
	}
	return out
}

func (e *engine) sourceLine(cell, line int) string {
	for _, c := range e.session.Cells() {
		if c.Number == cell {
			return c.Line(line)
		}
	}
	return ""
}
