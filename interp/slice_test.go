package interp

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/riffle-stream/riffle/interp/internal/fakecells"
	"github.com/riffle-stream/riffle/interp/internal/fakecells/frame"
	"github.com/riffle-stream/riffle/interp/internal/fakecells/table"
)

const fakePath = "github.com/riffle-stream/riffle/interp/internal/fakecells"

// A host is an engine with the fake prelude, whose verbs make slices.
type host struct {
	t      *testing.T
	engine Engine
	out    buffer
	root   *Root // what a call of Live slices, or nil
	slices []*Slice
	frames []string // what Live and Export were given
}

func newHost(t *testing.T) *host {
	h := &host{t: t}
	live := func(v any, _ ...fakecells.Option) { h.verb(v) }
	e, err := New(Config{Stdout: &h.out, Stderr: os.Stderr, Prelude: Prelude{
		Path: fakePath, Name: "riffle", Set: table.Set(),
		Bind: map[string]reflect.Value{
			"Live": reflect.ValueOf(live), "Show": reflect.ValueOf(func(any) {}),
			"Export":  reflect.ValueOf(func(f frame.Frame, _ string) { h.verb(f) }),
			"Collect": reflect.ValueOf(func(frame.Frame) []string { return []string{"row"} }),
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	h.engine = e
	return h
}

// verb notes the frame that Live or Export got, and slices what made it.
func (h *host) verb(v any) {
	switch v := v.(type) {
	case frame.Frame:
		h.frames = append(h.frames, v.String())
	case fakecells.Chart:
		h.frames = append(h.frames, v.Frame.String())
	}
	s, err := h.engine.Slice(Root{Whole: true})
	if err != nil {
		h.t.Errorf("slice: %v", err)
		return
	}
	h.slices = append(h.slices, s)
}

func (h *host) run(cells ...string) {
	h.t.Helper()
	for i, text := range cells {
		if _, err := h.engine.Eval(context.Background(), Cell{Number: i + 1, Text: text}); err != nil {
			h.t.Fatalf("cell %d: %v", i+1, err)
		}
	}
}

var sliceCases = []struct {
	name  string
	cells []string
	has   []string // in the program
	not   []string
}{
	{"helper", []string{
		`import "fmt"`,
		"// limit is the least speed.\nconst limit = 3",
		`func fast(f Frame) Frame { return f.Where(fmt.Sprintf("speed > %d", limit)) }`,
		`cars := Topic("cars") // all of them
other := Topic("other")`,
		`df := fast(cars)
Show(df)
fmt.Println("looking")`,
		`Live(df, For("1m"))`,
	}, []string{"// limit is the least speed.", "func fast", "// all of them", `Live(df, For("1m"))`}, []string{"other", "looking", "Show"}},
	{"loop into a map", []string{
		`m := map[string]Frame{}
names := []string{"a", "b"}`,
		`for _, n := range names {
	m[n] = Topic(n).Where("x > 1")
}`,
		`unused := 3`,
		`Live(m["b"])`,
	}, []string{"for _, n := range names"}, []string{"unused"}},
	{"method", []string{
		"type Rule struct{ Min float64 }",
		"import \"fmt\"\nfunc (r Rule) Apply(f Frame) Frame { return f.Where(fmt.Sprint(\"v > \", r.Min)) }",
		`r := Rule{1.5}`,
		`Live(Line(r.Apply(Topic("t")), "x", "y"))`,
	}, []string{"func (r Rule) Apply"}, nil},
	{"closure", []string{
		`steps := []string{}
add := func(s string) { steps = append(steps, s) }`,
		`add("kmh = speed * 3.6")`,
		`add("x = 1")`,
		`df := Topic("t").With(steps...)`,
		`Live(df)`,
	}, []string{`add("x = 1")`}, nil},
	{"redefined variable", []string{
		`x := 1`,
		`x := "late"`,
		`df := Topic(x)`,
		`x := "later"`,
		`df := df.Where(x)`,
		`df`,
		`Live(df)`,
	}, nil, []string{"x := 1"}},
	{"verb inside a function", []string{
		`func watch(f Frame) { Live(f, For("1s")) }`,
		`df := Topic("t")`,
		`watch(df.Where("a"))`,
	}, []string{`watch(df.Where("a"))`, "func watch"}, nil},
	{"frame in a struct", []string{
		`type Pipe struct { F Frame; N int }`,
		`p := &Pipe{}`,
		`p.F = Topic("t")
p.N = 3`,
		`q := p`,
		`q.F = q.F.Where("n > 3")`,
		`Live(p.F)`,
	}, []string{"q.F = q.F.Where"}, nil},
	{"a name of the prelude", []string{
		`type Line struct { A, B float64 }`,
		`l := Line{2, 3}
import "fmt"
df := Topic(fmt.Sprint(l.A))`,
		`Live(df)`,
	}, []string{"riffle.Live(df)", "riffle.Topic("}, []string{"import ."}},
	{"floats", []string{
		`a, b, c := 1.5, 2.0, 0.25
scale := func(v float64) float64 { return v*a + b }`,
		`func shift(v float64) float64 { return c - v*2 }`,
		`Live(Topic("t").Map("k", scale, "v").Map("s", shift, "v"))`,
	}, []string{"float64(v*a) + b", "c - float64(v*2)"}, nil},
	{"a function that uses a variable", []string{
		`rate, err := 2.0, error(nil)`,
		`func conv(v float64) float64 { return v * rate }`,
		`rate = 3.6`,
		`df := Topic("t").Map("kmh", conv, "v")`,
		`Live(df)`,
	}, []string{"var rate float64", "rate = 3.6"}, nil},
	{"a variable that has its value at package level", []string{
		"import \"regexp\"\nvar limits = []float64{150, 250} // of the zones\n// digits of a name\ndigits := regexp.MustCompile(`[0-9]+`)\nscale, late := 2.0, 1.5",
		`/* over is the part
   above a limit. */
func over(v float64) float64 { if digits.MatchString("a1") { return v - limits[0]*scale }; return late } // never below
limits[0] = 100`,
		`Live(Topic("t").Map("k", over, "v"))`,
	}, []string{"var limits = []float64{150, 250} // of the zones", "// digits of a name\nvar digits = regexp.MustCompile", "limits[0] = 100", "/*\nover is the part", "} // never below", "var scale float64"}, nil},
	{"a value that is read after it changed", []string{
		`a := 2.0
b := a * 3`,
		`a = 7.0
c := a * 2`,
		`func over(v float64) float64 { return v*a - b - c }`,
		`Live(Topic("t").Map("k", over, "v"))`,
	}, []string{"var b = a * 3", "c = a * 2"}, []string{"var c ="}},
	{"a guard", []string{
		`import ("errors"; "fmt")
func build(n int) (Frame, error) { if n < 0 { return Topic(""), errors.New("negative") }; return Topic(fmt.Sprint("t", n)), nil }`,
		`df, err := build(3)
other, err2 := build(4)`,
		`if err != nil { panic(err) }
if err2 != nil { panic(err2) }
if other.String() == "" || df.String() == "" { panic("empty") }`,
		`Live(df)`,
	}, []string{"panic(err)"}, []string{"err2", "empty", "_ = err"}},
	{"a captured variable that is assigned later", []string{
		`least := 100.0
scale, unused := 2.0, 1.0
factor := func() float64 { return scale }
keep := func(v float64) float64 { if v > least { return v * factor() }; return 0 }`,
		`df := Topic("t").Map("k", keep, "v")`,
		`unused = 3
least = 200.0`,
		`scale = 4.0
Live(df)
scale = 5.0`,
	}, []string{"least := 100.0", "least = 200.0", "scale = 4.0"}, []string{"unused = 3", "scale = 5.0"}},
	{"a variable that a function uses and is assigned later", []string{
		`limit, seen := 1.0, 0`,
		`func over(v float64) float64 { return v - limit }`,
		`df := Topic("t").Map("k", over, "v")`,
		`seen++
limit = 7.0`,
		`Live(df)`,
	}, []string{"var limit float64", "limit = 7.0"}, []string{"seen++"}},
}

// TestSlices compiles the slice of each case and compares its frames with those that the interpreter saw.
func TestSlices(t *testing.T) {
	dir := workDir(t)
	var want []string
	var calls, imports strings.Builder
	for i, c := range sliceCases {
		h := newHost(t)
		h.run(c.cells...)
		if len(h.slices) == 0 {
			t.Fatalf("%s: no verb ran", c.name)
		}
		pkg := fmt.Sprintf("p%d", i)
		text := h.slices[len(h.slices)-1].File(pkg, "Run", fakePath)
		for _, s := range c.has {
			if !strings.Contains(text, s) {
				t.Errorf("%s: the program lacks %q:\n%s", c.name, s, text)
			}
		}
		for _, s := range c.not {
			if strings.Contains(text, s) {
				t.Errorf("%s: the program has %q:\n%s", c.name, s, text)
			}
		}
		write(t, filepath.Join(dir, pkg, "p.go"), text)
		fmt.Fprintf(&imports, "import %q\n", fakeModule(dir, pkg))
		fmt.Fprintf(&calls, "\tfor _, f := range fakecells.Roots(%s.Run) { fmt.Println(f) }\n", pkg)
		want = append(want, h.frames...)
	}
	write(t, filepath.Join(dir, "main.go"), fmt.Sprintf("package main\nimport \"fmt\"\nimport %q\n%sfunc main() {\n%s}\n", fakePath, imports.String(), calls.String()))
	got := goRun(t, dir)
	if diff := cmp.Diff(want, strings.Split(strings.TrimSpace(got), "\n")); diff != "" {
		t.Errorf("interpreted (-) and compiled (+) differ:\n%s", diff)
	}
}

// workDir is a folder inside the module, so that programs in it may import the fake prelude.
func workDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("testdata", "sliced-") // a folder that no ./... lists
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func fakeModule(dir, pkg string) string {
	return "github.com/riffle-stream/riffle/interp/" + filepath.ToSlash(dir) + "/" + pkg
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func goRun(t *testing.T, dir string) string {
	t.Helper()
	cmd := exec.Command("go", "run", "./"+dir)
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go run: %v\n%s", err, errs.String())
	}
	return string(out)
}
