package pipe

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/riffle-stream/riffle/kernel"
)

// succeed gives the session to a worker of another program, and runs the cell there for which the present one named
// it. The new worker runs the cells again that ended well, but for those that act on something outside the notebook,
// which are named; until it has, the old one stays, and if it cannot, for good.
func (c *Client) succeed(ctx context.Context, program string, cell kernel.Cell, out kernel.Output) (kernel.Result, error) {
	command := func() *exec.Cmd { return c.opt.Succeed(program) }
	next, err := launch(command(), c.opt.Hide)
	if err != nil {
		return kernel.Result{}, err
	}
	r, err := c.repeat(ctx, next)
	if err != nil {
		next.retire()
		return kernel.Result{}, err
	}
	c.mu.Lock()
	old := c.worker
	c.worker, c.opt.Command, c.cells = next, command, r.ran
	c.mu.Unlock()
	go c.watch(next)
	old.retire()
	for _, note := range r.left {
		out.Stream(kernel.Stderr, note+"; run it again if its variables are needed\n")
	}
	return c.eval(ctx, cell, out)
}

// repeated is what became of cells in a new worker.
type repeated struct {
	ran  []kernel.Cell
	left []string // why others did not run
}

// repeat runs in a worker, when it answers, the cells that ended well in the present one.
func (c *Client) repeat(ctx context.Context, w *worker) (r repeated, err error) {
	if _, err := w.do(ctx, isCompleteFrame, code{}, nil, c.opt.Grace); err != nil {
		return r, fmt.Errorf("the new process does not start, so nothing has changed: %w", err)
	}
	c.mu.Lock()
	cells := c.cells
	c.mu.Unlock()
	for _, cell := range cells {
		err := c.carefully(ctx, w, cell)
		var failed *kernel.Error
		switch {
		case ctx.Err() != nil:
			return r, ctx.Err()
		case err == nil:
			r.ran = append(r.ran, cell)
		case errors.As(err, &failed) && failed.Name == kernel.LeftOut:
			r.left = append(r.left, leftOut(cell, failed))
		default:
			return r, r.stops(cell, kernel.AsError(err))
		}
	}
	return r, nil
}

// carefully runs a cell again in a worker.
func (c *Client) carefully(ctx context.Context, w *worker, cell kernel.Cell) error {
	f, err := w.do(ctx, evalFrame, kernel.Cell{Code: cell.Code, Count: cell.Count, Again: true, Careful: true}, nil, c.opt.Grace)
	if err == nil {
		_, err = result[kernel.Result](f)
	}
	return err
}

// leftOut says that a cell did not run again, and why.
func leftOut(cell kernel.Cell, why *kernel.Error) string {
	return fmt.Sprintf("left out cell %d: %s", cell.Count, why.Value)
}

// stops is the error of a session that cannot go on in another worker, since a cell fails there.
func (r repeated) stops(cell kernel.Cell, why *kernel.Error) *kernel.Error {
	text := fmt.Sprintf("cell %d cannot be run again in a new process, so nothing has changed", cell.Count)
	lines := append(append([]string{text + ":"}, why.Traceback...), r.left...)
	return &kernel.Error{Name: why.Name, Value: strings.Join(append([]string{text + ": " + why.Value}, r.left...), "; "), Traceback: append(lines,
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
