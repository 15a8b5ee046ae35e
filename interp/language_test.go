package interp

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A program is a session whose output compiled is its truth.
type program struct {
	name  string
	cells []string
}

var languageCases = []program{
	{"labels out of a range over a function", []string{`import ("fmt"; "slices")`, `func f() string {
outer:
	for i := range 5 {
		for _, v := range slices.All([]int{1, 2, 3}) {
			if v == 2 { continue outer }
			if i == 3 { break outer }
			fmt.Print(i, v, " ")
		}
	}
	return "done"
}`, `fmt.Println(f())`}},
	{"return from nested ranges over functions", []string{`import ("fmt"; "slices")`, `func find(m [][]int, w int) (r, c int, err error) {
	for i, row := range slices.All(m) {
		for j, v := range slices.All(row) {
			if v == w { return i, j, nil }
		}
	}
	return -1, -1, fmt.Errorf("no %d", w)
}`, `fmt.Println(find([][]int{{1, 2}, {3, 4}}, 4)); fmt.Println(find(nil, 1))`}},
	{"several conditions of a case", []string{`import "fmt"`, `func f(n int, s string) string {
	switch {
	case n < 0: return "neg"
	case n == 0, s == "": return "none"
	}
	switch ok := n > 3; ok { case s == "a", s == "b": return "alike" }
	return "some"
}`, `fmt.Println(f(5, ""), f(0, "a"), f(-1, ""), f(7, "b"), f(2, "b"), f(2, "c"))`}},
	{"min and max of floats", []string{`import ("fmt"; "math")`, `type Deg float32
z, n, nan := 0.0, math.Copysign(0, -1), math.NaN()
fmt.Println(min(z, n), min(n, z), max(n, z), max(z, n), min(1, nan, n), max(z, 2, nan), min(Deg(2), Deg(z), 1.5), max("a", "b"), min(3, 1, 2))`}},
	{"own iterator", []string{`import ("fmt"; "iter")`, `func Count(n int) iter.Seq2[int, string] { return func(yield func(int, string) bool) { for i := range n { if !yield(i, fmt.Sprint("n", i)) { return } } } }`, `for i, s := range Count(10) { if i == 2 { continue }; if i > 4 { break }; fmt.Println(i, s) }`}},
	{"pull", []string{`import ("fmt"; "iter"; "slices")`, `next, stop := iter.Pull(slices.Values([]string{"a", "b"}))
a, ok := next(); fmt.Println(a, ok)
b, ok := next(); fmt.Println(b, ok)
c, ok := next(); fmt.Println(c, ok)
stop()`}},
	{"generic constraint with a method", []string{`import ("fmt"; "strings")`, `type Shape interface { Area() float64 }
type Sq struct{ s float64 }
func (s Sq) Area() float64 { return s.s * s.s }
func Total[S Shape](list ...S) (t float64) { for _, s := range list { t += s.Area() }; return }
type Tree[K any, V any] struct { Left, Right *Tree[K, V]; Key K; Val V }
func (t *Tree[K, V]) Put(k K, v V, less func(a, b K) bool) *Tree[K, V] {
	if t == nil { return &Tree[K, V]{Key: k, Val: v} }
	if less(k, t.Key) { t.Left = t.Left.Put(k, v, less) } else { t.Right = t.Right.Put(k, v, less) }
	return t
}
func (t *Tree[K, V]) Walk(f func(K, V)) { if t != nil { t.Left.Walk(f); f(t.Key, t.Val); t.Right.Walk(f) } }`, `var t *Tree[string, int]
for i, w := range strings.Fields("d b a c e") { t = t.Put(w, i, func(a, b string) bool { return a < b }) }
t.Walk(func(k string, v int) { fmt.Print(k, "=", v, " ") })
fmt.Println(Total(Sq{2}, Sq{3}))`}},
	{"generic over local type", []string{`import ("fmt"; "slices"; "cmp")`, `func f() []string {
	type pair struct { k string; n int }
	ps := []pair{{"a", 2}, {"b", 1}, {"c", 3}}
	slices.SortFunc(ps, func(x, y pair) int { return cmp.Compare(x.n, y.n) })
	var out []string
	for _, p := range ps { out = append(out, p.k) }
	return out
}`, `fmt.Println(f(), slices.MaxFunc([]int{3, 9, 2}, cmp.Compare[int]), slices.Reverse)`[:0] + `fmt.Println(f(), slices.Max([]float64{1, 3, 2}))`}},
	{"slices and maps", []string{`import ("fmt"; "slices"; "maps")`, `s := []int{5, 2, 8, 2}
slices.Sort(s)
i, ok := slices.BinarySearch(s, 5)
fmt.Println(s, i, ok, slices.Compact(slices.Clone(s)), slices.Contains(s, 8), slices.Equal(s, s))
s = slices.Insert(s, 1, 100, 101)
s = slices.Delete(s, 0, 1)
fmt.Println(s, slices.IndexFunc(s, func(v int) bool { return v > 100 }))
m := map[string]int{"x": 1, "y": 2}
keys := slices.Collect(maps.Keys(m)); slices.Sort(keys)
fmt.Println(keys, slices.Sorted(maps.Values(m)))
for c := range slices.Chunk([]int{1, 2, 3, 4, 5}, 2) { fmt.Print(c) }`}},
	{"repeat", []string{`import ("fmt"; "slices")`, `fmt.Println(slices.Repeat([]int{1}, 3))`}},
	{"defer order and results", []string{`import "fmt"`, `func f() (n int) {
	defer func() { n *= 2 }()
	for i := range 3 { defer fmt.Print("d", i, " ") }
	return 21
}`, `fmt.Println(f())`}},
	{"panic and recover with types", []string{`import ("fmt"; "errors")`, `type Bad struct{ N int }
func (b Bad) Error() string { return fmt.Sprint("bad ", b.N) }
func try(f func()) (err error) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case error: err = e
		default: err = fmt.Errorf("other: %v", e)
		}
	}()
	f()
	return nil
}`, `e := try(func() { panic(Bad{3}) })
var b Bad
fmt.Println(e, errors.As(e, &b), b.N, try(func() {}), try(func() { panic("s") }))
fmt.Println(try(func() { var p *Bad; _ = p.N }))
fmt.Println(try(func() { var i any = 1; _ = i.(string) }))`}},
	{"struct copies", []string{`import "fmt"`, `type V struct { A [2]int; M map[string]int; P *int }
func change(v V) V { v.A[0] = 9; v.M["k"] = 9; return v }`, `v := V{M: map[string]int{}}
w := change(v)
a := [3]int{1, 2, 3}
for i, x := range a { a[2] = 10; if i == 2 { fmt.Println(x) } }
fmt.Println(v.A, w.A, v.M["k"], a)
list := []V{v, w}
for _, x := range list { x.A[1] = 5 }
fmt.Println(list[0].A, list[1].A)
mm := map[string]V{"a": v}
x := mm["a"]; x.A[0] = 1
fmt.Println(mm["a"].A)`}},
	{"embedding", []string{`import "fmt"`, `type Base struct{ ID int }
func (b *Base) Set(n int) { b.ID = n }
func (b Base) Get() int { return b.ID }
type Mid struct { *Base; Name string }
type Top struct { Mid; Extra float64 }
type Getter interface { Get() int }`, `t := Top{Mid{&Base{1}, "n"}, 2}
t.Set(7)
var g Getter = t
f := t.Get
t.Set(8)
fmt.Println(g.Get(), t.ID, f(), t.Name, (*Base).Get(t.Base), Base.Get(*t.Base))`}},
	{"closures over loops", []string{`import "fmt"`, `var fs []func() int
for i := 0; i < 3; i++ { i := i * 2; fs = append(fs, func() int { i++; return i }) }
for i := 0; i < 6; i += 2 { fs = append(fs, func() int { return i }); if i == 2 { continue } }
for _, f := range fs { fmt.Print(f(), f(), " ") }
fmt.Println()
var ps []*int
for i := range 3 { ps = append(ps, &i) }
fmt.Println(*ps[0], *ps[1], *ps[2])`}},
	{"switches", []string{`import "fmt"`, `func k(x any) string {
	switch v := x.(type) {
	case int, int8: return fmt.Sprintf("int %v", v)
	case fmt.Stringer: return "stringer " + v.String()
	case func() int: return fmt.Sprint("func ", v())
	case []int: return fmt.Sprint(len(v))
	case nil: return "nil"
	case error: return v.Error()
	}
	return "?"
}
type W int
func (w W) String() string { return fmt.Sprint("W", int(w)) }`, `fmt.Println(k(1), k(int8(2)), k(W(3)), k(func() int { return 4 }), k([]int{1}), k(nil), k(fmt.Errorf("e")), k(1.5))
switch x := 5; { case x > 3: fmt.Println("big"); fallthrough; case x > 100: fmt.Println("fell"); default: fmt.Println("no") }
loop: for i := 0; ; i++ { switch { case i == 2: continue loop; case i > 3: break loop }; fmt.Print(i) }
fmt.Println()`}},
	{"goroutines", []string{`import ("fmt"; "sync"; "context"; "time")`, `func gen(ctx context.Context, n int) <-chan int { c := make(chan int); go func() { defer close(c); for i := range n { select { case c <- i: case <-ctx.Done(): return } } }(); return c }
type Acc struct { sync.Mutex; n int }
func (a *Acc) Add(v int) { a.Lock(); defer a.Unlock(); a.n += v }`, `ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
var acc Acc
var wg sync.WaitGroup
for v := range gen(ctx, 5) { wg.Add(1); go func(k int) { defer wg.Done(); acc.Add(k) }(v) }
wg.Wait(); cancel()
var wg2 sync.WaitGroup
for i := range 3 { wg2.Go(func() { acc.Add(i) }) }
wg2.Wait()
fmt.Println(acc.n)
done := make(chan struct{}); go acc.Add(5); go func() { close(done) }(); <-done
select { case <-done: fmt.Println("done"); case <-time.After(time.Second): fmt.Println("late") }
t := time.NewTimer(time.Millisecond); <-t.C`}},
	{"many goroutines at one select", []string{`import ("fmt"; "sync")`, `func relay(in, out chan int, stop chan struct{}) {
	for {
		select {
		case v, ok := <-in:
			if !ok { return }
			select { case out <- v + 1: case <-stop: return }
		case <-stop:
			return
		}
	}
}`, `const n = 20
chans := make([]chan int, n+1)
for i := range chans { chans[i] = make(chan int) }
stop := make(chan struct{})
var wg sync.WaitGroup
for i := range n { wg.Add(1); go func() { defer wg.Done(); relay(chans[i], chans[i+1], stop) }() }
sum := 0
for i := range 50 { chans[0] <- i; sum += <-chans[n] }
close(stop)
wg.Wait()
fmt.Println(sum)`}},
	{"constants", []string{`import ("fmt"; "math"; "time")`, `const (
	KB = 1 << (10 * (iota + 1))
	MB
)
const big = 1 << 100
type Day uint8
const ( Mon Day = iota + 1; Tue; Wed )
const d = 3 * time.Second`, `fmt.Println(KB, MB, big>>98, Tue, math.MaxInt64, uint64(math.MaxUint64), math.Pi, d, 'a', "x"+"y", 7/2, 7/2.0, -7%3, 1e3)
var f32 float32 = 0.1
var u8 uint8 = 200
u8 += 100
fmt.Println(f32, float64(f32), u8, ^0, 5&^1, 1<<3|1, len("héllo"), []rune("hé")[1], string(rune(233)))
x := 10
x <<= 2; x |= 1; x %= 7
fmt.Println(x, -x, +x, !true, min(3, x, 9), max(2.5, float64(x)))`}},
	{"functions as values", []string{`import ("fmt"; "sort"; "strings")`, `type Op func(a, b int) int
func (o Op) Do(a, b int) int { return o(a, b) }
func apply(ops map[string]Op, a, b int) string { var out []string; for k, o := range ops { out = append(out, fmt.Sprint(k, o.Do(a, b))) }; sort.Strings(out); return strings.Join(out, ",") }
func variadic(pre string, xs ...int) string { return fmt.Sprint(pre, len(xs), xs) }
func multi() (int, string, error) { return 1, "a", nil }`, `fmt.Println(apply(map[string]Op{"add": func(a, b int) int { return a + b }, "mul": func(a, b int) int { return a * b }}, 3, 4))
fmt.Println(variadic("p"), variadic("q", 1, 2), variadic("r", []int{3}...))
fmt.Println(multi())
compose := func(fs ...func(int) int) func(int) int { return func(x int) int { for _, f := range fs { x = f(x) }; return x } }
fmt.Println(compose(func(x int) int { return x + 1 }, func(x int) int { return x * 10 })(4))
var rec func(int) int
rec = func(n int) int { if n == 0 { return 1 }; return n * rec(n-1) }
fmt.Println(rec(10))`}},
	{"strings and bytes", []string{`import ("fmt"; "strings"; "bytes"; "strconv"; "unicode")`, `for i, r := range "aé€" { fmt.Print(i, ":", string(r), " ") }
b := []byte("abc"); b[0] = 'X'; b = append(b, "de"...)
n, err := strconv.Atoi("x1")
fmt.Println(string(b), n, err, strings.Map(unicode.ToUpper, "abc"), bytes.Contains(b, []byte("c")), strings.NewReplacer("a", "b").Replace("aa"))
var sb strings.Builder
fmt.Fprintf(&sb, "%03d|%-4s|%x", 7, "ab", "hi")
fmt.Println(sb.String(), sb.Len())
for line := range strings.Lines("a\nb\n") { fmt.Printf("%q ", line) }
fmt.Println(strings.Cut("k=v", "="))`}},
	{"interfaces", []string{`import ("fmt"; "io"; "strings"; "sort")`, `type Animal interface { Sound() string }
type Named interface { Animal; Name() string }
type Dog struct{ n string }
func (d *Dog) Sound() string { return "woof" }
func (d *Dog) Name() string { return d.n }
type upper struct{ r io.Reader }
func (u upper) Read(p []byte) (int, error) { n, err := u.r.Read(p); copy(p, strings.ToUpper(string(p[:n]))); return n, err }
type byLen []string
func (b byLen) Len() int { return len(b) }
func (b byLen) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLen) Swap(i, j int) { b[i], b[j] = b[j], b[i] }`, `var a Animal = &Dog{"rex"}
n, ok := a.(Named)
_, ok2 := a.(fmt.Stringer)
fmt.Println(a.Sound(), ok, n.Name(), ok2, a == n)
text, err := io.ReadAll(upper{strings.NewReader("shout")})
fmt.Println(string(text), err)
w := byLen{"ccc", "a", "bb"}
sort.Sort(sort.Reverse(w))
fmt.Println(w)
animals := map[string]Animal{"d": a}
if d, ok := animals["d"].(*Dog); ok { d.n = "max"; fmt.Println(n.Name()) }`}},
	{"redefinitions", []string{`import "fmt"`, `func a() string { return "a1" }
func b() string { return "b" + a() }
type T struct{ X int }
func (t T) Show() string { return fmt.Sprint("T", t.X) }
t := T{1}`, `fmt.Println(a(), t.Show())`, `func a() string { return "a2" }`, `fmt.Println(b())`, `x := 1.5
x, y := 2.5, "n"
fmt.Println(x, y)`, `y := 3
fmt.Println(x, y)`}},
	{"pointers and arrays", []string{`import "fmt"`, `type Node struct { v int; next *Node }
func (n *Node) Push(v int) *Node { return &Node{v, n} }`, `var head *Node
for i := range 3 { head = head.Push(i) }
for n := head; n != nil; n = n.next { fmt.Print(n.v, " ") }
g := [2][3]int{{1, 2, 3}}
h := g
h[0][1] = 9
p := &g
p[1][2] = 7
s := g[0][:2]
s = append(s, 42)
pp := &p
(**pp)[0][0] = 100
fmt.Println(g, h, len(p), cap(s))
q := new(int); *q += 5
var np *Node
fmt.Println(*q, np == nil, head.next.v)
clear(s); fmt.Println(s, copy(s, []int{4, 5}), s)`}},
}

