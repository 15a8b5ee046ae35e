package code

import (
	"go/build"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// program is the text of a program that prints the hashes of its functions.
func program(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/program.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// hashes builds and runs a program, with this package beside it, and gives what it prints.
func hashes(t *testing.T, text string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	pkg, err := build.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"go.mod": "module example.test/program\n\ngo 1.26\n", "main.go": text}
	for _, name := range pkg.GoFiles {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files["code/"+name] = string(b)
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "run", "-trimpath", "-ldflags=-s -w", ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	got := map[string]string{}
	for line := range strings.Lines(string(out)) {
		name, hash, _ := strings.Cut(strings.TrimSpace(line), " ")
		got[name] = hash
	}
	return got
}

// TestHashesOfPrograms changes a program and runs both, compiled as exports are.
func TestHashesOfPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out tests that build programs")
	}
	text := program(t)
	before := hashes(t, text)
	if len(before) != 6 {
		t.Fatalf("the program has %v", before)
	}
	for name, hash := range before {
		if len(hash) != 32 {
			t.Errorf("%s has the hash %q", name, hash)
		}
	}
	for name, c := range map[string]struct {
		old, new string
		changed  []string
	}{
		"spaces, comments, lines": {"// double is called by plain.\nfunc double(x float64) float64 { return 2 * x }", "func double(\n\tx float64,\n) float64 {\n\treturn 2 * x // twice\n}", nil},
		"a helper":                {"return 2 * x", "return 3 * x", []string{"plain"}},
		"a constant of its group": {"\tlow = iota\n", "\tlow = iota + 1\n", []string{"plain"}},
		"what nobody reaches":     {"return x + 1", "return x + 2", nil},
		"a variable of the package that the pipeline sets": {"limit = 300", "limit = 200", []string{"limited"}},
		"a captured variable":                              {"step = 20", "step = 30", []string{"captured"}},
		"the condition of an assignment":                   {"if n > 0", "if n > 5", []string{"captured"}},
		"what decides the condition":                       {"n := 1", "n := 7", []string{"captured"}},
		"the argument of the function that makes it":       {"above(5)", "above(6)", []string{"above"}},
		"the receiver of a method":                         {"scale: 3", "scale: 4", []string{"method"}},
		"a method":                                         {"x * m.scale", "x / m.scale", []string{"method"}},
		"a generic function":                               {"math.Round(x)", "math.Floor(x)", []string{"round"}},
		"a literal":                                        {"return n\n", "return n + 1\n", []string{"limited"}},
	} {
		t.Run(name, func(t *testing.T) {
			edited := strings.Replace(text, c.old, c.new, 1)
			if edited == text {
				t.Fatalf("nothing was edited: %q is not there", c.old)
			}
			var changed []string
			for name, hash := range hashes(t, edited) {
				if hash != before[name] {
					changed = append(changed, name)
				}
			}
			slices.Sort(changed)
			if !slices.Equal(changed, c.changed) {
				t.Errorf("%v have other hashes, want %v", changed, c.changed)
			}
		})
	}
}

func TestFunctionOfAnotherPackageHasNoHash(t *testing.T) {
	s, err := Parse(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Hash(strings.ToUpper); got != "" {
		t.Errorf("a function of the library has the hash %q", got)
	}
	if got := s.Hash(base); len(got) != 32 {
		t.Errorf("a function of this package has the hash %q", got)
	}
	if got := Name(base); got != "base" {
		t.Errorf("its name is %q", got)
	}
}
