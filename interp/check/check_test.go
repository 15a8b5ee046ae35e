package check

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/interp/source"
	"github.com/riffle-stream/riffle/interp/symbols"
)

// TestCorpusChecks checks every session of the corpus: all of them are valid Go.
func TestCorpusChecks(t *testing.T) {
	data, err := os.ReadFile("../testdata/go-cells.json")
	if err != nil {
		t.Fatal(err)
	}
	var sessions []struct {
		Name  string
		Cells []string
	}
	if err := json.Unmarshal(data, &sessions); err != nil {
		t.Fatal(err)
	}
	imp := NewImporter(symbols.Std())
	for _, c := range sessions {
		t.Run(c.Name, func(t *testing.T) {
			s := NewSession(imp, nil, "")
			for i, text := range c.Cells {
				start := time.Now()
				cell, err := s.Check(source.Cell{Number: i + 1, Text: text})
				if err != nil {
					t.Fatalf("cell %d: %v", i+1, err)
				}
				s.Commit(cell)
				t.Logf("cell %d: %v", i+1, time.Since(start))
				for _, n := range cell.Notes {
					t.Log(n)
				}
			}
		})
	}
}
