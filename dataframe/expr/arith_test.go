package expr

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// edge is a random int that is often near a limit.
func edge(r *rand.Rand) int64 {
	switch r.IntN(5) {
	case 0:
		return math.MaxInt64 - r.Int64N(3)
	case 1:
		return math.MinInt64 + r.Int64N(3)
	case 2:
		return r.Int64N(7) - 3
	case 3:
		return (1<<31 + r.Int64N(3)) * (1 - 2*r.Int64N(2))
	}
	return int64(r.Uint64())
}

// TestIntsAgainstBig compares every operator on ints with exact arithmetic, as
// columns and with a constant at either side: null and counted where the
// result does not fit, null and not counted where there is none.
func TestIntsAgainstBig(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 3))
	const n = 2000
	var as, bs []any
	for range n {
		as, bs = append(as, edge(r)), append(bs, edge(r))
	}
	batch := makeBatch(t, []testColumn{{"a", row.Int, as}, {"b", row.Int, bs}}, n)
	ops := map[string]func(z, a, b *big.Int) *big.Int{
		"a + b": (*big.Int).Add, "a - b": (*big.Int).Sub, "a * b": (*big.Int).Mul, "div(a, b)": floorQuotient, "a % b": floorRest,
		"-a":     func(z, a, _ *big.Int) *big.Int { return z.Neg(a) },
		"abs(a)": func(z, a, _ *big.Int) *big.Int { return z.Abs(a) },
	}
	for src, op := range ops {
		p, v, err := eval(src, batch)
		if err != nil {
			t.Fatal(err)
		}
		var over int64
		for i := range n {
			want := op(new(big.Int), big.NewInt(as[i].(int64)), big.NewInt(bs[i].(int64)))
			fits := want != nil && want.IsInt64()
			if want != nil && !fits {
				over++
			}
			if v.IsNull(i) == fits || fits && v.Ints[i] != want.Int64() {
				t.Fatalf("seed %d: %s of %v, %v is %v, want %v", seed, src, as[i], bs[i], v.Value(i), want)
			}
		}
		if p.Overflows() != over {
			t.Errorf("seed %d: %s counted %d overflows, want %d", seed, src, p.Overflows(), over)
		}
	}
}

func floorQuotient(z, a, b *big.Int) *big.Int {
	if b.Sign() == 0 {
		return nil
	}
	m := new(big.Int)
	z.DivMod(a, b, m)
	if m.Sign() != 0 && b.Sign() < 0 { // DivMod keeps the rest positive
		z.Sub(z, big.NewInt(1))
	}
	return z
}

func floorRest(z, a, b *big.Int) *big.Int {
	q := floorQuotient(z, a, b)
	if q == nil {
		return nil
	}
	return new(big.Int).Sub(a, q.Mul(q, b))
}

// TestMixedComparisonIsExact compares ints with floats beyond 2^53, as columns and constants.
func TestMixedComparisonIsExact(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 4))
	for range 3000 {
		a := edge(r)
		f := float64(edge(r)) * []float64{1, 1, 0.5, 2, 1e-3}[r.IntN(5)]
		if r.IntN(10) == 0 {
			f = []float64{math.Inf(1), math.Inf(-1), 1 << 63, -1 << 63, 0.5}[r.IntN(5)]
		}
		want := new(big.Float).SetInt64(a).Cmp(big.NewFloat(f))
		if got := compareMixed(a, f); got != want {
			t.Fatalf("seed %d: %d against %v is %d, want %d", seed, a, f, got, want)
		}
		batch := makeBatch(t, []testColumn{{"a", row.Int, []any{a}}, {"f", row.Float, []any{f}}}, 1)
		for _, e := range []Expr{Col("a").Lt(Col("f")), Col("a").Lt(f), Col("f").Gt(a), Lit(a).Lt(f)} {
			p, err := Compile(e, batch.Schema)
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Eval(batch).Value(0); got != (want < 0) {
				t.Fatalf("seed %d: %s is %v with a = %d, f = %v", seed, e, got, a, f)
			}
		}
	}
}

// TestNoAllocation keeps kernels from making garbage for each row or batch.
func TestNoAllocation(t *testing.T) {
	var ints, floats, strs, bools []any
	for i := range 100 {
		ints, floats, strs, bools = append(ints, i), append(floats, 0.5), append(strs, "a"), append(bools, true)
	}
	floats[3], bools[4], ints[5] = nil, nil, nil
	batch := makeBatch(t, []testColumn{{"i", row.Int, ints}, {"f", row.Float, floats}, {"s", row.String, strs}, {"b", row.Bool, bools}}, 100)
	for _, src := range []string{
		"f * 3.6 + i", "i * 2 % 7", "f > 0.1 and i < 50 or b", "not b", "if(b, f, 0)", "f ?? 1.0", "s == 'a'", "s in ['a', 'b']",
		"s matches '^a'", "has(f)", "round(f, 1)", "len(s)", "haversine(f, f, 1, 2)", "dur('1s') * f", "_ts", "int(f)", "1 + 2",
	} {
		e, err := Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compile(e, batch.Schema)
		if err != nil {
			t.Fatal(err)
		}
		p.Eval(batch)
		if a := testing.AllocsPerRun(10, func() { p.Eval(batch) }); a > 0 {
			t.Errorf("%s makes %v allocations a batch", src, a)
		}
	}
}
