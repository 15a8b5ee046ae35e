package pipe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/kernel"
)

// replayMagic is the cell that runs earlier cells again in a new worker. The front answers it: it alone still has them.
const replayMagic = "%replay"

// keep notes a cell that ended well.
func (c *Client) keep(cell kernel.Cell) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if strings.HasPrefix(strings.TrimSpace(cell.Code), "%reset") {
		c.lost = nil
	}
	c.cells = append(c.cells, cell)
}

// missing are the cells whose variables are gone: of earlier workers, and of the present one if it is dead.
func (c *Client) missing() []kernel.Cell {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.worker.dead:
		return slices.Concat(c.lost, c.cells)
	default:
		return slices.Clone(c.lost)
	}
}

// offer is how the user gets back what a worker took with it, or "".
func (c *Client) offer() string {
	cells := c.missing()
	if len(cells) == 0 {
		return ""
	}
	return fmt.Sprintf("Run a cell with %s: it runs %s again, without those that act on something outside the notebook.", replayMagic, cellList(cells))
}

// offering adds to a death how to get back what is gone.
func (c *Client) offering(e *kernel.Error) *kernel.Error {
	offer := c.offer()
	if offer == "" {
		return e
	}
	return &kernel.Error{Name: e.Name, Value: e.Value, Traceback: append(slices.Clone(e.Traceback), offer)}
}

// cellList names cells by their numbers.
func cellList(cells []kernel.Cell) string {
	var names []string
	for i := 0; i < len(cells); {
		j := i
		for j+1 < len(cells) && cells[j+1].Count == cells[j].Count+1 {
			j++
		}
		switch name := fmt.Sprint(cells[i].Count); {
		case j > i+1:
			names = append(names, fmt.Sprintf("%s to %d", name, cells[j].Count))
		case j == i+1:
			names = append(names, name, fmt.Sprint(cells[j].Count))
		default:
			names = append(names, name)
		}
		i = j + 1
	}
	if len(cells) == 1 {
		return "cell " + names[0]
	}
	return "cells " + strings.Join(names, ", ")
}

// replay runs the cells whose variables are gone in the present worker, in order and without their output, and says which
// it left out.
func (c *Client) replay(ctx context.Context, out kernel.Output) error {
	cells := c.missing()
	var ran []kernel.Cell
	for _, cell := range cells {
		_, err := c.eval(ctx, kernel.Cell{Code: cell.Code, Count: cell.Count, Again: true, Careful: true}, muted{out})
		var failed *kernel.Error
		switch {
		case err == nil:
			ran = append(ran, cell)
		case errors.As(err, &failed) && failed.Name == kernel.LeftOut:
			out.Stream(kernel.Stderr, leftOut(cell, failed)+"\n")
		case ctx.Err() != nil || errors.As(err, &failed) && failed.Name == died:
			return err
		default:
			out.Stream(kernel.Stderr, fmt.Sprintf("cell %d fails: %s\n", cell.Count, kernel.AsError(err).Value))
		}
	}
	c.mu.Lock()
	c.lost = nil
	c.mu.Unlock()
	if len(ran) == 0 {
		out.Stream(kernel.Stderr, "no cell is missing, or none could run again\n")
		return nil
	}
	out.Stream(kernel.Stdout, "ran again: "+cellList(ran)+"\n")
	return nil
}

// muted is the output of a cell that runs again: only what it could ask for is left.
type muted struct{ kernel.Output }

func (muted) Stream(string, string) {}
func (muted) Show(kernel.Display)   {}
func (muted) Clear(bool)            {}
func (muted) Input(context.Context, string, bool) (string, error) {
	return "", kernel.ErrNoInput
}
