package interp

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"io"
	"log/slog"
	"strings"
	"sync"

	"github.com/riffle-stream/riffle/interp/check"
	"github.com/riffle-stream/riffle/interp/lower"
	"github.com/riffle-stream/riffle/interp/source"
	"github.com/riffle-stream/riffle/interp/symbols"
	yaegi "github.com/traefik/yaegi/interp"
)

// engine is an Engine on yaegi.
type engine struct {
	config  Config
	session *check.Session
	program *lower.Program
	sets    []symbols.Set
	loaded  map[string]bool // packages the interpreter has

	mu        sync.RWMutex // write: the interpreter takes declarations; it may not run anything of the session meanwhile
	yaegi     *yaegi.Interpreter
	stdio     *stdio
	trace     *trace
	maxFrames int // of compiled code that calls may have on a stack
	runs      *runs
	last      *check.Cell // the cell being run
	shown     []Value

	runners runners

	kinds kinds // types of cells that values are boxed with
	slots slots

	templates templates

	checking sync.Mutex // held while the session's types are used or changed

	ranMu sync.Mutex
	ran   []*check.Stmt
}

// New starts a session.
func New(config Config) (Engine, error) { return open(config) }

func open(config Config) (*engine, error) {
	if config.Stdout == nil {
		config.Stdout = io.Discard
	}
	if config.Stderr == nil {
		config.Stderr = io.Discard
	}
	if config.Stdin == nil {
		config.Stdin = strings.NewReader("")
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	e := &engine{config: config, loaded: map[string]bool{}, trace: newTrace(), maxFrames: maxFrames, runs: newRuns(), runners: make(runners)}
	if config.Prelude.Path != "" {
		e.sets = append(e.sets, config.Prelude.Set)
	}
	e.sets = append(append(e.sets, config.Extra...), symbols.Std())
	importer := check.NewImporter(e.sets...)
	var err error
	if e.session, err = newSession(importer, config.Prelude); err != nil {
		return nil, err
	}
	e.stdio = newStdio(config)
	e.program = lower.New(e.session, check.NewLibrary(importer, e.sets...))
	e.yaegi = yaegi.New(yaegi.Options{Stdout: config.Stdout, Stderr: e.trace, Stdin: config.Stdin, Unrestricted: true})
	return e, e.useRuntime()
}

func newSession(importer *check.Importer, prelude Prelude) (*check.Session, error) {
	if prelude.Path == "" {
		return check.NewSession(importer, nil, ""), nil
	}
	pkg, err := importer.Import(prelude.Path)
	if err != nil {
		return nil, fmt.Errorf("prelude %s: %w", prelude.Path, err)
	}
	return check.NewSession(importer, pkg, prelude.name()), nil
}

func (e *engine) Eval(ctx context.Context, cell Cell) (Result, error) {
	checked, run, err := e.prepare(cell)
	if err != nil {
		return Result{}, err
	}
	e.last, e.shown = checked, nil
	err = e.run(ctx, checked, run)
	e.stdio.flush()
	return Result{Values: e.shown, Notes: checked.Notes, Cell: checked}, err
}

// prepare checks a cell and declares what it declares.
func (e *engine) prepare(cell Cell) (checked *check.Cell, run func(), err error) {
	e.checking.Lock()
	defer e.checking.Unlock()
	defer func() {
		if r := recover(); r != nil { // a defect of the checker or of ours must not end the session
			err = &source.Error{Cell: cell.Number, Message: fmt.Sprintf("this cell cannot be understood: %v", r)}
		}
	}()
	checked, err = e.session.Check(cell)
	if err != nil {
		return nil, nil, err
	}
	undo := e.session.Commit(checked)
	run, err = e.declare(checked)
	if err != nil {
		e.program.Undo()
		undo()
		return nil, nil, refusal(cell, err)
	}
	return checked, run, nil
}

// refusal is the error of a cell that checks and cannot be run.
func refusal(cell Cell, err error) error {
	out := &source.Error{Cell: cell.Number, Message: err.Error()}
	var e *lower.Error
	if errors.As(err, &e) && e.At.Cell == cell.Number {
		out.Line, out.Column, out.Source = e.At.Line, e.At.Column, cell.Line(e.At.Line)
	}
	return out
}

// declare lowers a checked cell and gives the interpreter what it declares. It returns the function that runs it.
func (e *engine) declare(c *check.Cell) (func(), error) {
	code, err := e.program.Cell(c)
	if err != nil {
		return nil, fmt.Errorf("cells cannot use %w", err)
	}
	if err := e.use(code.Paths); err != nil {
		return nil, err
	}
	c.Notes = append(c.Notes, code.Notes...)
	e.kinds.grow(e, e.program.Kinds())
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, part := range []string{code.Imports, code.Types, code.Vars, code.Funcs} {
		if part == "" {
			continue
		}
		if err := e.take(part); err != nil {
			e.config.Log.Debug("interpreter refuses", "error", err, "code", part)
			return nil, fmt.Errorf("the interpreter cannot run this: %s", plain(err))
		}
	}
	v, err := e.interpret(&ast.BlockStmt{List: []ast.Stmt{&ast.ExprStmt{X: ast.NewIdent(code.Run)}}})
	if err != nil {
		return nil, fmt.Errorf("the interpreter cannot run this: %s", plain(err))
	}
	run, ok := v.Interface().(func())
	if !ok {
		return nil, errors.New("the interpreter lost the cell")
	}
	return run, nil
}

// IsComplete implements Engine.
func (e *engine) IsComplete(code string) Completeness {
	cell := source.Cell{Text: code}
	err := check.Syntax(cell)
	var open *source.Incomplete
	switch {
	case err == nil:
		return Complete
	case errors.As(err, &open) || cell.Dangles():
		return Incomplete
	}
	return Invalid
}
