package pipe_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/kernel/internal/echo"
	"github.com/riffle-stream/riffle/kernel/pipe"
)

// A diary is an evaluator of which some programs lack something: "need NAME" runs in the program NAME alone, "ran" says
// what has run, "once" cannot be run again, "write" acts on the world and may not, "read" needs what "write" has written.
type diary struct {
	echo.Evaluator
	program string
	ran     []string
}

// Eval implements kernel.Evaluator.
func (d *diary) Eval(_ context.Context, cell kernel.Cell, out kernel.Output) (kernel.Result, error) {
	if name, ok := strings.CutPrefix(cell.Code, "need "); ok && name != d.program && !cell.Again {
		return kernel.Result{}, &kernel.Error{Name: "Error", Value: "not here", Successor: name}
	}
	if cell.Code == "once" && cell.Again {
		return kernel.Result{}, errors.New("it was only for once")
	}
	if cell.Code == "write" && cell.Careful {
		return kernel.Result{}, &kernel.Error{Name: kernel.LeftOut, Value: "it writes"}
	}
	if cell.Code == "bad" || cell.Code == "read" && !slices.ContainsFunc(d.ran, func(c string) bool { return strings.HasPrefix(c, "write") }) {
		return kernel.Result{}, errors.New("bad")
	}
	if cell.Again {
		out.Stream(kernel.Stdout, "nobody wants to see this")
	}
	d.ran = append(d.ran, fmt.Sprint(cell.Code, cell.Count))
	if cell.Code == "ran" {
		out.Stream(kernel.Stdout, d.program+": "+strings.Join(d.ran, " "))
	}
	return kernel.Result{}, nil
}

func diaries(t *testing.T) *pipe.Client {
	t.Helper()
	command := func(program string) *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), asWorker+"="+program)
		if program == "missing" {
			cmd = exec.Command("/no/such/program")
		}
		return cmd
	}
	c, err := pipe.Start(pipe.Options{Command: func() *exec.Cmd { return command("diary") }, Succeed: command})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestAnotherProgramTakesOver(t *testing.T) {
	c := diaries(t)
	cells := []string{"a", "bad", "b", "need diary2", "ran"}
	s := newScreen()
	for i, code := range cells {
		_, err := c.Eval(t.Context(), kernel.Cell{Code: code, Count: i + 1}, s)
		if (err != nil) != (code == "bad") {
			t.Fatalf("%s: %v", code, err)
		}
	}
	if got, want := s.text[kernel.Stdout], "diary2: a1 b3 need diary24 ran5"; got != want {
		t.Errorf("the cells show %q, want %q", got, want)
	}
	if got := s.text[kernel.Stderr]; got != "" {
		t.Errorf("the end of the first worker is said: %q", got)
	}
	before := c.Pid()
	if _, err := c.Eval(t.Context(), kernel.Cell{Code: "need diary2", Count: 6}, s); err != nil || c.Pid() != before {
		t.Errorf("a second change of workers, or %v", err)
	}
}

// What a cell has done to the world is not done again for a module. It is named, and can be run again by hand.
func TestAnotherProgramDoesNotActAgain(t *testing.T) {
	c := diaries(t)
	s := newScreen()
	run := func(cells ...string) (err error) {
		for i, code := range cells {
			if _, err = c.Eval(t.Context(), kernel.Cell{Code: code, Count: i + 1}, s); err != nil {
				return err
			}
		}
		return nil
	}
	if err := run("a", "write", "b", "need diary2", "ran", "need diary"); err != nil {
		t.Fatal(err)
	}
	if got, want := s.text[kernel.Stdout], "diary2: a1 b3 need diary24 ran5"; got != want {
		t.Errorf("the cells show %q, want %q", got, want)
	}
	if got, want := s.text[kernel.Stderr], "left out cell 2: it writes; run it again if its variables are needed\n"; got != want {
		t.Errorf("the note is %q, want %q, once", got, want)
	}
	before := c.Pid()
	err := run("write", "read", "need diary2")
	if err == nil || !strings.Contains(err.Error(), "cell 2 cannot be run again in a new process, so nothing has changed: bad; left out cell 1: it writes") || c.Pid() != before {
		t.Errorf("where a later cell needs it: %v", err)
	}
}

func TestTheSessionStaysWhereItCannotGo(t *testing.T) {
	for _, program := range []string{"diary2", "missing", "refuses"} {
		c := diaries(t)
		before := c.Pid()
		s := newScreen()
		run := func(code string) error {
			_, err := c.Eval(t.Context(), kernel.Cell{Code: code, Count: 7}, s)
			return err
		}
		want := "diary: ran7"
		if program == "diary2" {
			want = "diary: once7 ran7"
			if err := run("once"); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		err := run("need " + program)
		if err == nil || program == "diary2" && !strings.Contains(err.Error(), "cell 7 cannot be run again in a new process, so nothing has changed: it was only for once") {
			t.Errorf("%s: error %v", program, err)
		}
		if err := run("ran"); err != nil || s.text[kernel.Stdout] != want {
			t.Errorf("%s: afterwards the session shows %q, %v", program, s.text[kernel.Stdout], err)
		}
		if c.Pid() != before || time.Since(began) > within {
			t.Errorf("%s: the worker is another, after %v", program, time.Since(began))
		}
	}
}
