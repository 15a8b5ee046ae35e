package export_test

import (
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/interp/source"
)

func TestErrorsOfTheCompilerNameTheCell(t *testing.T) {
	w := shop(t)
	_, err := w.Build(t.Context(), export.Files{"main.go": []byte("package main\n\n//line /cell/3:7\nfunc f() int { return missing }\n\nfunc main() { f(1) }\n")}, nil)
	var failed *export.BuildError
	if !errors.As(err, &failed) {
		t.Fatalf("error %v, want a *BuildError", err)
	}
	want := []export.Problem{
		{At: source.Position{Cell: 3, Line: 7}, Text: "undefined: missing"},
		{At: source.Position{Cell: 3, Line: 9}, Text: "too many arguments in call to f\n\thave (number)\n\twant ()"},
	}
	if d := cmp.Diff(want, failed.Problems); d != "" {
		t.Errorf("problems (-want +got):\n%s\n%s", d, failed.Output)
	}
	if !strings.Contains(err.Error(), "cell 3:7: undefined: missing") {
		t.Errorf("error %q", err)
	}
}

func TestErrorsOutsideCellsNameTheFile(t *testing.T) {
	_, err := shop(t).Build(t.Context(), export.Files{"main.go": []byte("package main\n\nfunc main() { missing() }\n")}, nil)
	var failed *export.BuildError
	if !errors.As(err, &failed) || len(failed.Problems) != 1 || !strings.Contains(err.Error(), "main.go:3:15: undefined: missing") {
		t.Errorf("error %v", err)
	}
}

// A function that panics in a live program is found in its cell, comments above it or not.
func TestStackNamesTheCell(t *testing.T) {
	w := shop(t)
	n := newNotebook(t, writeSample(t))
	n.run(
		"one := 1\none",
		"// kmh is what the driver sees.\n// It fails.\nfunc kmh(speed float64) float64 {\n\tif speed > 1 {\n\t\tpanic(\"too fast\")\n\t}\n\treturn speed\n}",
		`frame := Topic("cars", Time("ts")).Map("kmh", func(v float64) float64 { return v }, "speed").Filter(func(r Row) bool { return r.Float("speed") < 0 && kmh(2) > 1 })
Live(frame)`,
	)
	files, err := w.Live(n.made[0])
	if err != nil {
		t.Fatal(err)
	}
	files["main.go"] = []byte("package main\n\nfunc main() { pipeline(); kmh(2) }\n")
	binary, err := w.Build(t.Context(), files, nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(binary).CombinedOutput()
	at, ok := export.CellOf(string(out))
	if want := (source.Position{Cell: 2, Line: 5}); err == nil || !ok || at != want {
		t.Errorf("place %v, want %v in\n%s", at, want, out)
	}
}

func TestNoPlaceOfACell(t *testing.T) {
	if at, ok := export.CellOf("/home/ann/cell/x:3"); ok {
		t.Errorf("place %v", at)
	}
}

func TestProgramsOfOtherModulesAreRefused(t *testing.T) {
	_, err := shop(t).Build(t.Context(), export.Files{"main.go": []byte("package main\n\nimport _ \"example.com/thing\"\n\nfunc main() {}\n")}, nil)
	if err == nil || !strings.Contains(err.Error(), "imports example.com/thing") {
		t.Errorf("error %v", err)
	}
}
