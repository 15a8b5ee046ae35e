package riffle_test

import (
	"testing"

	"github.com/riffle-stream/riffle"
	"github.com/riffle-stream/riffle/export"
)

// What programs import is embedded, with all that it imports in turn.
func TestSourcesAreWhole(t *testing.T) {
	w, err := export.Open(riffle.Sources, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Check(); err != nil {
		t.Error(err)
	}
}
