package chart

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// TestRingModel compares a ring with a map of the newest values, under random points.
func TestRingModel(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		limit := 1 + r.IntN(20)
		ring := NewRing(Spec{Y: "y"}, limit)
		model := map[float64]float64{}
		for i := range 300 {
			x := float64(i/2 + r.IntN(9) - 4)
			if old := slices.Sorted(maps.Keys(model)); len(old) == limit && x < old[0] {
				ring.Add("s", x, float64(i), false) // older than all that is kept: dropped
				continue
			}
			ring.Add("s", x, float64(i), false)
			model[x] = float64(i)
			if keys := slices.Sorted(maps.Keys(model)); len(keys) > limit {
				delete(model, keys[0])
			}
		}
		s := ring.Data().Series[0]
		want := slices.Sorted(maps.Keys(model))
		if diff := cmp.Diff(want, s.X); diff != "" {
			t.Fatalf("seed %d, limit %d: x (-want +got):\n%s", seed, limit, diff)
		}
		for i, x := range s.X {
			if s.Y[i] != model[x] {
				t.Fatalf("seed %d: y of %g is %g, want %g", seed, x, s.Y[i], model[x])
			}
		}
	}
}

func TestRingOpenPoints(t *testing.T) {
	r := NewRing(Spec{Y: "y"}, 0)
	for x := range 5 {
		r.Add("s", float64(x), 1, x >= 2)
	}
	if got := r.Data().Series[0].Open; got != 3 {
		t.Errorf("%d open, want 3", got)
	}
	r.Add("s", 2, 7, false) // its last value has come
	if s := r.Data().Series[0]; s.Open != 2 || s.Y[2] != 7 {
		t.Errorf("%d open, y %g, want 2 and 7", s.Open, s.Y[2])
	}
}

// TestRingOpenAndClosed gives points of windows in the orders in which a live run may.
func TestRingOpenAndClosed(t *testing.T) {
	type put struct {
		x, y float64
		open bool
	}
	for name, c := range map[string]struct {
		puts []put
		x, y []float64
		open int
	}{
		"open ones grow":                         {[]put{{1, 1, false}, {2, 1, true}, {2, 5, true}, {3, 1, true}}, []float64{1, 2, 3}, []float64{1, 5, 1}, 2},
		"a closed one is not opened again":       {[]put{{1, 1, true}, {1, 9, false}, {1, 2, true}}, []float64{1}, []float64{9}, 0},
		"one that gives no row is taken away":    {[]put{{1, 1, false}, {2, 1, true}, {3, 1, true}, {3, 4, false}, {4, 1, true}}, []float64{1, 3, 4}, []float64{1, 4, 1}, 1},
		"one that comes after its time is not":   {[]put{{1, 1, false}, {3, 3, false}, {2, 2, true}}, []float64{1, 3}, []float64{1, 3}, 0},
		"closing one leaves those that are open": {[]put{{1, 1, true}, {2, 1, true}, {1, 3, false}}, []float64{1, 2}, []float64{3, 1}, 1},
	} {
		r := NewRing(Spec{Y: "y"}, 0)
		for _, p := range c.puts {
			r.Add("s", p.x, p.y, p.open)
		}
		s := r.Data().Series[0]
		if d := cmp.Diff([]any{c.x, c.y, c.open}, []any{s.X, s.Y, s.Open}); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestRingKeepsTheNewest(t *testing.T) {
	r := NewRing(Spec{Y: "y"}, 0)
	for i := range 3 * MaxKept {
		r.Add("s", float64(i), 0, false)
	}
	s := r.Data().Series[0]
	if len(s.X) != MaxKept || s.X[0] != 2*MaxKept {
		t.Errorf("%d points from %g, want %d from %d", len(s.X), s.X[0], MaxKept, 2*MaxKept)
	}
}

func TestRingManySeries(t *testing.T) {
	r := NewRing(Spec{Y: "y"}, 0)
	for i := range maxNames + 5 {
		r.Add(fmt.Sprint("s", i), 1, 1, false)
		r.Add(fmt.Sprint("s", i), 2, 1, false)
	}
	if d := r.Data(); len(d.Series) != maxNames || d.Left != 5 {
		t.Errorf("%d series, %d left, want %d and 5", len(d.Series), d.Left, maxNames)
	}
}

func TestRingSnapshotIsACopy(t *testing.T) {
	r := NewRing(Spec{Y: "y"}, 0)
	r.Add("s", 1, 1, false)
	d := r.Data()
	r.Add("s", 1, 2, false)
	if d.Series[0].Y[0] != 1 {
		t.Error("a point added later has changed the snapshot")
	}
}

func TestRingOfManyWriters(t *testing.T) {
	r := NewRing(Spec{Y: "y"}, 100)
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := range 1000 {
				r.Add(fmt.Sprint("s", w), float64(i), float64(i), false)
				if i%100 == 0 {
					r.Data()
				}
			}
		})
	}
	all.Wait()
	for _, s := range r.Data().Series {
		if len(s.X) != 100 || s.X[99] != 999 {
			t.Errorf("%s: %d points to %g", s.Name, len(s.X), s.X[len(s.X)-1])
		}
	}
}

