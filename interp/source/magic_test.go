package source

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func timed(name string) bool { return name == "time" }

func TestMagics(t *testing.T) {
	for _, c := range []struct {
		name, text string
		goes       string // the Go that stays, its spaces folded
		want       []string
	}{
		{"only Go", "x := 7 % 2\ny := !ok", "x := 7 % 2 y := !ok", nil},
		{"among Go", "x := 1\n%vars\n!echo it's\ny := 2", "x := 1 y := 2", []string{"2:1 vars()", "3:1 sh(echo it's)"}},
		{"indented, after a comment", "// a\n/* b\nc */\n  %vars  x \nf()", "// a /* b c */ f()", []string{"4:3 vars(x)"}},
		{"after a block", "if a {\n}\n%vars", "if a { }", []string{"3:1 vars()"}},
		{"in brackets", "f(a\n%vars\n)", "f(a %vars )", nil},
		{"in a block", "{\n!ok\n}", "{ !ok }", nil},
		{"in a raw string", "s := `\n%vars\n`", "s := ` %vars `", nil},
		{"in a comment", "/*\n%vars\n*/", "/* %vars */", nil},
		{"a statement goes on", "x := a ||\n!b", "x := a || !b", nil},
		{"not at the start of its line", "f(); !g()", "f(); !g()", nil},
		{"Go behind it", "%time for {\n}\n%vars", "for { }", []string{"1:1 time(for {)", "3:1 vars()"}},
		{"a cell's", "%%time\nf()", "f()", []string{"1:1 time()"}},
		{"joined lines", "!echo a \\\n  b\nf()", "f()", []string{"1:1 sh(echo a \n  b)"}},
		{"help", "?Line\nLine?\n%time?\ndf.With??\n?", "", []string{"1:1 help(Line)", "2:1 help(Line)", "3:1 help(%time)", "4:1 help(df.With)", "5:1 help()"}},
		{"no name", "% x\n!", "", []string{"1:1 (x)", "2:1 sh()"}},
		{"a quote that stays open", "!echo \"\nx := \"a\"", `x := "a"`, []string{"1:1 sh(echo \")"}},
		{"lines of Windows", "%vars\r\nx := 1\r\n", "x := 1", []string{"1:1 vars()"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cell := Cell{Number: 3, Text: c.text}
			code, magics := cell.Magics(timed)
			var got []string
			for _, m := range magics {
				got = append(got, strings.TrimPrefix(m.At.String(), "cell 3:")+" "+m.Name+"("+m.Args+")")
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
			if goes := strings.Join(strings.Fields(code.Text), " "); goes != c.goes {
				t.Errorf("the Go is %q, want %q", goes, c.goes)
			}
			if len(code.Text) != len(c.text) || strings.Count(code.Text, "\n") != strings.Count(c.text, "\n") {
				t.Errorf("places move: %q", code.Text)
			}
		})
	}
}

// FuzzMagics takes lines out of anything: what is left has its places, and no magic.
func FuzzMagics(f *testing.F) {
	for _, s := range []string{"%time f()\n!ls \\\nx", "a?\n??", "`\n%x", "{\n!a}\n%b", "%%x\r\n\x00!"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, magics := Cell{Text: text}.Magics(timed)
		if len(code.Text) != len(text) {
			t.Fatalf("%d bytes became %d", len(text), len(code.Text))
		}
		last := -1
		for _, m := range magics {
			if m.From <= last || m.Body < m.From || m.Body > len(text) {
				t.Fatalf("magic %+v after byte %d of %d", m, last, len(text))
			}
			last = m.From
		}
	})
}
