package session

import (
	"strings"
	"testing"
)

func TestHelp(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	all := n.mustRun("%help")
	for _, want := range []string{"%time [statement]", "Live ", "Frame.With ", "Windowed.Agg", "Progress "} {
		if !strings.Contains(all, want) {
			t.Errorf("%%help lacks %q:\n%s", want, all)
		}
	}
	n.mustRun("// Twice is two times x.\nfunc Twice(x int) int { return 2 * x }")
	for code, wants := range map[string][]string{
		"%help time":    {"%time [statement]", "%time f(x)"},
		"%time?":        {"%time [statement]"},
		"Live?":         {"func Live(", "over the rows that come", "For(\"1m\")"},
		"%help With":    {"With(", "kmh = speed * 3.6"},
		"?haversine":    {"haversine(", "lat"},
		"Twice?":        {"func Twice(x int) int", "Twice is two times x."},
		"%help Count()": {"func Count("},
	} {
		got := n.mustRun(code)
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %q:\n%s", code, want, got)
			}
		}
	}
	n.mustFail("Livee?", "nothing is known of Livee, did you mean Live?")
}

func TestEveryExampleIsOfAName(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	for name, text := range examples {
		got := n.mustRun("%help " + name)
		if !strings.Contains(got, text) || !strings.Contains(text, name) {
			t.Errorf("help of %s does not show %s:\n%s", name, text, got)
		}
	}
}

func TestVars(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	n.mustRun("%vars")
	n.mustRun("type Lap struct { car string; n int }\nx := 1\nxs := make([]float64, 1000)\nbest := &Lap{\"44\", 7}\ncars := Topic(\"car-telemetry\")\nm := map[string]int{\"a\": 1}\nvar err error")
	n.mustRun("x = 5\nm[\"b\"] = 2")
	got := n.mustRun("%vars")
	for _, want := range []string{"x     int ", "8 bytes    5", "7.8 KB     1,000 elements", `&Lap{car: "44", n: 7}`, "frame of car-telemetry", `map["a": 1, "b": 2]`, "err   error"} {
		if !strings.Contains(got, want) {
			t.Errorf("%%vars lacks %q:\n%s", want, got)
		}
	}
	if got := n.mustRun("%vars xs"); strings.Contains(got, "best") || !strings.Contains(got, "xs") {
		t.Errorf("%%vars xs shows\n%s", got)
	}
	if got := n.mustRun("%vars zebra"); got != "no variables with zebra in their names" {
		t.Error(got)
	}
}

func TestReset(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	n.mustRun("import \"fmt\"\nx := 1\ntype T int\nfunc f() int { return x }\nLine := 5")
	n.mustFail("y := 1\n%reset", "%reset comes before the Go of its cell")
	if got := n.mustRun("// a comment\n%reset\nx := \"anew\"\nx"); got != "anew" {
		t.Errorf("the cell of a reset shows %s", got)
	}
	for _, code := range []string{"f()", "T(1)", "fmt.Println(1)"} {
		n.mustFail(code, "undefined: ")
	}
	if got := n.mustRun("Line?"); !strings.Contains(got, "func Line(") {
		t.Errorf("after a reset Line is\n%s", got)
	}
	if got := n.mustRun("type T struct { a int }\nfunc f() T { return T{3} }\nf()"); got != "T{a: 3}" {
		t.Errorf("names that are free again give %s", got)
	}
}

func TestKeep(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	n.mustRun("factor := 3.6\nscratch := 1\ntype Lap struct { n int }\nfunc (l Lap) Twice() int { return 2 * l.n }\nfunc kmh(v float64) float64 { return v * factor }\nlap := Lap{4}")
	n.mustRun("%keep kmh, lap")
	n.mustRun("whole := 7\nfunc g() int { return whole }\n%keep")
	factor := n.mustRun("factor = 36")
	if got := n.mustRun("%reset"); got != "kept Lap, factor, g, kmh, lap, whole" {
		t.Errorf("a reset says %q (%s)", got, factor)
	}
	if got := n.mustRun("kmh(1) + float64(lap.Twice()+g())"); got != "51" {
		t.Errorf("what was kept gives %s, want 51", got)
	}
	n.mustFail("scratch", "undefined: scratch")
	n.mustFail("%keep fctor", "did you mean factor?")
	n.mustFail("%keep", "defines nothing to keep")
}
