package pipe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/riffle-stream/riffle/kernel"
)

// maxCells bounds the cells whose late output finds its way below them; that of older ones goes to the newest.
const maxCells = 1024

// A worker is one process, as the front knows it.
type worker struct {
	cmd            *exec.Cmd
	hide           []string // see Options.Hide
	link           *link
	requests       *os.File // the worker reads its end
	replies        *os.File
	stdout, stderr *spout
	filter         *stderrFilter
	read           chan struct{} // closed when all replies are read

	mu      sync.Mutex
	next    uint64
	calls   map[uint64]*call
	cells   map[uint64]kernel.Output
	current kernel.Output // of the newest cell: the process's own output goes there
	verdict *kernel.Error // why we ended it; nil if we did not
	retired bool          // another has its place

	dead  chan struct{}
	cause *kernel.Error // set when dead is closed
	idle  bool          // no call was running then
}

// A call waits for its reply.
type call struct {
	ctx     context.Context
	replied chan frame
	cell    *kernel.Cell // nil for other calls
	line    int          // of the cell, as far as it is known; 0 is the first, too
}

// place notes which line of a cell runs.
func (w *worker) place(id uint64, line int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.calls[id]; c != nil {
		c.line = line
	}
}

// launch starts the process with our four pipes.
func launch(cmd *exec.Cmd, hide []string) (*worker, error) {
	w := &worker{cmd: cmd, hide: hide, read: make(chan struct{}), dead: make(chan struct{}),
		calls: map[uint64]*call{}, cells: map[uint64]kernel.Output{}}
	var p pipes
	requestsIn, requests := p.open()
	replies, repliesOut := p.open()
	stdout, stdoutIn := p.open()
	stderr, stderrIn := p.open()
	if p.err == nil {
		w.filter = &stderrFilter{emit: func(text string) { w.print(kernel.Stderr, text) }}
		w.stdout, p.err = newSpout(stdout, func(text string) { w.print(kernel.Stdout, text) })
	}
	if p.err == nil {
		w.stderr, p.err = newSpout(stderr, w.filter.write)
	}
	if p.err == nil {
		cmd.Stdin, cmd.Stdout, cmd.Stderr = nil, stdoutIn, stderrIn
		cmd.ExtraFiles = []*os.File{requestsIn, repliesOut}
		ownGroup(cmd)
		p.err = cmd.Start()
	}
	if p.err != nil {
		p.close(p.all...)
		return nil, fmt.Errorf("cannot start the worker %s: %w", cmd.Path, p.err)
	}
	p.close(requestsIn, repliesOut, stdoutIn, stderrIn)
	w.requests, w.replies = requests, replies
	w.link = newLink(replies, requests)
	go w.stdout.run()
	go w.stderr.run()
	go w.listen()
	go w.wait()
	return w, nil
}

// pipes opens pipes until one fails.
type pipes struct {
	all []*os.File
	err error
}

func (p *pipes) open() (r, w *os.File) {
	if p.err == nil {
		r, w, p.err = os.Pipe()
	}
	if p.err == nil {
		p.all = append(p.all, r, w)
	}
	return r, w
}

func (p *pipes) close(files ...*os.File) {
	for _, f := range files {
		f.Close()
	}
}

// print shows what the process itself wrote, below the newest cell.
func (w *worker) print(name, text string) {
	if out := w.output(0); out != nil {
		out.Stream(name, text)
	}
}

// output gives the Output of a cell; of the newest if it is not known. Nil before the first cell.
func (w *worker) output(id uint64) kernel.Output {
	w.mu.Lock()
	defer w.mu.Unlock()
	if out, ok := w.cells[id]; ok {
		return out
	}
	return w.current
}

// begin registers a call, and its output if it is a cell.
func (w *worker) begin(ctx context.Context, out kernel.Output, isCell bool) (id uint64, c *call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next++
	c = &call{ctx: ctx, replied: make(chan frame, 1)}
	w.calls[w.next] = c
	if out != nil {
		w.cells[w.next] = out
		delete(w.cells, w.next-maxCells)
	}
	if isCell {
		w.current = out
	}
	return w.next, c
}

func (w *worker) end(id uint64) *call {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.calls[id]
	delete(w.calls, id)
	return c
}

// kill ends the process for a reason of ours.
func (w *worker) kill(reason *kernel.Error) {
	w.mu.Lock()
	w.verdict = reason
	w.mu.Unlock()
	endGroup(w.cmd.Process.Pid)
}

// wait notes the end of the process, when everything it sent has been read.
func (w *worker) wait() {
	w.cmd.Wait()
	endGroup(w.cmd.Process.Pid) // what the cells have started
	select {
	case <-w.read:
	case <-time.After(time.Second): // a process that left the group holds the pipe open
	}
	w.stdout.drain()
	w.stderr.drain()
	dump, tail := w.filter.last()
	w.mu.Lock()
	w.cause, w.idle = w.verdict, len(w.calls) == 0
	w.mu.Unlock()
	if w.cause == nil {
		w.cause = obituary(w.cmd.ProcessState, dump, tail, w.hide)
	}
	close(w.dead)
	w.stdout.close()
	w.stderr.close()
	w.requests.Close()
	w.replies.Close()
}

// listen reads replies and effects until the process closes its end.
func (w *worker) listen() {
	defer close(w.read)
	for {
		f, err := w.link.receive()
		if err == nil {
			err = w.handle(f)
		}
		if errors.Is(err, ErrProtocol) {
			w.kill(kernel.AsError(fmt.Errorf("the worker was ended: %w", err)))
		}
		if err != nil {
			io.Copy(io.Discard, w.link.r)
			return
		}
	}
}

// drain brings what the process printed before it sent the frame at hand.
func (w *worker) drain() {
	w.stdout.drain()
	w.stderr.drain()
}
