package interp

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	programs = flag.Int("programs", 24, "how many random programs are compared with what they print when compiled")
	seed     = flag.Uint64("seed", 1, "of the first of them")
)

// TestRandomPrograms runs random programs as cells and compiled, all in one, and compares what they print.
func TestRandomPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short: it runs the Go toolchain")
	}
	dir := workDir(t)
	var imports, calls strings.Builder
	for i := range *programs {
		p := generate(*seed + uint64(i))
		pkg := fmt.Sprintf("p%d", i)
		write(t, filepath.Join(dir, pkg, "p.go"), fmt.Sprintf("package %s\nimport \"fmt\"\n%s\nfunc Run() {\ndefer func() { if r := recover(); r != nil { fmt.Println(\"ends:\", r) } }()\n%s\n}\n", pkg, p.decls, strings.Join(p.stmts, "\n")))
		fmt.Fprintf(&imports, "import %q\n", fakeModule(dir, pkg))
		fmt.Fprintf(&calls, "\tfmt.Print(\"\\x00\"); %s.Run()\n", pkg)
	}
	write(t, filepath.Join(dir, "main.go"), fmt.Sprintf("package main\nimport \"fmt\"\n%sfunc main() {\n%s}\n", imports.String(), calls.String()))
	want := strings.Split(goRun(t, dir), "\x00")[1:]
	for i := range *programs {
		n := *seed + uint64(i)
		p := generate(n)
		if diff := cmp.Diff(strings.ReplaceAll(want[i], fmt.Sprintf("p%d.", i), "main."), interpreted(t, p)); diff != "" {
			t.Errorf("seed %d, -compiled +cells:\n%s\nof\n%s\n%s", n, diff, p.decls, strings.Join(p.stmts, "\n"))
		}
	}
}

// interpreted runs a program in cells of a few statements each.
func interpreted(t *testing.T, p generated) string {
	var out buffer
	e, err := New(Config{Stdout: &out})
	if err != nil {
		t.Fatal(err)
	}
	cells := []string{"import \"fmt\"\n" + p.decls}
	for i := 0; i < len(p.stmts); i += 4 {
		cells = append(cells, strings.Join(p.stmts[i:min(i+4, len(p.stmts))], "\n"))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	for i, text := range cells {
		if last := strings.LastIndexByte(text, '\n'); strings.HasPrefix(text[last+1:], "c") {
			text += "\n;"
		}
		_, err := e.Eval(ctx, Cell{Number: i + 1, Text: text})
		if failed, ok := err.(*Error); ok {
			return out.String() + "ends: " + strings.TrimPrefix(failed.Message, "panic: ") + "\n"
		}
		if err != nil {
			return out.String() + err.Error() + "\n"
		}
	}
	return out.String()
}
