package interp

import (
	"context"
	"testing"
	"time"
)

// redefinitions are sessions in which names come to mean something else. Those that a program can follow, too, are in
// testdata/sessions/redefine.txtar; here are what a cell says of them, and what a program cannot follow: a method that
// comes later is there from its beginning.
var redefinitions = []struct {
	name  string
	steps []step
}{
	{"a failing redefinition changes nothing", []step{
		{"type P struct{ X int }\nfunc (p P) Get() int { return p.X }\nfunc f() int { return 1 }\nconst k = 2\nx := 3\np := P{4}\ng := func() int { return f() + k + x + p.Get() }", ""},
		{"type P struct{ X, Y int }\nfunc (p P) Get() int { return p.Y }\nfunc f() int { return 10 }\nconst k = 20\nx := \"30\"\nundefined1()", "cell 2:6:1: undefined: undefined1\n    undefined1()\n    ^\n"},
		{"func f() int { return missing }\nfunc h() int { return f() }", "cell 3:1:23: undefined: missing\n    func f() int { return missing }\n                          ^\n"},
		{"func f() int { return \"\" }", "cell 4:1:23: cannot use \"\" (untyped string constant) as int value in return statement\n    func f() int { return \"\" }\n                          ^\n"},
		{"g()\np.Get() + f() + k + x", "= 10 (int)\n"},
		{"P{5}.Get()", "= 5 (int)\n"},
	}},
	{"a cell that panics has redefined", []step{
		{"func f() int { return 1 }", ""},
		{"func f() int { return 2 }\npanic(\"no\")", "panic: no\ncell 2:2\n    panic(\"no\")\n"},
		{"f()", "= 2 (int)\n"},
	}},
	{"callers that no longer check keep what they had", []step{
		{"func f() int { return 1 }\nfunc g() int { return f() }\nfunc h() int { return g() * 10 }", ""},
		{"func f(a string) string { return a }", "note: g (cell 1) keeps what it used before: not enough arguments in call to f\n"},
		{"h()", "= 10 (int)\n"},
		{"func g() int { return len(f(\"abc\")) }", ""},
		{"h()", "= 30 (int)\n"},
	}},
	{"a variable of another type leaves what needs the old one", []step{
		{"x := 1\nfunc double() int { return x * 2 }\nadd := func() int { x++; return x }", ""},
		{"x := \"s\"", "note: double (cell 1) keeps what it used before: invalid operation: x * 2 (mismatched types string and untyped int)\n"},
		{"add()\ndouble()", "= 4 (int)\n"},
		{"x", "= s (string)\n"},
	}},
	{"a type's field that is gone leaves its users", []step{
		{"type P struct{ X, Y int }\nfunc (p P) Sum() int { return p.X + p.Y }\nfunc mk() P { return P{1, 2} }\np := mk()", ""},
		{"type P struct{ X int }", "note: P.Sum (cell 1) keeps what it used before: p.Y undefined (type P has no field or method Y)\nnote: mk (cell 1) keeps what it used before: too many values in struct literal of type P\n"},
		{"p.Sum() + mk().Sum()", "= 6 (int)\n"},
		{"P{7}.X", "= 7 (int)\n"},
	}},
	{"a type is another one if its fields change, and the same if not", []step{
		{"type P struct{ X int }\np := P{1}", ""},
		{"type P struct {\n\tX int // metres\n}", ""},
		{"p = P{2}\np.X", "= 2 (int)\n"},
		{"type P struct{ X float64 }", ""},
		{"p = P{2}", "cell 5:1:5: cannot use P{…} (value of struct type P) as P value in assignment\n    p = P{2}\n        ^\n"},
		{"p := P{2.5}\np.X", "= 2.5 (float64)\n"},
	}},
	{"a type is another one if a name in it means something else", []step{
		{"type ID int\ntype P struct{ ID ID }\np := P{1}", ""},
		{"type ID string\ntype P struct{ ID ID }", ""},
		{"p.ID + 1", "= 2 (main.ID)\n"},
		{"P{\"a\"}.ID", "= a (main.ID)\n"},
	}},
	{"a method gets another signature with its type", []step{
		{"type P struct{ X int }\nfunc (p P) Get() int { return p.X }\np := P{1}", ""},
		{"func (p P) Get() string { return \"s\" }", "cell 2:1:1: method P.Get has another signature already (func() int); declare type P again in this cell\n    func (p P) Get() string { return \"s\" }\n    ^\n"},
		{"type P struct{ X int }\nfunc (p P) Get() string { return \"s\" }", ""},
		{"P{1}.Get()", "= s (string)\n"},
		{"p.Get()", "= 1 (int)\n"},
	}},
	{"a generic type gets a method", []step{
		{"type S[T any] struct{ list []T }\nfunc (s *S[T]) Push(v T) { s.list = append(s.list, v) }\ns := &S[int]{}\ns.Push(1)", ""},
		{"func (s *S[T]) Len() int { return len(s.list) }", "note: S is another type now, with method Len; values made before do not have it\n"},
		{"n := &S[int]{}\nn.Push(1)\nn.Push(2)\nn.Len()", "= 2 (int)\n"},
		{"s.Push(3)\nlen(s.list)", "= 2 (int)\n"},
		{"func (s *S[T]) Len() int { return -len(s.list) }", ""},
		{"n.Len()", "= -2 (int)\n"},
	}},
	{"an interface is implemented later", []step{
		{"type Shape interface{ Area() float64 }\ntype Square struct{ A float64 }\nfunc area(v any) float64 { if s, ok := v.(Shape); ok { return s.Area() }; return -1 }\nsq := Square{2}\narea(sq)", "= -1 (float64)\n"},
		{"func (s Square) Area() float64 { return s.A * s.A }", ""},
		{"area(sq)", "= 4 (float64)\n"},
		{"var held Shape = sq", ""},
		{"type Shape interface{ Area() float64; Name() string }", ""},
		{"area(sq) + held.Area()", "= 3 (float64)\n"},
		{"func (s Square) Name() string { return \"square\" }\narea(sq)", "= 4 (float64)\n"},
	}},
	{"a method that comes later hides that of an embedded type", []step{
		{"type Base struct{ ID int }\nfunc (b Base) Who() string { return \"base\" }\ntype User struct{ Base }\nu := User{}\nvar w interface{ Who() string } = u\nf := u.Who", ""},
		{"func (u User) Who() string { return \"user of \" + u.Base.Who() }", ""},
		{"u.Who() + \", \" + w.Who() + \", \" + f()", "= user of base, user of base, base (string)\n"},
	}},
	{"an import takes its name back", []step{
		{"import \"strings\"\nstrings.ToUpper(\"a\")", "= A (string)\n"},
		{"strings := 1\nstrings", "= 1 (int)\n"},
		{"strings.ToUpper(\"a\")", "cell 3:1:9: strings.ToUpper undefined (type int has no field or method ToUpper)\n    strings.ToUpper(\"a\")\n            ^\n"},
		{"import \"strings\"\nstrings.ToUpper(\"b\")", "= B (string)\n"},
	}},
	{"names of ours and of cells do not meet", []step{
		{"func at(list []int, i int) int {\n\treturn list[i]\n}\nat([]int{1, 2}, 1)", "= 2 (int)\n"},
		{"func at(list []int, i int) int {\n\treturn list[i] * 10\n}\nat([]int{1, 2}, 1)", "= 20 (int)\n"},
		{"at := at([]int{1, 2}, 0)\nat", "= 10 (int)\n"},
		{"func at(list []int, i int) int { return list[i] }\nat([]int{1}, 2)", "panic: runtime error: index out of range [2] with length 1\ncell 4:2\n    at([]int{1}, 2)\ncell 4:1, in at\n    func at(list []int, i int) int { return list[i] }\n"},
		{"at := 1.5\nd, rt, r, v, t, tick := 1, 2, 3, 4, 5, 6\nd + rt + r + v + t + tick", "= 21 (int)\n"},
	}},
	{"a function becomes a type", []step{
		{"func Speed(v float64) float64 { return v * 2 }\nfunc fast(v float64) bool { return Speed(v) > 10 }", ""},
		{"type Speed float64\nfast(8)", "= false (bool)\n"},
	}},
}

