package source

import (
	"errors"
	"go/token"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string // kind: text
	}{
		{"empty", "", nil},
		{"comments", "// a\n/* b */", nil},
		{"one line", "x := 1; f(x)", []string{": x := 1", ": f(x)"}},
		{"declarations", "import \"fmt\"\ntype T int\nconst c = 1\nfunc f() {}", []string{`import: import "fmt"`, "type: type T int", "const: const c = 1", "func: func f() {}"}},
		{"a var runs in order", "var x = 1", []string{": var x = 1"}},
		{"method", "func (t T) M(a int) {}", []string{"func: func (t T) M(a int) {}"}},
		{"called literal", "func(a int) {}(1)", []string{": func(a int) {}(1)"}},
		{"literal with a result", "func() int { return 1 }()", []string{": func() int { return 1 }()"}},
		{"chain over lines", "df := a.\n\tWith(1).\n\tWhere(2)\ndf", []string{": df := a.\n\tWith(1).\n\tWhere(2)", ": df"}},
		{"label", "out:\nfor {\n}", []string{": out:\nfor {\n}"}},
		{"raw string", "s := `a;\nb`\nt", []string{": s := `a;\nb`", ": t"}},
		{"group", "const (\n\ta = 1\n\tb\n)", []string{"const: const (\n\ta = 1\n\tb\n)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			chunks, err := Cell{Text: c.text}.Split()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, k := range chunks {
				name := k.Kind.String()
				if k.Kind == token.ILLEGAL {
					name = ""
				}
				got = append(got, name+": "+c.text[k.From:k.To])
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestSplitErrors(t *testing.T) {
	for _, c := range []struct {
		text       string
		incomplete bool
		want       string
	}{
		{"if {", true, "cell 3:1:5: syntax error: unexpected end of cell, a bracket is still open\n    if {\n        ^"},
		{"s := `a", true, "cell 3:1:6: string not terminated\n    s := `a\n         ^"},
		{"x := )", false, "cell 3:1:6: syntax error: unexpected ), expected expression\n    x := )\n         ^"},
		{"\ts := \"a", false, "cell 3:1:7: newline in string\n    \ts := \"a\n    \t     ^"},
		{"世界 := \"é\u0301\")", false, "cell 3:1:17: syntax error: unexpected ) at end of statement\n    世界 := \"é\u0301\")\n    \u3000\u3000       ^"},
	} {
		_, err := Cell{Number: 3, Text: c.text}.Split()
		var open *Incomplete
		if got := errors.As(err, &open); got != c.incomplete {
			t.Errorf("%q: incomplete is %t", c.text, got)
		}
		if err == nil {
			t.Errorf("%q: no error", c.text)
			continue
		}
		if diff := cmp.Diff(c.want, err.Error()); diff != "" {
			t.Errorf("%q, -want +got:\n%s", c.text, diff)
		}
	}
}

func TestSplitLimit(t *testing.T) {
	_, err := Cell{Text: strings.Repeat("x", MaxBytes+1)}.Split()
	if err == nil || !strings.Contains(err.Error(), "more than the limit") {
		t.Errorf("error %v", err)
	}
}

func TestLiterals(t *testing.T) {
	got := Cell{Number: 2, Text: "f(\"a\\n\")\n\tg(`b`, 'c')"}.Literals()
	want := []Literal{{Value: "a\n", At: Position{2, 1, 4}}, {Value: "b", At: Position{2, 2, 5}, Raw: true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// FuzzSplit cuts anything: chunks are in order, apart, and inside the text.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"x := 1; f(x)", "func (t T) M() {}", "s := `a", "if {", "é := \"\\xff\"", "//line x:1\n;;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cell := Cell{Text: text}
		chunks, err := cell.Split()
		if err != nil {
			return
		}
		last := 0
		for _, k := range chunks {
			if k.From < last || k.To <= k.From || k.To > len(text) {
				t.Fatalf("chunk %v after %d in %d bytes", k, last, len(text))
			}
			last = k.To
		}
		if only := cell.Only(chunks, Chunk.Declares); len(only) != len(text) {
			t.Fatalf("blanking changed %d bytes to %d", len(text), len(only))
		}
		cell.Literals()
	})
}
