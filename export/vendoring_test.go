package export

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A vendor folder without one of the packages is refused: programs would find out, each of them, for ever.
func TestVendorFolderThatLacksAPackage(t *testing.T) {
	w, err := Open(os.DirFS(".."), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	tool, err := FindToolchain(t.Context(), w.mod)
	if err != nil {
		t.Fatal(err)
	}
	v := vendoring{t.Context(), tool, t.TempDir(), outside{imports: []string{"golang.org/x/mod/modfile"}}, func(string) {}}
	files, err := v.sources(Files{}, w.mod, w.sum)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.vendor(files, w.mod); err != nil {
		t.Fatal(err)
	}
	if err := v.whole(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(v.dir, "vendor", "golang.org", "x", "mod", "semver")); err != nil {
		t.Fatal(err)
	}
	if err := v.whole(); err == nil || !strings.Contains(err.Error(), "golang.org/x/mod/semver") {
		t.Errorf("error %v, want one that names what is missing", err)
	}
}
