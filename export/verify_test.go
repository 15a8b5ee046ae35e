package export_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/export"
)

// What the notebook had from outside is not there in the program: its graph is another, and that is said.
func TestVerifyFindsAnotherPlan(t *testing.T) {
	w := shop(t)
	n := newNotebook(t, writeSample(t))
	t.Setenv("GEAR", "6")
	n.run(
		"import \"os\"\ngear := os.Getenv(\"GEAR\")",
		`Export(Topic("cars", Time("ts")).Where("gear < " + gear).To("out"), "out")`,
	)
	t.Setenv("GEAR", "3")
	dir := filepath.Join(t.TempDir(), "out")
	proof, err := w.Write(t.Context(), dir, n.made[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	binary, err := w.Compile(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = export.Verify(t.Context(), binary, proof)
	if !errors.Is(err, export.ErrDiffers) || !strings.Contains(err.Error(), "such as a file, the environment or the time") {
		t.Errorf("error %v", err)
	}
	if text := read(t, dir, "pipeline.go"); !strings.Contains(text, "cell 1 line 2: os.Getenv reads files or the environment") {
		t.Errorf("pipeline.go does not warn:\n%s", text)
	}
}
