package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/export/child"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/stream/live"
)

// redraw is how often a live display changes at most.
const redraw = 100 * time.Millisecond

// run builds the program, runs it as a child, and shows what it says.
func (l *watched) run(ctx context.Context, program *interp.Slice, p *plan.Plan) {
	defer close(l.ended)
	defer func() {
		l.session.mu.Lock()
		delete(l.session.lives, l)
		l.session.mu.Unlock()
		l.stop()
	}()
	l.err = l.watch(ctx, program, p)
	l.last()
	if l.err != nil && !errors.Is(l.err, context.Canceled) && !l.cell.alone("Live") {
		l.cell.out.Stream(kernel.Stderr, "Live: "+l.err.Error()+"\n")
	}
}

// last draws the end of the run, with the picture that stays in the notebook.
func (l *watched) last() {
	if b, err := l.screen.bundle(true); err == nil {
		l.show(b)
	}
}

func (l *watched) watch(ctx context.Context, program *interp.Slice, p *plan.Plan) error {
	w := startWork("Live", l.show)
	defer w.leave()
	w.say("building the program")
	binary, err := l.session.buildLive(ctx, program, p, l.root, w.say)
	if err != nil {
		return err
	}
	c, err := l.session.samples.config(ctx)
	if err != nil {
		return err
	}
	env, err := c.Environment()
	if err != nil {
		return err
	}
	w.say("starting")
	if l.screen.opens() {
		env = append(env, child.EnvOpen+"=1")
	}
	k, err := startChild(ctx, binary, env)
	if err != nil {
		return err
	}
	defer k.end()
	return l.listen(ctx, k, p, w)
}

// listen follows the child until it ends, or should. The work of starting it ends with the first thing that it says.
func (l *watched) listen(ctx context.Context, k *process, p *plan.Plan, starting *work) error {
	tick := time.NewTicker(redraw)
	defer tick.Stop()
	var over <-chan time.Time
	if l.screen.span > 0 {
		over = time.After(l.screen.span)
	}
	changed := false
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-over:
			return nil
		case <-tick.C:
			if !changed {
				continue
			}
			changed = false
			b, err := l.screen.bundle(false)
			if err != nil {
				return err
			}
			starting.leave()
			l.show(b)
		case m, ok := <-k.said:
			if !ok {
				return k.why(l.screen.bad)
			}
			changed = true
			if err := l.take(m, p); err != nil || m.Bye != nil || l.screen.full() {
				return err
			}
		}
	}
}

// take puts a message on the screen.
func (l *watched) take(m live.Message, p *plan.Plan) error {
	switch {
	case m.Hello != nil && m.Hello.Plan != p.Hash():
		return fmt.Errorf("Live: the statements build another graph (plan %s) than the one that the notebook shows (plan %s): something that they depend on has changed since, run those cells again", m.Hello.Plan, p.Hash())
	case m.Rows != nil:
		return l.screen.add(m.Rows)
	case m.Progress != nil:
		l.screen.progress = *m.Progress
	case m.Bad != nil:
		l.screen.bad = append(l.screen.bad, m.Bad)
	case m.Bye != nil && m.Bye.Error != "":
		return l.screen.stopped(m.Bye.Error)
	}
	return nil
}

// stopped is why the run stopped by itself, with the row that it could not take.
func (s *screen) stopped(why string) error {
	if len(s.bad) == 0 {
		return errors.New(why)
	}
	b := s.bad[len(s.bad)-1]
	text := fmt.Sprintf("the run stopped at a row that it could not take\n  row    %s  %s\n  step   %s\n  error  %s", b.At, b.Value, b.Op, b.Error)
	if at, ok := export.CellOf(b.Stack); ok {
		text += fmt.Sprintf("\n  in     %s", at)
	}
	return errors.New(text + "\nSay what happens to such rows: OnError(Skip), or OnError(DeadLetter(\"topic\"))")
}

// process is the program of a live run as a process of its own.
type process struct {
	cmd    *exec.Cmd
	said   chan live.Message
	stderr *tail
	ended  chan struct{}
}

// messagesFD is the descriptor on which the child speaks.
const messagesFD = 3

// startChild runs a program in its own process group, which ends with this process.
func startChild(ctx context.Context, binary string, env []string) (*process, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("live run: %w", err)
	}
	k := &process{cmd: exec.CommandContext(ctx, binary), said: make(chan live.Message, 64), stderr: &tail{}, ended: make(chan struct{})}
	k.cmd.Env = append(append(os.Environ(), env...), fmt.Sprintf("%s=%d", child.EnvLive, messagesFD))
	k.cmd.ExtraFiles = []*os.File{w}
	k.cmd.Stderr, k.cmd.Stdout = k.stderr, k.stderr
	k.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	err = k.cmd.Start()
	w.Close()
	if err != nil {
		r.Close()
		return nil, fmt.Errorf("live run: %w", err)
	}
	go k.read(r)
	return k, nil
}

// read hands on what the child says until it ends.
func (k *process) read(r *os.File) {
	defer close(k.ended)
	defer close(k.said)
	defer r.Close()
	for reader := live.NewReader(r); ; {
		m, err := reader.Next()
		if err != nil {
			_ = k.cmd.Wait()
			return
		}
		k.said <- m
	}
}

// end kills the child and what it started, and waits for it.
func (k *process) end() {
	_ = syscall.Kill(-k.cmd.Process.Pid, syscall.SIGKILL)
	for range k.said { // lets read go on to its end
	}
	<-k.ended
}

// why says why the child ended without a word.
func (k *process) why([]*live.Bad) error {
	<-k.ended
	return fmt.Errorf("the run's process ended: %s\n%s", k.cmd.ProcessState, k.stderr.String())
}

// tail keeps the end of what a process prints.
type tail struct{ buf bytes.Buffer }

// maxTail is how much of it, in bytes.
const maxTail = 4096

// Write keeps the last bytes.
func (t *tail) Write(b []byte) (int, error) {
	t.buf.Write(b)
	if over := t.buf.Len() - maxTail; over > 0 {
		t.buf.Next(over)
	}
	return len(b), nil
}

// String is what was kept.
func (t *tail) String() string { return t.buf.String() }
