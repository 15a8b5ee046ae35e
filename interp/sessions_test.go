package interp

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/interp/check"
	"github.com/riffle-stream/riffle/interp/slice"
	"github.com/riffle-stream/riffle/interp/symbols"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the outputs of the sessions anew, as the compiler gives them")

// sessions reads the sessions of a file: cells "name/1", "name/2" and so on, and the output "name/want".
func sessions(t testing.TB, file string) []session {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []session
	for _, f := range archive.Files {
		name, part, _ := strings.Cut(f.Name, "/")
		if part == "1" {
			out = append(out, session{Name: name})
		}
		s := &out[len(out)-1]
		if part == "want" {
			s.Want = string(f.Data)
			continue
		}
		s.Cells = append(s.Cells, string(f.Data))
	}
	return out
}

func sessionFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/sessions/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sessions: %v", err)
	}
	return files
}

func everySession(t testing.TB) []session {
	t.Helper()
	var all []session
	for _, file := range sessionFiles(t) {
		all = append(all, sessions(t, file)...)
	}
	return all
}

// ended is output with a newline at its end, as the archive keeps texts.
func ended(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}

// TestSessions runs every session in the interpreter.
func TestSessions(t *testing.T) {
	all, passed := everySession(t), 0
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			got, err := play(t, c.Cells)
			if judge(t, c, ended(got), err) {
				passed++
			}
		})
	}
	t.Logf("%d of %d sessions give exactly their output", passed, len(all))
}

// TestSessionsCompiled builds every session as a program, all of them in one, and compares what they print.
func TestSessionsCompiled(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short: it runs the Go toolchain")
	}
	all := everySession(t)
	outputs := compile(t, all)
	if *update {
		rewrite(t, outputs)
		return
	}
	for _, c := range all {
		if got := ended(outputs[c.Name]); got != c.Want {
			t.Errorf("%s: compiled gives %q, want %q", c.Name, got, c.Want)
		}
	}
}

// compile gives what each session prints as a compiled program.
func compile(t *testing.T, all []session) map[string]string {
	t.Helper()
	dir := workDir(t)
	var imports, calls strings.Builder
	for _, c := range all {
		p, err := typed(c)
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		pkg := "p_" + strings.NewReplacer(".", "_", "-", "_").Replace(c.Name)
		write(t, filepath.Join(dir, pkg, "p.go"), p.File(pkg, p.Free("Run"), fakePath))
		fmt.Fprintf(&imports, "import %q\n", fakeModule(dir, pkg))
		fmt.Fprintf(&calls, "\tfmt.Print(\"\\x00%s\\x00%s.\\x00\"); %s.%s()\n", c.Name, pkg, pkg, p.Free("Run"))
	}
	write(t, filepath.Join(dir, "main.go"), fmt.Sprintf("package main\nimport \"fmt\"\n%sfunc main() {\n%s}\n", imports.String(), calls.String()))
	parts := strings.Split(goRun(t, dir), "\x00")[1:]
	out := map[string]string{}
	for i := 0; i+2 < len(parts); i += 3 {
		text := strings.ReplaceAll(parts[i+2], fakeModule(dir, ""), "") // as types in brackets have it
		out[parts[i]] = strings.ReplaceAll(text, parts[i+1], "main.")   // the package of a cell is main
	}
	return out
}

// typed is a session as one program, without running it.
func typed(c session) (*Slice, error) {
	s := check.NewSession(check.NewImporter(symbols.Std()), nil, "")
	var history []*check.Stmt
	for i, text := range c.Cells {
		cell, err := s.Check(Cell{Number: i + 1, Text: text})
		if err != nil {
			return nil, err
		}
		s.Commit(cell)
		history = append(history, cell.Stmts...)
	}
	return slice.Of(s, history, slice.Root{All: true}, slice.Config{})
}

func rewrite(t *testing.T, outputs map[string]string) {
	t.Helper()
	for _, file := range sessionFiles(t) {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range archive.Files {
			if name, part, _ := strings.Cut(f.Name, "/"); part == "want" {
				archive.Files[i].Data = []byte(ended(outputs[name]))
			}
		}
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
