package pipe

import (
	"context"
	"fmt"
	"os/exec"

	"github.com/riffle-stream/riffle/kernel"
)

// succeed gives the session to a worker of another program, and runs the cell there for which the present one named
// it. The new worker runs the cells again that ended well; until it has, the old one stays, and if it cannot, for good.
func (c *Client) succeed(ctx context.Context, program string, cell kernel.Cell, out kernel.Output) (kernel.Result, error) {
	command := func() *exec.Cmd { return c.opt.Succeed(program) }
	next, err := launch(command(), c.opt.Hide)
	if err != nil {
		return kernel.Result{}, err
	}
	if err := c.repeat(ctx, next); err != nil {
		next.retire()
		return kernel.Result{}, err
	}
	c.mu.Lock()
	old := c.worker
	c.worker, c.opt.Command = next, command
	c.mu.Unlock()
	go c.watch(next)
	old.retire()
	return c.eval(ctx, cell, out)
}

// repeat runs in a worker, when it answers, the cells that ended well in the present one.
func (c *Client) repeat(ctx context.Context, w *worker) error {
	if _, err := w.do(ctx, isCompleteFrame, code{}, nil, c.opt.Grace); err != nil {
		return fmt.Errorf("the new process does not start, so nothing has changed: %w", err)
	}
	c.mu.Lock()
	cells := c.cells
	c.mu.Unlock()
	for _, cell := range cells {
		f, err := w.do(ctx, evalFrame, kernel.Cell{Code: cell.Code, Count: cell.Count, Again: true}, nil, c.opt.Grace)
		if err == nil {
			_, err = result[kernel.Result](f)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return notRepeated(cell, kernel.AsError(err))
		}
	}
	return nil
}

func notRepeated(cell kernel.Cell, why *kernel.Error) *kernel.Error {
	text := fmt.Sprintf("cell %d cannot be run again in a new process, so nothing has changed", cell.Count)
	return &kernel.Error{Name: why.Name, Value: text + ": " + why.Value, Traceback: append(append([]string{text + ":"}, why.Traceback...),
		"What needs a new process, such as %require, is best in the first cell: then there is nothing to run again.")}
}

// retire ends a worker that is not needed, without a word.
func (w *worker) retire() {
	w.mu.Lock()
	w.retired = true
	w.mu.Unlock()
	w.requests.Close()
	w.kill(&kernel.Error{Name: "Ended", Value: "another process has taken its place"})
}
