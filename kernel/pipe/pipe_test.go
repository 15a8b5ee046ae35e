package pipe_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/kernel/internal/echo"
	"github.com/riffle-stream/riffle/kernel/pipe"
)

const (
	asWorker = "RIFFLE_TEST_WORKER"
	within   = 10 * time.Second
)

// TestMain is the worker, too: the test binary starts itself.
func TestMain(m *testing.M) {
	switch os.Getenv(asWorker) {
	case "":
		os.Exit(m.Run())
	case "echo":
		debug.SetMaxStack(32 << 20)
		if err := pipe.Worker(context.Background(), &echo.Evaluator{}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case "diary", "diary2":
		if err := pipe.Worker(context.Background(), &diary{program: os.Getenv(asWorker)}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case "garbage":
		os.NewFile(4, "replies").WriteString("this is no frame of ours")
		select {}
	case "refuses":
		fmt.Fprintln(os.Stderr, "no licence found")
		os.Exit(7)
	}
}

func start(t *testing.T, kind string, grace time.Duration) *pipe.Client {
	t.Helper()
	command := func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), asWorker+"="+kind)
		return cmd
	}
	c, err := pipe.Start(pipe.Options{Command: command, Grace: grace})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// screen is an Output that keeps what it is shown.
type screen struct {
	mu      sync.Mutex
	moved   chan struct{}
	text    map[string]string
	events  []string
	answers []string
}

func newScreen(answers ...string) *screen {
	return &screen{moved: make(chan struct{}, 1), text: map[string]string{}, answers: answers}
}

func (s *screen) note(event string) {
	s.events = append(s.events, event)
	select {
	case s.moved <- struct{}{}:
	default:
	}
}

func (s *screen) Stream(name, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text[name] += text
	s.note(name)
}

func (s *screen) Show(d kernel.Display) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(fmt.Sprintf("show %s %v %v", d.ID, d.Update, d.Data["text/plain"]))
}

func (s *screen) Clear(wait bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(fmt.Sprintf("clear %v", wait))
}

func (s *screen) SendComm(c kernel.Comm) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(fmt.Sprintf("%s %s %s", c.Kind, c.ID, c.Data))
}

func (s *screen) Input(ctx context.Context, prompt string, password bool) (string, error) {
	s.mu.Lock()
	s.note(fmt.Sprintf("ask %s %v", prompt, password))
	defer s.mu.Unlock()
	if len(s.answers) == 0 {
		return "", kernel.ErrNoInput
	}
	return s.answers[0], nil
}

// await waits until the stream holds want.
func (s *screen) await(t *testing.T, name, want string) {
	t.Helper()
	deadline := time.After(within)
	for {
		s.mu.Lock()
		got := s.text[name]
		s.mu.Unlock()
		if strings.Contains(got, want) {
			return
		}
		select {
		case <-s.moved:
		case <-deadline:
			t.Fatalf("%s is %q, want %q in it", name, got, want)
		}
	}
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("%v %q", s.events, s.text)
}

func eval(t *testing.T, c *pipe.Client, code string, answers ...string) (*screen, kernel.Result, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	s := newScreen(answers...)
	r, err := c.Eval(ctx, kernel.Cell{Code: code, Expressions: map[string]string{"x": "value", "y": "fail why"}}, s)
	return s, r, err
}

func TestEval(t *testing.T) {
	c := start(t, "echo", 0)
	for code, want := range map[string]string{
		"print a\nprint b":            `[stdout stdout] map["stdout":"a\nb\n"]`,
		"eprint a":                    `[stderr] map["stderr":"a\n"]`,
		"show one\nupdate two\nclear": `[show d1 false one show d1 true two clear false] map[]`,
		"input name?":                 `[ask name? false stdout] map["stdout":"got Ada\n"]`,
		"pass word?":                  `[ask word? true stdout] map["stdout":"got Ada\n"]`,
		"comm w":                      `[comm_open w {"n":1}] map[]`,
	} {
		s, _, err := eval(t, c, code, "Ada")
		if err != nil || s.String() != want {
			t.Errorf("%q: %s, %v; want %s", code, s, err, want)
		}
	}
	_, r, err := eval(t, c, "result")
	if err != nil || r.Data["text/plain"] != "result" || r.Expressions["x"].Data["text/plain"] != "value" || r.Expressions["y"].Err.Value != "why" {
		t.Errorf("result %+v, %v", r, err)
	}
	if _, _, err = eval(t, c, "input?\ninput nobody"); !strings.Contains(err.Error(), "cannot ask for input") {
		t.Errorf("input that cannot be asked for: %v", err)
	}
}

