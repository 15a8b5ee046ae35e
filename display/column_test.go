package display

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNewColumn(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	zone := time.FixedZone("", 3600)
	for _, c := range []struct {
		name  string
		in    []any
		want  []string
		align Align
	}{
		{"ints", []any{int64(1), nil, int64(-200)}, []string{"1", "null", "-200"}, Right},
		{"floats share decimals", []any{1.5, 2.25, 3.0}, []string{"1.50", "2.25", "3.00"}, Right},
		{"whole floats", []any{1.0, 20.0}, []string{"1.0", "20.0"}, Right},
		{"long floats", []any{1.0 / 3, 100.0 / 3}, []string{"0.333333", "33.333330"[:8] + "3"}, Right},
		{"tiny and huge", []any{1e-9, 1.5, 1e20}, []string{"1e-09", "1.5", "1e+20"}, Right},
		{"odd floats", []any{math.NaN(), math.Inf(-1), 0.5}, []string{"NaN", "-Inf", "0.5"}, Right},
		{"text", []any{"a", nil}, []string{"a", "null"}, Left},
		{"mixed", []any{"a", 1.5}, []string{"a", "1.5"}, Left},
		{"bool", []any{true, false}, []string{"true", "false"}, Left},
		{"times share a fraction", []any{at, at.Add(50 * time.Millisecond)}, []string{"2026-11-23 12:00:00.000", "2026-11-23 12:00:00.050"}, Left},
		{"zone", []any{at.In(zone)}, []string{"2026-11-23 13:00:00 +01:00"}, Left},
		{"durations", []any{90 * time.Second}, []string{"1m30s"}, Right},
		{"lists", []any{[]any{1.0, "x", nil}}, []string{`[1, "x", nil]`}, Left},
		{"bytes", []any{[]byte("ab"), []byte{0xff, 1}}, []string{`"ab"`, "0xff01"}, Left},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := NewColumn("x", "kind", c.in)
			if diff := cmp.Diff(c.want, got.Cells); diff != "" {
				t.Errorf("cells (-want +got):\n%s", diff)
			}
			if got.Align != c.align {
				t.Errorf("align %d, want %d", got.Align, c.align)
			}
		})
	}
}
