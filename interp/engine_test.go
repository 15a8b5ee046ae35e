package interp

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/interp/check"
)

// A step is a cell and what comes of it: its output followed by its values and error, as shows writes them.
type step struct{ cell, want string }

// shows runs a cell and writes down all that came of it.
func shows(e Engine, out *buffer, n int, text string) string {
	before := len(out.String())
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r, err := e.Eval(ctx, Cell{Number: n, Text: text})
	var b strings.Builder
	b.WriteString(out.String()[before:])
	for _, v := range r.Values {
		b.WriteString("= " + v.Format() + " (" + v.Type.String() + ")\n")
	}
	for _, note := range r.Notes {
		b.WriteString("note: " + note + "\n")
	}
	if err != nil {
		b.WriteString(err.Error() + "\n")
	}
	return b.String()
}

var stepCases = []struct {
	name  string
	steps []step
}{
	{"a cell that does not check changes nothing", []step{
		{"x := 1", ""},
		{"x := \"a\"\ny := undefined1", "cell 2:2:6: undefined: undefined1\n    y := undefined1\n         ^\n"},
		{"x", "= 1 (int)\n"},
	}},
	{"two errors of a cell", []step{
		{"x := 1 + \"a\"\n\tundefined1()", "cell 1:1:6: invalid operation: 1 + \"a\" (mismatched types untyped int and untyped string)\n    x := 1 + \"a\"\n         ^\ncell 1:2:2: undefined: undefined1\n    \tundefined1()\n    \t^\n"},
	}},
	{"an error inside a function", []step{
		{"func f() int {\n\treturn \"a\"\n}", "cell 1:2:9: cannot use \"a\" (untyped string constant) as int value in return statement\n    \treturn \"a\"\n    \t       ^\n"},
		{"f()", "cell 2:1:1: undefined: f\n    f()\n    ^\n"},
	}},
	{"syntax", []step{
		{"x := 3 +* 4", "cell 1:1:11: invalid operation: cannot indirect 4 (untyped int constant)\n    x := 3 +* 4\n              ^\n"},
		{"if {", "cell 2:1:5: syntax error: unexpected end of cell, a bracket is still open\n    if {\n        ^\n"},
		{"x := )", "cell 3:1:6: syntax error: unexpected ), expected expression\n    x := )\n         ^\n"},
	}},
	{"unused local", []step{
		{"func f() {\n\tx := 1\n}", "cell 1:2:2: declared and not used: x\n    \tx := 1\n    \t^\n"},
	}},
	{"panic with frames", []step{
		{"func f(s []int, i int) int {\n\treturn s[i]\n}\nfunc g() int {\n\treturn f([]int{1}, 3)\n}", ""},
		{"x := 2\ng()", "panic: runtime error: index out of range [3] with length 1\ncell 2:2\n    g()\ncell 1:5, in g\n    return f([]int{1}, 3)\ncell 1:2, in f\n    return s[i]\n"},
		{"x", "= 2 (int)\n"},
	}},
	{"nil map", []step{{"var m map[string]int\nm[\"a\"] = 1", "panic: assignment to entry in nil map\ncell 1:2\n    m[\"a\"] = 1\n"}}},
	{"error panic", []step{{"import \"errors\"\npanic(errors.New(\"no\"))", "panic: no\ncell 1:2\n    panic(errors.New(\"no\"))\n"}}},
	{"exit", []step{
		{"import \"os\"", ""},
		{"os.Exit(3)", "exit status 3: it ended this cell, the session goes on\ncell 2:1\n    os.Exit(3)\n"},
		{"1", "= 1 (int)\n"},
	}},
	{"exit is not recovered", []step{
		{"import \"os\"\nfunc f() { defer func() { recover() }(); os.Exit(1) }", ""},
		{"f()", "exit status 1: it ended this cell, the session goes on\ncell 2:1\n    f()\n"},
	}},
	{"endless recursion", []step{
		{"func f(n int) int { return f(n+1) + 1 }", ""},
		{"f(0)", "stack overflow: the calls go too deep; is there an end to the recursion?\ncell 2:1\n    f(0)\n... N more frames\ncell 1:1, in f\n    func f(n int) int { return f(n+1) + 1 }\n"},
		{"1", "= 1 (int)\n"},
	}},
	{"redefinition reaches callers and closures", []step{
		{"func f() int { return 1 }\nfunc g() int { return f() * 10 }\nh := func() int { return f() }", ""},
		{"func f() int { return 2 }", ""},
		{"g() + h()", "= 22 (int)\n"},
	}},
	{"a new signature leaves callers behind", []step{
		{"func f() int { return 1 }\nfunc g() int { return f() }", ""},
		{"func f(a string) string { return a }", "note: g (cell 1) keeps what it used before: not enough arguments in call to f\n"},
		{"g()", "= 1 (int)\n"},
	}},
	{"a variable of another type reaches functions that still check", []step{
		{"import \"fmt\"\nx := 1\nfunc f() string { return fmt.Sprint(x) }", ""},
		{"x := \"s\"", ""},
		{"f()", "= s (string)\n"},
	}},
	{"a constant reaches functions", []step{
		{"const k = 2\nfunc f() int { return k }", ""},
		{"const k = 3", ""},
		{"f()", "= 3 (int)\n"},
	}},
	{"a type declared again takes its methods and users with it", []step{
		{"type P struct{ X int }\nfunc (p P) Twice() int { return p.X * 2 }\nfunc mk() P { return P{X: 4} }", ""},
		{"type P struct{ X, Y int }", ""},
		{"p := mk()\np.Y = 1\np.Twice() + p.Y", "= 9 (int)\n"},
	}},
	{"methods come later and change", []step{
		{"type P struct{ X int }\np := P{3}", ""},
		{"func (p P) Get() int { return p.X }", ""},
		{"p.Get()", "= 3 (int)\n"},
		{"func (p P) Get() int { return p.X + 1 }", ""},
		{"p.Get()", "= 4 (int)\n"},
		{"var g interface{ Get() int } = p\ng.Get()", "= 4 (int)\n"},
	}},
	{"a failed cell takes its method with it", []step{
		{"type P struct{ X int }\np := P{3}", ""},
		{"func (p P) Get() int { return p.X }\nundefined1()", "cell 2:2:1: undefined: undefined1\n    undefined1()\n    ^\n"},
		{"p.Get()", "cell 3:1:3: p.Get undefined (its method was declared only in a cell that failed)\n    p.Get()\n      ^\n"},
		{"func (p P) Get() int { return p.X }\np.Get()", "= 3 (int)\n"},
	}},
	{"running a cell twice", []step{
		{"n := 1\ninc := func() { n++ }", ""},
		{"inc()\nn", "= 2 (int)\n"},
		{"n := 1\ninc2 := func() { n += 10 }", ""},
		{"inc()\ninc2()\nn", "= 12 (int)\n"},
	}},
	{"values", []step{
		{"func two() (int, string) { return 1, \"a\" }\ntwo()", "= 1 (int)\n= a (string)\n"},
		{"2 * 3.5", "= 7 (float64)\n"},
		{"float64(3)", "= 3 (float64)\n"},
		{"import \"fmt\"\nfmt.Println(\"p\")", "p\n"},
		{"len([]int{1})", "= 1 (int)\n"},
	}},
	{"out of order", []step{
		{"import \"fmt\"\nfunc f() float64 { return rate * 2 }\nrate := 2.5\nfmt.Println(f())", "5\n"},
	}},
	{"standard output in order", []step{
		{"import (\"fmt\"; \"os\")", ""},
		{"fmt.Println(\"a\")\nos.Stdout.WriteString(\"b\\n\")\nfmt.Fprintln(os.Stdout, \"c\")\nfmt.Println(\"d\")", "a\nb\nc\nd\n"},
	}},
	{"a refusal names its statement", []step{
		{"import \"unsafe\"\ntype S struct{ N int }", ""},
		{"x := 1\np := unsafe.Pointer(&x)", "cell 2:2:1: cells cannot use unsafe.Pointer\n    p := unsafe.Pointer(&x)\n    ^\n"},
	}},
	{"an import that is not there", []step{
		{"import \"github.com/nobody/nothing\"", "cell 1:1:8: no required module provides package github.com/nobody/nothing; to add it:\n\t%require github.com/nobody/nothing\n    import \"github.com/nobody/nothing\"\n           ^\n"},
	}},
}

