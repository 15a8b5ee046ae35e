package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/riffle-stream/riffle/kernel"
)

const shHelp = `!ls -l
%sh grep -c ERROR app.log
	what it prints comes line by line; it ends the cell if it fails, and an interrupt ends it.
	It has no input. A ! at the start of a statement is a command: a Go value there is (!ok)`

// maxShell bounds what one command may print, in bytes.
const maxShell = 16 << 20

// lastWords is how long an interrupted command may take to end by itself.
const lastWords = 100 * time.Millisecond

// shMagic runs a command in the notebook's folder.
func (s *Session) shMagic(c *running, args string) error {
	if args == "" {
		return errors.New("no command to run, want such as !ls -l")
	}
	if s.repeats { // what it did is done
		return nil
	}
	ctx, cancel := context.WithCancelCause(c.ctx)
	defer cancel(nil)
	cmd := exec.CommandContext(ctx, "sh", "-c", args)
	cmd.Dir = s.cfg.Dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return endGroup(cmd.Process.Pid) }
	left := &allowance{bytes: maxShell, exceeded: func() {
		cancel(fmt.Errorf("the command printed more than %s and was ended; write it to a file: … > out.txt", size(maxShell)))
	}}
	out, errs := &lineWriter{out: c.out, stream: kernel.Stdout, left: left}, &lineWriter{out: c.out, stream: kernel.Stderr, left: left}
	cmd.Stdout, cmd.Stderr = out, errs
	err := cmd.Run()
	out.flush()
	errs.flush()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("the command ended with %s", exit.ProcessState)
	}
	return err
}

// endGroup ends a process and all that it started: politely, then for good.
func endGroup(pid int) error {
	if err := syscall.Kill(-pid, syscall.SIGINT); err != nil {
		return err
	}
	time.AfterFunc(lastWords, func() { _ = syscall.Kill(-pid, syscall.SIGKILL) }) // it may be gone by then
	return nil
}

// An allowance is how much may still be printed.
type allowance struct {
	mu       sync.Mutex
	bytes    int
	exceeded func()
}

func (a *allowance) take(n int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.bytes < 0 {
		return false
	}
	if a.bytes -= n; a.bytes < 0 {
		a.exceeded()
		return false
	}
	return true
}

// A lineWriter prints whole lines to a stream of a cell, so that those of two streams do not mix.
type lineWriter struct {
	out    kernel.Output
	stream string
	left   *allowance
	rest   []byte
}

// maxLine is what is printed of a line before it has ended.
const maxLine = 64 << 10

// Write prints the lines that are complete.
func (w *lineWriter) Write(b []byte) (int, error) {
	if !w.left.take(len(b)) {
		return len(b), nil
	}
	w.rest = append(w.rest, b...)
	end := bytes.LastIndexByte(w.rest, '\n') + 1
	if end == 0 && len(w.rest) > maxLine {
		end = len(w.rest)
	}
	w.out.Stream(w.stream, string(bytes.ToValidUTF8(w.rest[:end], []byte("�"))))
	w.rest = append(w.rest[:0], w.rest[end:]...)
	return len(b), nil
}

func (w *lineWriter) flush() {
	w.out.Stream(w.stream, string(bytes.ToValidUTF8(w.rest, []byte("�"))))
	w.rest = nil
}
