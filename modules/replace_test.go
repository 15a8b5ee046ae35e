package modules

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/riffle-stream/riffle/export"
)

func TestReplacedFoldersAreFollowed(t *testing.T) {
	dir := t.TempDir()
	files := export.Files{
		"a/go.mod": []byte("module a\n\nreplace b => ../b\n"), "b/go.mod": []byte("module b\n\nreplace (\n\tc => ../c\n\ta => ../a\n)\n"), "c/go.mod": []byte("module c\n"),
		"d/go.mod": []byte("module d\n\nreplace c => ../b\n"), "e/go.mod": []byte("module e\n\nreplace b => ../x/b\n"), "x/b/go.mod": []byte("module b\n"),
		"f/go.mod": []byte("module f\n\nreplace b => example.com/b v1.0.0\n"), "g/go.mod": []byte("module g\n\nreplace h => ../h\n"),
	}
	if err := files.Write(dir); err != nil {
		t.Fatal(err)
	}
	in := func(path string, under ...string) Request {
		return Request{Path: path, Dir: filepath.Join(append([]string{dir}, under...)...)}
	}
	got, err := followed([]Request{in("a", "a"), {Path: "example.com/m", Version: "v1.2.3"}})
	want := []Request{in("a", "a"), {Path: "example.com/m", Version: "v1.2.3"}, in("b", "b"), in("c", "c")}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	for _, c := range []struct {
		wanted []Request
		says   string
	}{
		{[]Request{in("d", "d")}, "whose go.mod says module b"},
		{[]Request{in("a", "a"), in("e", "e")}, "a program has one of them"},
		{[]Request{in("a", "a"), {Path: "c", Version: "v1.0.0"}}, "but c@v1.0.0 is required"},
		{[]Request{in("f", "f")}, "import example.com/b in its place"},
		{[]Request{in("g", "g")}, "is no folder of a module"},
	} {
		if _, err := followed(c.wanted); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v gives %v, want that %s", c.wanted, err, c.says)
		}
	}
}
