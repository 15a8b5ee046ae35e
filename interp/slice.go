package interp

import (
	"errors"

	"github.com/riffle-stream/riffle/interp/check"
	"github.com/riffle-stream/riffle/interp/slice"
)

// A Slice is the program that a statement or variable depends on.
type Slice = slice.Program

// A Root is what a slice is made for.
type Root struct {
	// Variable names a variable of the session. "" means the statement that is running, or the last that ran.
	Variable string
	// Whole keeps that statement as it stands. Otherwise the call of a verb gives way to its first argument, which
	// becomes the slice's Result.
	Whole bool
}

// ErrNothingRan is what Slice gives before the first statement.
var ErrNothingRan = errors.New("slice: no statement has run yet")

// Slice implements Engine.
func (e *engine) Slice(root Root) (*Slice, error) {
	verbs := map[string]bool{}
	for name := range e.config.Prelude.Bind {
		verbs[name] = !e.config.Prelude.Pure[name]
	}
	config := slice.Config{Name: e.config.Prelude.name(), Verbs: verbs, Makes: e.config.Prelude.Makes, Whole: root.Whole}
	r := slice.Root{Variable: root.Variable}
	if root.Variable == "" {
		if r.Stmt = e.statement(); r.Stmt == nil {
			return nil, ErrNothingRan
		}
	}
	return slice.Of(e.session, e.history(), r, config)
}

// statement is the one that is running, or the last that ran.
func (e *engine) statement() *check.Stmt {
	if r := e.runs.current(); r != nil {
		return r.stmt.Load()
	}
	if ran := e.history(); len(ran) > 0 {
		return ran[len(ran)-1]
	}
	return nil
}

// history are the statements that ran to their end.
func (e *engine) history() []*check.Stmt {
	e.ranMu.Lock()
	defer e.ranMu.Unlock()
	return e.ran[:len(e.ran):len(e.ran)]
}

// ended adds a statement to the history.
func (e *engine) ended(s *check.Stmt) {
	if s == nil {
		return
	}
	e.ranMu.Lock()
	defer e.ranMu.Unlock()
	e.ran = append(e.ran, s)
}
