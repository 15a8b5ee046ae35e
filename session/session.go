package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/modules"
)

// Config is what a session is given.
type Config struct {
	Dir     string         // the notebook's folder: samples and exports are relative to it
	Program string         // this program's file, to start brokers and build exports with
	Brokers cluster.Config // none: the embedded broker
	Prelude interp.Prelude // package cells
	// Workshop is where live runs and exports are built.
	Workshop *export.Workshop
	// Linker brings modules into sessions; nil for a session that takes none.
	Linker *modules.Linker
	Log    *slog.Logger // nil discards
}

// Session is one notebook.
type Session struct {
	cfg     Config
	engine  interp.Engine
	samples *samples
	quiet   bool     // cells neither watch nor export
	kept    []string // names that a reset leaves
	repeats bool     // the cell that runs has run before, in another process

	mu     sync.Mutex
	cell   *running   // the cell that runs, or ran last
	number int        // of the last cell
	ran    []*running // every cell, in order
	made   map[plan.Op]origin
	frames map[string]any // by variable: frames, and groups of them
	lives  map[*watched]bool
	given  map[interp.Position][]export.Given // by verbs, to each statement
}

// running is a cell while it runs, and for what it leaves running.
type running struct {
	ctx     context.Context
	out     kernel.Output
	text    string
	code    string // the text without what is not Go
	script  script
	bars    bars
	number  int
	at      interp.Position         // of the statement
	built   []cells.Frame           // by the statement, to be checked
	failed  *failure                // what ended the cell, if that was ours
	result  kernel.Bundle           // of its last expression
	page    *kernel.Bundle          // help that it asked for
	leaves  bool                    // the user asked to leave
	defines []string                // names, known when it has ended well
	held    atomic.Pointer[watched] // the run that it watches and waits for
	calls   int                     // roots that its calls of Live have, so far
}

// New starts a session.
func New(cfg Config) (*Session, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Session{cfg: cfg, lives: map[*watched]bool{}, given: map[interp.Position][]export.Given{}, made: map[plan.Op]origin{}, frames: map[string]any{}}
	s.samples = newSamples(cfg, func() kernel.Output { return s.current().out })
	s.cell = &running{ctx: context.Background(), out: nowhere{}}
	prelude := cfg.Prelude
	prelude.Bind, prelude.Pure, prelude.Told = s.verbs(), map[string]bool{"Topic": true, "ReadCSV": true, "ReadJSONL": true, "ReadParquet": true, "Rows": true, "Generate": true, "Table": true, "DeadLetters": true, "Progress": true}, told()
	prelude.Makes = map[string]bool{"Live": true, "Export": true}
	prelude.Backstage = backstage()
	engine, err := interp.New(interp.Config{
		Stdout: s.stream(kernel.Stdout), Stderr: s.stream(kernel.Stderr), Stdin: &keyboard{session: s}, Log: cfg.Log,
		Prelude: prelude, Extra: cfg.extra(), Show: s.show, Stmt: s.begin, Defined: s.defined,
	})
	if err != nil {
		return nil, fmt.Errorf("session: %w", err)
	}
	s.engine = engine
	return s, nil
}

// Close ends live runs and connections.
func (s *Session) Close() {
	s.stopAll()
	s.samples.close()
}

// Eval runs a cell.
func (s *Session) Eval(ctx context.Context, cell kernel.Cell, out kernel.Output) (kernel.Result, error) {
	if cell.Again {
		if why := s.acts(cell.Code); why != "" && cell.Careful {
			return kernel.Result{}, &kernel.Error{Name: kernel.LeftOut, Value: why}
		}
		return s.again(ctx, cell)
	}
	c := s.next(ctx, cell.Code, cell.Count, out)
	res, failed := s.eval(c)
	if failed == nil {
		res.Notes = append(res.Notes, unused(res.Cell)...)
	}
	for _, n := range res.Notes {
		out.Stream(kernel.Stderr, n+"\n")
	}
	if failed != nil {
		return kernel.Result{}, failed
	}
	return kernel.Result{Bundle: c.result, Page: c.page, Leaves: c.leaves, Expressions: s.expressions(ctx, cell.Expressions)}, nil
}

// next is a text as the next cell, whose number is at least count.
func (s *Session) next(ctx context.Context, text string, count int, out kernel.Output) *running {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.number = max(s.number+1, count)
	c := &running{ctx: ctx, out: out, text: text, number: s.number}
	s.cell = c
	s.ran = append(s.ran, c)
	return c
}

