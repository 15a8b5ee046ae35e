package kernel

import (
	"context"
	"encoding/json"
	"errors"
)

// An Evaluator is the language behind the kernel. The kernel calls one method at a time, except that Comm
// (see CommHandler) may come while a cell runs. Cursors and offsets are bytes of the code. An error is shown
// to the user: *Error as it is, another one by its text, context.Canceled as an interrupt.
type Evaluator interface {
	// Eval runs a cell and returns when it is over. The end of ctx interrupts it. Output may still be used
	// afterwards, by what the cell has left running; it then appears below the same cell.
	Eval(ctx context.Context, cell Cell, out Output) (Result, error)
	// Complete proposes what could stand at the cursor.
	Complete(ctx context.Context, code string, cursor int) (Completion, error)
	// Inspect describes what stands at the cursor; detail is 0, or 1 for more. An empty bundle: nothing known.
	Inspect(ctx context.Context, code string, cursor, detail int) (Bundle, error)
	// IsComplete tells a console whether the code can run or needs another line.
	IsComplete(ctx context.Context, code string) (Completeness, error)
}

// A Starter is an Evaluator that runs cells elsewhere. Start returns once a cell is on its way: what is to be said of it
// to clients is said while it runs. wait is called once, and gives what Eval does.
type Starter interface {
	Start(ctx context.Context, cell Cell, out Output) (wait func() (Result, error))
}

// A Cell is what the user asked to run.
type Cell struct {
	ID          string            `json:"id,omitempty"` // the frontend's name of the cell, if it gave one
	Code        string            `json:"code"`
	Count       int               `json:"count"`                 // the number in brackets
	Silent      bool              `json:"silent,omitempty"`      // shows nothing, is not counted
	Expressions map[string]string `json:"expressions,omitempty"` // to evaluate after the cell, by name
	// Again is for a cell that ended well in a process whose place this one takes: it brings back what it declared,
	// and does nothing else that anybody would notice twice.
	Again bool `json:"again,omitempty"`
	// Careful, with Again: a cell that acts on something outside the notebook is left out, with an error named LeftOut.
	Careful bool `json:"careful,omitempty"`
}

// LeftOut is the name of the error of a cell that may not run again.
const LeftOut = "LeftOut"

// A Placer is an Output that wants to know which line of its cell runs, so that it can be said if the process ends there.
type Placer interface {
	Place(line int)
}

// A Result is what a cell that ended well gives.
type Result struct {
	Bundle                            // value of the last expression; empty for none
	Page        *Bundle               `json:"page,omitempty"`        // help, shown in a pager
	Leaves      bool                  `json:"leaves,omitempty"`      // the user asked to leave: a console ends
	Expressions map[string]Expression `json:"expressions,omitempty"` // values of Cell.Expressions, by name
}

// An Expression is the value of one of a cell's expressions, or its error.
type Expression struct {
	Bundle
	Err *Error `json:"error,omitempty"`
}

// A Bundle is one thing in several forms, by MIME type. Data holds strings (base64 for images), or values for JSON types.
type Bundle struct {
	Data     map[string]any `json:"data,omitempty"`
	Metadata map[string]any `json:"metadata,omitempty"`
}

// Text makes a bundle of plain text.
func Text(s string) Bundle { return Bundle{Data: map[string]any{"text/plain": s}} }

// Completion is what could stand at the cursor. Start and End are what a candidate replaces.
type Completion struct {
	Start      int         `json:"start"`
	End        int         `json:"end"`
	Candidates []Candidate `json:"candidates,omitempty"`
}

// A Candidate is one completion. Type (such as "function") and Signature are shown beside it and may be empty.
type Candidate struct {
	Text      string `json:"text"`
	Type      string `json:"type,omitempty"`
	Signature string `json:"signature,omitempty"`
}

// Completeness is the answer of IsComplete: Status is one of the constants, Indent is what the next line begins with.
type Completeness struct {
	Status string `json:"status"`
	Indent string `json:"indent,omitempty"`
}

// Values of Completeness.Status.
const (
	Complete   = "complete"
	Incomplete = "incomplete"
	Invalid    = "invalid"
	Unknown    = "unknown"
)

// An Error is what a cell failed with, as the user reads it.
type Error struct {
	Name      string   `json:"name"`      // such as "compile error"
	Value     string   `json:"value"`     // one line
	Traceback []string `json:"traceback"` // the lines shown below the cell; may hold ANSI colours
	// Successor is the file of a program that can run the cell in the place of this one, of which nothing has run.
	Successor string `json:"successor,omitempty"`
}

func (e *Error) Error() string { return e.Name + ": " + e.Value }

// ErrNoInput is returned by Output.Input when the client that runs the cell cannot ask its user.
var ErrNoInput = errors.New("input: this client cannot ask for input; run the cell in a notebook or a console")

// AsError gives err as the user reads it: an *Error as it is, the end of a context as an interrupt.
func AsError(err error) *Error {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.Canceled):
		return &Error{Name: "Interrupted", Value: "the cell was interrupted", Traceback: []string{"Interrupted: the cell was interrupted"}}
	default:
		return &Error{Name: "Error", Value: err.Error(), Traceback: []string{err.Error()}}
	}
}

// A CommHandler is an Evaluator that talks to widgets. An error refuses a comm_open.
type CommHandler interface {
	Comm(ctx context.Context, c Comm, out Output) error
}

// A Comm is one message of a widget's channel. Kind is CommOpen, CommMsg or CommClose; Target is set when it opens.
type Comm struct {
	Kind    string          `json:"kind"`
	ID      string          `json:"id"`
	Target  string          `json:"target,omitempty"`
	Data    json.RawMessage `json:"data,omitempty"`
	Buffers [][]byte        `json:"buffers,omitempty"`
}

// Values of Comm.Kind.
const (
	CommOpen  = "comm_open"
	CommMsg   = "comm_msg"
	CommClose = "comm_close"
)
