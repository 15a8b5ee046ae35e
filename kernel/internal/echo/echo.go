// Package echo is an evaluator for tests: a tiny command language in which each cell is one line or more.
//
// A line is a command and its argument; a line that is no command is the cell's value.
package echo

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/riffle-stream/riffle/kernel"
)

// Evaluator is a kernel.Evaluator and a kernel.CommHandler. Its only state is what "set" stored.
type Evaluator struct {
	mu   sync.Mutex
	vars map[string]string
}

type command func(e *Evaluator, ctx context.Context, arg string, out kernel.Output) error

// commands are the words of the language; what they do to the process is what cells do by accident.
func commands() map[string]command {
	return map[string]command{
		"print":  text(func(out kernel.Output, arg string) { out.Stream(kernel.Stdout, arg+"\n") }),
		"eprint": text(func(out kernel.Output, arg string) { out.Stream(kernel.Stderr, arg+"\n") }),
		"fd1":    text(func(_ kernel.Output, arg string) { fmt.Fprintln(os.Stdout, arg) }),
		"fd2":    text(func(_ kernel.Output, arg string) { fmt.Fprintln(os.Stderr, arg) }),
		"flood":  number(flood),
		"big":    number(func(out kernel.Output, n int) { out.Stream(kernel.Stdout, strings.Repeat("x", n)) }),
		"show": text(func(out kernel.Output, arg string) {
			out.Show(kernel.Display{Bundle: kernel.Text(arg), ID: "d1"})
		}),
		"update": text(func(out kernel.Output, arg string) {
			out.Show(kernel.Display{Bundle: kernel.Text(arg), ID: "d1", Update: true})
		}),
		"clear": text(func(out kernel.Output, arg string) { out.Clear(arg == "wait") }),
		"late":  text(late),
		"comm": text(func(out kernel.Output, arg string) {
			out.(kernel.CommSender).SendComm(kernel.Comm{Kind: kernel.CommOpen, ID: arg, Target: "echo", Data: []byte(`{"n":1}`)})
		}),

		"set":   (*Evaluator).set,
		"get":   (*Evaluator).get,
		"input": input(false),
		"pass":  input(true),
		"sleep": sleep,
		"fail":  fail,

		"hang":   text(func(kernel.Output, string) { select {} }),
		"panic":  text(func(_ kernel.Output, arg string) { panic(arg) }),
		"crash":  text(func(_ kernel.Output, arg string) { go crash(arg); select {} }),
		"after":  text(func(_ kernel.Output, arg string) { time.AfterFunc(50*time.Millisecond, func() { crash(arg) }) }),
		"exit":   number(func(_ kernel.Output, n int) { os.Exit(n) }),
		"deep":   text(func(kernel.Output, string) { deep(1) }),
		"signal": number(func(_ kernel.Output, n int) { syscall.Kill(os.Getpid(), syscall.Signal(n)); select {} }),
		"child":  child,
		"spew": text(func(_ kernel.Output, arg string) {
			for {
				fmt.Println(arg)
			}
		}),
	}
}

func crash(why string) { panic(why) }

func deep(n int) int { return deep(n+1) + 1 }

func flood(out kernel.Output, n int) {
	for i := range n {
		out.Stream(kernel.Stdout, fmt.Sprintf("line %d\n", i))
	}
}

func late(out kernel.Output, arg string) {
	time.AfterFunc(100*time.Millisecond, func() { out.Stream(kernel.Stdout, arg+"\n") })
}

func text(f func(out kernel.Output, arg string)) command {
	return func(_ *Evaluator, _ context.Context, arg string, out kernel.Output) error {
		f(out, arg)
		return nil
	}
}

func number(f func(out kernel.Output, n int)) command {
	return text(func(out kernel.Output, arg string) {
		n, _ := strconv.Atoi(arg)
		f(out, n)
	})
}

func input(password bool) command {
	return func(_ *Evaluator, ctx context.Context, arg string, out kernel.Output) error {
		s, err := out.Input(ctx, arg, password)
		if err == nil {
			out.Stream(kernel.Stdout, "got "+s+"\n")
		}
		return err
	}
}

