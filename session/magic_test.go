package session

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/kernel"
)

func TestMagicsAreOrdered(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	got := n.mustRun("import \"fmt\"\nfmt.Println(1)\n!echo two\nfmt.Println(3)\n  %sh echo four\n!echo five >&2\n6")
	if want := "1\ntwo\n3\nfour\nfive\n6"; got != want {
		t.Errorf("the cell shows %q, want %q", got, want)
	}
	if got := n.mustRun("!echo only; echo \"it's\""); got != "only\nit's" {
		t.Errorf("a cell of one magic shows %q", got)
	}
}

func TestUnknownMagic(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	failed := n.mustFail("x := 1\n%tiem x", "cell 1:2:1: no magic %tiem, did you mean %time?", "    %tiem x\n    ^")
	if !strings.HasPrefix(failed, "cell 1") {
		t.Errorf("error is\n%s", failed)
	}
	n.mustFail("x", "undefined: x") // the cell did not run
	n.mustFail("%nothing", "no magic %nothing (there are %")
	n.mustFail("%", "no name behind it")
}

func TestPlacesBesideMagics(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	n.mustFail("!true\n%time x := y", "cell 1:2:12: undefined: y", "    %time x := y\n               ^")
	n.mustFail("var xs []int\n!true\n%time xs[2]", "index out of range", "cell 2:3")
}

func TestTime(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	for name, code := range map[string]string{
		"a statement":   "import \"time\"\n%time time.Sleep(20 * time.Millisecond)\ntime.Sleep(50 * time.Millisecond)",
		"what is below": "import \"time\"\ntime.Sleep(50 * time.Millisecond)\n%time\ntime.Sleep(10 * time.Millisecond)\ntime.Sleep(10 * time.Millisecond)",
	} {
		got := n.mustRun(code)
		wall, err := time.ParseDuration(strings.Split(got, ",")[0])
		if err != nil || wall < 20*time.Millisecond || !strings.Contains(got, "CPU ") || !strings.Contains(got, "allocation") {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	if got := n.mustRun("%time 1 + 1"); !strings.HasSuffix(got, "\n2") {
		t.Errorf("the value of a timed statement is lost: %s", got)
	}
}

func TestShellFails(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	n.mustFail("x := 7\n!echo before; exit 3\nx = 8", "the command ended with exit status 3", "cell 1:2:1", "> 2 │ !echo before; exit 3")
	if got := n.mustRun("x"); got != "7" {
		t.Errorf("the statement below a failed command ran: x is %s", got)
	}
	n.mustFail("!", "no command to run")
}

func TestShellRunsInTheNotebooksFolder(t *testing.T) {
	dir := t.TempDir()
	n := open(t, dir, nil)
	n.mustRun("!echo hello > made.txt")
	if b, err := os.ReadFile(filepath.Join(dir, "made.txt")); string(b) != "hello\n" {
		t.Errorf("the file has %q, %v", b, err)
	}
}

func TestShellIsInterruptedAsAGroup(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	for name, command := range map[string]string{
		"polite":   "sleep 100 & echo $! > pid; echo busy; wait",
		"stubborn": "trap '' INT; sleep 100 & echo $! > pid; echo busy; while true; do sleep 1; done",
	} {
		failed, after := n.interruptWhen("!" + command)
		if !strings.HasPrefix(failed, "Interrupted") || after > patience {
			t.Errorf("%s: after %v: %s", name, after, failed)
		}
		b, err := os.ReadFile(filepath.Join(n.cfg.Dir, "pid"))
		pid, bad := strconv.Atoi(strings.TrimSpace(string(b)))
		if err != nil || bad != nil || !gone(pid) {
			t.Errorf("%s: the command's child %d goes on (%v, %v)", name, pid, err, bad)
		}
	}
}

func TestShellPrintsTooMuch(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	failed := n.mustFail("!yes", "printed more than 16.0 MB")
	if !strings.Contains(failed, "> out.txt") {
		t.Error(failed)
	}
}

func TestMagicsInTheEditor(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	for code, want := range map[string]string{"%ti": "time", "x := 1\n%s": "sh", "%": "help", "%time le": "len", "!ls %": ""} {
		got, err := n.Complete(t.Context(), code, len(code))
		if err != nil {
			t.Fatal(err)
		}
		first := ""
		if len(got.Candidates) > 0 {
			first = got.Candidates[0].Text
		}
		if first != want {
			t.Errorf("completion of %q begins with %q, want %q", code, first, want)
		}
	}
	b, err := n.Inspect(t.Context(), "x := 1\n%time x", 9, 0)
	if text, _ := b.Data["text/plain"].(string); err != nil || !strings.HasPrefix(text, "%time [statement]\n") {
		t.Errorf("inspection of %%time gives %q, %v", text, err)
	}
	for code, want := range map[string]string{"!echo \"": kernel.Complete, "%time for {": kernel.Incomplete, "%vars\nf(": kernel.Incomplete, "if x {\n%y": kernel.Incomplete} {
		if got, err := n.IsComplete(t.Context(), code); err != nil || got.Status != want {
			t.Errorf("%q is %s, %v; want %s", code, got.Status, err, want)
		}
	}
}

// gone waits until no process has a number.
func gone(pid int) bool {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if syscall.Kill(pid, 0) != nil {
			return true
		}
	}
	return false
}
