package plan

import (
	"testing"
	"testing/fstest"
)

func TestCellsAreFoundByTheTextOfTheLine(t *testing.T) {
	source := fstest.MapFS{"pipeline.go": {Data: []byte("package main\n\n\tfast :=  cars.\n\t\tWhere(\"speed > 3\")\n")}}
	cells := Cells{"fast:=cars.": "cell 2 line 1", Bare(`Where("speed > 3")`): "cell 2 line 2", Bare(`Where("speed > 4")`): "cell 2 line 3"}
	for at, want := range map[string]string{
		"pipeline.go:3": "cell 2 line 1", "pipeline.go:4": "cell 2 line 2",
		"pipeline.go:1": "", "pipeline.go:99": "", "pipeline.go:0": "", "other.go:3": "", "": "",
	} {
		p := &Plan{Steps: []*Step{{At: at}}}
		if cells.Locate(p, source); p.Steps[0].Cell != want {
			t.Errorf("%q is %q, want %q", at, p.Steps[0].Cell, want)
		}
	}
}
