package exec

import (
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// TestCalledFunctions wants the reason why each of these is called.
func TestCalledFunctions(t *testing.T) {
	n := newNotebook(t)
	n.run(`import ("math/rand"; "html")
limits := map[string]float64{"a": 1}
func raise() { limits["a"] = 2 }
count := 0
factor := 2.0
func seen() int { count++; return count }
func deep(n int) int { if n < 1 { return 0 }; return deep(n-1) + 1 }
type Speed float64
func (s *Speed) Kmh() float64 { return float64(*s) * 3.6 }
func scale(by float64) func(float64) float64 { by++; return func(v float64) float64 { return v * by } }
func same[T any](v T) T { return v }
var pick = scale(2)
small := func(v float64) float64 { if v < 0 { for { } }; return v }`)
	for _, c := range []struct{ text, why string }{
		{`f.Map("x", func(v float64) float64 { for v > 1 { v /= 2 }; return v }, "a")`, "has a loop whose turns depend on the row at cell 3:1"},
		{`f.Map("x", small, "a")`, "has a loop of more than 64 turns at cell 2:13"},
		{`f.Map("x", func(v float64) float64 { return small(v) }, "a")`, "has a loop of more than 64 turns at cell 2:13"},
		{`f.Map("x", func(v float64) float64 { return v * limits["a"] }, "a")`, "uses limits, which may change while rows flow at cell"},
		{`f.Map("x", func(v float64) int { count++; return count }, "a")`, "uses count, which may change while rows flow: it is set in a function at cell"},
		{`f.Map("x", func(v int) int { return v + count }, "n")`, "uses count, which may change while rows flow: it is set in a function at cell 2:6"},
		{`f.Map("x", func(v int) int { return v + seen() }, "n")`, "uses count, which may change while rows flow: it is set in a function at cell 2:6"},
		{`f.Map("x", deep, "n")`, "calls itself at cell 2:7"},
		{`f.Map("x", func(v Speed) float64 { return v.Kmh() }, "a")`, "calls the method Kmh at cell"},
		{`f.Map("x", scale(2), "a")`, "the function is made by a call at cell"},
		{`f.Map("x", pick, "a")`, "the function is made by a call at cell"},
		{`f.Map("x", func(v float64) float64 { return pick(v) }, "a")`, "the function is made by a call at cell"},
		{`f.Map("x", func(v float64) float64 { return same(v) }, "a")`, "calls the generic same at cell"},
		{`f.Map("x", func(v float64) float64 { sq := func(x float64) float64 { v = x; return x }; return sq(v) }, "a")`, "sets v, which is not its own at cell"},
		{`f.Map("x", func(v float32) float32 { return v * 2 }, "a")`, "takes a value of type float32 at cell"},
		{`f.Map("x", func(v any) bool { return v == nil }, "a")`, "takes a value of type any at cell"},
		{`f.Map("x", func(v time.Duration) int { return 1 }, "d")`, "takes a value of type time.Duration at cell"},
		{`f.Map("x", func(v int) int { return int(int8(v)) }, "n")`, "has a value of type int8 at cell"},
		{`f.Map("x", func(v int) string { return string(rune(v)) }, "n")`, "has a value of type rune at cell"},
		{`f.Map("x", func(v string) string { return strings.Repeat(v, len(v)) }, "s")`, "calls strings.Repeat at cell"},
		{`f.Map("x", func(v string) int { return len([]rune(v)) }, "s")`, "has a value of type []rune at cell"},
		{`f.Map("x", func(v float64) float64 { println(v); return v }, "a")`, "calls println for what it does at cell"},
		{`f.Map("x", html.EscapeString, "s")`, "calls html.EscapeString at cell"},
		{`f.Map("x", func(v float64) float64 { return v * rand.Float64() }, "a")`, "calls rand.Float64 at cell"},
		{`f.Map("x", func(v float64) int { return time.Now().Year() }, "a")`, "calls the method Year at cell"},
		{`f.Map("x", func(v float64) (w float64) { defer func() { w = 0 }(); return v }, "a")`, "defers a call at cell"},
		{`f.Map("x", func(v float64) float64 { p := &v; return *p }, "a")`, "takes an address at cell"},
		{`f.Map("x", func(v float64) float64 { if v > 0 { goto out }; return 1; out: return v }, "a")`, "has a goto at cell"},
		{`f.Filter(func(r Row) bool { return r.Value("a") == nil })`, "compares with nil at cell"},
		{`f.Filter(func(r Row) bool { c := r.Key(); return r.Float(c) > 1 })`, "computes the name of a column at cell"},
		{`f.Filter(func(r Row) bool { return r.When().Hour() > 3 })`, "calls the method Hour at cell"},
		{`f.Filter(func(r Row) bool { return r.Str("a") == "" })`, `column "a" is float, read as string`},
		{`f.Filter(func(r Row) bool { return r.Float("gone") > 1 })`, `there is no column "gone"`},
		{`f.Apply(func(r Row) Row { return r.With("y", 1) }, "x float")`, `column "y" is set and not declared`},
		{`f.Apply(func(r Row) Row { return r.With("x", r.Str("s")) }, "x float")`, `column "x" is float, set to string`},
		{`f.Apply(func(r Row) Row { return r.With("x", Speed(1)) }, "x float")`, `sets "x" to a Speed at cell`},
		{`f.Apply(func(r Row) Row { if r.Bool("ok") { return r.With("x", 1) }; return r.With("x", "no") }, "x float")`, `sets "x" to values of two kinds`},
		{`f.Apply(func(r Row) Row { r = r.With("a", 1); if r.Has("a") { return r }; return r }, "a float")`, `asks for "a" after setting it at cell`},
	} {
		schema := testSchema.With(row.Field{Name: "d", Kind: row.Duration})
		_, err := Computed(stepOf(t, n.run("Show("+c.text+")"), schema))
		if err == nil || !strings.HasPrefix(err.Error(), c.why) {
			t.Errorf("%s\nis called since it %v\nwant %s", c.text, err, c.why)
		}
	}
}

// TestComputedAsItIsNow changes what functions use after frames were given them.
func TestComputedAsItIsNow(t *testing.T) {
	n := newNotebook(t)
	b := batchOf(t, testSchema, 40)
	n.run("factor := 2.0\nfunc helper(v float64) float64 { return v * factor }\nfunc conv(v float64) float64 { return helper(v) + 1 }\nlit := func(v float64) float64 { return v - factor }")
	given := n.run("Show(f.Map(\"x\", conv, \"a\"))")
	literal := n.run("Show(f.Map(\"x\", lit, \"a\"))")
	direct := n.run("Show(f.Map(\"x\", func(v float64) float64 { return conv(v) * lit(factor) }, \"a\"))")
	last := ""
	for _, change := range []string{
		"",
		"factor := 3.0",
		"factor = 4.0",
		"for i := range 3 { factor += float64(i) }",
		"func helper(v float64) float64 { return v / factor }",
		"func conv(v float64) float64 { return -helper(v) }",
		"lit := func(v float64) float64 { return v * factor }",
		"func conv(v float64) float64 { return helper(v) }\nfunc helper(v float64) float64 { return v }",
		"factor := 7",
	} {
		if change != "" {
			n.run(change)
		}
		all := ""
		for _, f := range []string{"given", "literal", "direct"} {
			s := stepOf(t, map[string]dataframe.Frame{"given": given, "literal": literal, "direct": direct}[f], testSchema)
			if _, err := Computed(s); err != nil {
				t.Errorf("after %q, %s is called: %v", change, f, err)
			}
			same(t, s, b, f+" after "+change)
			all += rows(t, s, b)
		}
		if all == last && change != "factor := 7" {
			t.Errorf("%q changed nothing", change)
		}
		last = all
	}
	n.run("func set() { factor = 9 }")
	if _, err := Computed(stepOf(t, n.run("Show(f.Map(\"x\", func(v int) int { return v * factor }, \"n\"))"), testSchema)); err == nil {
		t.Error("a variable that a function sets is taken as it is")
	}
}
