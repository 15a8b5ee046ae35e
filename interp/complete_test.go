package interp

import (
	"context"
	"strings"
	"syscall"
	"testing"
	"time"

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
		{"ca|", "car cars cap case Car"},
		{"df.W|", "Where With"},
		{"df.With(\"a\").Wh|", "Where"},
		{"riffle.Lin|", "Line"},
		{"Lin|", "Line"},
		{"lin|", "Line"},
		{"car.Nothing.|", ""},
		{"fal|", "fallthrough false"},
		{"func (c *Car) Later() { c.|", "Kmh Name speed"},
		{"func (f Frame) Later() { f.W|", "Where With"},
		{"df.\n\tWith(\"a\").\n\tWh|\nx := 1", "Where"},
		{"c := Car{N|}", "Name new nil"},
		{"c := Car{Name: \"a\", |}", "speed"},
		{"c := []*Car{{sp|", "speed"},
		{"sha1.Su|", "Sum"},
		{"sha2|", "sha256"},
		{"import \"crypto/sha|\"", "crypto/sha1 crypto/sha256 crypto/sha3 crypto/sha512"},
		{"import (\n\t\"fmt\"\n\tj \"encoding/js|", "encoding/json"},
		{"import \"fmt\"; ca|", "car cars cap case Car"},
		{"outer:\nfor {\n\tinner:\n\tfor {\n\t\tcontinue |", "inner outer"},
		{"out:\nfor {}\nfor { break o|", ""},
		{"x := )\ncar.N|", "Name"},
		{"func broken( {\n\nfunc g() { car.N|", "Name"},
		{"car.N|\nfunc broken( {", "Name"},
		{"y := \"open\ncar.N|", "Name"},
		{"car.N|\ny := `open", "Name"},
		{"car.N| }", "Name"},
		{"func f() {\n\tx := 1 + * 2\n\ty := Car{}\n\ty.N|", "Name"},
		{"x := []int{1, 2\ncar.N|", "Name"},
		{"go func() { car.N|", "Name"},
		{"defer car.K|", "Kmh"},
		{"func f() { early := 1; ear|; earnest := 2 }", "early"},
		{"var n int = strings.Cou|", "Count"},
		{"// car.N|", ""},
		{"x := \"car.N|", ""},
		{"x := 1|", ""},
		{"func up[K interface{ Up() }](k K) { k.|", "Up"},
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
		{"Ca|r{}", "type Car struct {\n\tName string\n}", "Car is a car."},
		{"car.Na|me", "field Name string", ""},
		{"st|rings.ToUpper(\"a\")", "package strings // import \"strings\"", "Package strings implements simple functions to manipulate UTF-8 encoded strings.\n\nFor information about UTF-8 strings in Go, see https://blog.golang.org/strings."},
		{"strings.Rep|eat", "func strings.Repeat(s string, count int) string", "Repeat returns a new string consisting of count copies of the string s.\n\nIt panics if count is negative or if the result of (len(s) * count)\noverflows."},
		{"fmt.Println(strings.ToUpper(|))", "func strings.ToUpper(s string) string", "ToUpper returns s with all Unicode letters mapped to their upper case."},
		{"sha1.S|um(nil)", "func sha1.Sum(data []byte) [20]byte", "Sum returns the SHA-1 checksum of the data."},
		{"sha|1", "package sha1 // import \"crypto/sha1\"", "Package sha1 implements the SHA-1 hash algorithm as defined in RFC 3174.\n\nSHA-1 is cryptographically broken and should not be used for secure\napplications."},
		{"tr|ue", "const true untyped bool = true", "Untyped bool.\n\ntrue and false are the two untyped boolean values."},
		{"// st|rings", "", ""},
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

// TestWantedFirst checks the order of offers.
func TestWantedFirst(t *testing.T) {
	h := newHost(t)
	h.run("import \"strings\"\n_ = strings.ToUpper", "text1 := \"a\"\ntext2 := 1\nfunc take(n int) int { return n }\ntype Pair struct { N int; S string }")
	for _, c := range []struct{ code, first string }{
		{"take(tex|", "text2"},
		{"strings.ToUpper(tex|", "text1"},
		{"take(1) + strings.Count(\"a\", tex|", "text1"},
		{"p := Pair{N: tex|", "text2"},
		{"func f() string { return tex|", "text1"},
		{"text1 = tex|", "text1"},
		{"text2 = tex|", "text2"},
		{"func f(tex string) { te|", "tex"},
		{"Tex|", "text1"},
	} {
		code, pos := at(t, c.code)
		got := h.engine.Complete(code, pos).Items
		if len(got) == 0 || got[0].Text != c.first {
			t.Errorf("%q offers %v, want %s first", c.code, got, c.first)
		}
	}
}

// maxProbe bounds the processor time of one completion, on average over every place of a text.
const maxProbe = 30 * time.Millisecond

// TestCompleteEverywhere completes and inspects at the places of the corpus, with the rest of the cell there and without.
func TestCompleteEverywhere(t *testing.T) {
	h := newHost(t)
	every := 31
	if testing.Short() {
		every = 211
	}
	asked, began := 0, processorTime(t)
	for _, s := range corpus(t) {
		for _, text := range s.Cells {
			for pos := asked % every; pos <= len(text); pos += every {
				h.engine.Complete(text, pos)
				h.engine.Complete(text[:pos], pos)
				h.engine.Inspect(text, pos)
				asked += 3
			}
		}
	}
	spent := processorTime(t) - began
	t.Logf("%d questions, %v of the processor each", asked, spent/time.Duration(asked))
	if spent > time.Duration(asked)*maxProbe {
		t.Errorf("%d questions took %v, more than %v each", asked, spent, maxProbe)
	}
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
