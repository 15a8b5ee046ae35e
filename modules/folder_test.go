package modules

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/riffle-stream/riffle/export"
)

func TestFilesOfAFolder(t *testing.T) {
	dir := t.TempDir()
	plain := export.Files{
		"go.mod": []byte("module m\n"), "a.go": []byte("package m\n"), "a_test.go": []byte("package m\n"), "sub/b.go": []byte("package sub\n"),
		"sub/testdata/c.go": []byte("package c\n"), "other/go.mod": []byte("module other\n"), "other/d.go": []byte("package d\n"),
		"vendor/x/x.go": []byte("package x\n"), ".git/config": []byte("x"), "_old/e.go": []byte("package e\n"), "notes.md": []byte("words"), "fast.s": []byte("// s\n"),
	}
	if err := plain.Write(dir); err != nil {
		t.Fatal(err)
	}
	want := []string{"a.go", "fast.s", "go.mod", "sub/b.go"}
	got, err := folderFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, slices.Sorted(maps.Keys(got))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	before := digest(got)
	if err := os.WriteFile(filepath.Join(dir, "notes.md"), []byte("others"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err = folderFiles(dir); err != nil || digest(got) != before {
		t.Errorf("a file that Go does not compile makes another module: %v", err)
	}
	embeds := export.Files{"sub/b.go": []byte("package sub\n\nimport _ \"embed\"\n\n//go:embed c.txt\nvar C string\n"), "sub/c.txt": []byte("c")}
	if err := embeds.Write(dir); err != nil {
		t.Fatal(err)
	}
	if got, err = folderFiles(dir); err != nil || string(got["sub/c.txt"]) != "c" {
		t.Errorf("what is embedded is left out: %v, %v", slices.Sorted(maps.Keys(got)), err)
	}
}
