package interp

import "testing"

// frameCases are panics whose lines are looked at: every frame is the user's, with the line that it is at.
var frameCases = []struct {
	name  string
	steps []step
}{
	{"lines of callers", []step{
		{"func f(i int) int {\n\tx := 1\n\tx++\n\treturn 10 / i\n}\nfunc g() int {\n\ta := f(1)\n\tb := f(2)\n\treturn a + b + f(0)\n}", ""},
		{"y := 1\nfor k := 0; k < 3; k++ {\n\ty += g()\n}", "panic: runtime error: integer divide by zero\ncell 2:3\n    y += g()\ncell 1:9, in g\n    return a + b + f(0)\ncell 1:4, in f\n    return 10 / i\n"},
	}},
	{"method and literal", []step{
		{"type T struct{ p *int }\nfunc (t T) M() int {\n\tn := 1\n\treturn func() int {\n\t\tn++\n\t\treturn n + *t.p\n\t}()\n}", ""},
		{"T{}.M()", "panic: runtime error: invalid memory address or nil pointer dereference\ncell 2:1\n    T{}.M()\ncell 1:4, in T.M\n    return func() int {\ncell 1:6, in T.M.func1\n    return n + *t.p\n"},
	}},
	{"through compiled code", []step{
		{"import \"sort\"", ""},
		{"s := []int{3, 1, 2}\nsort.Slice(s, func(i, j int) bool {\n\tk := i + 7\n\treturn s[k] < s[j]\n})", "panic: runtime error: index out of range [8] with length 3\ncell 2:2\n    sort.Slice(s, func(i, j int) bool {\ncell 2:4, in func1\n    return s[k] < s[j]\n"},
	}},
	{"deferred", []step{
		{"func f() {\n\tdefer func() {\n\t\tvar m map[string]int\n\t\tm[\"a\"] = 1\n\t}()\n\tprintln(\"f\")\n}", ""},
		{"f()", "f\npanic: assignment to entry in nil map\ncell 2:1\n    f()\ncell 1:2, in f\n    defer func() {\ncell 1:4, in f.func1\n    m[\"a\"] = 1\n"},
	}},
	{"recursion is one frame", []step{
		{"func f(n int) int {\n\tif n == 0 {\n\t\tpanic(\"end\")\n\t}\n\treturn f(n-1) + 1\n}", ""},
		{"f(50)", "panic: end\ncell 2:1\n    f(50)\n... 50 more frames\ncell 1:3, in f\n    panic(\"end\")\n"},
	}},
	{"a recursion of two is told once", []step{
		{"func f(n int) int {\n\tif n == 0 {\n\t\tpanic(\"end\")\n\t}\n\treturn g(n-1) + 1\n}\nfunc g(n int) int {\n\tx := f(n)\n\treturn x\n}", ""},
		{"f(50)", "panic: end\ncell 2:1\n    f(50)\n... 99 more frames\ncell 1:8, in g\n    x := f(n)\ncell 1:3, in f\n    panic(\"end\")\n"},
	}},
	{"generic", []step{
		{"func at[T any](s []T, i int) T {\n\t_ = i\n\treturn s[i]\n}", ""},
		{"at([]string{\"a\"}, 2)", "panic: runtime error: index out of range [2] with length 1\ncell 2:1\n    at([]string{\"a\"}, 2)\ncell 1:3, in at\n    return s[i]\n"},
	}},
	{"recovered", []step{
		{"import (\"errors\"; \"fmt\"; \"runtime\")\nfunc try(f func()) (err error) {\n\tdefer func() {\n\t\tif r := recover(); r != nil {\n\t\t\terr = fmt.Errorf(\"tried: %w\", r.(error))\n\t\t}\n\t}()\n\tf()\n\treturn nil\n}", ""},
		{"var s []int\nerr := try(func() { s[2] = 1 })\nvar re runtime.Error\nfmt.Println(err, errors.As(err, &re), re)", "tried: runtime error: index out of range [2] with length 0 true runtime error: index out of range [2] with length 0\n"},
		{"err = try(func() { var m map[string]int; m[\"a\"]++ })\nfmt.Println(err, errors.As(err, &re))", "tried: assignment to entry in nil map true\n"},
		{"err = try(func() { var p *struct{ a int }; p.a++ })\nfmt.Println(err, errors.As(err, &re))", "tried: runtime error: invalid memory address or nil pointer dereference true\n"},
		{"err = try(func() { panic(errors.New(\"mine\")) })\nfmt.Println(err, errors.As(err, &re))", "tried: mine false\n"},
		{"panic(\"then\")", "panic: then\ncell 6:1\n    panic(\"then\")\n"},
	}},
	{"recovered by compiled code in an earlier cell", []step{
		{"import \"fmt\"\ntype T struct{}\nfunc (T) String() string { panic(\"mine\") }\nfunc f() { panic(\"then\") }", ""},
		{"fmt.Println(len(fmt.Sprint(T{})) > 0)", "true\n"},
		{"f()", "panic: then\ncell 3:1\n    f()\ncell 1:4, in f\n    func f() { panic(\"then\") }\n"},
	}},
}

func TestFrames(t *testing.T) {
	for _, c := range frameCases {
		t.Run(c.name, func(t *testing.T) { runSteps(t, c.steps) })
	}
}

// TestRecursionWithoutAnEnd tells each function of the recursion once, on a stack that is not as deep as those of cells.
func TestRecursionWithoutAnEnd(t *testing.T) {
	e, err := open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	e.maxFrames = 10_000
	var out buffer
	shows(e, &out, 1, "func f(n int) int {\n\treturn g(n) + 1\n}\nfunc g(n int) int {\n\tx := f(n+1)\n\treturn x\n}")
	got := thousands.ReplaceAllString(shows(e, &out, 2, "f(0)"), "N more frames")
	want := "stack overflow: the calls go too deep; is there an end to the recursion?\ncell 2:1\n    f(0)\n... N more frames\n"
	for _, order := range []string{"cell 1:2, in f\n    return g(n) + 1\ncell 1:5, in g\n    x := f(n+1)\n", "cell 1:5, in g\n    x := f(n+1)\ncell 1:2, in f\n    return g(n) + 1\n"} {
		if got == want+order {
			return // which of them is called last is up to the counter
		}
	}
	t.Errorf("%s", got)
}

// TestResultsBeginAsNothing calls functions directly, again and again: generic ones and a function by itself.
func TestResultsBeginAsNothing(t *testing.T) {
	runSteps(t, []step{
		{"import \"fmt\"\nfunc list[T any](v T) (out []T) {\n\tout = append(out, v)\n\treturn out\n}\nfunc g() {\n\tfor i := 0; i < 3; i++ {\n\t\tfmt.Println(list(i))\n\t}\n}", ""},
		{"g()", "[0]\n[1]\n[2]\n"},
		{"fmt.Println(len([]int(nil)), ((1 == +(len(\"a\")) && true) || false))", "0 true\n"},
		{"switch x := 2; {\ncase x == 2:\nout:\n\tfor i := 0; i < 3; i++ {\n\t\tfor {\n\t\t\tif i == 1 {\n\t\t\t\tbreak out\n\t\t\t}\n\t\t\tcontinue out\n\t\t}\n\t}\n\tfallthrough\ndefault:\n\tfmt.Println(\"end\")\n}", "end\n"},
	})
}