func batch(fields []row.Field, rows ...[]any) *row.Batch {
	b := &row.Batch{Schema: row.NewSchema(fields...), Time: make([]int64, len(rows))}
	for c, f := range fields {
		v := row.MakeVec(f.Kind, len(rows))
		for i, r := range rows {
			if err := v.Set(i, r[c]); err != nil {
				panic(err)
			}
		}
		b.Cols = append(b.Cols, v)
	}
	return b
}

func TestAddBatch(t *testing.T) {
	at := time.UnixMicro(1_000_000).UTC()
	fields := []row.Field{{Name: "at", Kind: row.Time}, {Name: "lap", Kind: row.Duration}, {Name: "car", Kind: row.String}, {Name: "n", Kind: row.Int}}
	b := batch(fields,
		[]any{at, 90 * time.Second, "car-10", int64(1)}, []any{at, nil, "car-2", int64(2)}, []any{nil, time.Second, "car-2", int64(3)}, []any{at, time.Second, nil, nil})
	r := NewRing(Spec{X: "at", Y: "lap", By: "car"}, 0)
	if err := r.AddBatch(b, false, nil); err != nil {
		t.Fatal(err)
	}
	want := Data{Scale: Time, Unit: "s", Series: []Series{
		{Name: "car-2", X: []float64{1e6}, Y: []float64{math.NaN()}},
		{Name: "car-10", X: []float64{1e6}, Y: []float64{90}},
		{Name: "null", X: []float64{1e6}, Y: []float64{1}},
	}}
	same := cmp.Comparer(func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) })
	if diff := cmp.Diff(want, r.Data(), same); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	h := NewRing(Spec{Mark: Histogram, Y: "n"}, 0)
	if err := h.AddBatch(b, false, nil); err != nil {
		t.Fatal(err)
	}
	if got := h.Data().Points(); got != 3 {
		t.Errorf("%d values for a hist, want 3", got)
	}
	if err := r.AddBatch(batch(fields[1:3]), false, nil); err == nil {
		t.Error("a batch without the x column: no error")
	}
}

func TestPartialPointsStandFirst(t *testing.T) {
	b := batch([]row.Field{{Name: "x", Kind: row.Int}, {Name: "y", Kind: row.Int}}, []any{int64(2), int64(1)}, []any{int64(1), int64(1)}, []any{int64(3), int64(1)}, []any{int64(4), int64(1)})
	r := NewRing(Spec{X: "x", Y: "y"}, 0)
	if err := r.AddBatch(b, false, []bool{true, true, false, true}); err != nil {
		t.Fatal(err)
	}
	if s := r.Data().Series[0]; s.Partial != 2 || !s.Whole(2) || s.Whole(1) {
		t.Errorf("%d of %v are partial, want those before 3", s.Partial, s.X)
	}
	if err := r.AddBatch(b, false, nil); err != nil {
		t.Fatal(err)
	}
	if n := r.Data().Partial(); n != 0 {
		t.Errorf("%d are partial after whole ones came in their place", n)
	}
}

func BenchmarkRing(b *testing.B) {
	r := NewRing(Spec{Y: "y"}, 0)
	names := make([]string, 20)
	for i := range names {
		names[i] = fmt.Sprint("car-", i)
	}
	for i := 0; b.Loop(); i++ {
		r.Add(names[i%20], float64(i/20), 1, false)
	}
}
