package export

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPruneKeepsWhatWasUsed(t *testing.T) {
	dir := t.TempDir()
	for name, age := range map[string]time.Duration{"new": 0, "recent": 30 * time.Minute, "older": 2 * time.Hour, "old": 300 * time.Hour, "oldest": 900 * time.Hour} {
		path := filepath.Join(dir, name)
		at := time.Now().Add(-age)
		if err := errors.Join(os.MkdirAll(filepath.Join(path, "in"), 0o755), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		keep int
		want []string
	}{
		{5, []string{"new", "old", "older", "oldest", "recent"}},
		{3, []string{"new", "older", "recent"}},
		{0, []string{"new", "recent"}},
	} {
		if err := Prune(dir, test.keep); err != nil {
			t.Fatal(err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range entries {
			got = append(got, e.Name())
		}
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("keeping %d (-want +got):\n%s", test.keep, d)
		}
	}
	if err := Prune(filepath.Join(dir, "missing"), 1); err != nil {
		t.Error(err)
	}
}

func TestCarriedPackages(t *testing.T) {
	sources := fstest.MapFS{
		"cells/a.go":        {Data: []byte("package cells\n\nimport \"" + Module + "/dataframe\"\n")},
		"cells/a_test.go":   {Data: []byte("package cells\n\nimport \"" + Module + "/testing/only\"\n")},
		"cells/README.md":   {Data: []byte("no source")},
		"dataframe/d.go":    {Data: []byte("package dataframe\n\nimport (\n\t\"fmt\"\n\t\"example.com/lib\"\n)\n")},
		"dataframe/os.go":   {Data: []byte("//go:build windows\n\npackage dataframe\n")},
		"stream/s.go":       {Data: []byte("package stream\n")},
		"state/broken.go":   {Data: []byte("package state; import \"" + Module + "/missing\"\n")},
		"dataframe/x/y.txt": {Data: nil},
	}
	got, err := carried(sources, []string{cellsPath, "fmt"})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"cells/a.go", "dataframe/d.go", "dataframe/os.go"}, got.names()); d != "" {
		t.Errorf("files (-want +got):\n%s", d)
	}
	_, err = carried(sources, []string{Module + "/state"})
	if err == nil || !strings.Contains(err.Error(), "/missing: is not among the sources that programs carry") {
		t.Errorf("error %v", err)
	}
}

// The time until a changed program is built, everything else being compiled.
func BenchmarkBuild(b *testing.B) {
	w, err := Open(os.DirFS(".."), "")
	if err != nil {
		b.Fatal(err)
	}
	if err := w.Warm(b.Context()); err != nil {
		b.Fatal(err)
	}
	for name, path := range map[string]string{"live": childPath, "export": streamPath} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				text := fmt.Appendf(nil, "package main\n\nimport (\n\t\"os\"\n\tx %q\n)\n\nfunc main() { os.Exit(x.Main(x.Program{Code: %q})) }\n", path, fmt.Sprint(time.Now(), i))
				if _, err := w.Build(b.Context(), Files{"main.go": text}, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
