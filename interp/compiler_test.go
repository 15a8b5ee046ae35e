package interp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/interp/source"
)

// mistakes are cells that do not compile: what stands outside functions, and statements. What is wrong with each is
// not written here, it is what the Go compiler says.
var mistakes = []struct{ name, decls, stmts string }{
	{"undefined", "", "x := y + 1"},
	{"undefined in a function", "func f() int {\n\treturn undefined1\n}", ""},
	{"undefined method", "type T struct{ a int }", "var t T\nt.Foo()"},
	{"undefined field, another case", "type T struct{ Name string }", "var t T\nt.name = \"a\""},
	{"undefined of a package", "import \"strings\"", "strings.Foo(\"a\")"},
	{"unexported of a package", "import \"strings\"", "strings.toUpper(\"a\")"},
	{"mismatch", "", "x := 1\ny := \"a\"\nz := x + y"},
	{"mismatch of constants", "", "x := 1 + \"a\""},
	{"assign", "", "var x int = \"a\""},
	{"assign a float", "", "var x int = 1.5"},
	{"overflow", "", "var x uint8 = 300"},
	{"assign later", "", "x := 1\nx = \"a\""},
	{"argument", "func f(a int, b string) {}", "f(\"a\", 1)"},
	{"too few arguments", "func f(a int, b string) {}", "f(1)"},
	{"too many arguments", "func f(a int, b string) {}", "f(1, \"a\", 3)"},
	{"too few returned", "func f() (int, error) {\n\treturn 1\n}", ""},
	{"too many returned", "func f() int {\n\treturn 1, 2\n}", ""},
	{"missing return", "func f(a int) int {\n\tif a > 0 {\n\t\treturn 1\n\t}\n}", ""},
	{"return of another type", "func f() int {\n\treturn \"a\"\n}", ""},
	{"result of nothing", "func f() {}", "x := f()"},
	{"assignment mismatch", "func f() (int, int) { return 1, 2 }", "a := f()"},
	{"assignment mismatch of three", "func f() (int, int) { return 1, 2 }", "a, b, c := f()"},
	{"assignment mismatch of values", "", "a, b := 1"},
	{"not used", "", "x := 1\nx + 1\nx = 2"},
	{"result not used", "", "len(\"a\")\nx := 1"},
	{"no new variables", "", "x := 1\nx := 2"},
	{"redeclared", "func f() {}\nfunc f() {}", ""},
	{"type redeclared", "type T int\ntype T string", ""},
	{"variable redeclared", "", "var x int\nvar x string"},
	{"method redeclared", "type T int\nfunc (t T) M() {}\nfunc (t T) M() {}", ""},
	{"field redeclared", "type T struct {\n\ta int\n\ta string\n}", ""},
	{"parameter redeclared", "func f(a int, a string) {}", ""},
	{"duplicate case", "", "switch 1 {\ncase 1:\ncase 1:\n}"},
	{"duplicate key", "", "m := map[string]int{\"a\": 1, \"a\": 2}"},
	{"unknown field", "type T struct{ a int }", "t := T{b: 1}"},
	{"too few values", "type T struct{ a, b int }", "t := T{1}"},
	{"condition", "", "if 1 {\n}"},
	{"call of no function", "", "x := 1\nx()"},
	{"index of no slice", "", "x := 1\ny := x[0]"},
	{"index out of an array", "", "var a [3]int\na[3] = 1"},
	{"index of a string", "", "s := \"abc\"\ns[0] = 'x'"},
	{"negative index", "", "s := []int{1}\ns[-1] = 2"},
	{"division by zero", "", "x := 1 / 0"},
	{"interface not implemented", "type I interface{ M() }\ntype T struct{}", "var i I = T{}"},
	{"interface with a pointer receiver", "type I interface{ M() }\ntype T struct{}\nfunc (t *T) M() {}", "var i I = T{}"},
	{"interface with another signature", "type I interface{ M(int) }\ntype T struct{}\nfunc (t T) M(s string) {}", "var i I = T{}"},
	{"error is no string", "import \"errors\"", "var s string = errors.New(\"a\")"},
	{"nil", "", "x := nil"},
	{"nil of an int", "", "var x int = nil"},
	{"address of a constant", "", "x := &1"},
	{"dereference", "", "x := 1\ny := *x"},
	{"break outside", "func f() {\n\tbreak\n}", ""},
	{"continue outside", "func f() {\n\tcontinue\n}", ""},
	{"label not defined", "func f() {\n\tfor {\n\t\tbreak out\n\t}\n}", ""},
	{"label not used", "func f() {\nout:\n\tfor {\n\t}\n}", ""},
	{"type argument", "func f[T int | string](t T) {}", "f(1.5)"},
	{"type argument not inferred", "func f[T any]() {}", "f()"},
	{"constraint", "type N interface{ ~int | ~float64 }\nfunc sum[T N](a []T) (s T) { return }", "sum([]string{\"a\"})"},
	{"generic type without arguments", "type L[T any] []T", "var l L"},
	{"range over a float", "", "for i := range 1.5 {\n\t_ = i\n}"},
	{"range with too many", "", "for i, j := range 10 {\n\t_, _ = i, j\n}"},
	{"send to a receiver", "", "var c <-chan int\nc <- 1"},
	{"receive from a sender", "", "var c chan<- int\nx := <-c"},
	{"shift of a float", "", "x := 1.5 << 2"},
	{"type assertion of an int", "", "x := 1\ny := x.(int)"},
	{"impossible assertion", "type I interface{ M() }\ntype T struct{}", "var i I\nt := i.(T)"},
	{"impossible case", "type I interface{ M() }\ntype T struct{}", "var i I\nswitch i.(type) {\ncase T:\n}"},
	{"comparison of funcs", "", "f := func() {}\nx := f == f"},
	{"comparison of slices", "", "a, b := []int{1}, []int{1}\nx := a == b"},
	{"map key", "", "m := map[[]int]string{}"},
	{"map key type", "", "m := map[string]int{}\nm[1] = 2"},
	{"append", "", "s := []int{1}\ns = append(s, \"a\")"},
	{"unused local", "func f() {\n\tx := 1\n}", ""},
	{"unused import", "import \"fmt\"", "x := undefined1"},
	{"assign to a constant", "const c = 1", "c = 2"},
	{"assign to a call", "func f() int { return 1 }", "f() = 2"},
	{"assign to a map field", "type T struct{ a int }", "m := map[string]T{}\nm[\"a\"].a = 1"},
	{"recursive type", "type T struct{ t T }", ""},
	{"initialization cycle", "const a = b\nconst b = a", ""},
	{"go of a conversion", "", "go int(1)"},
	{"variadic", "func f(a ...int) {}", "f([]string{\"a\"}...)"},
	{"negative shift", "", "x := 1 << -1"},
	{"string times", "", "x := \"a\" * 3"},
	{"not of an int", "", "x := !1"},
	{"minus of a string", "", "x := -\"a\""},
	{"increment of a string", "", "s := \"a\"\ns++"},
	{"invalid receiver", "func (i int) M() {}", ""},
	{"embedded twice", "type A struct{ x int }\ntype B struct{ x int }\ntype C struct {\n\tA\n\tB\n}", "var c C\ny := c.x"},
	{"several", "func f(a int) int { return \"a\" }", "x := undefined1\nf(1, 2)\ny := 1 + \"b\""},
	{"more than ten", "", "a()\nb()\nc()\nd()\ne()\nf()\ng()\nh()\ni()\nj()\nk()\nl()"},
	{"after tabs and wide runes", "", "if true {\n\t\ts := \"日本語é\" + undefined1\n\t_ = s\n}"},
	{"no operand", "", "x := )"},
	{"one bracket too many", "", "x := (1))"},
	{"no operand after an operator", "", "x := 1 +\ny := 2"},
	{"two operands", "", "x := 1 2"},
	{"missing brace", "", "if true\n{\n}"},
	{"else on its own line", "", "if true {\n}\nelse {\n}"},
	{"missing comma", "", "x := []int{\n\t1,\n\t2\n}"},
	{"keyword as a name", "", "func := 1"},
	{"while", "", "while true {\n}"},
	{"string not ended", "", "s := \"a"},
	{"rune of two", "", "r := 'ab'"},
	{"bad escape", "", `s := "\q"`},
	{"bad number", "", "x := 0x"},
	{"octal", "", "x := 089"},
	{"bad character", "", "x := 1 # 2"},
	{"function without a body", "func f()", ""},
	{"assignment as a condition", "", "x := 1\nif x = 2 {\n}"},
	{"defer of no call", "import \"fmt\"", "defer fmt.Println"},
	{"defer of a conversion", "", "defer int(3)"},
	{"go of no call", "func f() {}", "go f"},
	{"header of a loop without its last part", "", "for i := 0; i < 3 {\n}"},
	{"header of a loop with commas", "", "for i := 0, j := 0; i < 3; i++ {\n}"},
	{"goto over a variable", "func g() {\n\tgoto end\n\tv := 1\n\t_ = v\nend:\n\treturn\n}", ""},
	{"goto into a block", "func g() {\n\tgoto in\n\tif true {\n\tin:\n\t}\n}", ""},
	{"else if without a condition", "", "x := 1\nif x == 1 {\n} else if {\n}"},
	{"fields with a comma", "type T struct { a int, b int }", ""},
	{"parameters without a comma", "func f(a int b int) {}", ""},
	{"for in", "", "for i in range(3) { }"},
	{"constant without a value", "const c", ""},
	{"variable without a type", "", "var q"},
	{"function without parameters", "func noname", ""},
	{"if without a block", "", "x := 1\nif x > 1 x++"},
	{"increment in an expression", "", "x := 1\ny := x++"},
	{"increment as an operand", "", "x := 1\nx++ + 1"},
	{"float too big", "", "var f32 float32 = 1e100"},
	{"literal of a struct without a field", "", "y := struct{ a int }{1}.b"},
	{"fallthrough outside", "", "fallthrough"},
	{"fallthrough in the last case", "", "switch 1 {\ncase 1:\n\tfallthrough\n}"},
	{"fallthrough in a type switch", "", "var x any\nswitch x.(type) {\ncase int:\n\tfallthrough\ncase string:\n}"},
	{"nil compared with nil", "", "b := nil == nil"},
	{"two defaults", "", "switch 1 {\ndefault:\ndefault:\n}"},
	{"colon missing in a case", "", "switch 1 {\ncase 1\n}"},
	{"range with three", "", "for a, b, c := range []int{1} {\n}"},
	{"method on a pointer to a pointer", "type T int\nfunc (t **T) M() {}", ""},
	{"method with type parameters", "type T int\nfunc (t T) M[A any]() {}", ""},
	{"interface with a field", "type I interface { x int }", ""},
	{"map literal without keys", "", "m := map[string]int{1, 2}"},
	{"mixed literal", "type P struct{ x, y int }", "p := P{x: 1, 2}"},
	{"array literal too long", "", "a := [2]int{1, 2, 3}"},
	{"unreachable import cycle of types", "type A struct{ b B }\ntype B struct{ a A }", ""},
	{"variadic not last", "func f(a ...int, b int) {}", ""},
	{"spread of an array", "func f(a ...int) {}", "f([3]int{}...)"},
	{"label twice", "func g() {\na:\n\tgoto a\na:\n}", ""},
	{"shadowed type", "", "int := 3\nvar x int = 4"},
	{"call of a type with two", "", "x := int(1, 2)"},
	{"append to no slice", "", "x := 1\nx = append(x, 1)"},
	{"copy of different", "", "n := copy([]int{}, []string{})"},
	{"delete of a wrong key", "", "m := map[string]int{}\ndelete(m, 1)"},
	{"make of an int", "", "x := make(int)"},
	{"new of a value", "", "x := new(undefined1)"},
	{"cap of a map", "", "x := cap(map[int]int{})"},
	{"close of a receiver", "", "var c <-chan int\nclose(c)"},
	{"complex of ints and strings", "", "c := complex(1, \"a\")"},
	{"constraint used as a type", "type N interface{ ~int | ~string }", "var n N"},
	{"comparable used as a type", "", "var n comparable"},
	{"generic method value", "func id[T any](t T) T { return t }", "f := id"},
	{"wrong number of type arguments", "func id[T any](t T) T { return t }", "x := id[int, string](1)"},
	{"operator not for a type parameter", "func add[T any](a, b T) T { return a + b }", ""},
	{"embedded pointer to an interface", "type I interface{ M() }\ntype T struct{ *I }", ""},
	{"unexported of another package", "import \"bytes\"", "var b bytes.Buffer\nx := b.buf"},
	{"no such method, near", "import \"strings\"", "var b strings.Builder\nb.WriteSting(\"a\")"},
	{"argument of a method", "import \"strings\"", "var b strings.Builder\nb.WriteByte(\"a\")"},
	{"error ignored in a list", "import \"strconv\"", "n := strconv.Atoi(\"1\")"},
	{"two values in an argument", "import \"strconv\"\nfunc f(n int) {}", "f(strconv.Atoi(\"1\"))"},
	{"return in a function without results", "func f() { return 1 }", ""},
	{"missing return of a switch", "func f(n int) int {\n\tswitch n {\n\tcase 1:\n\t\treturn 1\n\t}\n}", ""},
	{"multiline string in quotes", "", "s := \"a\nb\""},
	{"comment not ended", "", "x := 1 /* a"},
	{"raw string not ended", "", "s := `a"},
	{"semicolon for a comma", "", "f := []int{1; 2}"},
	{"assignment to a range", "", "range := 3"},
	{"no argument", "import \"errors\"\ntype T struct{}\nfunc (T) Less(o T) bool { return true }\nfunc F[T any](t T) {}", "var t T\nt.Less()\nerrors.New()\nT.Less()\nF[int]()"},
	{"function literal", "", "var f func(int) string = func(s string, n ...int) int { return 0 }\nf = func() {}"},
	{"unused before another", "func f() (a int, b error) {\n\tif true {\n\t\ta := 1\n\t\treturn\n\t}\n\treturn 1\n}", ""},
	{"question mark", "", "x := true ? 1 : 2"},
	{"variables that need each other", "var a = b\nvar b = a", ""},
	{"variable that needs itself", "var x int = x\ntype N struct{ next *N }\nvar n = &N{next: n}", ""},
	{"function that needs itself as a variable", "var f = func() int { return f() }", ""},
	{"variable that needs itself by way of functions", "var x = g()\nfunc g() int { return h() }\nfunc h() int { return x + y }\nvar y = 3", ""},
	{"variables of a group in a circle", "var (\n\tp = q\n\tq = r\n\tr = p\n)", ""},
	{"label of a function around", "", "M:\nfor range 3 {\n\tfunc() { break M }()\n}"},
	{"continue of a block", "", "M:\n{\n\tcontinue M\n}"},
	{"break of a statement", "", "M:\nx := 1\nbreak M\n_ = x"},
	{"continue of a switch", "func f() {\nM:\n\tswitch {\n\tcase true:\n\t\tcontinue M\n\t}\n}", ""},
}

