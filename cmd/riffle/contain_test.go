package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/kernel/pipe"
)

// harm is what a cell does to its process, and what the user reads of it.
var harm = []struct {
	name, cell string
	says       []string
	dies       bool // the worker does
}{
	{"goroutine panic", "done := make(chan int)\ngo func() {\n\tdefer close(done)\n\tpanic(\"boo\")\n}()\n<-done\ntime.Sleep(50 * time.Millisecond)", []string{"in a goroutine: panic: boo", "cell 2:4"}, false},
	{"recursion", "func f(n int) int { return f(n+1) + 1 }\nf(0)", []string{"stack overflow", "cell 2:"}, false},
	{"mutual recursion", "func a(n int) int { return b(n) + 1 }\nfunc b(n int) int { return a(n) + 1 }\na(0)", []string{"stack overflow"}, false},
	{"recursion of a closure", "var g func(int) int\ng = func(n int) int { return g(n+1) + 1 }\ng(0)", []string{"stack overflow"}, false},
	{"recursion of a method", "type R struct{}\nfunc (r R) M(n int) int { return r.M(n+1) + 1 }\nR{}.M(0)", []string{"stack overflow"}, false},
	{"recursion of an interface", "type I interface{ M() int }\ntype R struct{ i I }\nfunc (r *R) M() int { return r.i.M() + 1 }\nr := &R{}\nr.i = r\nr.M()", []string{"stack overflow"}, false},
	{"recursion of String", "type S struct{ n int }\nfunc (s S) String() string { return fmt.Sprintf(\"%v\", s) }\nfmt.Println(S{1})", []string{"stack overflow"}, false},
	{"recursion in a sort", "var srt func(s []int)\nsrt = func(s []int) { sort.Slice(s, func(i, j int) bool { srt([]int{2, 1}); return s[i] < s[j] }) }\nsrt([]int{3, 1, 2})", []string{"stack overflow"}, false},
	{"exit", "os.Exit(3)", []string{"exit status 3"}, false},
	{"exit in a goroutine", "go os.Exit(3)\ntime.Sleep(50 * time.Millisecond)", []string{"exit status 3"}, false},
	{"log.Fatal", "log.Fatal(\"no more\")", []string{"no more", "exit status 1"}, false},
	{"Goexit", "runtime.Goexit()", []string{"runtime.Goexit"}, false},
	{"concurrent map write", "m := map[int]int{}\nvar wg sync.WaitGroup\nfor i := 0; i < 8; i++ {\n\twg.Add(1)\n\tgo func() {\n\t\tdefer wg.Done()\n\t\tfor k := 0; k < 200000; k++ {\n\t\t\tm[k%10] = k\n\t\t}\n\t}()\n}\nwg.Wait()", []string{"concurrent map", "cell 2:"}, true},
	{"slice out of memory", "b := make([]byte, 1<<40)\n_ = b", []string{"out of memory", "cell 2:"}, true},
	{"growing slice", "var s [][]byte\nfor {\n\ts = append(s, make([]byte, 1<<30))\n}", []string{"out of memory", "cell 2:2"}, true},
	{"string out of memory", "s := strings.Repeat(\"0123456789\", 1<<36)\n_ = s", []string{"out of memory", "cell 2:"}, true},
	{"kill", "syscall.Kill(os.Getpid(), syscall.SIGKILL)\ntime.Sleep(time.Second)", []string{"signal 9", "cell 2:"}, true},
	{"nil function of compiled code", "sort.Slice([]int{2, 1}, nil)", []string{"nil pointer"}, false},
	{"panic of a timer", "time.AfterFunc(time.Millisecond, func() { panic(\"later\") })\ntime.Sleep(100 * time.Millisecond)", []string{"in a goroutine: panic: later"}, false},
	{"panic of a wait group", "var wg sync.WaitGroup\nwg.Go(func() { panic(\"grouped\") })\nwg.Wait()\ntime.Sleep(50 * time.Millisecond)", []string{"in a goroutine: panic: grouped"}, false},
}

// page is an output that keeps the text.
type page struct {
	mu   sync.Mutex
	text strings.Builder
}

