package exec

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"
)

// odd floats of many magnitudes, so that sums round, cancel and tie.
func floats(rnd *rand.Rand, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Ldexp(rnd.Float64()-0.5, rnd.IntN(120)-60)
		if rnd.IntN(3) == 0 && i > 0 {
			out[i] = -out[i-1] * (1 + math.Ldexp(1, -52))
		}
	}
	return out
}

func sumOf(xs []float64) *exact {
	e := new(exact)
	for _, x := range xs {
		e.add(x)
	}
	return e
}

// reference is the sum in a precision that holds it exactly, rounded once.
func reference(xs []float64) float64 {
	sum := new(big.Float).SetPrec(2200)
	for _, x := range xs {
		sum.Add(sum, new(big.Float).SetFloat64(x))
	}
	f, _ := sum.Float64()
	return f
}

func TestSumIsExactInAnyOrder(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 0))
	for range 2000 {
		xs := floats(rnd, 1+rnd.IntN(60))
		want := reference(xs)
		for range 3 {
			rnd.Shuffle(len(xs), func(i, j int) { xs[i], xs[j] = xs[j], xs[i] })
			if got := sumOf(xs).value(); got != want {
				t.Fatalf("seed %d: sum of %v is %v, want %v", seed, xs, got, want)
			}
		}
	}
}

func TestSumKeepsSpecials(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		xs   []float64
		want float64
	}{
		{[]float64{1, inf, 2}, inf},
		{[]float64{-inf, 1e308, 1e308}, -inf},
		{[]float64{inf, -inf}, math.NaN()},
		{[]float64{1, math.NaN()}, math.NaN()},
		{nil, 0},
		{[]float64{math.MaxFloat64, math.MaxFloat64}, inf},
	} {
		got := sumOf(c.xs).value()
		if got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("sum of %v is %v, want %v", c.xs, got, c.want)
		}
	}
}

func TestSumSurvivesItsEncoding(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		xs := floats(rnd, 40)
		e := sumOf(xs[:20])
		if rnd.IntN(5) == 0 {
			e.add(math.Inf(-1))
		}
		var back exact
		r := varints{b: e.append(nil)}
		back.read(&r)
		if r.bad || len(r.b) != 0 {
			t.Fatal("encoding does not read back")
		}
		for _, x := range xs[20:] {
			e.add(x)
			back.add(x)
		}
		if e.value() != back.value() {
			t.Fatalf("got %v, want %v", back.value(), e.value())
		}
	}
}

func TestMeanAndStdRoundOnce(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		// A large offset makes the textbook formula lose every digit.
		offset := math.Ldexp(1, rnd.IntN(40))
		var e, sq exact
		n := 2 + rnd.IntN(50)
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = offset + rnd.Float64()
			e.add(xs[i])
			sq.addSquare(xs[i])
		}
		s := &deviation{root: true, mean: mean{int64(n), e}, squares: sq}
		if got, want := s.mean.result().(float64), meanOf(xs); got != want {
			t.Fatalf("mean of %v is %v, want %v", xs, got, want)
		}
		got, want := s.result().(float64), stdOf(xs)
		if math.Abs(got-want) > 1e-15*want {
			t.Fatalf("std of %v is %v, want %v", xs, got, want)
		}
	}
}

// Sums of few parts are divided without big numbers, and must not show it.
func TestQuotientRoundsOnce(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 1))
	for range 20_000 {
		xs := make([]float64, 1+rnd.IntN(6))
		exact := new(big.Rat)
		for i := range xs {
			xs[i] = float64(rnd.IntN(1000)) / 10 * []float64{1, 1, 1, 1e-17, -1e16, 1e-300}[rnd.IntN(6)]
			exact.Add(exact, new(big.Rat).SetFloat64(xs[i]))
		}
		n := 1 + rnd.Int64N(20)
		want, _ := exact.Quo(exact, big.NewRat(n, 1)).Float64()
		if got := sumOf(xs).over(n); got != want {
			t.Fatalf("seed %d: sum of %v over %d is %x, want %x", seed, xs, n, got, want)
		}
	}
}

func meanOf(xs []float64) float64 {
	sum := new(big.Rat)
	for _, x := range xs {
		sum.Add(sum, new(big.Rat).SetFloat64(x))
	}
	f, _ := sum.Quo(sum, new(big.Rat).SetInt64(int64(len(xs)))).Float64()
	return f
}

// stdOf is the two-pass definition in rational numbers.
func stdOf(xs []float64) float64 {
	m, v := new(big.Rat), new(big.Rat)
	for _, x := range xs {
		m.Add(m, new(big.Rat).SetFloat64(x))
	}
	m.Quo(m, new(big.Rat).SetInt64(int64(len(xs))))
	for _, x := range xs {
		d := new(big.Rat).Sub(new(big.Rat).SetFloat64(x), m)
		v.Add(v, d.Mul(d, d))
	}
	v.Quo(v, new(big.Rat).SetInt64(int64(len(xs)-1)))
	f := new(big.Float).SetPrec(400).SetRat(v)
	out, _ := f.Sqrt(f).Float64()
	return out
}

func BenchmarkSum(b *testing.B) {
	rnd := rand.New(rand.NewPCG(5, 6))
	xs := make([]float64, 1024)
	for i := range xs {
		xs[i] = 300 * rnd.Float64()
	}
	var e exact
	for i := 0; b.Loop(); i++ {
		e.add(xs[i%1024])
	}
}
