package interp

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// panicking are cells that panic: what stands outside functions, and statements. What they say is not written here, it is
// what the compiled program says.
var panicking = []struct{ name, decls, stmts string }{
	{"index of a slice", "", "s := []int{1, 2, 3}\ni := 3\n_ = s[i]"},
	{"index of an empty slice", "", "var s []int\n_ = s[0]"},
	{"negative index", "", "s := []int{1, 2, 3}\ni := -1\n_ = s[i]"},
	{"index assigned", "", "s := []int{1, 2, 3}\ni := 5\ns[i] = 1"},
	{"index added to", "", "s := []int{1, 2, 3}\ni := 5\ns[i] += 1"},
	{"index incremented", "", "s := []int{1, 2, 3}\ni := 5\ns[i]++"},
	{"index of an array", "", "var a [3]int\ni := 3\n_ = a[i]"},
	{"index of a pointer to an array", "", "a := &[3]int{}\ni := 3\n_ = a[i]"},
	{"index of a string", "", "s := \"abc\"\ni := 3\n_ = s[i]"},
	{"index of a named slice", "type L []string", "l := L{\"a\"}\ni := 1\n_ = l[i]"},
	{"index of a named string", "type S string", "s := S(\"a\")\ni := 1\n_ = s[i]"},
	{"index of a uint8", "", "s := []int{1}\nvar i uint8 = 200\n_ = s[i]"},
	{"index of a field", "type T struct{ s []int }", "t := T{}\nt.s[2] = 1"},
	{"index of an index", "", "s := [][]int{{1}, {2}}\ni := 1\n_ = s[i][i]"},
	{"outer index of an index", "", "s := [][]int{{1}, {2}}\ni := 2\n_ = s[i][0]"},
	{"index of a map's slice", "", "m := map[string][]int{\"a\": {1}}\n_ = m[\"b\"][0]"},
	{"index of a call", "import \"strings\"", "i := 2\n_ = strings.Fields(\"a b\")[i]"},
	{"index of a literal", "", "n := 5\n_ = [...]string{\"a\", \"b\"}[n]"},
	{"index of a call's array", "func f() [3]int { return [3]int{} }", "n := 5\n_ = f()[n]"},
	{"index of a map's array", "", "m, n := map[string][2]int{}, 2\n_ = m[\"a\"][n]"},
	{"index by a call", "func two() int { return 2 }", "s := []int{1, 2}\n_ = s[two()]"},
	{"index in a condition", "", "s := []int{1}\ni := 4\nif i > 0 && s[i] > 0 {\n}"},
	{"index in a loop's condition", "", "s := []int{1}\nfor i := 0; s[i] > 0; i++ {\n}"},
	{"index in an argument", "func f(a, b int) int { return a + b }", "s := []int{1}\ni := 4\n_ = f(1, s[i])"},
	{"index in a loop", "", "s := []int{1, 2}\nfor i := 0; i <= len(s); i++ {\n\ts[i]++\n}"},
	{"index in a range", "", "s, u := []int{1, 2, 3}, []int{1}\nfor i := range s {\n\tu[i]++\n}"},
	{"index in a switch", "", "s := []int{1}\ni := 4\nswitch s[i] {\ncase 1:\n}"},
	{"index in a case", "", "s := []int{1}\ni := 4\nswitch {\ncase s[i] > 1:\n}"},
	{"index in a return", "func f(s []int, i int) int { return s[i] }", "_ = f(nil, 7)"},
	{"index in a composite", "", "s := []int{1}\ni := 4\n_ = []int{1, s[i]}"},
	{"address of an index", "", "s := []int{1}\ni := 4\n_ = &s[i]"},
	{"index in a method", "type T struct{ s []int }\nfunc (t *T) At(i int) int { return t.s[i] }", "t := &T{}\n_ = t.At(1)"},
	{"index in a closure", "", "s := []int{1}\nf := func(i int) int { return s[i] }\n_ = f(9)"},
	{"index in a generic function", "func at[T any](s []T, i int) T { return s[i] }", "_ = at([]string{\"a\"}, 4)"},
	{"index in a deferred function", "", "func() {\n\tdefer func() {\n\t\tvar s []int\n\t\t_ = s[1]\n\t}()\n}()"},
	{"swap", "", "s := []int{1, 2}\ni, j := 0, 2\ns[i], s[j] = s[j], s[i]"},
	{"index after a call that makes room", "var s []int\nfunc grow() int { s = append(s, 1); return 1 }", "_ = grow() + s[0]\n_ = s[1]"},
	{"slice of a slice", "", "s := []int{1, 2, 3}\ni := 5\n_ = s[:i]"},
	{"slice of a slice from", "", "s := []int{1, 2, 3}\ni := 5\n_ = s[i:]"},
	{"slice with high below low", "", "s := []int{1, 2, 3}\ni, j := 2, 1\n_ = s[i:j]"},
	{"slice with a capacity", "", "s := make([]int, 2, 10)\ni := 11\n_ = s[:i]"},
	{"slice below zero", "", "s := []int{1, 2, 3}\ni := -1\n_ = s[i:]"},
	{"slice of a string", "", "s := \"abc\"\ni := 5\n_ = s[:i]"},
	{"slice of a string from", "", "s := \"abc\"\ni := 5\n_ = s[i:]"},
	{"slice of a string with high below low", "", "s := \"abc\"\ni := 2\n_ = s[i:1]"},
	{"slice of an array", "", "a := [3]int{}\ni := 5\n_ = a[:i]"},
	{"slice of three", "", "s := []int{1, 2, 3}\ni := 5\n_ = s[0:1:i]"},
	{"slice of three, high above max", "", "s := []int{1, 2, 3}\ni := 2\n_ = s[0:3:i]"},
	{"slice of three, low above high", "", "s := []int{1, 2, 3}\ni := 2\n_ = s[i:1:3]"},
	{"slice of a call", "import \"strings\"", "i := 20\n_ = strings.ToUpper(\"abc\")[:i]"},
	{"slice to an array", "", "s := []int{1}\n_ = [2]int(s)"},
	{"division", "", "a, b := 1, 0\n_ = a / b"},
	{"remainder", "", "a, b := 1, 0\n_ = a % b"},
	{"division of uint8", "", "var a, b uint8 = 1, 0\n_ = a / b"},
	{"division assigned", "", "a, b := 1, 0\na /= b"},
	{"negative shift", "", "a, b := 1, -1\n_ = a << b"},
	{"negative shift right", "", "a, b := 1, -1\na >>= b"},
	{"nil map", "", "var m map[string]int\nm[\"a\"] = 1"},
	{"nil map added to", "", "var m map[string]int\nm[\"a\"]++"},
	{"nil map of a field", "type T struct{ m map[string][]int }", "var t T\nt.m[\"a\"] = append(t.m[\"a\"], 1)"},
	{"nil pointer", "", "var p *int\n_ = *p"},
	{"nil pointer assigned", "", "var p *int\n*p = 1"},
	{"nil pointer to a struct", "type T struct{ a int }", "var p *T\n_ = p.a"},
	{"nil pointer to a struct assigned", "type T struct{ a int }", "var p *T\np.a = 1"},
	{"nil pointer in a chain", "type T struct {\n\tnext *T\n\ta    int\n}", "t := &T{}\n_ = t.next.next"},
	{"nil pointer in a method", "type T struct{ a int }\nfunc (t *T) A() int { return t.a }", "var t *T\n_ = t.A()"},
	{"nil pointer with a value method", "type T struct{ a int }\nfunc (t T) A() int { return t.a }", "var t *T\n_ = t.A()"},
	{"nil pointer to an array", "", "var p *[3]int\n_ = p[1]"},
	{"nil func", "", "var f func()\nf()"},
	{"nil func with a result", "", "var f func(int) int\n_ = f(1)"},
	{"nil interface", "", "var e error\n_ = e.Error()"},
	{"nil interface of a cell", "type I interface{ M() }", "var i I\ni.M()"},
	{"nil func of a field", "type T struct{ f func() }", "var t T\nt.f()"},
	{"assertion", "", "var a any = \"a\"\n_ = a.(int)"},
	{"assertion of nil", "", "var a any\n_ = a.(int)"},
	{"assertion to an interface", "import \"fmt\"", "var a any = 1\n_ = a.(fmt.Stringer)"},
	{"assertion to an interface of a cell", "type I interface{ Foo() }", "var a any = 1\n_ = a.(I)"},
	{"assertion of an error", "import (\n\t\"errors\"\n\t\"io/fs\"\n)", "err := errors.New(\"a\")\n_ = err.(*fs.PathError)"},
	{"assertion to a named type", "type T struct{}", "var a any = 1\n_ = a.(T)"},
	{"make", "", "n := -1\n_ = make([]int, n)"},
	{"make with a capacity", "", "n := 1\n_ = make([]int, 2, n)"},
	{"make of a channel", "", "n := -1\n_ = make(chan int, n)"},
	{"make beyond all", "", "n := 1 << 60\n_ = make([]int, n)"},
	{"close twice", "", "c := make(chan int)\nclose(c)\nclose(c)"},
	{"close of nil", "", "var c chan int\nclose(c)"},
	{"send after close", "", "c := make(chan int, 1)\nclose(c)\nc <- 1"},
	{"key that cannot be hashed", "", "m := map[any]int{}\nvar k any = []int{1}\nm[k] = 1"},
	{"comparison that cannot be made", "", "var a, b any = []int{1}, []int{1}\n_ = a == b"},
	{"string", "", "panic(\"no\")"},
	{"string of two lines", "", "panic(\"no\\nyes\")"},
	{"formatted", "import \"fmt\"", "panic(fmt.Sprintf(\"no %d\", 3))"},
	{"error", "import \"errors\"", "panic(errors.New(\"no\"))"},
	{"wrapped error", "import \"fmt\"", "panic(fmt.Errorf(\"no: %w\", fmt.Errorf(\"yes\")))"},
	{"int", "", "panic(42)"},
	{"float", "", "panic(1.5)"},
	{"bool", "", "panic(true)"},
	{"rune", "", "panic('a')"},
	{"named int", "type N int", "panic(N(3))"},
	{"named string", "type S string", "panic(S(\"a\"))"},
	{"error of a cell", "type E struct{ code int }\nfunc (e E) Error() string { return \"code\" }", "panic(E{3})"},
	{"pointer error of a cell", "type E struct{ code int }\nfunc (e *E) Error() string { return \"code\" }", "panic(&E{3})"},
	{"error of a cell that panics itself", "type E struct{ error }", "panic(E{})"},
	{"error of a cell that panics with a text", "type E struct{}\nfunc (e E) Error() string { panic(\"again\") }", "panic(E{})"},
	{"named complex", "type C complex128", "panic(C(1 + 2i))"},
	{"Stringer of a cell", "type S struct{ code int }\nfunc (s S) String() string { return \"says\" }", "panic(S{3})"},
	{"nil", "", "panic(nil)"},
	{"nil pointer read", "import \"fmt\"", "var p *int\nfmt.Println(*p)"},
	{"re-panic", "", "func() {\n\tdefer func() {\n\t\tr := recover()\n\t\tpanic(r)\n\t}()\n\tpanic(\"first\")\n}()"},
	{"another panic", "import \"fmt\"", "func() {\n\tdefer func() {\n\t\tr := recover()\n\t\tpanic(fmt.Sprint(\"then \", r))\n\t}()\n\tpanic(\"first\")\n}()"},
	{"panic of a runtime error again", "", "func() {\n\tdefer func() {\n\t\tpanic(recover())\n\t}()\n\tvar s []int\n\t_ = s[3]\n}()"},
	{"panic of a library", "import \"strings\"", "_ = strings.Repeat(\"a\", -1)"},
	{"panic of a regular expression", "import \"regexp\"", "_ = regexp.MustCompile(\"(\")"},
	{"call of package reflect", "import \"reflect\"", "reflect.ValueOf(3).Elem()"},
	{"panic in a sort", "import \"sort\"", "s := []int{3, 1, 2}\nsort.Slice(s, func(i, j int) bool { return s[i+3] < s[j] })"},
	{"slices.Insert", "import \"slices\"", "i := 5\n_ = slices.Insert([]int{1}, i, 2)"},
	{"rand", "import \"math/rand/v2\"", "n := 0\n_ = rand.IntN(n)"},
}