func TestIntrospection(t *testing.T) {
	c := start(t, "echo", 0)
	completion, err := c.Complete(t.Context(), "é upd", 6)
	if err != nil || completion.Start != 3 || completion.End != 6 || completion.Candidates[0].Text != "update" {
		t.Errorf("Complete: %+v, %v", completion, err)
	}
	if b, err := c.Inspect(t.Context(), "print", 0, 0); err != nil || b.Data["text/plain"] != "print is a command" {
		t.Errorf("Inspect: %+v, %v", b, err)
	}
	if s, err := c.IsComplete(t.Context(), "("); err != nil || s != (kernel.Completeness{Status: kernel.Incomplete, Indent: "\t"}) {
		t.Errorf("IsComplete: %+v, %v", s, err)
	}
	s := newScreen()
	if err := c.Comm(t.Context(), kernel.Comm{Kind: kernel.CommMsg, ID: "w", Data: []byte("[1]")}, s); err != nil || s.String() != `[comm_msg w [1]] map[]` {
		t.Errorf("Comm: %s, %v", s, err)
	}
	if err := c.Comm(t.Context(), kernel.Comm{Kind: kernel.CommOpen, Target: "other"}, s); err == nil {
		t.Error("Comm: a target that nobody knows was opened")
	}
}

// What the process prints past the evaluator is below its cell, whole and in order.
func TestDescriptors(t *testing.T) {
	c := start(t, "echo", 0)
	for i := range 200 {
		code := fmt.Sprintf("fd1 é%d\nfd2 ü%[1]d\nfd1 again", i)
		s, _, err := eval(t, c, code)
		want := fmt.Sprintf("é%d\nagain\n/ü%[1]d\n", i)
		if got := s.text["stdout"] + "/" + s.text["stderr"]; err != nil || got != want {
			t.Fatalf("%d: %q, %v; want %q", i, got, err, want)
		}
	}
	s, _, _ := eval(t, c, "fd1 "+strings.Repeat("é", 200_000))
	if got := s.text["stdout"]; got != strings.Repeat("é", 200_000)+"\n" {
		t.Errorf("%d bytes, want 400001: or runes were cut", len(got))
	}
}

func TestLateOutputGoesToItsCell(t *testing.T) {
	c := start(t, "echo", 0)
	first, _, _ := eval(t, c, "late hello")
	second, _, _ := eval(t, c, "print second")
	first.await(t, "stdout", "hello\n")
	if got := second.text["stdout"]; got != "second\n" {
		t.Errorf("the second cell shows %q", got)
	}
}

func TestInterrupt(t *testing.T) {
	c := start(t, "echo", 0)
	ctx, cancel := context.WithCancel(t.Context())
	s := newScreen()
	time.AfterFunc(50*time.Millisecond, cancel)
	began := time.Now()
	_, err := c.Eval(ctx, kernel.Cell{Code: "sleep 1h"}, s)
	if e := kernel.AsError(err); e.Name != "Interrupted" {
		t.Errorf("error %v", err)
	}
	if d := time.Since(began); d > 500*time.Millisecond {
		t.Errorf("interrupted after %v", d)
	}
	if _, _, err := eval(t, c, "print fine"); err != nil {
		t.Error(err)
	}
}

