package interp

// typesOfPrograms is what random programs have outside of functions, besides functions of their own.
const typesOfPrograms = `type point struct {
	x int
	s string
	l []int
}
func (p point) sum(k int) int { return p.x*k + len(p.s) + len(p.l) }
func (p *point) move(k int) { p.x += k; p.l = append(p.l, k) }
type shape interface{ area(k int) int }
type square struct{ side int }
func (s square) area(k int) int { return s.side*s.side + k }
type disc struct{ point; r int }
func (d *disc) area(k int) int { d.r++; return d.r*k + d.x }
type num interface{ ~int | ~int8 | ~uint8 | ~int32 | ~uint64 | ~float64 }
func total[T num](list []T) T { var s T; for _, v := range list { s += v }; return s }
func apply[A, B any](list []A, f func(A) B) (out []B) { for _, v := range list { out = append(out, f(v)) }; return out }
func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "recovered:", r)
		}
	}()
	f()
}
type stack[T any] struct{ items []T }
func (s *stack[T]) push(v ...T) *stack[T] { s.items = append(s.items, v...); return s }
func (s *stack[T]) pop() (v T, ok bool) {
	if len(s.items) == 0 { return }
	v = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, true
}
func (s stack[T]) all() func(func(int, T) bool) {
	return func(yield func(int, T) bool) {
		for i, v := range s.items { if !yield(i, v) { fmt.Print("stopped "); return } }
	}
}
func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		defer fmt.Print("over ")
		for i := range n & 7 { if !yield(i * 3) { return } }
	}
}
type outer struct { point; tag string; in *point }
type code int
func (c code) String() string { return fmt.Sprintf("<%d>", int(c)) }
func (c code) Error() string { return fmt.Sprintf("code %d", int(c)) }
func note(s string, v int) int { fmt.Print(s, " "); return v }
func (p *point) reset(q point) { *p = point{}; p.x++; *p = point{x: p.x, s: q.s}; p.l = q.l }
type pair[A, B any] struct { a A; b B }
func (p pair[A, B]) flip() pair[B, A] { return pair[B, A]{p.b, p.a} }
func (p *pair[A, B]) set(a A) *pair[A, B] { *p = pair[A, B]{a: a, b: p.b}; return p }
type named interface{ ~string | ~[]int }
func size[T named, N ~int](t T, n N) N { return N(len(t)) + n }
type both interface { shape; fmt.Stringer }
type tile struct { square; code }
type deep struct { *outer; code }
type bag struct { v any; err error; l []any; m map[string]error }
func (b *bag) put(v any, err error) (any, error) { b.v, b.err, v = v, err, b.v; b.l = append(b.l, v); return v, b.err }
func kind(x any) string {
	switch x := x.(type) {
	case nil: return "nil"
	case error: return "error " + x.Error()
	case int, string: return fmt.Sprintf("%T %v", x, x)
	case shape: return fmt.Sprint("shape ", x.area(1))
	case []int: return fmt.Sprint("list ", len(x))
	}
	return fmt.Sprintf("other %T", x)
}
func firsts[T any](s func(func(T) bool), n int) (out []T) { for v := range s { if n--; n < 0 { break }; out = append(out, v) }; return out }
func (s stack[T]) values() func(func(T) bool) { return func(yield func(T) bool) { for _, v := range s.all() { if !yield(v) { return } } } }
`
