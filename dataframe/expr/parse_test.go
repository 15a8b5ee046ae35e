package expr

import (
	"go/token"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// TestText gives the canonical text of sources, and of the canonical text itself.
func TestText(t *testing.T) {
	for _, c := range lines(t, "testdata/text.txt") {
		e, err := Parse(c[0])
		if err != nil {
			t.Errorf("%s: %v", c[0], err)
			continue
		}
		if e.String() != c[1] {
			t.Errorf("%s\n got %s\nwant %s", c[0], e, c[1])
		}
		again, err := Parse(e.String())
		if err != nil || !again.Equal(e) {
			t.Errorf("%s: reads back as %s, %v", e, again, err)
		}
	}
}

func TestColumns(t *testing.T) {
	for src, want := range map[string][]string{
		"1 + 2":                             nil,
		"b + a * b":                         {"a", "b"},
		"engine.rpm + col('Engine RPM')":    {"Engine RPM", "engine.rpm"},
		"any(laps, # > best)":               {"best", "laps"},
		"concat(_key, _topic, _headers.id)": {"_headers.id", "_key", "_topic"},
		"tags[i].name":                      {"i", "tags"},
	} {
		e, err := Parse(src)
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		if diff := cmp.Diff(want, e.Columns()); diff != "" {
			t.Errorf("%s: %s", src, diff)
		}
	}
}

func TestReads(t *testing.T) {
	s := row.NewSchema(row.Field{Name: "engine", Kind: row.Struct}, row.Field{Name: "wheel.speed", Kind: row.Float}, row.Field{Name: "laps", Kind: row.List})
	e, err := Parse("concat(engine.rpm, engine.oil.temp, wheel.speed, any(laps, # > 1), _ts, _headers.id, nothing, wheel.rpm)")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"_headers.id", "_ts", "engine", "laps", "wheel.speed"}, e.Reads(s)); diff != "" {
		t.Error(diff)
	}
}

// TestWordsAsColumns takes words that mean something elsewhere as names of columns.
func TestWordsAsColumns(t *testing.T) {
	words := []string{"count", "mean", "sum", "key", "value", "b", "e1", "_", "div"}
	for k := token.BREAK; k <= token.VAR; k++ {
		words = append(words, k.String())
	}
	for _, f := range Functions() {
		if !reserved[f.Name] {
			words = append(words, f.Name)
		}
	}
	for _, w := range words {
		for _, src := range []string{w, w + " * 2 > 1", "1 + " + w, "if(" + w + " > 1, " + w + ", 2)", "car." + w, w + ".car", "not " + w, "-" + w} {
			e, err := Parse(src)
			if err != nil {
				t.Errorf("%s: %v", src, err)
				continue
			}
			if cols := e.Columns(); len(cols) != 1 || !strings.Contains(cols[0], w) {
				t.Errorf("%s reads %q, want %s", src, cols, w)
			}
		}
	}
	for w := range reserved {
		e, err := Parse("col('" + w + "') + 1")
		if err != nil || e.Columns()[0] != w {
			t.Errorf("col('%s'): %v %v", w, e, err)
		}
	}
}

func TestParseColumn(t *testing.T) {
	for src, want := range map[string][2]string{
		"kmh = speed * 3.6":        {"kmh", "speed * 3.6"},
		"speed":                    {"speed", "speed"},
		"engine.rpm":               {"engine.rpm", "engine.rpm"},
		"col('Engine RPM')":        {"Engine RPM", "col('Engine RPM')"},
		"mean(kmh)":                {"mean_kmh", "mean(kmh)"},
		"a == b":                   {"a == b", "a == b"},
		"a<=b":                     {"a <= b", "a <= b"},
		"same = a == b":            {"same", "a == b"},
		"s = '='":                  {"s", "'='"},
		"'top speed' = speed":      {"top speed", "speed"},
		"engine.hot = temp > 90":   {"engine.hot", "temp > 90"},
		"in = 1":                   {"in", "1"},
		"not a":                    {"not a", "not a"},
		"größe = größe * 2":        {"größe", "größe * 2"},
		"round(speed, 1)":          {"round(speed, 1)", "round(speed, 1)"},
		"fast = kmh > 250 and a=b": {"", ""},
		"1 = 2":                    {"", ""},
		"kmh =":                    {"", ""},
		"= 3":                      {"", ""},
	} {
		name, e, err := ParseColumn(src)
		if (err != nil) != (want[0] == "") {
			t.Errorf("%s: error %v", src, err)
			continue
		}
		if err == nil && (name != want[0] || e.String() != want[1]) {
			t.Errorf("%s: %q = %q, want %q", src, name, e, want)
		}
	}
}

func TestParseCall(t *testing.T) {
	for src, want := range map[string]string{
		"avg = mean(kmh)":            "avg mean kmh",
		"n = count()":                "n count",
		"count()":                    "count count",
		"max(kmh)":                   "max_kmh max kmh",
		"any(brake > 0)":             "any(brake > 0) any brake > 0",
		"count(gear == 8)":           "count(gear == 8) count gear == 8",
		"x = mean(kmh, gear in [1])": "x mean kmh; gear in [1]",
		"quantile(kmh, 0.9)":         "quantile(kmh, 0.9) quantile kmh; 0.9",
		"p95( kmh )":                 "p95_kmh p95 kmh",
		"ü = sum(if(a, b, (c)))":     "ü sum if(a, b, c)",
		"mean(kmh) * 2":              "",
		"(mean(kmh))":                "",
		"kmh":                        "",
		"mean(kmh":                   "",
		"x = ":                       "",
		"":                           "",
	} {
		name, fn, args, err := ParseCall(src)
		var texts []string
		for _, a := range args {
			texts = append(texts, a.String())
		}
		got := strings.TrimSpace(name + " " + fn + " " + strings.Join(texts, "; "))
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%s: %q, %v, want %q", src, got, err, want)
		}
	}
}

func TestLimits(t *testing.T) {
	ok := func(src string) {
		if _, err := Parse(src); err != nil {
			t.Errorf("%.40s...: %v", src, err)
		}
	}
	bad := func(src, want string) {
		_, err := Parse(src)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s...: error %v, want %q", src, err, want)
		}
	}
	ok(strings.Repeat("a + ", 400) + "a")
	bad(strings.Repeat("a + ", 600)+"a", "more than 1000 parts")
	ok(strings.Repeat("abs(", 60) + "a" + strings.Repeat(")", 60))
	bad(strings.Repeat("abs(", 70)+"a"+strings.Repeat(")", 70), "nests 71 deep")
	bad(strings.Repeat("a", maxBytes+1), "8193 bytes")
	bad(strings.Repeat("(", 8000), "ends too early")
	bad("a < \xff", "not UTF-8")
	chain := "a"
	for range 30 {
		chain = "(1 < " + chain + " < 2)"
	}
	bad(chain, "more than 1000 parts") // each < ... < writes its middle twice
}
