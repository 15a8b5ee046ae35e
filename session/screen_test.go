package session

import (
	"slices"
	"testing"

	"github.com/riffle-stream/riffle/stream/live"
)

func TestLiveSaysWhatBecameNull(t *testing.T) {
	s := screen{progress: live.Progress{Read: 3, Over: 2}}
	want := []string{"3 rows read, 0 rows behind", "2 ints did not fit 64 bits and were null; floats hold more: float(x) * y"}
	if got := s.notes(); !slices.Equal(got, want) {
		t.Errorf("it says %q, want %q", got, want)
	}
}
