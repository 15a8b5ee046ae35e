package session

import (
	"fmt"
	"strings"
	"testing"
)

// TestExplainTellsOfFunctions wants to read which functions are compiled, and why another is not.
func TestExplainTellsOfFunctions(t *testing.T) {
	n := open(t, t.TempDir(), raceOf(t, 2_000))
	n.mustRun(telemetryOf1000 + "\nfactor := 3.6\nfunc kmh(v float64) float64 { return v * factor }\nsum := 0.0")
	shows := n.mustRun(`cars.Map("kmh", kmh, "speed").
	Map("halves", func(v float64) float64 {
		n := 0.0
		for v > 1 {
			v, n = v/2, n+1
		}
		return n
	}, "speed").
	Filter(func(r Row) bool { return r.Float("kmh") > 100 }).
	Apply(func(r Row) Row { sum += r.Float("kmh"); return r.With("sum", sum) }, "sum float").
	Explain()`)
	const compiled, program = "compiled here to loops over columns, as an expression is", "; in a live run and in the export compiled"
	for _, line := range []string{
		"step 1: " + compiled + program + ", in a loop made for its type\n",
		"step 2: called here for each row: has a loop whose turns depend on the row at cell 2:4" + program + ", in a loop made for its type\n",
		"step 3: " + compiled + program + "\n",
		"step 4: called here for each row: uses sum, which may change while rows flow: it is set in a function at cell 2:10" + program,
	} {
		if !strings.Contains(shows, line) {
			t.Errorf("Explain does not say %q:\n%s", line, shows)
		}
	}
}

// TestComputedRowsFailAsCalledOnes compares what a cell says of rows for which a function panics, with what it says if
// nothing is known of the function, as it is taken out of a slice.
func TestComputedRowsFailAsCalledOnes(t *testing.T) {
	n := open(t, t.TempDir(), raceOf(t, 2_000))
	n.mustRun("cars := Topic(\"car-telemetry\", Time(\"ts\"))\nSample(cars, Last(100))")
	if why := n.mustRun(`cars.Map("x", []func(int64) int64{func(lap int64) int64 { return lap }}[0], "lap").Explain()`); !strings.Contains(why, "not a literal") {
		t.Fatalf("the function is known: %s", why)
	}
	for _, body := range []string{"return 100 / (lap - lap)", "if lap >= 0 {\n\t\tpanic(\"all laps\")\n\t}\n\treturn lap", "return 100 / (lap * gear % 4)"} {
		literal := "func(lap, gear int64) int64 {\n\t" + body + "\n}"
		hidden := "[]func(lap, gear int64) int64{" + literal + "}[0]"
		cell := func(fn string) string { return "cars.Map(\"x\", " + fn + ", \"lap\", \"gear\").Select(\"lap\", \"x\")" }
		shows, failed := n.run(cell(literal))
		wantShows, wantFailed := n.run(cell(hidden))
		alike := strings.NewReplacer(hidden[:len(hidden)-len(literal)-4], "", "}[0]", "", fmt.Sprintf("cell %d:", n.count), fmt.Sprintf("cell %d:", n.count-1))
		if shows != alike.Replace(wantShows) || failed != alike.Replace(wantFailed) {
			t.Errorf("%s\ncomputed shows\n%s\n%s\ncalled shows\n%s\n%s", body, shows, failed, wantShows, wantFailed)
		}
	}
}

// Values of a column of mixed kinds that an expression does not take are null, and are told of, wherever the expression stands.
func TestMisfitsAreTold(t *testing.T) {
	n := open(t, t.TempDir(), raceOf(t, 100))
	n.mustRun(`mixed := Rows("{\"k\": \"a\", \"x\": \"one\"}\n{\"k\": \"a\", \"x\": 2}\n{\"k\": \"a\", \"x\": 3}\n{\"k\": \"b\", \"x\": null}", Fields("x any"))`)
	for cell, want := range map[string]string{
		`mixed.With("u = upper(x)")`:                                     `2 values of with("u = upper(x)") were null because of a kind that is not taken there; a cast says which is meant: string(x), float(x)`,
		`mixed.Where("x > 2")`:                                           `1 value of where("x > 2") was null`,
		`mixed.Select("n = len(x)")`:                                     `2 values of select("n = len(x)") were null`,
		`mixed.Require("x contains 'o' or true")`:                        `2 values of require(`,
		`mixed.GroupBy("k").Running().Agg("count(x contains 'o')")`:      `2 values of running`,
		`mixed.GroupBy("k").With("p = upper(prev(x))")`:                  `1 value of running`,
		`mixed.With("u = upper(string(x))", "has(x)", "v = float(x)")`:   "",
		`mixed.With("same = x == 'one'", "n = x ?? 0", "t = concat(x)")`: "",
	} {
		switch text := n.mustRun(cell); {
		case want == "" && strings.Contains(text, "null because"), !strings.Contains(text, want):
			t.Errorf("%s\nlacks %q:\n%s", cell, want, text)
		}
	}
}
