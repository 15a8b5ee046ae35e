package expr

import "github.com/riffle-stream/riffle/dataframe/row"

// logic are the operators on conditions, and those that choose a value.
func logic() []function {
	two := []row.Kind{row.Bool, row.Bool}
	return []function{
		{name: "and", lenient: true, columns: true, forms: []overload{{in: two, out: row.Bool, kernel: kleene(true)}}},
		{name: "or", lenient: true, columns: true, forms: []overload{{in: two, out: row.Bool, kernel: kleene(false)}}},
		{name: "not", forms: []overload{{in: two[:1], out: row.Bool, kernel: each1(func(a byte) byte { return a ^ 1 })}}},
		{name: "??", lenient: true, unify: 1, atLeast: 2, choose: chooseFirst},
	}
}

// kleene joins two conditions by and or or, in three-valued logic: a condition
// is for sure true, for sure false, or neither.
func kleene(and bool) kernel {
	plain, nullable := orBytes, orKnown
	if and {
		plain, nullable = andBytes, andKnown
	}
	return func(s *step, n int) {
		a, av := s.args[0].vec.Bools, s.args[0].vec.Valid
		b, bv := s.args[1].vec.Bools, s.args[1].vec.Valid
		if av == nil && bv == nil {
			plain(s.own.Bools, a, b)
			return
		}
		valid := s.validity(n) // all ones: what a side without nulls has
		if av == nil {
			av = valid
		}
		if bv == nil {
			bv = valid
		}
		nullable(s.own.Bools, valid, a, av, b, bv)
	}
}

func andKnown(out, valid, a, av, b, bv []byte) {
	valid, a, av, b, bv = valid[:len(out)], a[:len(out)], av[:len(out)], b[:len(out)], bv[:len(out)]
	for i := range out {
		ka, kb := av[i], bv[i]
		x, y := a[i]&ka, b[i]&kb
		out[i] = x & y
		valid[i] = x&y | ka&^x | kb&^y
	}
}

func orKnown(out, valid, a, av, b, bv []byte) {
	valid, a, av, b, bv = valid[:len(out)], a[:len(out)], av[:len(out)], b[:len(out)], bv[:len(out)]
	for i := range out {
		ka, kb := av[i], bv[i]
		x, y := a[i]&ka, b[i]&kb
		out[i] = x | y
		valid[i] = x | y | ka&kb&^(x|y)
	}
}

func andBytes(out, a, b []byte) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = a[i] & b[i]
	}
}

func orBytes(out, a, b []byte) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		out[i] = a[i] | b[i]
	}
}

// chooseIf takes the second argument where the first is true, else the third.
func chooseIf(k row.Kind) kernel {
	switch k {
	case row.Bool:
		return ifElse[byte]
	case row.Int, row.Time, row.Duration:
		return ifElse[int64]
	case row.Float:
		return ifElse[float64]
	case row.String, row.Bytes:
		return ifElse[string]
	case row.Null:
		return allNull
	}
	return ifElse[any]
}

func ifElse[T any](s *step, n int) {
	cond, cm := arg[byte](s, 0)
	yes, ym := arg[T](s, 1)
	no, nm := arg[T](s, 2)
	out := values[T](&s.own)
	for i := range out {
		if cond[i&cm]&known(s.args[0].vec, cm == 0, i) != 0 {
			out[i] = yes[i&ym]
		} else {
			out[i] = no[i&nm]
		}
	}
	if s.args[1].vec.Valid == nil && s.args[2].vec.Valid == nil {
		return
	}
	valid := s.validity(n)
	for i := range valid {
		from := 2
		if cond[i&cm]&known(s.args[0].vec, cm == 0, i) != 0 {
			from = 1
		}
		valid[i] = known(s.args[from].vec, s.args[from].one, i)
	}
}

// chooseFirst takes the first argument that is not null.
func chooseFirst(k row.Kind) kernel {
	switch k {
	case row.Bool:
		return firstKnown[byte]
	case row.Int, row.Time, row.Duration:
		return firstKnown[int64]
	case row.Float:
		return firstKnown[float64]
	case row.String, row.Bytes:
		return firstKnown[string]
	case row.Null:
		return allNull
	}
	return firstKnown[any]
}

func firstKnown[T any](s *step, n int) {
	valid, out := s.validity(n), values[T](&s.own)
	clear(valid)
	for k, a := range s.args {
		from, m := arg[T](s, k)
		for i := range out {
			if valid[i] == 0 && known(a.vec, a.one, i) != 0 {
				out[i], valid[i] = from[i&m], 1
			}
		}
	}
}
