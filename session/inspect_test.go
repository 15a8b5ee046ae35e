package session

import (
	"strings"
	"testing"
)

// inspected is what is said, as plain text, of what stands at the mark | of code.
func inspected(t *testing.T, n *notebook, code string) string {
	t.Helper()
	before, after, _ := strings.Cut(code, "|")
	b, err := n.Inspect(t.Context(), before+after, len(before), 0)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := b.Data["text/plain"].(string)
	if _, marked := b.Data["text/markdown"].(string); text != "" && !marked && code[0] != '%' {
		t.Errorf("%s has no Markdown", code)
	}
	return text
}

func TestInspect(t *testing.T) {
	n := open(t, t.TempDir(), raceOf(t, 2_000))
	n.mustRun(telemetryOf1000 + "\nfast := cars.Select(\"car\", \"speed\", \"lap\").With(\"kmh = speed * 3.6\")\nlaps := []int{3, 4}")
	n.mustRun("// P is a point.\n// It has no size.\ntype P struct { A int }\n// Twice doubles.\nfunc (p P) Twice() int { return p.A * 2 }\np := P{3}")
	for code, want := range map[string][]string{
		"fast.Wi|th(\"x = 1\")":            {"func (Frame).With(columns ...string) Frame", "With adds columns", "kmh = speed * 3.6"},
		"Topic(|":                          {"func Topic(name string, options ...TopicOption) Frame", "car-telemetry"},
		"Fra|me":                           {"func (Frame).Where(condition string) Frame"},
		"la|ps":                            {"var laps []int", "laps = [3, 4]"},
		"fa|st":                            {"var fast Frame", "kmh float", "car string"},
		"p|":                               {"var p P", "3"},
		"P|{}":                             {"type P struct {\n\tA int\n}", "func (P).Twice() int", "P is a point. It has no size."},
		"p.Twi|ce()":                       {"Twice doubles."},
		"strings.Cut|(":                    {"func strings.Cut(s string, sep string) (before string, after string, found bool)", "returning the text before and\nafter sep"},
		"tim|e":                            {"package time", "Monotonic Clocks"},
		"len|(":                            {"The len built-in function", "Channel: the number of elements queued"},
		`fast.Where("km|h > 5")`:           {"kmh float", "1,000 values in the sample, 0 nulls", "such as "},
		`fast.Where("rou|nd(kmh, 1) > 5")`: {"round(", "round("},
		`fast.GroupBy("car").Tumbling("10s").Agg("m = me|an(kmh)")`:           {"mean(x)", "not null", "avg = mean(speed)"},
		`fast.Filter(func(r Row) bool { return r.Float("spe|ed") > 3 })`:      {"speed float", "from "},
		`fast.Apply(func(r Row) Row { return r }, "z float").Where("|z > 1")`: {"z float"},
		"%ti|me f()": {"%time [statement]"},
	} {
		got := inspected(t, n, code)
		for _, text := range want {
			if !strings.Contains(got, text) {
				t.Errorf("%s does not say %q:\n%s", code, text, got)
			}
		}
	}
	for _, code := range []string{`fast.Where("noth|ing")`, `println("sp|eed")`, "// fa|st", "nothin|g", "|", `Topic("car|-telemetry")`} {
		if got := inspected(t, n, code); got != "" {
			t.Errorf("%s is explained: %s", code, got)
		}
	}
}

// TestEveryAggregateIsExplained fails when one is added without a word about it.
func TestEveryAggregateIsExplained(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	got, _ := completed(t, n, `Topic("x").GroupBy("car").Tumbling("1s").Agg("|`)
	for _, name := range got {
		name, kind, _ := strings.Cut(name, " ")
		if m, _ := manualOfAggregate(name); kind == "aggregate" && (m.doc == "" || !strings.Contains(m.example, name+"(")) {
			t.Errorf("nothing is said of %s", name)
		}
	}
}

func TestCompleteImportPaths(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	for code, want := range map[string]string{"import \"encoding/js|": "encoding/json package", "import (\n\t\"fmt\"\n\t\"crypto/sha2|\"\n)": "crypto/sha256 package"} {
		got, _ := completed(t, n, code)
		if strings.Join(got, " ") != want {
			t.Errorf("%s offers %v, want %s", code, got, want)
		}
	}
}
