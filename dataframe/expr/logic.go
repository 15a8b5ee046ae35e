package expr

import "github.com/riffle-stream/riffle/dataframe/row"

// logic are the operators on conditions, and those that choose a value.
func logic() []function {
	two := []row.Kind{row.Bool, row.Bool}
	return []function{
		{name: "and", lenient: true, forms: []overload{{in: two, out: row.Bool, kernel: kleene(bothTrue)}}},
		{name: "or", lenient: true, forms: []overload{{in: two, out: row.Bool, kernel: kleene(oneTrue)}}},
		{name: "not", forms: []overload{{in: two[:1], out: row.Bool, kernel: each1(func(a byte) byte { return a ^ 1 })}}},
		{name: "??", lenient: true, unify: 1, atLeast: 2, choose: chooseFirst},
	}
}

// truth is a condition of a row: for sure true, for sure false, or neither.
type truth struct{ yes, no byte }

func bothTrue(a, b truth) truth { return truth{a.yes & b.yes, a.no | b.no} }
func oneTrue(a, b truth) truth  { return truth{a.yes | b.yes, a.no & b.no} }

// kleene joins two conditions in three-valued logic.
func kleene(join func(a, b truth) truth) kernel {
	and := join(truth{1, 0}, truth{0, 1}).yes == 0
	return func(s *step, n int) {
		a, am := arg[byte](s, 0)
		b, bm := arg[byte](s, 1)
		av, bv := s.args[0].vec.Valid, s.args[1].vec.Valid
		out := s.own.Bools
		switch {
		case av != nil || bv != nil:
			valid := s.validity(n)
			for i := range out {
				ka, kb := known(s.args[0].vec, am == 0, i), known(s.args[1].vec, bm == 0, i)
				x, y := a[i&am]&ka, b[i&bm]&kb
				t := join(truth{x, ka &^ x}, truth{y, kb &^ y})
				out[i], valid[i] = t.yes, t.yes|t.no
			}
		case shapeOf(s, n) != bothColumns:
			for i := range out {
				t := join(truth{a[i&am], a[i&am] ^ 1}, truth{b[i&bm], b[i&bm] ^ 1})
				out[i] = t.yes
			}
		case and:
			andBytes(out, a, b)
		default:
			orBytes(out, a, b)
		}
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
