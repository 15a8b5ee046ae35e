package export_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/riffle-stream/riffle/export"
)

// Programs that import other packages of one module share its version, and nothing else: each has its own in vendor/.
func TestOtherPackagesOfOneModule(t *testing.T) {
	if testing.Short() {
		t.Skip("making libraries and linking programs takes half a minute: skipped because of -short")
	}
	w, err := export.Open(os.DirFS(".."), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"semver", "modfile"} {
		text := fmt.Appendf(nil, "package main\n\nimport _ \"golang.org/x/mod/%s\"\n\nfunc main() {}\n", name)
		if _, err := w.Build(t.Context(), export.Files{"main.go": text}, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
