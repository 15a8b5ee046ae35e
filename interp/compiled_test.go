package interp

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/interp/slice"
)

// TestCorpusCompiled writes each session of the corpus as a Go program, builds all of them in one, and compares what
// they print.
func TestCorpusCompiled(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short: it runs the Go toolchain")
	}
	dir := workDir(t)
	var imports, calls strings.Builder
	var ran []session
	for i, c := range corpus(t) {
		p, err := whole(t, c)
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		pkg := fmt.Sprintf("p%d", i)
		write(t, filepath.Join(dir, pkg, "p.go"), p.File(pkg, p.Free("Run"), fakePath))
		fmt.Fprintf(&imports, "import %q\n", fakeModule(dir, pkg))
		fmt.Fprintf(&calls, "\tfmt.Print(\"\\x00\"); %s.%s()\n", pkg, p.Free("Run"))
		ran = append(ran, c)
	}
	write(t, filepath.Join(dir, "main.go"), fmt.Sprintf("package main\nimport \"fmt\"\n%sfunc main() {\n%s}\n", imports.String(), calls.String()))
	got := strings.Split(goRun(t, dir), "\x00")[1:]
	same := 0
	for i, c := range ran {
		// The program's packages are not called main.
		if out := strings.ReplaceAll(got[i], fmt.Sprintf("p%d.", i), "main."); out != c.Want {
			t.Errorf("%s: compiled gives %q, want %q", c.Name, out, c.Want)
			continue
		}
		same++
	}
	t.Logf("%d of %d sessions give their output when compiled", same, len(corpus(t)))
}

// whole is a session as one program.
func whole(t *testing.T, c session) (*Slice, error) {
	e, err := open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range c.Cells {
		if _, err := e.Eval(context.Background(), Cell{Number: i + 1, Text: text}); err != nil {
			return nil, err
		}
	}
	return slice.Of(e.session, e.history(), slice.Root{All: true}, slice.Config{})
}