// TestLanguage runs sessions interpreted and compiled, and compares what they print.
func TestLanguage(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short: it runs the Go toolchain")
	}
	dir := workDir(t)
	var imports, calls strings.Builder
	cases := slices.Concat(languageCases, typedCases)
	got := make([]string, len(cases))
	for i, c := range cases {
		text, err := play(t, c.cells)
		if err != nil {
			text += "error: " + err.Error()
		}
		got[i] = text
		p, err := whole(t, session{Cells: c.cells})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		pkg := fmt.Sprintf("p%d", i)
		write(t, filepath.Join(dir, pkg, "p.go"), p.File(pkg, p.Free("Run"), fakePath))
		fmt.Fprintf(&imports, "import %q\n", fakeModule(dir, pkg))
		fmt.Fprintf(&calls, "\tfmt.Print(\"\\x00%d\\x00\"); %s.%s()\n", i, pkg, p.Free("Run"))
	}
	write(t, filepath.Join(dir, "main.go"), fmt.Sprintf("package main\nimport \"fmt\"\n%sfunc main() {\n%s}\n", imports.String(), calls.String()))
	parts := strings.Split(goRun(t, dir), "\x00")[1:]
	for k := 0; k+1 < len(parts); k += 2 {
		var i int
		fmt.Sscan(parts[k], &i)
		want := strings.ReplaceAll(parts[k+1], fmt.Sprintf("p%d.", i), "main.")
		if got[i] != want {
			t.Errorf("%s:\n got %q\nwant %q", cases[i].name, got[i], want)
		}
	}
}
