package interp

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// at splits a text at the mark |, the cursor.
func at(t *testing.T, text string) (code string, pos int) {
	t.Helper()
	i := strings.IndexByte(text, '|')
	if i < 0 {
		t.Fatalf("no cursor in %q", text)
	}
	return text[:i] + text[i+1:], i
}

func TestComplete(t *testing.T) {
	h := newHost(t)
	h.run("import (\"fmt\"; \"strings\")", "// Car is a car.\ntype Car struct { Name string; speed float64 }\n// Kmh is its speed.\nfunc (c *Car) Kmh() float64 { return c.speed * 3.6 }\ncar := Car{}\ncars := []Car{}\ndf := Topic(\"a\")", "_ = fmt.Sprint\n_ = strings.ToUpper")
	for _, c := range []struct {
		code string
		want string // offers, joined
	}{
		{"car.|", "Kmh Name speed"},
		{"car.K|", "Kmh"},
		{"x := 3\ncar.N|\ny := 4", "Name"},
		{"cars[0].|", "Kmh Name speed"},
		{"strings.ToUp|", "ToUpper ToUpperSpecial"},
		{"fmt.Sprintl|", "Sprintln"},
		{"fmt.Println(car.N|", "Name"},
		{"func f(c Car) {\n\tlocal := 1\n\t_ = loc|\n}", "local"},
		{"func f(c *Car) { if true { c.sp|", "speed"},
		{"for _, one := range cars { one.|}", "Kmh Name speed"},
		{"ca|", "cap car cars case"},
		{"df.W|", "Where With"},
		{"df.With(\"a\").Wh|", "Where"},
		{"riffle.Lin|", "Line"},
		{"Lin|", "Line"},
		{"lin|", "Line"},
		{"car.Nothing.|", ""},
		{"fal|", "fallthrough false"},
	} {
		code, pos := at(t, c.code)
		got := h.engine.Complete(code, pos)
		var texts []string
		for _, i := range got.Items {
			texts = append(texts, i.Text)
		}
		if diff := cmp.Diff(c.want, strings.Join(texts, " ")); diff != "" {
			t.Errorf("%q, -want +got:\n%s", c.code, diff)
		}
	}
	// Asking changes nothing.
	if _, err := h.engine.Eval(context.Background(), Cell{Number: 9, Text: "car.Kmh()"}); err != nil {
		t.Error(err)
	}
}

func TestInspect(t *testing.T) {
	h := newHost(t)
	h.run("import (\"fmt\"; \"strings\")\n_ = fmt.Sprint\n_ = strings.ToUpper", "// Car is a car.\ntype Car struct { Name string }\ncar := Car{}")
	for _, c := range []struct{ code, declaration, doc string }{
		{"strings.ToUp|per(\"a\")", "func strings.ToUpper(s string) string", "ToUpper returns s with all Unicode letters mapped to their upper case."},
		{"car|", "var car Car", ""},
		{"Ca|r{}", "type Car struct{Name string}", "Car is a car."},
		{"car.Na|me", "field Name string", ""},
		{"st|rings.ToUpper(\"a\")", "package strings", "Package strings implements simple functions to manipulate UTF-8 encoded strings."},
		{"Top|ic(\"a\")", "func Topic(name string) Frame", "Topic starts a frame."},
		{"df := Topic(\"a\").Wi|th(\"b\")", "func (frame.Frame).With(columns ...string) frame.Frame", "With adds columns."},
	} {
		code, pos := at(t, c.code)
		got, _ := h.engine.Inspect(code, pos)
		if diff := cmp.Diff([]string{c.declaration, c.doc}, []string{got.Declaration, got.Doc}); diff != "" {
			t.Errorf("%q, -want +got:\n%s", c.code, diff)
		}
	}
}

func TestIsComplete(t *testing.T) {
	h := newHost(t)
	for code, want := range map[string]Completeness{
		"x := 1": Complete, "": Complete, "if x {": Incomplete, "f(1,": Incomplete, "s := `a": Incomplete, "x := )": Invalid, "/* c": Incomplete,
		"x := := 5": Invalid, "x := 5 5": Invalid, "func (": Incomplete, "func f() int { return 1 } }": Invalid, "if x\n{ }": Invalid,
		"x :=": Incomplete, "x := 1 +\n": Incomplete, "df.\n": Incomplete, "var": Incomplete, "import \"fmt\"\nfmt.Println(1)": Complete,
		"x++": Complete, "type T struct {\n\tA int\n}\n\nfunc (t T) M() {}\nT{}.M()": Complete, "'a": Invalid, "x := 5 // +": Complete,
	} {
		if got := h.engine.IsComplete(code); got != want {
			t.Errorf("%q: got %d, want %d", code, got, want)
		}
	}
}