// TestPanicsSayWhatTheRuntimeSays compares the messages of panics with those of the compiled program.
func TestPanicsSayWhatTheRuntimeSays(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short: it runs the Go toolchain")
	}
	want := runtimeSays(t)
	for i, p := range panicking {
		t.Run(p.name, func(t *testing.T) {
			e, err := New(Config{})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			_, err = e.Eval(ctx, Cell{Number: 1, Text: p.decls + "\n" + p.stmts})
			var failed *Error
			if !errors.As(err, &failed) {
				t.Fatalf("error %v, want %s", err, want[i])
			}
			if diff := cmp.Diff(want[i], failed.Message); diff != "" {
				t.Errorf("of\n%s\n%s\n-compiled +cell:\n%s", p.decls, p.stmts, diff)
			}
		})
	}
}

// runtimeSays builds each as a function of one program, and runs it once for each.
func runtimeSays(t *testing.T) []string {
	dir := workDir(t)
	var imports, calls strings.Builder
	for i, p := range panicking {
		pkg := fmt.Sprintf("p%d", i)
		write(t, filepath.Join(dir, pkg, "p.go"), fmt.Sprintf("package %s\n%s\nfunc Run() {\n%s\n}\n", pkg, p.decls, p.stmts))
		fmt.Fprintf(&imports, "import %q\n", fakeModule(dir, pkg))
		fmt.Fprintf(&calls, "\tcase %q: %s.Run()\n", fmt.Sprint(i), pkg)
	}
	write(t, filepath.Join(dir, "main.go"), fmt.Sprintf("package main\nimport \"os\"\n%sfunc main() {\nswitch os.Args[1] {\n%s}\n}\n", imports.String(), calls.String()))
	build := exec.Command("go", "build", "-gcflags=-l", "-o", "program", ".")
	build.Dir = dir
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	out := make([]string, len(panicking))
	for i := range panicking {
		text, _ := exec.Command(filepath.Join(dir, "program"), fmt.Sprint(i)).CombinedOutput()
		message, _, _ := strings.Cut(string(text), "\n\ngoroutine ")
		message, _, _ = strings.Cut(message, "\n[signal ")
		// Of panics after one another a cell tells the last.
		message = strings.TrimSuffix(message, " [recovered, repanicked]")
		if before, last, ok := strings.Cut(message, " [recovered]\n\t"); ok && before != "" {
			message = last
		}
		out[i] = strings.ReplaceAll(message, fmt.Sprintf("p%d.", i), "main.") // packages of the program are not called main
		out[i] = strings.ReplaceAll(out[i], fakeModule(dir, "main."), "main.")
	}
	return out
}
