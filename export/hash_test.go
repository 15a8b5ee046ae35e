package export_test

import "testing"

func TestCodeHash(t *testing.T) {
	w := shop(t)
	sample := writeSample(t)
	hash := func(cells ...string) string {
		t.Helper()
		n := newNotebook(t, sample)
		n.run(cells...)
		got, err := w.CodeHash(n.made[0])
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 32 {
			t.Errorf("hash %q", got)
		}
		return got
	}
	const export = `Export(Topic("cars", Time("ts")).Map("v", f, "speed").To("out"), "out")`
	want := hash(`func f(v float64) float64 { return v * 2 }`, export)
	for name, cells := range map[string][]string{
		"comments":       {"// f is a function.\nfunc f(v float64) float64 { return v * 2 } // twice", "// now\n" + export},
		"layout":         {"func f(v float64) float64 {\n\n\n\treturn   v*2 /* twice */\n}", export},
		"other cells":    {"x := 1\nx", "func f(v float64) float64 { return v * 2 }", `Show(Topic("weather"))`, export},
		"another folder": {`func f(v float64) float64 { return v * 2 }`, `Export(Topic("cars", Time("ts")).Map("v", f, "speed").To("out"), "elsewhere")`},
	} {
		if got := hash(cells...); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got := hash(`func f(v float64) float64 { return v * 3 }`, export); got == want {
		t.Error("another function has the same hash")
	}
}