// TestSaysWhatTheCompilerSays compares the errors of cells with those of the Go compiler, text and place.
func TestSaysWhatTheCompilerSays(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short: it runs the Go toolchain")
	}
	want := compilerSays(t)
	for i, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			if len(want[i]) == 0 {
				t.Fatal("the compiler has nothing against it")
			}
			e, err := New(Config{})
			if err != nil {
				t.Fatal(err)
			}
			cell := m.decls + "\n" + m.stmts
			_, err = e.Eval(context.Background(), Cell{Number: 1, Text: cell})
			if diff := cmp.Diff(alike(want[i], len(strings.Split(m.decls, "\n"))+1), alike(listed(t, err), math.MaxInt)); diff != "" {
				t.Errorf("of\n%s\n-compiler +cell:\n%s", cell, diff)
			}
		})
	}
}

// listed are the errors of a cell, as the compiler writes them.
func listed(t *testing.T, err error) []string {
	t.Helper()
	var list source.ErrorList
	var one *source.Error
	switch {
	case errors.As(err, &list):
	case errors.As(err, &one):
		list = source.ErrorList{one}
	case err == nil:
		return nil
	default:
		t.Fatalf("%T is no error of a compiler: %v", err, err)
	}
	var out []string
	for _, e := range list {
		text := e.Message
		if e.Line > 0 {
			text = fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message)
		}
		out = append(out, strings.ReplaceAll(text, "cell 1:", ""))
	}
	return out
}

