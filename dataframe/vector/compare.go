package vector

import (
	"cmp"
	"go/token"
)

// comparison are the operators that compare two values of one kind.
func comparison[T cmp.Ordered](tok token.Token) kernel {
	switch tok {
	case token.EQL:
		return each2(equal[T])
	case token.NEQ:
		return each2(unequal[T])
	case token.LSS:
		return each2(less[T])
	case token.LEQ:
		return each2(atMost[T])
	case token.GTR:
		return each2(func(out []byte, a, b []T) { less(out, b, a) })
	case token.GEQ:
		return each2(func(out []byte, a, b []T) { atMost(out, b, a) })
	}
	return nil
}

func equal[T cmp.Ordered](out []byte, a, b []T) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = bit(a[i] == b[i])
	}
}

func unequal[T cmp.Ordered](out []byte, a, b []T) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = bit(a[i] != b[i])
	}
}

func less[T cmp.Ordered](out []byte, a, b []T) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = bit(a[i] < b[i])
	}
}

func atMost[T cmp.Ordered](out []byte, a, b []T) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = bit(a[i] <= b[i])
	}
}

// logic are the operators on truths.
func logic(tok token.Token) kernel {
	switch tok {
	case token.LAND:
		return each2(and)
	case token.LOR:
		return each2(or)
	case token.EQL:
		return each2(equal[byte])
	case token.NEQ:
		return each2(unequal[byte])
	}
	return nil
}

func and(out, a, b []byte) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = a[i] & b[i]
	}
}

func or(out, a, b []byte) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = a[i] | b[i]
	}
}

func not(out, a []byte) {
	a = a[:len(out)]
	for i := range out {
		out[i] = a[i] ^ 1
	}
}

// chosen takes the second argument where the first holds, else the third.
func chosen[T any](s *step) {
	out := values[T](&s.own)
	c, yes, no := arg[byte](s, 0)[:len(out)], arg[T](s, 1)[:len(out)], arg[T](s, 2)[:len(out)]
	for i := range out {
		v := no[i]
		if c[i] != 0 {
			v = yes[i]
		}
		out[i] = v
	}
}