func sleep(_ *Evaluator, ctx context.Context, arg string, _ kernel.Output) error {
	d, err := time.ParseDuration(arg)
	if err != nil {
		return err
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func fail(_ *Evaluator, _ context.Context, arg string, _ kernel.Output) error {
	return &kernel.Error{Name: "Failed", Value: arg, Traceback: []string{"Failed: " + arg}}
}

// child starts a process that outlives the cell and prints its identifier.
func child(_ *Evaluator, _ context.Context, _ string, out kernel.Output) error {
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		return err
	}
	out.Stream(kernel.Stdout, fmt.Sprintln(cmd.Process.Pid))
	return nil
}

func (e *Evaluator) set(_ context.Context, arg string, _ kernel.Output) error {
	name, value, _ := strings.Cut(arg, " ")
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.vars == nil {
		e.vars = map[string]string{}
	}
	e.vars[name] = value
	return nil
}

func (e *Evaluator) get(_ context.Context, arg string, out kernel.Output) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	value, ok := e.vars[arg]
	if !ok {
		return fmt.Errorf("no variable %q", arg)
	}
	out.Stream(kernel.Stdout, value+"\n")
	return nil
}

// Eval implements kernel.Evaluator.
func (e *Evaluator) Eval(ctx context.Context, cell kernel.Cell, out kernel.Output) (kernel.Result, error) {
	var result kernel.Result
	for line := range strings.Lines(cell.Code) {
		line = strings.TrimSuffix(line, "\n")
		word, arg, _ := strings.Cut(line, " ")
		if do, ok := commands()[word]; ok {
			if err := do(e, ctx, arg, out); err != nil {
				return kernel.Result{}, err
			}
		} else if word == "page" {
			b := kernel.Text(arg)
			result.Page = &b
		} else if strings.TrimSpace(line) != "" {
			result.Bundle = kernel.Text(line)
		}
	}
	result.Expressions = map[string]kernel.Expression{}
	for name, code := range cell.Expressions {
		if arg, bad := strings.CutPrefix(code, "fail "); bad {
			result.Expressions[name] = kernel.Expression{Err: &kernel.Error{Name: "Failed", Value: arg}}
		} else {
			result.Expressions[name] = kernel.Expression{Bundle: kernel.Text(code)}
		}
	}
	return result, nil
}

// Complete implements kernel.Evaluator: the commands that begin with the word at the cursor.
func (e *Evaluator) Complete(_ context.Context, code string, cursor int) (kernel.Completion, error) {
	start := strings.LastIndexAny(code[:cursor], " \n") + 1
	c := kernel.Completion{Start: start, End: cursor}
	for word := range commands() {
		if strings.HasPrefix(word, code[start:cursor]) {
			c.Candidates = append(c.Candidates, kernel.Candidate{Text: word, Type: "function", Signature: "(arg)"})
		}
	}
	slices.SortFunc(c.Candidates, func(a, b kernel.Candidate) int { return strings.Compare(a.Text, b.Text) })
	return c, nil
}

// Inspect implements kernel.Evaluator: it knows the commands.
func (e *Evaluator) Inspect(_ context.Context, code string, _, _ int) (kernel.Bundle, error) {
	word, _, _ := strings.Cut(code, " ")
	if _, ok := commands()[word]; !ok {
		return kernel.Bundle{}, nil
	}
	return kernel.Text(word + " is a command"), nil
}

// IsComplete implements kernel.Evaluator: an open parenthesis wants another line, a closed one is wrong.
func (e *Evaluator) IsComplete(_ context.Context, code string) (kernel.Completeness, error) {
	switch open := strings.Count(code, "(") - strings.Count(code, ")"); {
	case open > 0:
		return kernel.Completeness{Status: kernel.Incomplete, Indent: "\t"}, nil
	case open < 0:
		return kernel.Completeness{Status: kernel.Invalid}, nil
	}
	return kernel.Completeness{Status: kernel.Complete}, nil
}

// Comm implements kernel.CommHandler: the target "echo" sends back what it gets.
func (e *Evaluator) Comm(_ context.Context, c kernel.Comm, out kernel.Output) error {
	if c.Kind == kernel.CommOpen && c.Target != "echo" {
		return fmt.Errorf("no widgets for target %q", c.Target)
	}
	if c.Kind == kernel.CommMsg {
		out.(kernel.CommSender).SendComm(c)
	}
	return nil
}
