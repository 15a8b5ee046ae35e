package vector

import "go/token"

// arithmetic are the operators that numbers of both kinds have.
func arithmetic[T int64 | float64](tok token.Token) kernel {
	switch tok {
	case token.ADD:
		return each2(add[T])
	case token.SUB:
		return each2(sub[T])
	case token.MUL:
		return each2(mul[T])
	}
	return comparison[T](tok)
}

func add[T int64 | float64 | string](out, a, b []T) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = a[i] + b[i]
	}
}

func sub[T int64 | float64](out, a, b []T) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = a[i] - b[i]
	}
}

func mul[T int64 | float64](out, a, b []T) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = a[i] * b[i]
	}
}

func quoFloats(out, a, b []float64) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = a[i] / b[i]
	}
}

// integral are the operators that ints have beside those of all numbers.
func integral(tok token.Token) kernel {
	switch tok {
	case token.QUO:
		return guarded(func(a, b int64) int64 { return a / b }, func(b int64) bool { return b != 0 })
	case token.REM:
		return guarded(func(a, b int64) int64 { return a % b }, func(b int64) bool { return b != 0 })
	case token.SHL:
		return guarded(func(a, b int64) int64 { return a << uint64(b) }, func(b int64) bool { return b >= 0 })
	case token.SHR:
		return guarded(func(a, b int64) int64 { return a >> uint64(b) }, func(b int64) bool { return b >= 0 })
	case token.AND:
		return pairs(func(a, b int64) int64 { return a & b })
	case token.OR:
		return pairs(func(a, b int64) int64 { return a | b })
	case token.XOR:
		return pairs(func(a, b int64) int64 { return a ^ b })
	case token.AND_NOT:
		return pairs(func(a, b int64) int64 { return a &^ b })
	}
	return nil
}

// guarded computes f where its right operand is good; the other rows are faults.
func guarded(f func(a, b int64) int64, good func(b int64) bool) kernel {
	return func(s *step) {
		a, b := arg[int64](s, 0), arg[int64](s, 1)
		for i := range s.own.Ints {
			if good(b[i]) {
				s.own.Ints[i] = f(a[i], b[i])
			} else {
				s.own.Ints[i] = 0
				s.fault(i)
			}
		}
	}
}

// pairs computes f for every row.
func pairs[A, B, R any](f func(A, B) R) kernel {
	return func(s *step) {
		out := values[R](&s.own)
		a, b := arg[A](s, 0), arg[B](s, 1)
		for i := range out {
			out[i] = f(a[i], b[i])
		}
	}
}

// singles computes f for every row.
func singles[A, R any](f func(A) R) kernel {
	return func(s *step) {
		out, a := values[R](&s.own), arg[A](s, 0)
		for i := range out {
			out[i] = f(a[i])
		}
	}
}

func negative[T int64 | float64](out, a []T) {
	a = a[:len(out)]
	for i := range out {
		out[i] = -a[i]
	}
}

func toFloats(out []float64, a []int64) {
	a = a[:len(out)]
	for i := range out {
		out[i] = float64(a[i])
	}
}

func toInts(out []int64, a []float64) {
	a = a[:len(out)]
	for i := range out {
		out[i] = int64(a[i])
	}
}
