package vector

import "github.com/riffle-stream/riffle/dataframe/row"

// Callable says whether Call takes a function: one of numbers, texts and truths, in one of the forms that package
// math and those for texts have.
func Callable(fn any) bool {
	k, _ := callKernel(fn)
	return k != nil
}

// Call is what a function gives that has no effect but its result; its name tells it from others.
func (f *Func) Call(name string, fn any, args ...Value) Value {
	_, kind := callKernel(fn)
	o := op{code: called, kind: kind, text: name}
	for i, have := range f.ops {
		if have.code == called && have.text == name {
			o.call = f.ops[i].call
			return f.add(o, args...)
		}
	}
	f.calls = append(f.calls, fn)
	o.call = len(f.calls) - 1
	return f.add(o, args...)
}

// callKernel is the loop that calls a function, and the kind of its result; nil if no loop takes it.
func callKernel(fn any) (kernel, row.Kind) {
	switch f := fn.(type) {
	case func() float64:
		return func(s *step) {
			for i := range s.own.Floats {
				s.own.Floats[i] = f()
			}
		}, row.Float
	case func(float64) float64:
		return singles(f), row.Float
	case func(float64, float64) float64:
		return pairs(f), row.Float
	case func(float64, float64, float64) float64:
		return triples(f), row.Float
	case func(float64) bool:
		return singles(func(a float64) byte { return bit(f(a)) }), row.Bool
	case func(float64, int) bool:
		return pairs(func(a float64, b int64) byte { return bit(f(a, int(b))) }), row.Bool
	case func(float64, int) float64:
		return pairs(func(a float64, b int64) float64 { return f(a, int(b)) }), row.Float
	case func(int, float64) float64:
		return pairs(func(a int64, b float64) float64 { return f(int(a), b) }), row.Float
	case func(int) float64:
		return singles(func(a int64) float64 { return f(int(a)) }), row.Float
	case func(float64) int:
		return singles(func(a float64) int64 { return int64(f(a)) }), row.Int
	case func(float64) string:
		return singles(f), row.String
	case func(int) int:
		return singles(func(a int64) int64 { return int64(f(int(a))) }), row.Int
	case func(int) bool:
		return singles(func(a int64) byte { return bit(f(int(a))) }), row.Bool
	}
	return textKernel(fn)
}

func textKernel(fn any) (kernel, row.Kind) {
	switch f := fn.(type) {
	case func(string) string:
		return singles(f), row.String
	case func(string) float64:
		return singles(f), row.Float
	case func(string, int) string:
		return pairs(func(a string, b int64) string { return f(a, int(b)) }), row.String
	case func(string) int:
		return singles(func(a string) int64 { return int64(f(a)) }), row.Int
	case func(int) string:
		return singles(func(a int64) string { return f(int(a)) }), row.String
	case func(bool) string:
		return singles(func(a byte) string { return f(a != 0) }), row.String
	case func(string) bool:
		return singles(func(a string) byte { return bit(f(a)) }), row.Bool
	case func(string, string) string:
		return pairs(f), row.String
	case func(string, string) bool:
		return pairs(func(a, b string) byte { return bit(f(a, b)) }), row.Bool
	case func(string, string) int:
		return pairs(func(a, b string) int64 { return int64(f(a, b)) }), row.Int
	case func(string, string, string) string:
		return triples(f), row.String
	case func(string, string, string, int) string:
		return func(s *step) {
			a, b, c, n := arg[string](s, 0), arg[string](s, 1), arg[string](s, 2), arg[int64](s, 3)
			for i := range s.own.Strs {
				s.own.Strs[i] = f(a[i], b[i], c[i], int(n[i]))
			}
		}, row.String
	}
	return nil, row.Null
}

// triples computes f for every row.
func triples[T, R any](f func(a, b, c T) R) kernel {
	return func(s *step) {
		out := values[R](&s.own)
		a, b, c := arg[T](s, 0), arg[T](s, 1), arg[T](s, 2)
		for i := range out {
			out[i] = f(a[i], b[i], c[i])
		}
	}
}
