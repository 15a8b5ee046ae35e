package export_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/export"
)

// What a verb gave in the notebook is not there in the program: its graph is another, and that is said.
func TestVerifyFindsAnotherPlan(t *testing.T) {
	w := shop(t)
	n := newNotebook(t, writeSample(t))
	n.run(
		"import \"fmt\"\nfast := Collect(Topic(\"cars\", Time(\"ts\")).Where(\"speed > 200\"))",
		`Export(Topic("cars", Time("ts")).Where(fmt.Sprint("gear < ", fast.Len())).To("out"), "out")`,
	)
	if _, err := export.Settle(n.made[0].Slice, nil, "sample"); err == nil || !strings.Contains(err.Error(), "depend on the value of Collect (cell 1:2:9), which a program does not have") {
		t.Errorf("the slice is taken, error %v", err)
	}
	dir := filepath.Join(t.TempDir(), "out")
	proof, err := w.Write(t.Context(), dir, n.made[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	binary, err := w.Compile(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(binary)
	err = export.Verify(t.Context(), binary, proof)
	if !errors.Is(err, export.ErrDiffers) || !strings.Contains(err.Error(), "such as a value that Collect or Count gave") {
		t.Errorf("error %v", err)
	}
	if text := read(t, dir, "pipeline.go"); !strings.Contains(text, "cell 1 line 2: the value of Collect is used") {
		t.Errorf("pipeline.go does not warn:\n%s", text)
	}
}
