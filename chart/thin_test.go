package chart

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func wave(n int, seed uint64) Series {
	r := rand.New(rand.NewPCG(seed, 0))
	s := Series{Name: "s"}
	for i := range n {
		s.X = append(s.X, float64(i)+r.Float64()*.5)
		s.Y = append(s.Y, r.NormFloat64())
	}
	return s
}

// TestThin checks what thinning promises, on random series with gaps, partial and open points.
func TestThin(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 9))
		s := wave(100+r.IntN(5000), seed)
		s.Open = r.IntN(50) * r.IntN(2)
		s.Partial = r.IntN(50) * r.IntN(2)
		for range r.IntN(4) {
			from := r.IntN(len(s.Y))
			for i := from; i < min(len(s.Y), from+r.IntN(300)); i++ {
				s.Y[i] = math.NaN()
			}
		}
		n := 32 + r.IntN(500)
		lo, hi := s.X[0], s.X[len(s.X)-1]
		got := s.Thin(lo, hi, n)
		if len(got.X) > max(n, 32) || len(got.X) != len(got.Y) {
			t.Fatalf("seed %d: %d points of %d, want %d at most", seed, len(got.X), len(s.X), n)
		}
		if !slices.IsSorted(got.X) || got.X[0] != lo || got.X[len(got.X)-1] != hi {
			t.Fatalf("seed %d: not in order, or the ends are gone", seed)
		}
		if (got.Open > 0) != (s.Open > 0) || got.Open > s.Open {
			t.Fatalf("seed %d: %d open, were %d", seed, got.Open, s.Open)
		}
		if (got.Partial > 0) != (s.Partial > 0) || got.Partial > s.Partial || got.Partial > 0 && got.X[got.Partial-1] != s.X[s.Partial-1] {
			t.Fatalf("seed %d: %d partial, were %d", seed, got.Partial, s.Partial)
		}
		_, y, _ := Data{Series: []Series{s}}.Bounds()
		_, thin, _ := Data{Series: []Series{got}}.Bounds()
		if y != thin {
			t.Fatalf("seed %d: bounds %v, were %v", seed, thin, y)
		}
		for i, x := range got.X {
			at, ok := slices.BinarySearch(s.X, x)
			if !ok || s.Y[at] != got.Y[i] && !math.IsNaN(s.Y[at]) {
				t.Fatalf("seed %d: point (%g, %g) was not there", seed, x, got.Y[i])
			}
		}
	}
}

func TestThinKeepsWideGaps(t *testing.T) {
	s := wave(10_000, 1)
	for i := 4000; i < 6000; i++ {
		s.Y[i] = math.NaN()
	}
	got := s.Thin(s.X[0], s.X[len(s.X)-1], 200)
	if !slices.ContainsFunc(got.Y, math.IsNaN) {
		t.Error("the gap of 2,000 points is gone")
	}
}

func TestThinLeavesFew(t *testing.T) {
	s := wave(100, 1)
	if got := s.Thin(0, 100, 100); len(got.X) != 100 {
		t.Errorf("%d points, want all 100", len(got.X))
	}
}

func TestSpread(t *testing.T) {
	s := wave(5000, 1)
	x, y, _ := Data{Series: []Series{s}}.Bounds()
	if got := s.Spread(x, y, 400); len(got.X) > 400 || len(got.X) < 100 {
		t.Errorf("%d dots, want 100 to 400", len(got.X))
	}
}

func TestNatural(t *testing.T) {
	want := []string{"", "2", "007", "10", "car", "car-02", "car-2", "car-10", "car-10b", "car-x"}
	got := slices.Clone(want)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
	slices.SortFunc(got, Natural)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func FuzzNatural(f *testing.F) {
	f.Add("car-2", "car-10", "car")
	f.Add("0", "00", "1")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		if Natural(a, b) != -Natural(b, a) || (Natural(a, b) == 0) != (a == b) {
			t.Errorf("%q and %q: %d and %d", a, b, Natural(a, b), Natural(b, a))
		}
		if Natural(a, b) < 0 && Natural(b, c) < 0 && Natural(a, c) >= 0 {
			t.Errorf("%q < %q < %q, but the first is not before the last", a, b, c)
		}
	})
}

func TestBins(t *testing.T) {
	d := Data{Series: []Series{{Name: "a", X: make([]float64, 5), Y: []float64{0, 1, 9.9, 10, math.NaN()}}}}
	got := d.Bins(5).Series[0]
	if want := []float64{2, 0, 0, 0, 2}; !slices.Equal(got.Y, want) || got.X[0] != 1 {
		t.Errorf("counts %v from %g, want %v from 1", got.Y, got.X[0], want)
	}
	if one := (Data{Series: []Series{{X: []float64{0}, Y: []float64{7}}}}).Bins(5); one.Points() != 1 || one.Series[0].X[0] != 7 {
		t.Errorf("one value: %v", one)
	}
	gears := Data{Series: []Series{{X: make([]float64, 6), Y: []float64{3, 8, 3, 5, 6, 8}}}}
	if got := gears.Bins(20).Series[0]; !slices.Equal(got.X, []float64{3, 4, 5, 6, 7, 8}) || !slices.Equal(got.Y, []float64{2, 0, 1, 1, 0, 2}) {
		t.Errorf("whole numbers: %v, %v", got.X, got.Y)
	}
	if got := gears.Bins(4).Series[0]; !slices.Equal(got.Y, []float64{2, 2, 2}) {
		t.Errorf("two whole numbers in a range: %v, %v", got.X, got.Y)
	}
	if none := (Data{}).Bins(5); len(none.Series) != 0 {
		t.Errorf("no values: %v", none)
	}
}

func TestSpark(t *testing.T) {
	s := Series{X: []float64{0, 1, 2, 3}, Y: []float64{0, 7, math.NaN(), 3.4}}
	if got, want := s.Spark([2]float64{0, 3}, [2]float64{0, 7}, 4), "▁█ ▄"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := s.Spark([2]float64{0, 0}, [2]float64{5, 5}, 4); strings.TrimSpace(got) == "" {
		t.Errorf("flat: %q", got)
	}
}