func TestRedefinitions(t *testing.T) {
	for _, c := range redefinitions {
		t.Run(c.name, func(t *testing.T) { runSteps(t, c.steps) })
	}
}

// TestRedefinitionReachesARunningGoroutine redefines what a goroutine calls again and again, while it does.
func TestRedefinitionReachesARunningGoroutine(t *testing.T) {
	var out buffer
	e, err := New(Config{Stdout: &out})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range []step{
		{"import \"time\"\nfunc step() int { return 1 }\nseen := make(chan int)\ngo func() { for { seen <- step() } }()\n<-seen", "= 1 (int)\n"},
		{"func step() int { return 2 }", ""},
		{"last := 1\nfor i := 0; i < 1000 && last == 1; i++ { last = <-seen; time.Sleep(time.Millisecond) }\nlast", "= 2 (int)\n"},
	} {
		if got := shows(e, &out, i+1, s.cell); got != s.want {
			t.Fatalf("cell %d gives %q, want %q", i+1, got, s.want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, _ = e.Eval(ctx, Cell{Number: 4, Text: "for { }"})
	if got := shows(e, &out, 5, "func step() int { return 3 }\n<-seen\n<-seen"); got != "= 3 (int)\n" {
		t.Errorf("after an interrupt the goroutine gives %q", got)
	}
}