// alike leaves of the compiler's errors what a cell shows too: of an error in the syntax the text of the first, since
// the parsers differ in where they go on; no variables of the cell itself that are not used.
func alike(errs []string, stmts int) []string {
	var out []string
	for _, e := range errs {
		place, text, _ := strings.Cut(e, ": ")
		line, _, _ := strings.Cut(place, ":")
		n, _ := strconv.Atoi(line)
		switch {
		case strings.HasPrefix(text, "declared and not used") && n >= stmts:
		case text == "too many errors":
			out = append(out, text)
		case strings.HasPrefix(text, "syntax error: "), slices.Contains(lexicalErrors, text):
			return []string{line + ": " + text}
		default:
			out = append(out, e)
		}
	}
	return out
}

// lexicalErrors are errors in the syntax that the compiler does not call so.
var lexicalErrors = []string{"hexadecimal literal has no digits", "invalid digit '8' in octal literal", "newline in string", "unknown escape", "more than one character in rune literal", "invalid character U+0023 '#'", "invalid character U+003F '?'"}

// compilerSays builds each mistake as a program of its own.
func compilerSays(t *testing.T) [][]string {
	dir := workDir(t)
	for i, m := range mistakes {
		lines := strings.Count(m.decls, "\n") + 2
		text := fmt.Sprintf("package main\n//line c.go:1:1\n%s\nfunc main() {\n//line c.go:%d:1\n%s\n}\n", m.decls, lines, m.stmts)
		write(t, filepath.Join(dir, fmt.Sprintf("m%d", i), "c.go"), text)
	}
	c := exec.Command("go", "build", "./...")
	c.Dir = dir
	text, _ := c.CombinedOutput() // it fails, as it should
	out := make([][]string, len(mistakes))
	for _, part := range strings.Split("\n"+string(text), "\n# ")[1:] {
		name, errs, _ := strings.Cut(part, "\n")
		if i, err := strconv.Atoi(name[strings.LastIndex(name, "/m")+2:]); err == nil {
			out[i] = readCompiler(errs)
		}
	}
	return out
}

var (
	// fileOfPlace is a place as the compiler writes it, with the real one in brackets where a line directive gives another.
	fileOfPlace  = regexp.MustCompile(`([^\s\[()]*/)?c\.go:(\d+:\d+)(\[[^\]]*\])?`)
	compilerLine = regexp.MustCompile(`^(\d+:\d+): (.*)$`)
)

// readCompiler takes the compiler's lines apart: an error begins at a place, and goes on in lines behind a tab.
func readCompiler(text string) []string {
	var out []string
	text = fileOfPlace.ReplaceAllString(text, "$2")
	for _, l := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		m := compilerLine.FindStringSubmatch(l)
		switch {
		case m != nil:
			out = append(out, l)
		case strings.HasPrefix(l, "\t") && len(out) > 0:
			out[len(out)-1] += "\n" + l
		case strings.HasPrefix(l, "too many errors"):
			out = append(out, l)
		}
	}
	return slices.DeleteFunc(out, func(l string) bool { return strings.Contains(l, "imported and not used") })
}
