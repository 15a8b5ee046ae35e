package export_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/export"
)

func TestFolderIsBelowTheNotebooks(t *testing.T) {
	base, outside := t.TempDir(), t.TempDir()
	for name, to := range map[string]string{"out": outside, "in": "."} {
		if err := os.Symlink(to, filepath.Join(base, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		dir, want string // "" for refused
	}{
		{"car", filepath.Join(base, "car")},
		{"./a/../b/c", filepath.Join(base, "b", "c")},
		{outside, outside},
		{"in/x", filepath.Join(base, "in", "x")},
		{"../car", ""},
		{"a/../../car", ""},
		{".", ""},
		{"", ""},
		{"out", ""},
		{"out/deep/er", ""},
	} {
		got, err := export.Folder(base, test.dir)
		if got != test.want || (test.want == "") != errors.Is(err, export.ErrFolder) {
			t.Errorf("%q: %q, %v; want %q", test.dir, got, err, test.want)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	w := shop(t)
	n := newNotebook(t, writeSample(t))
	n.run(`Export(Topic("cars", Time("ts")).To("out"), "out")`, `Live(Line(Topic("cars", Time("ts")), "ts", "speed"))`,
		`Export(Topic("cars", Time("ts"), Fields("car int")).OnError(Skip, Budget("off")).To("out"), "out")`)
	base := t.TempDir()
	full := filepath.Join(base, "full")
	if err := errors.Join(os.Mkdir(full, 0o755), os.WriteFile(filepath.Join(full, "thesis.tex"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	linked := filepath.Join(base, "linked")
	if err := errors.Join(os.Mkdir(linked, 0o755), os.WriteFile(filepath.Join(linked, ".riffle-export"), []byte(`{"files":{"../full/thesis.tex":"x"}}`), 0o644)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, dir string
		want      string
	}{
		{"a folder of somebody", full, "it holds thesis.tex and is no earlier export"},
		{"a marker that points outside", linked, "path escapes from parent"},
		{"a name that is none", filepath.Join(base, "Größe"), "want letters, digits"},
		{"the name of a folder in it", filepath.Join(base, "vendor"), "has a folder of that name within"},
		{"a name with two dots", filepath.Join(base, "a..b"), "not a name for a program"},
		{"a package of Go", filepath.Join(base, "strings"), "a package of Go has it"},
	} {
		t.Run(strings.ReplaceAll(test.name, " ", "-"), func(t *testing.T) {
			if _, err := w.Write(t.Context(), test.dir, n.made[0], nil); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(full, "thesis.tex")); err != nil {
		t.Error(err)
	}
}
