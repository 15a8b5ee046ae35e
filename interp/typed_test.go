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
}
