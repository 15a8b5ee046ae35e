package modules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "mylib")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/mylib\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]Request{
		"gonum.org/v1/gonum@v0.17.0":   {Path: "gonum.org/v1/gonum", Version: "v0.17.0"},
		"gonum.org/v1/gonum/stat":      {Path: "gonum.org/v1/gonum/stat"},
		"github.com/a/b@latest":        {Path: "github.com/a/b"},
		"github.com/a/b/v2@master":     {Path: "github.com/a/b/v2", Version: "master"},
		"./mylib":                      {Path: "example.com/mylib", Dir: dir},
		dir:                            {Path: "example.com/mylib", Dir: dir},
		"example.com/mylib => ./mylib": {Path: "example.com/mylib", Dir: dir},
		"example.com/mylib => mylib":   {Path: "example.com/mylib", Dir: dir},
	} {
		got, err := Parse(line, base)
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Errorf("%s: %v (-want +got):\n%s", line, err, d)
		}
	}
	for line, want := range map[string]string{
		"":                         "want such as",
		"a b c":                    "want such as",
		"stat":                     "packages of Go are imported without %require",
		"github.com/a/b@":          "",
		"github.com/a/b@none":      `"none" is no version`,
		"github.com/a/b@>=v1":      `">=v1" is no version`,
		"github.com/a/../b":        "want such as",
		"github.com/a/internal/b":  "is internal",
		"github.com/a/b;rm":        "want such as",
		"./other":                  "is no folder of a module",
		"example.com/x => ./mylib": "its go.mod says module example.com/mylib, not example.com/x",
	} {
		_, err := Parse(line, base)
		if want == "" && err == nil {
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", line, err, want)
		}
	}
}

func TestPinned(t *testing.T) {
	for version, want := range map[string]bool{"v1.2.3": true, "v0.0.0-20240101000000-abcdefabcdef": true, "v1.2.3-rc.1": true, "v2.0.0+incompatible": true, "v1": false, "v1.2": false, "": false, "master": false} {
		if got := (Request{Path: "x.org/y", Version: version}).pinned(); got != want {
			t.Errorf("%q is pinned: %v", version, got)
		}
	}
}
