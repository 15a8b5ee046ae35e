package interp

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAssertionsThatHoldForTwins looks at the notes on assertions that the interpreter cannot make exactly.
func TestAssertionsThatHoldForTwins(t *testing.T) {
	e, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	cells := []struct {
		text string
		want []string
	}{
		{"type W int\nvar x any = W(3)\nvar err error", nil},
		{"s, ok := x.(string)", nil},
		{"\nn, isInt := x.(int)", []string{"cell 3:2:1: a test for int also holds for a W here, since both are the same inside; an exported program tells them apart"}},
		{"w := x.(W)", nil},
		{"type V int", nil},
		{"w = x.(W)", []string{"cell 6:1:1: a test for W also holds for a V here, since both are the same inside; an exported program tells them apart"}},
	}
	for i, c := range cells {
		r, err := e.Eval(context.Background(), Cell{Number: i + 1, Text: c.text})
		if err != nil {
			t.Fatalf("cell %d: %v", i+1, err)
		}
		if diff := cmp.Diff(c.want, r.Notes); diff != "" {
			t.Errorf("cell %d (- want, + got):\n%s", i+1, diff)
		}
	}
}
