package pipe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/riffle-stream/riffle/kernel"
)

// Options say how a Client starts and treats its workers.
type Options struct {
	Command func() *exec.Cmd               // makes the command of a worker; called anew for each start
	Succeed func(program string) *exec.Cmd // makes that of a worker of another program; nil if none can take over
	Hide    []string                       // beginnings of function names that reports of a crash leave out, such as those of an interpreter
	Grace   time.Duration                  // a cell that does not return for so long after an interrupt loses its worker; default 10 s
	Log     *slog.Logger                   // nil discards
}

// A Client is a kernel.Evaluator, and a kernel.CommHandler, in another process.
type Client struct {
	opt Options
	log *slog.Logger

	mu     sync.Mutex
	worker *worker
	cells  []kernel.Cell // that ended well in the present worker
	lost   []kernel.Cell // that did in workers before it, and whose variables are gone
	closed bool
}

// Start starts the first worker and does not wait for it. Close the client to end it.
func Start(opt Options) (*Client, error) {
	if opt.Grace == 0 {
		opt.Grace = 10 * time.Second
	}
	c := &Client{opt: opt, log: opt.Log}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	w, err := launch(opt.Command(), opt.Hide)
	if err != nil {
		return nil, err
	}
	c.worker = w
	go c.watch(w)
	return c, nil
}

// watch says below the newest cell when a worker ends while no cell runs.
func (c *Client) watch(w *worker) {
	<-w.dead
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	if closed || w.retired {
		return
	}
	c.log.Warn("worker ended", "cause", w.cause.Value)
	if w.idle {
		for _, line := range c.offering(w.cause).Traceback {
			w.print(kernel.Stderr, line+"\n")
		}
	}
}

// live gives the worker; a new one, if the last is dead.
func (c *Client) live() (w *worker, renewed bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, false, fmt.Errorf("the kernel is ending: %w", context.Canceled)
	}
	select {
	case <-c.worker.dead:
	default:
		return c.worker, false, nil
	}
	if w, err = launch(c.opt.Command(), c.opt.Hide); err != nil {
		return nil, false, err
	}
	c.worker, c.lost, c.cells = w, append(c.lost, c.cells...), nil
	go c.watch(w)
	return w, true, nil
}

// Eval implements kernel.Evaluator. If the worker dies, the error is a *kernel.Error that says why.
func (c *Client) Eval(ctx context.Context, cell kernel.Cell, out kernel.Output) (kernel.Result, error) {
	return c.Start(ctx, cell, out)()
}

// Start implements kernel.Starter.
func (c *Client) Start(ctx context.Context, cell kernel.Cell, out kernel.Output) (wait func() (kernel.Result, error)) {
	if strings.TrimSpace(cell.Code) == replayMagic {
		return func() (kernel.Result, error) { return kernel.Result{}, c.replay(ctx, out) }
	}
	ended := c.start(ctx, cell, out)
	return func() (kernel.Result, error) {
		r, err := ended()
		var failed *kernel.Error
		if errors.As(err, &failed) && failed.Successor != "" && c.opt.Succeed != nil {
			return c.succeed(ctx, failed.Successor, cell, out)
		}
		return r, err
	}
}

// eval runs a cell in the present worker, and keeps one that ended well.
func (c *Client) eval(ctx context.Context, cell kernel.Cell, out kernel.Output) (kernel.Result, error) {
	return c.start(ctx, cell, out)()
}

// start is eval up to where the worker has the cell; wait is the rest.
func (c *Client) start(ctx context.Context, cell kernel.Cell, out kernel.Output) (wait func() (kernel.Result, error)) {
	ended := request[kernel.Result](ctx, c, evalFrame, cell, out)
	return func() (kernel.Result, error) {
		r, err := ended()
		if err == nil && !r.Leaves {
			c.keep(cell)
		}
		return r, err
	}
}

// Complete implements kernel.Evaluator.
func (c *Client) Complete(ctx context.Context, text string, cursor int) (kernel.Completion, error) {
	return request[kernel.Completion](ctx, c, completeFrame, code{Text: text, Cursor: cursor}, nil)()
}

// Inspect implements kernel.Evaluator.
func (c *Client) Inspect(ctx context.Context, text string, cursor, detail int) (kernel.Bundle, error) {
	return request[kernel.Bundle](ctx, c, inspectFrame, code{Text: text, Cursor: cursor, Detail: detail}, nil)()
}

