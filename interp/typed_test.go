package interp

// typedCases are what people type.
var typedCases = []program{
	{"several values at once", []string{`import "fmt"
type T struct { A any; E error; N int8; F float32 }
type S struct { n int }
func (s *S) String() string { return fmt.Sprint("S", s.n) }
func f() int { return 7 }
func two() (string, int) { return "q", f() }
func inside() {
	a, b := "cars", f()
	var c, d = 2.5, f()
	e, g := f(), 'x'
	fmt.Println(a, b, c, d, e, g)
	a, b = "x", f()
	b, a = f()+1, a+"y"
	fmt.Println(a, b)
	var t T
	t.A, t.N = 1, 3
	t.A, t.F = f(), t.F+3
	fmt.Println(t)
	t.E, t.N = nil, 4
	t.N, t.A = t.N+1, "q"
	fmt.Println(t)
	var x, y any = int8(3), 'x'
	x, y = y, x
	fmt.Printf("%T %T\n", x, y)
	x, y = y, "k"
	fmt.Println(x, y)
	b, c = f(), c+1
	fmt.Println(b, c)
}`, `inside()
fmt.Println(two())
a, b := "cars", f()
var c, d = 2.5, f()
e, g := f(), 'x'
fmt.Println(a, b, c, d, e, g)
a, b = "x", f()
b, a = f()+1, a+"y"
fmt.Println(a, b)
b, d = f(), b
fmt.Println(b, d)
h, i := true, f()
j, k := int64(3), f()
l, m := error(nil), f()
fmt.Println(h, i, j, k, l, m)
s, q := "x", []int{1}
fmt.Println(s, q)
q, s = append(q, 1), "z"
fmt.Println(s, q)
q, s = nil, s+"k"
fmt.Println(s, q == nil)`, `ch := make(chan int, 9)
ch <- 4; ch <- 5
r, u := <-ch, "lit"
u, r = "late"+u, r+<-ch
fmt.Println(r, u)
var v fmt.Stringer
v, r = &S{3}, 4
fmt.Println(v, r)
w := []any{1, "b", 2.5}
w[0], w[2] = w[2], w[0]
fmt.Println(w)
var fn func() int
fn, r = f, r+1
fmt.Println(fn(), r)
fn, r = func() int { return r }, 80
fmt.Println(fn(), r)
n, o := map[string]int{"a": 1}, [2]int{f(), 2}
n["b"], o[1] = 2, f()
fmt.Println(n, o)
z := []int{1, 2, 3}
p := 0
p, z[p] = 2, f()
z[0], z[1], z[2] = z[2], f(), z[0]
fmt.Println(p, z)
if u, v := "k", f(); v > 3 { fmt.Println(u, v) }
for u, v := 0, f(); u < 2; u, v = u+1, f()-2 { fmt.Println(u, v) }`}},
	{"multi-assignments", []string{`import ("fmt"; "strconv")`, `a, b, c := 1, "two", 3.0
a, c = int(c), float64(a)
i, s := 0, []int{5, 6, 7}
i, s[i] = 2, 50
s[0], s[2] = s[2], s[0]
n, err := strconv.Atoi("12x")
fmt.Println(a, b, c, i, s, n, err)
m := map[string]int{"a": 1}
v, ok := m["a"]
_, no := m["z"]
delete(m, "a")
fmt.Println(v, ok, no, len(m))
x, y := 0, 1
for range 10 { x, y = y, x+y }
fmt.Println(x, y)`}},
	{"closures in maps", []string{`import ("fmt"; "sort")`, `ops := map[string]func(float64, float64) (float64, error){
	"add": func(a, b float64) (float64, error) { return a + b, nil },
	"div": func(a, b float64) (float64, error) {
		if b == 0 { return 0, fmt.Errorf("division of %g by zero", a) }
		return a / b, nil
	},
}
names := []string{}
for k := range ops { names = append(names, k) }
sort.Strings(names)
for _, k := range names { r, err := ops[k](6, 0); fmt.Println(k, r, err) }
if f, ok := ops["mod"]; !ok { fmt.Println(f == nil) }
counter := func() (func() int, func()) { n := 0; return func() int { n++; return n }, func() { n = 0 } }
next, reset := counter()
next(); next()
fmt.Println(next()); reset(); fmt.Println(next())`}},
	{"struct values", []string{`import "fmt"`, `type P struct { X, Y int }
type R struct { Min, Max P; Tags []string }
func (r *R) Grow(n int) { r.Max.X += n; r.Max.Y += n }
func (r R) Grown(n int) R { r.Grow(n); return r }`, `a := R{Max: P{1, 2}, Tags: []string{"t"}}
b := a
b.Max.X, b.Tags[0] = 10, "shared"
c := b.Grown(5)
p := &a
p.Grow(1)
q := *p
q.Min = P{9, 9}
fmt.Println(a, b, c, q.Min == P{9, 9}, a.Min == q.Min, *p)
arr := [2]P{{1, 2}, {3, 4}}
brr := arr
brr[0].X = 100
fmt.Println(arr, brr, arr == brr)
at := map[P]string{{1, 2}: "a"}
at[P{3, 4}] = "b"
fmt.Println(at[P{1, 2}], at[arr[1]], len(at))`}},
	{"slices share memory", []string{`import "fmt"`, `func double(s []int) { for i := range s { s[i] *= 2 } }
func grow(s []int) []int { return append(s, 99) }`, `s := []int{1, 2, 3, 4, 5}
t := s[1:3]
double(t)
t = append(t, 70)
fmt.Println(s, t, len(t), cap(t))
u := s[1:3:3]
u = append(u, 71)
u[0] = -1
fmt.Println(s, u)
v := make([]int, 0, 4)
w, x := grow(v), grow(v)
w[0] = 1
fmt.Println(x[0], len(v))
grid := make([][]rune, 2)
for i := range grid { grid[i] = []rune("...") }
grid[1][2] = '#'
for _, r := range grid { fmt.Println(string(r)) }
s = append(s[:1], s[2:]...)
fmt.Println(s, copy(s[1:], s), s)`}},
	{"defer and recover", []string{`import ("fmt"; "errors")`, `var ErrOdd = errors.New("odd")
func half(n int) (r int, err error) {
	defer func() { if v := recover(); v != nil { err = fmt.Errorf("half %d: %v", n, v) } }()
	if n < 0 { panic("negative") }
	if n%2 == 1 { return 0, fmt.Errorf("half %d: %w", n, ErrOdd) }
	return n / 2, nil
}
func order() (s string) {
	for i := 0; i < 3; i++ { defer func() { s += fmt.Sprint(i) }() }
	x := 1
	defer func(v int) { s += fmt.Sprint("v", v, "x", x, " ") }(x)
	x = 2
	return "r "
}`, `for _, n := range []int{4, 3, -1} { r, err := half(n); fmt.Println(r, err, errors.Is(err, ErrOdd)) }
fmt.Println(order())
func() { defer fmt.Println("last"); fmt.Println("first") }()`}},
	{"labelled loops", []string{`import "fmt"`, `func pairs(n int) (out [][2]int) {
rows:
	for i := 1; i <= n; i++ {
		for j := 1; ; j++ {
			switch {
			case j > i: continue rows
			case i*j == 12: break rows
			case i%2 == 0: continue
			}
			out = append(out, [2]int{i, j})
		}
	}
	return
}`, `fmt.Println(pairs(9))
sum := 0
outer: for i := range 4 { for j := range 4 { if j == i { continue outer }; if i+j > 4 { break outer }; sum += i*10 + j } }
fmt.Println(sum)`}},
	{"switches fall through", []string{`import "fmt"`, `func grade(n int) (s string) {
	switch {
	case n >= 90: s += "A"; fallthrough
	case n >= 80: s += "B"
	case n < 0: return "none"
	default: s = "F"
	}
	switch x := n % 3; x { case 0, 1: s += "+"; if n > 95 { break }; s += "+"; case 2: }
	switch n { default: s += "d"; case 85: s += "e"; fallthrough; case 1: s += "one" }
	return s
}`, `for _, n := range []int{97, 90, 85, 10, -1} { fmt.Print(grade(n), " ") }
switch c := 'x'; { case c >= 'a' && c <= 'z': fmt.Println("lower"); default: fmt.Println("?") }`}},
	{"iota", []string{`import "fmt"`, `type Level int
const ( Debug Level = iota - 1; Info; Warn; _; Fatal )
const ( A, B = iota, iota * 10; C, D )
const ( R = 1 << iota; W; X; All = R | W | X )
type Weekday uint8
const ( Sun Weekday = iota; Mon )
func (l Level) String() string { return [...]string{"debug", "info", "warn", "?", "fatal"}[l+1] }
const name, size = "n", len("size")
const third = 1.0 / 3`, `fmt.Println(Debug, Info, Fatal, A, B, C, D, R, W, X, All, Mon, name, size, third, int(Fatal))
fmt.Printf("%v %d %s %T %x\n", Warn, Warn, Info, Mon, All)
var f float32 = third
var l Level = 1
l++
fmt.Println(f, l == Fatal, l, 7/size, 7.0/size)`}},
	{"embedded structs", []string{`import ("fmt"; "strings")`, `type Log struct { Prefix string; lines []string }
func (l *Log) Add(s string) { l.lines = append(l.lines, l.Prefix+s) }
func (l Log) Len() int { return len(l.lines) }
type Base struct { ID int; Name string }
func (b Base) Describe() string { return fmt.Sprint(b.ID, ":", b.Name) }
type Job struct { Base; *Log; Name string }
func (j Job) Describe() string { return "job " + j.Base.Describe() + " " + j.Name }
type Describer interface { Describe() string }`, `j := Job{Base{1, "base"}, &Log{Prefix: "> "}, "own"}
j.Add("one"); j.Log.Add("two")
k := j
k.ID, k.Base.Name = 2, "other"
k.Add("three")
list := []Describer{j, k, j.Base, &k}
for _, d := range list { fmt.Println(d.Describe()) }
fmt.Println(j.Len(), strings.Join(j.lines, ","), j.ID, k.ID, j.Name, j.Base.Name)`}},
	{"method values", []string{`import ("fmt"; "strings")`, `type C struct{ n int }
func (c *C) Inc() int { c.n++; return c.n }
func (c C) Get() int { return c.n }
type Fn func(string) string
func (f Fn) Twice(s string) string { return f(f(s)) }`, `c := C{5}
inc, get := c.Inc, c.Get
inc(); inc()
fmt.Println(c.n, get(), c.Get(), (*C).Inc(&c), C.Get(c))
fs := []func() int{c.Inc, (&C{10}).Inc}
for _, f := range fs { fmt.Print(f(), f(), " ") }
up := Fn(strings.ToUpper)
fmt.Println(up.Twice("a"), Fn(func(s string) string { return s + "!" }).Twice("b"))
var sb strings.Builder
w := sb.WriteString
w("x"); w("y")
fmt.Println(sb.String(), strings.Map(func(r rune) rune { return r + 1 }, "abc"))`}},
	{"variadics", []string{`import ("fmt"; "strings")`, `func sum(first int, rest ...int) (t int) { t = first; for _, v := range rest { t += v }; return }
func join(sep string, parts ...any) string { var s []string; for _, p := range parts { s = append(s, fmt.Sprint(p)) }; return strings.Join(s, sep) }
func pass(a ...int) int { if len(a) == 0 { return -1 }; a[0] = 100; return sum(a[0], a[1:]...) }
type opt func(*conf)
type conf struct { n int; s string }
func build(opts ...opt) conf { c := conf{s: "def"}; for _, o := range opts { o(&c) }; return c }
func size(n int) opt { return func(c *conf) { c.n = n } }`, `xs := []int{1, 2, 3}
fmt.Println(sum(1), sum(1, 2, 3), sum(0, xs...), pass(), pass(xs...), xs, pass(7, 8))
fmt.Println(join("-", 1, "a", 2.5, nil, []int{1}), join("+"), join(",", []any{1, true}...))
fmt.Println(build().s, build(size(3), func(c *conf) { c.s = "own" }))`}},
	{"runes", []string{`import ("fmt"; "strings"; "unicode/utf8")`, `s := "naïve — 日本"
for i, r := range s { if r > 127 { fmt.Print(i, "=", string(r), " ") } }
fmt.Println(len(s), utf8.RuneCountInString(s), s[2], s[:2], []byte("ï"), []rune(s)[2])
rev := []rune(s)
for i, j := 0, len(rev)-1; i < j; i, j = i+1, j-1 { rev[i], rev[j] = rev[j], rev[i] }
fmt.Println(string(rev))
count := map[rune]int{}
for _, r := range "hello" { count[r]++ }
fmt.Println(count['l'], count['z'], count)
var vowels int
for _, w := range strings.Fields("one two three") { for i := range w { if strings.ContainsRune("aeiou", rune(w[i])) { vowels++ } } }
fmt.Println(vowels, "a" < "b", "Z"+"a"[0:1], strings.Repeat("=", 5))
for i := range len("ab") { fmt.Printf("%c%d ", "ab"[i], "ab"[i]-'a') }`}},
	{"shadows", []string{`import "fmt"`, `x := 1
func look() int { return x }`, `if x := 2; x > 1 { x++; fmt.Println(x, look()) }
for x := range 2 { x := x * 10; fmt.Print(x, " ") }
{ x := "inner"; fmt.Println(x) }
f := func(x float64) float64 { { x := x * 2; _ = x }; return x }
len := func(s string) int { return -1 }
fmt.Println(f(1.5), x, len("abc"))
var err error
if _, err := fmt.Sscan("z", &x); err != nil { fmt.Println("inside", err != nil) }
fmt.Println(err, x)`, `x := "now text"
fmt.Println(x, look())`}},
	{"named results", []string{`import ("fmt"; "errors")`, `func div(a, b int) (q, r int, err error) {
	if b == 0 { err = errors.New("zero"); return }
	q = a / b
	r = a - q*b
	return
}
func twice() (n int) { defer func() { n *= 2 }(); n = 4; return n + 1 }
func shadow() (err error) { if err := errors.New("lost"); err == nil { return err }; return }
func swap(a, b string) (x, y string) { x, y = b, a; return y + "1", x + "2" }
func fill() (m map[string]int, s []int) { m = map[string]int{}; m["k"]++; s = append(s, len(m)); return }`, `fmt.Println(div(7, 2)); fmt.Println(div(1, 0))
q, r, _ := div(-7, 2)
fmt.Println(q, r, twice(), shadow())
fmt.Println(swap("a", "b"))
m, s := fill()
fmt.Println(m, s)`}},
	{"numbers", []string{`import ("fmt"; "math")`, `func mean(v ...float64) float64 { t := 0.0; for _, x := range v { t += x }; return t / float64(len(v)) }`, `var i8 int8 = 127
i8++
var u uint32 = 1
u -= 2
n := 7
n /= 2; n *= -3; n <<= 2; n ^= 5; n &^= 1
fmt.Println(i8, u, n, -7/2, -7%3, 7&3, 1<<10, uint8(300&0xff), int64(math.MaxInt32)+1)
fmt.Println(mean(1, 2, 4), math.Inf(1), -math.Inf(1), math.NaN() == math.NaN(), math.Round(2.5), math.Sqrt2, 0.1+0.2)
a, b := 0.1, 0.2
fmt.Println(a+b, float32(a)+float32(b), 1e21, 1e20, 3/2*2.0, 3.0/2, 'a'+1, string(rune('a'+1)))
c := complex(1, 2)
fmt.Println(c*c, real(c), imag(c), 0b101, 0o17, 0xff, 1_000)
fmt.Printf("%08.3f|%+d|%x|%e|%6.2f%%|%t|%v|%q\n", math.Pi, 5, 255, 12345.678, 12.5, true, [2]bool{true}, 'x')`}},
}