func TestSteps(t *testing.T) {
	for _, c := range stepCases {
		t.Run(c.name, func(t *testing.T) { runSteps(t, c.steps) })
	}
}

// runSteps runs cells in one session and compares what comes of each.
// thousands of frames are as many as fit on a stack, which is nobody's business.
var thousands = regexp.MustCompile(`\d{4,} more frames`)

func runSteps(t *testing.T, steps []step) {
	t.Helper()
	var out buffer
	e, err := New(Config{Stdout: &out, Stderr: &out})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range steps {
		got := thousands.ReplaceAllString(shows(e, &out, i+1, s.cell), "N more frames")
		if diff := cmp.Diff(s.want, got); diff != "" {
			t.Fatalf("cell %d, -want +got:\n%s", i+1, diff)
		}
	}
}

// TestGoroutinePanic ends the goroutine, not the process.
func TestGoroutinePanic(t *testing.T) {
	var errs buffer
	e, err := New(Config{Stderr: &errs})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Eval(context.Background(), Cell{Number: 1, Text: "done := make(chan int)\ngo func() { defer close(done); panic(\"boo\") }()\n<-done"}); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); !strings.Contains(errs.String(), "in a goroutine: panic: boo"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("stderr is %q", errs.String())
		}
	}
}

func BenchmarkTrivialCell(b *testing.B) {
	e, err := New(Config{})
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		if _, err := e.Eval(context.Background(), Cell{Number: i + 1, Text: "x := 1 + 2\nx"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRedefine(b *testing.B) {
	e, err := New(Config{})
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		if _, err := e.Eval(context.Background(), Cell{Number: i + 1, Text: "func f(x float64) float64 { return x * 3.6 }"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		e, err := New(Config{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := e.Eval(context.Background(), Cell{Number: 1, Text: "import \"fmt\"\nfmt.Println(1)"}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestNoCellEndsUnnoticed runs a cell whose code ends before its last statement.
func TestNoCellEndsUnnoticed(t *testing.T) {
	e, err := open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	cell := &check.Cell{Cell: Cell{Number: 1}}
	if err := e.run(context.Background(), cell, func() {}); err == nil || !strings.Contains(err.Error(), "a statement that it does not know") {
		t.Errorf("error %v of code that ends early", err)
	}
	if err := e.run(context.Background(), cell, e.stmtsEnded); err != nil {
		t.Error(err)
	}
}
