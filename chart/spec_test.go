package chart

import (
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/dataframe/row"
)

func TestCheck(t *testing.T) {
	schema := row.NewSchema(row.Field{Name: "at", Kind: row.Time}, row.Field{Name: "lap", Kind: row.Duration}, row.Field{Name: "n", Kind: row.Int},
		row.Field{Name: "v", Kind: row.Float}, row.Field{Name: "car", Kind: row.String})
	for _, c := range []struct {
		name  string
		spec  Spec
		scale Scale
		err   string
	}{
		{"time", Spec{X: "at", Y: "v", By: "car"}, Time, ""},
		{"duration", Spec{X: "lap", Y: "n"}, Span, ""},
		{"number", Spec{X: "n", Y: "lap"}, Number, ""},
		{"hist reads no x", Spec{Mark: Histogram, Y: "v"}, Number, ""},
		{"no y", Spec{X: "at", Y: "w"}, 0, `Line: no y column "w" (have at, lap, n, v, car)`},
		{"no x", Spec{Mark: Bar, X: "w", Y: "v"}, 0, `Bar: no x column "w" (have at, lap, n, v, car)`},
		{"no series", Spec{X: "at", Y: "v", By: "w"}, 0, `Line: no series column "w"`},
		{"a letter less", Spec{X: "at", Y: "v", By: "cr"}, 0, `Line: no series column "cr" (have at, lap, n, v, car; did you mean car?)`},
		{"a second y", Spec{X: "at", Y: "n", By: "v"}, 0, `Line: series column "v" is float, and each of its values would be a series of its own: want string, int or bool, or a chart for each of n and v`},
		{"text as y", Spec{X: "at", Y: "car"}, 0, `Line: y column "car" is string, want int, float or duration`},
		{"text as x", Spec{X: "car", Y: "v"}, 0, `Line: x column "car" is string, want time, duration, int or float`},
		{"mark", Spec{Mark: 9}, 0, `chart: mark(9) is not known, want one of Line, Bar, Scatter, Histogram`},
	} {
		t.Run(c.name, func(t *testing.T) {
			scale, err := c.spec.Check(schema)
			if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
				t.Errorf("error %v, want %q", err, c.err)
			}
			if scale != c.scale {
				t.Errorf("scale %d, want %d", scale, c.scale)
			}
		})
	}
}

func TestHeading(t *testing.T) {
	for want, s := range map[string]Spec{
		"avg by car": {Y: "avg", By: "car"}, "avg": {Y: "avg"}, "distribution of avg": {Mark: Histogram, Y: "avg"}, "T": {Y: "avg", Title: "T"},
	} {
		if got := s.Heading(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