// eval runs a cell.
func (s *Session) eval(c *running) (interp.Result, *kernel.Error) {
	var res interp.Result
	err := s.readMagics(c)
	if err == nil {
		res, err = s.engine.Eval(c.ctx, interp.Cell{Number: c.number, Text: c.code})
	}
	if c.leave(err) {
		return res, nil
	}
	if err == nil {
		err = s.checkBuilt(c)
	}
	if err == nil {
		c.defines = res.Defines()
		err = s.finish(c)
	}
	var gone *successor
	if errors.As(err, &gone) {
		return res, gone.failure()
	}
	if err != nil {
		return res, s.explain(c, err)
	}
	return res, nil
}

// again runs a cell that ended well in another process: nothing is shown, watched, exported or called in a shell.
func (s *Session) again(ctx context.Context, cell kernel.Cell) (kernel.Result, error) {
	s.quiet, s.repeats = true, true
	defer func() { s.quiet, s.repeats = false, false }()
	if _, failed := s.eval(s.next(ctx, cell.Code, cell.Count, nowhere{})); failed != nil {
		return kernel.Result{}, failed
	}
	return kernel.Result{}, nil
}

// expressions evaluates what a client asked to know beside the cell.
func (s *Session) expressions(ctx context.Context, asked map[string]string) map[string]kernel.Expression {
	if len(asked) == 0 {
		return nil
	}
	s.mu.Lock()
	cell := s.cell
	s.mu.Unlock()
	out := map[string]kernel.Expression{}
	for name, code := range asked {
		c := s.next(ctx, code, 0, nowhere{})
		_, failed := s.eval(c)
		if failed != nil {
			out[name] = kernel.Expression{Err: failed}
			continue
		}
		out[name] = kernel.Expression{Bundle: c.result}
	}
	s.mu.Lock()
	s.cell = cell
	s.mu.Unlock()
	return out
}

// current is the cell that the caller runs for: the one that started its goroutine, even if others have run since.
func (s *Session) current() *running {
	number := s.engine.Running()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range slices.Backward(s.ran) {
		if c.number == number {
			return c
		}
	}
	return s.cell
}

// begin notes the statement that runs now. What the one before it built is checked first, and magics between them run.
func (s *Session) begin(at interp.Position) {
	c := s.current()
	if s.checkBuilt(c) != nil || s.advance(c, &at) != nil {
		panic(c.failed)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.at, c.failed = at, nil // what failed before was recovered by the cell
	if p, ok := c.out.(kernel.Placer); ok {
		p.Place(at.Line)
	}
}

// defined checks the frames of a statement before its variables are used.
func (s *Session) defined(_ interp.Position, vars []interp.Value) {
	s.remember(vars)
	if err := s.checkBuilt(s.current()); err != nil {
		panic(s.current().failed)
	}
}

// checkBuilt checks every frame that the statement built, whether it named it or not, and notes what fails.
func (s *Session) checkBuilt(c *running) error {
	s.mu.Lock()
	built := c.built
	c.built = nil
	s.mu.Unlock()
	for _, f := range built {
		if err := c.note(s.check(f)); err != nil {
			return err
		}
	}
	return nil
}

// check says what is wrong with a frame, as far as its samples are there to say.
func (s *Session) check(f cells.Frame) error {
	if f.Err() != nil {
		return f.Err()
	}
	if !s.samples.have(f.Topics()) {
		return nil
	}
	_, err := s.samples.bind(context.Background(), f)
	return err
}

// writer is a stream of the cell that runs.
type writer struct {
	session *Session
	name    string
}

func (s *Session) stream(name string) writer { return writer{s, name} }

// Write sends text to the cell that runs.
func (w writer) Write(b []byte) (int, error) {
	out := w.session.current().out
	if p, ok := out.(kernel.Printer); ok {
		p.Print(w.name, b)
	} else {
		out.Stream(w.name, string(b))
	}
	return len(b), nil
}

// nowhere is the output of what no cell asked for.
type nowhere struct{}

func (nowhere) Stream(string, string) {}
func (nowhere) Show(kernel.Display)   {}
func (nowhere) Clear(bool)            {}
func (nowhere) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("no cell runs that could ask")
}
