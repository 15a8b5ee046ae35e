package display

import (
	"strings"
	"testing"
)

func TestFailureGolden(t *testing.T) {
	cell := "cars := Topic(\"car-telemetry\")\ndf := cars.With(\"kmh = speed * 3.6\")\n\tdf.Where(\"amont > 3\")\n\nShow(df)\n"
	for name, f := range map[string]Failure{
		"column": {Name: "plan error", Message: `no column "amont" (have amount, city, ts; did you mean amount?)`, Where: "cell 3",
			Source: cell, Line: 3, Column: 12, Length: 5, Notes: []string{"the row was {amount: 3}"}},
		"first-line": {Name: "compile error", Message: "expected ';'", Source: cell, Line: 1, Column: 1},
		"wide":       {Message: "not a number", Source: "x := \"東京\" + y", Line: 1, Column: 16, Length: 1},
		"long-line":  {Message: "m", Source: strings.Repeat("a", 300) + " + bad + " + strings.Repeat("c", 300), Line: 1, Column: 304, Length: 3},
		"no-source":  {Name: "broker error", Message: "localhost:9092: connection refused\nis the broker running?"},
		"hostile":    {Name: "\x1b[2J", Message: "\x1b[31mred\u202e", Source: "a\x1b[2Jb\u202ec\r\nd", Line: 1, Column: 7, Length: 1},
		"past-end":   {Message: "m", Source: "ab", Line: 1, Column: 99, Length: 99},
		"line-only":  {Message: "m", Source: cell, Line: 2},
		"no-line":    {Message: "m", Source: cell, Line: 77, Column: 1},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, "failure-"+name+".txt", f.String()+"\n")
			colourless := Visible(strings.Join(f.Traceback(), "|"))
			if want := strings.ReplaceAll(f.String(), "\n", "|"); colourless != want {
				t.Errorf("traceback without colours:\n%s\nwant\n%s", colourless, want)
			}
		})
	}
}

func TestFailureCaret(t *testing.T) {
	f := Failure{Message: "m", Source: "\ta := \"é東\" + bad", Line: 1, Column: 1 + strings.Index("\ta := \"é東\" + bad", "bad"), Length: 3}
	lines := strings.Split(f.String(), "\n")
	at, caret := -1, -1
	for _, l := range lines {
		if i := strings.Index(l, "bad"); i >= 0 {
			at = width(l[:i])
		}
		if i := strings.Index(l, "^^^"); i >= 0 {
			caret = width(l[:i])
		}
	}
	if at < 0 || at != caret {
		t.Errorf("caret at %d, want %d, in\n%s", caret, at, f)
	}
}

func TestFailureIsAnError(t *testing.T) {
	var err error = Failure{Name: "plan error", Message: "no column", Where: "cell 3", Line: 3, Column: 7}
	if got, want := err.Error(), "plan error: cell 3:3:7: no column"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func FuzzFailure(f *testing.F) {
	f.Add("a := b", 1, 3, 2)
	f.Add("東\t\x1b[0m\n\n", 2, 1, 0)
	f.Add("x", -1, -5, -5)
	f.Fuzz(func(t *testing.T, src string, line, column, length int) {
		out := Failure{Message: src, Source: src, Line: line, Column: column, Length: length}.String()
		if strings.ContainsAny(out, "\x1b\u202e\x00") {
			t.Errorf("%q", out)
		}
	})
}