func TestStuckCellCostsTheWorker(t *testing.T) {
	c := start(t, "echo", 100*time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := c.Eval(ctx, kernel.Cell{Code: "hang"}, newScreen())
	if e := kernel.AsError(err); e.Name != "Interrupted" || !strings.Contains(e.Value, "did not stop within 100ms") {
		t.Errorf("error %v", err)
	}
	if s, _, err := eval(t, c, "print fine"); err != nil || !strings.Contains(s.text["stderr"], "A new worker was started") {
		t.Errorf("%s, %v", s, err)
	}
}

func TestDeath(t *testing.T) {
	c := start(t, "echo", 0)
	for code, want := range map[string]string{
		"crash boom":               "panic: boom",
		"fd2 last words\nexit 3":   "exit code 3, as by os.Exit(3)",
		"exit 0":                   "exit code 0, as by os.Exit(0)",
		"signal 9":                 "killed by signal 9, most often because the machine ran out of memory",
		"signal 15":                "killed by signal 15, terminated",
		"deep":                     "fatal error: stack overflow",
		"fd1 printed\ncrash a\\nb": `panic: a\nb`,
	} {
		t.Run(code, func(t *testing.T) {
			s, _, err := eval(t, c, code)
			var e *kernel.Error
			if !errors.As(err, &e) || e.Name != "WorkerDied" || e.Value != want {
				t.Fatalf("error %v, want WorkerDied: %s", err, want)
			}
			report := strings.Join(e.Traceback, "\n")
			if strings.Contains(report, "goroutine") || strings.Contains(report, "runtime.") || len(e.Traceback) > 30 {
				t.Errorf("the report is a dump:\n%s", report)
			}
			if raw := s.text["stderr"]; strings.Contains(raw, "goroutine") || strings.Contains(raw, "panic") {
				t.Errorf("the dump reached the cell:\n%s", raw)
			}
			if strings.HasPrefix(code, "crash") && !strings.Contains(report, "echo.crash (") {
				t.Errorf("the frame that panicked is missing:\n%s", report)
			}
			if strings.HasPrefix(code, "fd2") && !strings.Contains(report, "last words") {
				t.Errorf("the last words are missing:\n%s", report)
			}
		})
	}
}

func TestPanicOfTheEvaluatorIsAnErrorOfTheCell(t *testing.T) {
	c := start(t, "echo", 0)
	pid := c.Pid()
	_, _, err := eval(t, c, "panic inside")
	if e := kernel.AsError(err); e.Name != "panic" || e.Value != "inside" || e.Traceback[0] != "panic: inside" {
		t.Errorf("error %+v", e)
	}
	if c.Pid() != pid {
		t.Error("it cost the worker")
	}
}

func TestDeathBetweenCells(t *testing.T) {
	c := start(t, "echo", 0)
	s, _, _ := eval(t, c, "print fine")
	if err := syscall.Kill(c.Pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.await(t, "stderr", "killed by signal 9")
	s, _, err := eval(t, c, "print again")
	if err != nil || !strings.Contains(s.text["stderr"], "A new worker was started") || s.text["stdout"] != "again\n" {
		t.Errorf("%s, %v", s, err)
	}
}

func TestWorkerThatCannotStart(t *testing.T) {
	if _, err := pipe.Start(pipe.Options{Command: func() *exec.Cmd { return exec.Command("/no/such/program") }}); err == nil || !strings.Contains(err.Error(), "/no/such/program") {
		t.Errorf("error %v, want one that names the program", err)
	}
	c := start(t, "refuses", 0)
	for range 3 {
		_, _, err := eval(t, c, "x")
		if e := kernel.AsError(err); !strings.Contains(strings.Join(e.Traceback, "\n"), "no licence found") && !strings.Contains(err.Error(), "exit code 7") {
			t.Errorf("error %+v", e)
		}
	}
	c = start(t, "garbage", 0)
	if _, _, err := eval(t, c, "x"); err == nil || !strings.Contains(err.Error(), "worker protocol") {
		t.Errorf("error %v, want one about the protocol", err)
	}
}

func TestCloseEndsTheGroup(t *testing.T) {
	c := start(t, "echo", 0)
	s, _, err := eval(t, c, "child")
	if err != nil {
		t.Fatal(err)
	}
	var child int
	fmt.Sscan(s.text["stdout"], &child)
	worker := c.Pid()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	for _, pid := range []int{worker, child} {
		if !gone(pid) {
			t.Errorf("process %d is alive", pid)
		}
	}
	if _, _, err := eval(t, c, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("after Close: %v, want context.Canceled", err)
	}
}

// gone waits for the end of a process; one that waits for its parent to notice has ended.
func gone(pid int) bool {
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.HasPrefix(string(stat[strings.LastIndexByte(string(stat), ')')+1:]), " Z") {
			return true
		}
	}
	return false
}

func TestManyCallsAtOnce(t *testing.T) {
	c := start(t, "echo", 0)
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			want := fmt.Sprintln(i)
			s := newScreen()
			if _, err := c.Eval(t.Context(), kernel.Cell{Code: fmt.Sprintf("print %d", i)}, s); err != nil || s.text["stdout"] != want {
				t.Errorf("%d: %s, %v", i, s, err)
			}
		})
	}
	all.Wait()
}

func BenchmarkEval(b *testing.B) {
	cmd := func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), asWorker+"=echo")
		return cmd
	}
	c, err := pipe.Start(pipe.Options{Command: cmd})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for b.Loop() {
		if _, err := c.Eval(b.Context(), kernel.Cell{Code: "1"}, newScreen()); err != nil {
			b.Fatal(err)
		}
	}
}

// waiting is an Output whose user never answers.
type waiting struct{ *screen }

func (w waiting) Input(ctx context.Context, _ string, _ bool) (string, error) {
	w.Stream("asked", "?")
	<-ctx.Done()
	return "", ctx.Err()
}

func TestInterruptWhileAsking(t *testing.T) {
	c := start(t, "echo", 0)
	for i := range 50 {
		ctx, cancel := context.WithCancel(t.Context())
		w := waiting{newScreen()}
		go func() {
			w.await(t, "asked", "?")
			cancel()
		}()
		if _, err := c.Eval(ctx, kernel.Cell{Code: "input name?"}, w); err == nil || kernel.AsError(err).Name != "Interrupted" {
			t.Fatalf("%d: %v", i, err)
		}
	}
}
