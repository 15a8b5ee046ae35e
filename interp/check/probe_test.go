package check

import (
	"testing"

	"github.com/riffle-stream/riffle/interp/source"
	"github.com/riffle-stream/riffle/interp/symbols"
)

// FuzzProbe looks for unfinished text at which looking fails. Probe itself would survive it and know nothing.
func FuzzProbe(f *testing.F) {
	s := NewSession(NewImporter(symbols.Std()), nil, "")
	cell, err := s.Check(source.Cell{Number: 1, Text: "import \"strings\"\n_ = strings.ToUpper\ntype T struct { A int; next *T }\nfunc (t *T) M() int { return t.A }\nx := T{}"})
	if err != nil {
		f.Fatal(err)
	}
	s.Commit(cell)
	for _, seed := range []string{
		"x.", "x.M().", "T{A: 1, ", "func (t *T) N() { t.", "func (t T", "strings.ToUpper(x.", "for i := range x { if", "func f( {\nfunc g() { x.", "go func() { x.",
		"`", "/*", "\"", "x := )", "import (\"fmt\"", "import \"", "type G[K", "var x = func() {", "switch y := any(x).(type) { case *T: y.", "goto ", "a[", "T{{", "func init() {", "type T = T", "type T struct { T }",
	} {
		f.Add(seed, len(seed))
	}
	f.Fuzz(func(t *testing.T, code string, offset int) {
		if len(code) > 1<<10 {
			t.Skip("only long")
		}
		s.probe(code, offset)
		if _, err := s.Check(source.Cell{Number: 2, Text: "y := x.M() + x.A"}); err != nil {
			t.Fatalf("after looking at %d of %q: %v", offset, code, err)
		}
	})
}