func (p *page) Stream(_, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text.WriteString(text)
}
func (p *page) Show(d kernel.Display) {
	if text, ok := d.Data["text/plain"].(string); ok {
		p.Stream("", text+"\n")
	}
}
func (p *page) Clear(bool) {}
func (p *page) Input(context.Context, string, bool) (string, error) {
	return "", kernel.ErrNoInput
}
func (p *page) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// TestHarm runs cells that would end a program in a real worker.
func TestHarm(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short: it starts workers and lets them take all memory they may")
	}
	for _, h := range harm {
		t.Run(h.name, func(t *testing.T) {
			c, run := worker(t)
			if got := run("import (\"fmt\"; \"log\"; \"os\"; \"runtime\"; \"sort\"; \"strings\"; \"sync\"; \"syscall\"; \"time\")\nvar _ = []any{fmt.Print, log.Print, os.Exit, runtime.GC, sort.Ints, strings.Repeat, sync.NewCond, syscall.Kill, time.Now}\nx := 41"); got != "" {
				t.Fatal(got)
			}
			pid := c.Pid()
			start := time.Now()
			got := run(h.cell)
			t.Logf("%v: %s", time.Since(start).Round(time.Millisecond), got)
			for _, want := range h.says {
				if !strings.Contains(got, want) {
					t.Errorf("it does not say %q", want)
				}
			}
			after := run("fmt.Println(x + 1)")
			if h.dies != (c.Pid() != pid) {
				t.Errorf("the worker died: %t, want %t\n%s", c.Pid() != pid, h.dies, after)
			} else if !h.dies && after != "42\n" {
				t.Errorf("the session says %q", after)
			}
			if !h.dies {
				return
			}
			if !strings.Contains(got, "Run a cell with %replay: it runs cell 1 again") {
				t.Error("it does not offer to run the cells again")
			}
			if got := run("%replay"); got != "ran again: cell 1\n" {
				t.Errorf("%%replay says %q", got)
			}
			if got := run("fmt.Println(x + 1)"); got != "42\n" {
				t.Errorf("after %%replay the session says %q", got)
			}
		})
	}
}

// worker starts a worker, and gives what runs a cell in it and tells all that the cell shows.
func worker(t *testing.T) (*pipe.Client, func(code string) string) {
	c, err := pipe.Start(pipe.Options{Command: func() *exec.Cmd { return exec.Command(riffle, "worker") }, Hide: machinery, Grace: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	n := 0
	return c, func(code string) string {
		ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
		defer cancel()
		n++
		p := &page{}
		if _, err := c.Eval(ctx, kernel.Cell{Code: code, Count: n}, p); err != nil {
			p.Stream("", strings.Join(kernel.AsError(err).Traceback, "\n"))
		}
		return p.String()
	}
}

// TestReplay gives a new worker what the old one had, but for what would act on the world a second time.
func TestReplay(t *testing.T) {
	_, run := worker(t)
	file := filepath.Join(t.TempDir(), "written")
	for _, code := range []string{
		"import (\"fmt\"; \"os\"; \"syscall\")\nx := 20\nfmt.Println(\"shown once\")",
		"func save(name string) { os.WriteFile(name, nil, 0o644) }\nfunc double(v int) int { return 2 * v }",
		fmt.Sprintf("save(%q)", file),
		"y := double(x)",
		"x = 7\npanic(\"this cell failed\")",
		"%sh true",
		"x = 21",
	} {
		run(code)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if got := run("syscall.Kill(os.Getpid(), 9)\nfor { }"); !strings.Contains(got, "cell 8:1\n    syscall.Kill(os.Getpid(), 9)") || !strings.Contains(got, "it runs cells 1 to 4, 6, 7 again") {
		t.Errorf("the end of the worker is told as\n%s", got)
	}
	want := "A new worker was started: variables and functions of earlier cells are gone."
	if got := run("1 + 1"); !strings.Contains(got, want) || !strings.Contains(got, "%replay") {
		t.Errorf("the next cell says %q", got)
	}
	want = "left out cell 3: os.WriteFile acts on files or the process\nran again: cells 1, 2, 4, 6, 7\n"
	if got := run("%replay"); got != want {
		t.Errorf("%%replay says %q, want %q", got, want)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the file was written again")
	}
	if got := run("fmt.Println(x, y, double(y))"); got != "21 40 80\n" {
		t.Errorf("after it the session says %q", got)
	}
}
