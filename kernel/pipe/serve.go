package pipe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"

	"github.com/riffle-stream/riffle/kernel"
)

// The descriptors on which a Client talks with the process that it starts.
const (
	requestsFD = 3
	repliesFD  = 4
)

// Worker is the main of a worker process: it serves the Client that started it, and when that is gone it
// ends its whole process group, so that nothing a cell started outlives the kernel.
func Worker(ctx context.Context, eval kernel.Evaluator) error {
	syscall.CloseOnExec(requestsFD)
	syscall.CloseOnExec(repliesFD)
	r, w := os.NewFile(requestsFD, "requests"), os.NewFile(repliesFD, "replies")
	if info, err := r.Stat(); err != nil || info.Mode()&os.ModeNamedPipe == 0 { // the run time may have a file of its own there
		return errors.New("a worker is started by a kernel, not by hand")
	}
	ignoreBrokenPipes()
	err := Serve(ctx, r, w, eval)
	endOwnGroup()
	return err
}

// ignoreBrokenPipes keeps a worker that prints when the front has died from ending before its group does.
// (signal.Ignore would be inherited by the processes that cells start.)
func ignoreBrokenPipes() {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
}

// Serve answers the calls that come on r with eval, and writes replies and effects to w. It returns nil
// at the end of r; calls that still run are given up.
func Serve(ctx context.Context, r io.Reader, w io.Writer, eval kernel.Evaluator) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &server{link: newLink(r, w), eval: eval, turn: make(chan struct{}), ended: make(chan error, 1), cancels: map[uint64]context.CancelFunc{}, answers: map[uint64]chan answer{}}
	if err := s.link.send(helloFrame, 0, hello{Version: version}); err != nil {
		return fmt.Errorf("worker: %w", err)
	}
	go s.work(ctx)
	err := <-s.ended
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return fmt.Errorf("worker: %w", err)
}

type server struct {
	link  *link
	eval  kernel.Evaluator
	turn  chan struct{} // to read, for goroutines that have served a call
	ended chan error    // why there is nothing more to read

	mu      sync.Mutex
	cancels map[uint64]context.CancelFunc // of the calls that run
	answers map[uint64]chan answer        // to the questions that wait
	asked   uint64
}

// work reads frames until one is a call, lets another goroutine read on, makes the call, and waits for its turn to read
// again: no call waits for a goroutine to wake up, and one that has served before has a stack that was grown.
func (s *server) work(serving context.Context) {
	for {
		f, err := s.link.receive()
		if err != nil {
			s.ended <- err
			return
		}
		ctx := s.note(serving, f)
		if ctx == nil {
			continue
		}
		select {
		case s.turn <- struct{}{}:
		default:
			go s.work(serving)
		}
		s.serve(ctx, f)
		select {
		case <-s.turn:
		case <-serving.Done():
			return
		}
	}
}

// note acts on a frame that is no call; of a call it gives the context.
func (s *server) note(serving context.Context, f frame) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch f.kind {
	case interruptFrame:
		if cancel := s.cancels[f.id]; cancel != nil {
			cancel()
		}
	case answerFrame:
		if a, err := decode[answer](f); err == nil && s.answers[a.Number] != nil {
			s.answers[a.Number] <- a
			delete(s.answers, a.Number)
		}
	default:
		ctx, cancel := context.WithCancel(serving)
		s.cancels[f.id] = cancel
		return ctx
	}
	return nil
}

// serve makes one call of the evaluator and sends its reply.
func (s *server) serve(ctx context.Context, f frame) {
	value, err := s.call(ctx, f)
	s.mu.Lock()
	s.cancels[f.id]()
	delete(s.cancels, f.id)
	s.mu.Unlock()
	r := reply[any]{Value: value}
	if err != nil {
		r = reply[any]{Err: kernel.AsError(err)}
	}
	if err := s.link.send(replyFrame, f.id, r); err != nil { // too large, or no JSON
		s.link.send(replyFrame, f.id, reply[any]{Err: kernel.AsError(fmt.Errorf("the result cannot be shown: %w", err))})
	}
}

func (s *server) call(ctx context.Context, f frame) (value any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	out := &remoteOutput{server: s, id: f.id}
	switch f.kind {
	case evalFrame:
		cell, err := decode[kernel.Cell](f)
		if err != nil {
			return nil, err
		}
		return s.eval.Eval(ctx, cell, out)
	case commFrame:
		return nil, s.comm(ctx, f, out)
	}
	c, err := decode[code](f)
	if err != nil {
		return nil, err
	}
	switch f.kind {
	case completeFrame:
		return s.eval.Complete(ctx, c.Text, c.Cursor)
	case inspectFrame:
		return s.eval.Inspect(ctx, c.Text, c.Cursor, c.Detail)
	case isCompleteFrame:
		return s.eval.IsComplete(ctx, c.Text)
	}
	return nil, fmt.Errorf("%w: unexpected kind %d", ErrProtocol, f.kind)
}

func (s *server) comm(ctx context.Context, f frame, out kernel.Output) error {
	c, err := decode[kernel.Comm](f)
	if err != nil {
		return err
	}
	h, ok := s.eval.(kernel.CommHandler)
	if !ok {
		return fmt.Errorf("no widgets for target %q", c.Target)
	}
	return h.Comm(ctx, c, out)
}

// panicked is a panic that the evaluator let through: a fault of it, which costs the cell and not the worker.
func panicked(p any) error {
	text := append([]string{fmt.Sprintf("panic: %v", p)}, strings.Split(strings.TrimSpace(string(debug.Stack())), "\n")...)
	return &kernel.Error{Name: "panic", Value: fmt.Sprint(p), Traceback: crashReport(strings.Join(text, "\n"), nil)}
}
