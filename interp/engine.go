// Package interp runs Go cells: it reads them, type-checks them as the Go compiler would, lowers what the interpreter
// lacks, and runs them. Its nouns are Engine, Cell, Result and Error.
//
// The parts are in folders: source (the text of cells), check (their meaning), lower (the interpreter's Go), symbols
// (what can be imported), slice (the program that a value depends on). This package holds them together, runs what
// they make, and is the only one that knows the interpreter.
package interp

import (
	"context"
	"go/types"
	"io"
	"log/slog"
	"reflect"
	"strings"

	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/interp/check"
	"github.com/riffle-stream/riffle/interp/source"
	"github.com/riffle-stream/riffle/interp/symbols"
)

// A Cell is a numbered piece of Go text. Numbers rise from 1 within a session; 0 is the prelude.
type Cell = source.Cell

// A Position is a place in a cell.
type Position = source.Position

// An Engine is one session of cells. Eval is called by one goroutine at a time; the others may be called meanwhile.
type Engine interface {
	// Eval runs a cell. A cell that does not check or cannot be run changes nothing; one that panics or is
	// interrupted has done what it did until then. The error is an *Error, *source.Error, source.ErrorList,
	// *source.Incomplete, or ErrInterrupted.
	Eval(ctx context.Context, cell Cell) (Result, error)
	// Complete offers what may stand at byte offset pos of code.
	Complete(code string, pos int) Completions
	// Inspect describes the name at byte offset pos of code.
	Inspect(code string, pos int) (Description, bool)
	// IsComplete reports whether a console should run code or ask for more lines.
	IsComplete(code string) Completeness
	// Slice is the program that a variable or statement depends on. Verbs may call it while their cell runs.
	Slice(root Root) (*Slice, error)
	// Variables are those of the session, with the values that they have now, in the order of their names.
	Variables() []Value
	// Forget takes the names of cells away, all but those to keep and what these need, and returns what is left.
	Forget(keep []string) (left []string)
	// Recovered is the panic of a cell's function that the host called and recovered, whose text was this: with the
	// user's frames, if it is asked for in the same run, before another.
	Recovered(text string) *Error
	// Acts says what a cell would do to files, processes, other machines, or by a verb that verb holds for: why it may
	// not run a second time unasked.
	Acts(cell Cell, verb func(name string) bool) []string
	// Running is the number of the cell that the calling goroutine belongs to: that which started it, or else that
	// which runs. It is 0 if none does.
	Running() int
}

// Config is how an engine meets its host. The zero value discards output and has no prelude.
type Config struct {
	Stdout, Stderr io.Writer
	Stdin          io.Reader
	Log            *slog.Logger

	Prelude Prelude
	// Extra are further packages that cells can import.
	Extra []symbols.Set

	// Show receives the values of a cell's last expression, one for each result, while the cell still runs.
	Show func(values []Value)
	// Stmt is called before each top-level statement.
	Stmt func(at Position)
	// Defined is called after a top-level statement with the values of the variables it defined.
	Defined func(at Position, vars []Value)
}

// A Prelude is cell 0: a package whose names cells use bare, and may redefine.
type Prelude struct {
	Path string      // import path; "" for no prelude
	Name string      // what cells call the package, "riffle"; "" for its own name
	Set  symbols.Set // holds the package and those its types come from
	// Bind gives the functions that the host puts in the place of the package's: the verbs. Each has the type of the
	// function it replaces. Slices drop their calls.
	Bind map[string]reflect.Value
	// Told gives the functions that the host puts in the place of methods of the package's types that take a function
	// of rows, such as "Frame.Map". Each takes the receiver, then a *Formula, which tells what the function computes,
	// then the arguments.
	Told map[string]reflect.Value
	// Backstage names methods, such as "Frame.Node", that completion does not offer.
	Backstage map[string]bool
	// Pure names those of Bind that only build a value: slices keep their calls.
	Pure map[string]bool
	// Makes names those of Bind that make programs: a slice does not tell that it has no other's call.
	Makes map[string]bool
}

// name is what the prelude is called when it is qualified.
func (p Prelude) name() string {
	if p.Name != "" {
		return p.Name
	}
	return p.Path[strings.LastIndexByte(p.Path, '/')+1:]
}

// A Value is a value of a cell and its static type.
type Value struct {
	Name  string // of a variable
	Value reflect.Value
	Type  types.Type
	// Text is what the value's own String or Error method says, if its type is a cell's and has one: reflection does
	// not see the methods of such types.
	Text string
	// Shape tells how the value is shown.
	Shape display.Type
}

// A Result is what became of a cell.
type Result struct {
	Values []Value  // of the last expression
	Notes  []string // what the user should know
	Cell   *check.Cell
}

// A Completeness is an answer for a console.
type Completeness int

// What a console should do.
const (
	Complete Completeness = iota
	Incomplete
	Invalid
)
