package session

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOpenQuote(t *testing.T) {
	for code, want := range map[string]int{
		``: -1, `x`: -1, `"`: 0, `f("a`: 2, `f("a")`: -1, `f("a\"`: 2, `f("a\\"`: -1, "f(`a\"": 2, "f(`a`": -1,
		`// "`: -1, "// \"\n\"": 5, `/* " */`: -1, `/* " */ "`: 8, `'"'`: -1, `'"' + "`: 6, "\"a\nb": -1, "f(\"a\n\"": 5, `'\'' "`: 5,
	} {
		if got := openQuote(code); got != want {
			t.Errorf("%q: %d, want %d", code, got, want)
		}
	}
}

func TestCallsAround(t *testing.T) {
	for code, want := range map[string][]openCall{
		`f(`:                                   {{name: "f", start: 0}},
		`a.b(`:                                 {{name: "b", receiver: "a", start: 0}},
		`x := a.b(1).c(`:                       {{name: "c", receiver: "a.b(1)", start: 5}},
		`a.b(f(1), g(`:                         {{name: "g", start: 10}, {name: "b", receiver: "a", first: "f(1)", start: 0}},
		"a.\n\tb(\"x\").\n\tc(":                {{name: "c", receiver: "a.\n\tb(\"x\")", start: 0}},
		`f(1)`:                                 nil,
		`[]int{`:                               nil,
		`f([]string{`:                          {{name: "f", start: 0}},
		`m["a"].With(`:                         {{name: "With", receiver: `m["a"]`, start: 0}},
		`if x { a.b(`:                          {{name: "b", receiver: "a", start: 7}},
		`f(func(r Row) bool { return r.Float(`: {{name: "Float", receiver: "r", start: 28}, {name: "f", start: 0}},
	} {
		if d := cmp.Diff(want, callsAround(code), cmp.AllowUnexported(openCall{})); d != "" {
			t.Errorf("%q (-want +got):\n%s", code, d)
		}
	}
}

// FuzzCursor looks for text that the reading of unfinished code cannot take.
func FuzzCursor(f *testing.F) {
	for _, seed := range []string{`df.With("k`, "x := df.\n\tAgg(\"", `f(g[h{"`, `a.).("`, `)("`, `.("`, `..a("`, `a](["`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, code string) {
		open := openQuote(code)
		if open >= len(code) || open >= 0 && code[open] != '"' && code[open] != '`' {
			t.Fatalf("%q: the string begins at %d", code, open)
		}
		if open < 0 {
			open = len(code)
		}
		for _, c := range callsAround(code[:open]) {
			if c.name == "" || !strings.Contains(code, c.receiver) {
				t.Fatalf("%q: call %+v", code, c)
			}
			chains{}.frame(c.receiver)
		}
	})
}
