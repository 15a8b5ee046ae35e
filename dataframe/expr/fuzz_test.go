package expr

import (
	"os"
	"strings"
	"testing"
)

// FuzzParse wants no panic, errors inside the text, and canonical text that
// reads back as the same tree; what compiles must also run.
func FuzzParse(f *testing.F) {
	for _, file := range []string{"testdata/text.txt", "testdata/values.txt", "testdata/errors.txt"} {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			src, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " => ")
			f.Add(src)
		}
	}
	b := oneRow(f)
	f.Fuzz(func(t *testing.T, src string) {
		_, _, _, _ = ParseCall(src)
		_, _, _ = ParseColumn(src)
		e, err := Parse(src)
		if err != nil {
			inside(t, src, err)
			return
		}
		again, err := Parse(e.String())
		if err != nil || again.String() != e.String() {
			if err != nil && len(e.String()) > maxBytes {
				return // brackets and blanks that the source did without
			}
			t.Fatalf("%q: canonical text %q reads back as %q, %v", src, e, again, err)
		}
		p, err := Compile(e, b.Schema)
		if err != nil {
			inside(t, src, err)
			return
		}
		if v := p.Eval(b); v.Len() != 1 || v.Kind != p.Kind() {
			t.Fatalf("%q: %d rows of %s, want 1 of %s", src, v.Len(), v.Kind, p.Kind())
		}
	})
}

// inside wants the place of an error inside the text, and a caret for it.
func inside(t *testing.T, src string, err error) {
	t.Helper()
	e, ok := err.(*Error)
	if !ok {
		t.Fatalf("%q: %T %v, want an *Error", src, err, err)
	}
	if e.Pos < 0 || e.Len < 0 || e.Pos+e.Len > len(e.Src) || e.Error() == "" {
		t.Fatalf("%q: error %q at %d+%d", src, e, e.Pos, e.Len)
	}
	if lines := strings.Count(e.Caret(), "\n"); lines != 1 {
		t.Fatalf("%q: caret of %d lines", src, lines+1)
	}
}
