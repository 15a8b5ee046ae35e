package interp

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/riffle-stream/riffle/interp/check"
)

// ErrInterrupted is what a cell ends with when its context ends.
var ErrInterrupted = errors.New("interrupted")

// grace is how long an interrupted cell may take to notice before it is left to itself: a call into compiled code
// cannot be ended.
const grace = 300 * time.Millisecond

// runners are goroutines that have run a cell and wait for the next. The interpreter needs a deep stack, and one that has
// grown need not grow again.
type runners chan func()

func (r runners) run(f func()) {
	select {
	case r <- f:
	default:
		go func() {
			for {
				f()
				f = <-r
			}
		}()
	}
}

// run runs a cell in a goroutine that has no other meanwhile, and waits for it, or for the context.
func (e *engine) run(ctx context.Context, c *check.Cell, body func()) error {
	r := e.runs.start(c.Number)
	defer e.runs.end(r)
	done := make(chan error, 1)
	e.runners.run(func() {
		e.trace.reset()
		defer e.runs.leave(e.runs.enter(r))
		returned := false
		defer func() {
			err := e.outcome(recover(), r, false)
			switch {
			case err != nil:
			case !returned:
				err = &Error{Message: "runtime.Goexit ended this cell, the session goes on", Frames: e.outermost(r)}
			case !r.whole.Load() && !c.Leaves(): // it does so at what it does not know
				err = &Error{Message: "the interpreter ended this cell at a statement that it does not know; write the statement another way", Frames: e.outermost(r)}
			}
			done <- err
		}()
		body()
		returned = true
	})
	select {
	case err := <-done:
		if err == nil {
			e.ended(r.stmt.Swap(nil))
		}
		return err
	case <-ctx.Done():
	}
	e.runs.interrupt(r)
	select {
	case err := <-done:
		if err == nil { // it waited for goroutines of its own, which were ended
			err = ErrInterrupted
		}
		return err
	case <-time.After(grace):
		return fmt.Errorf("%w; still running: %s, in a call that cannot be ended", ErrInterrupted, e.at(r))
	}
}

// at is the top-level statement that a run is at.
func (e *engine) at(r *run) Position {
	if s := r.stmt.Load(); s != nil {
		return s.Src.Position()
	}
	return Position{Cell: r.cell}
}

// runtime are the functions that lowered code calls.
func (e *engine) runtime() map[string]reflect.Value {
	return map[string]reflect.Value{
		"At":               reflect.ValueOf(e.stmtAt),
		"Ended":            reflect.ValueOf(e.stmtsEnded),
		"Did":              reflect.ValueOf(e.stmtDid),
		"Show":             reflect.ValueOf(e.show),
		"Receive":          reflect.ValueOf(e.runs.receive),
		"Send":             reflect.ValueOf(e.runs.send),
		"Select":           reflect.ValueOf(e.runs.choose),
		"Poll":             reflect.ValueOf(e.runs.poll),
		"Deep":             reflect.ValueOf(e.deep),
		"Safe":             reflect.ValueOf(e.safe),
		"Go":               reflect.ValueOf(e.spawn),
		"Recover":          reflect.ValueOf(e.recovered),
		"Any":              reflect.ValueOf(anything),
		"Spot":             reflect.ValueOf(e.trace.spot),
		"Index":            reflect.ValueOf(index),
		"BadIndex":         reflect.ValueOf(badIndex),
		"BadSlice":         reflect.ValueOf(badSlice),
		"BadPointer":       reflect.ValueOf(badPointer),
		"Shift":            reflect.ValueOf(shift),
		"Runes":            reflect.ValueOf(runes),
		"BadYield":         reflect.ValueOf(badYield),
		"BadShift":         reflect.ValueOf(badShift),
		"Clear":            reflect.ValueOf(func(x any) { reflect.ValueOf(x).Clear() }),
		"Joined":           reflect.ValueOf(joined),
		"AsItSays":         reflect.ValueOf(asItSays),
		"Min":              reflect.ValueOf(func(a, b float64) float64 { return min(a, b) }),
		"Max":              reflect.ValueOf(func(a, b float64) float64 { return max(a, b) }),
		"Print":            reflect.ValueOf(func(a ...any) { fmt.Fprint(e.stdio.err, a...) }),
		"Println":          reflect.ValueOf(func(a ...any) { fmt.Fprintln(e.stdio.err, a...) }),
		"Slot":             reflect.ValueOf(e.slots.take),
		"Defers":           reflect.ValueOf(func() *deferral { return &deferral{} }),
		"Defer":            reflect.ValueOf(e.push),
		"Guard":            reflect.ValueOf(e.guard),
		"Box":              reflect.ValueOf(e.box),
		"Bare":             reflect.ValueOf(bare),
		"Raw":              reflect.ValueOf(raw),
		"Out":              reflect.ValueOf(out),
		"Render":           reflect.ValueOf(e.render),
		"Zero":             reflect.ValueOf(e.zero),
		"TextFuncs":        reflect.ValueOf(e.textFuncs),
		"HTMLFuncs":        reflect.ValueOf(e.htmlFuncs),
		"XMLEncode":        reflect.ValueOf(xmlEncode),
		"XMLDecode":        reflect.ValueOf(xmlDecode),
		"XMLEncodeElement": reflect.ValueOf(xmlEncodeElement),
		"XMLDecodeElement": reflect.ValueOf(xmlDecodeElement),
		"Decode":           reflect.ValueOf(e.decodeNext),
		"Encode":           reflect.ValueOf(encodeNext),
		"Equal":            reflect.ValueOf(equal),
		"Hashable":         reflect.ValueOf(hashable),
		"Is":               reflect.ValueOf(e.is),
		"As":               reflect.ValueOf(e.as),
		"To":               reflect.ValueOf(e.to),
		"Find":             reflect.ValueOf(e.find),
		"Open":             reflect.ValueOf(e.open),
		"Method":           reflect.ValueOf(e.teach),
		"Complex":          reflect.ValueOf(func(re, im float64) complex128 { return complex(re, im) }),
	}
}

// stmtsEnded is told that a cell's statements were done to the last.
func (e *engine) stmtsEnded() {
	if r := e.runs.of(); r != nil {
		r.whole.Store(true)
	}
}

func (e *engine) stmtAt(i int) {
	e.runs.poll()
	s := e.last.Stmts[i]
	if r := e.runs.current(); r != nil {
		e.ended(r.stmt.Swap(s))
	}
	if e.config.Stmt != nil {
		e.config.Stmt(s.Src.Position())
	}
}

func (e *engine) stmtDid(i int, values ...any) {
	if e.config.Defined == nil {
		return
	}
	s := e.last.Stmts[i]
	vars := make([]Value, len(values))
	for k, v := range values {
		vars[k] = Value{Name: s.Vars[k].Name(), Value: reflect.ValueOf(raw(v)), Type: s.Vars[k].Type(), Shape: e.shapeOf(s.Vars[k].Type())}
	}
	e.config.Defined(s.Src.Position(), vars)
}

// show takes the values of the last expression.
func (e *engine) show(values ...any) {
	t := e.last.Info.Types[e.last.Stmts[len(e.last.Stmts)-1].Value].Type
	e.shown = make([]Value, len(values))
	for i, v := range values {
		e.shown[i] = e.valueOf(v, component(t, i))
	}
	if e.config.Show != nil {
		e.config.Show(e.shown)
	}
}

// joined are the errors that an error made by errors.Join or fmt.Errorf holds, or nil.
func joined(err error) []error {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		return j.Unwrap()
	}
	return nil
}