// IsComplete implements kernel.Evaluator.
func (c *Client) IsComplete(ctx context.Context, text string) (kernel.Completeness, error) {
	return request[kernel.Completeness](ctx, c, isCompleteFrame, code{Text: text}, nil)()
}

// Comm implements kernel.CommHandler.
func (c *Client) Comm(ctx context.Context, m kernel.Comm, out kernel.Output) error {
	_, err := request[json.RawMessage](ctx, c, commFrame, m, out)()
	return err
}

// Pid is the process of the present worker.
func (c *Client) Pid() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.worker.cmd.Process.Pid
}

// Close ends the worker: by the end of its input, and after a second by force.
func (c *Client) Close() error {
	c.mu.Lock()
	c.closed = true
	w := c.worker
	c.mu.Unlock()
	w.requests.Close()
	select {
	case <-w.dead:
	case <-time.After(time.Second):
		endGroup(w.cmd.Process.Pid)
		<-w.dead
	}
	return nil
}

// request makes one call of the worker. wait is for its reply, or the worker's death.
func request[T any](ctx context.Context, c *Client, k kind, body any, out kernel.Output) (wait func() (T, error)) {
	w, renewed, err := c.live()
	if err != nil {
		return func() (value T, _ error) { return value, err }
	}
	if renewed && k == evalFrame {
		out.Stream(kernel.Stderr, strings.TrimSpace("A new worker was started: variables and functions of earlier cells are gone. "+c.offer())+"\n")
	}
	replied := w.send(ctx, k, body, out, c.opt.Grace)
	return func() (value T, err error) {
		f, err := replied()
		if dead, ok := err.(*kernel.Error); ok && k == evalFrame {
			return value, c.offering(dead)
		}
		if err != nil {
			return value, err
		}
		return result[T](f)
	}
}

// result is what a reply says.
func result[T any](f frame) (value T, err error) {
	r, err := decode[reply[T]](f)
	if err == nil && r.Err != nil {
		err = r.Err
	}
	return r.Value, err
}

// do sends a call and waits for its reply.
func (w *worker) do(ctx context.Context, k kind, body any, out kernel.Output, grace time.Duration) (frame, error) {
	return w.send(ctx, k, body, out, grace)()
}

// send sends a call; wait has to be called for its reply. The end of ctx becomes an interrupt; a call that goes on for
// grace after it costs the worker.
func (w *worker) send(ctx context.Context, k kind, body any, out kernel.Output, grace time.Duration) (wait func() (frame, error)) {
	id, call := w.begin(ctx, out, k == evalFrame)
	if cell, ok := body.(kernel.Cell); ok {
		call.cell = &cell
	}
	unsent := w.link.send(k, id, body)
	return func() (frame, error) {
		defer w.end(id)
		if unsent == nil {
			return w.reply(id, call, grace)
		}
		select {
		case <-w.dead:
			return frame{}, w.death(call)
		case <-time.After(time.Second):
			return frame{}, fmt.Errorf("cannot reach the worker: %w", unsent)
		}
	}
}

// reply waits for the reply to a call that was sent.
func (w *worker) reply(id uint64, call *call, grace time.Duration) (frame, error) {
	var late <-chan time.Time
	interrupted := call.ctx.Done()
	for {
		select {
		case f := <-call.replied:
			return f, nil
		case <-w.dead:
			select {
			case f := <-call.replied: // it came just before the end
				return f, nil
			default:
				return frame{}, w.death(call)
			}
		case <-interrupted:
			interrupted, late = nil, time.After(grace)
			w.link.send(interruptFrame, id, struct{}{})
		case <-late:
			w.kill(stuck(grace))
		}
	}
}

// death is why a call has no reply: with the line that ran, if it was a cell's and the end was not our doing.
func (w *worker) death(c *call) *kernel.Error {
	if c.cell != nil && w.cause.Name == died {
		return placed(w.cause, *c.cell, c.line)
	}
	return w.cause
}

func stuck(grace time.Duration) *kernel.Error {
	text := fmt.Sprintf("the cell did not stop within %v of the interrupt, so its process was ended", grace)
	return &kernel.Error{Name: "Interrupted", Value: text, Traceback: []string{text + ".",
		gone}}
}
