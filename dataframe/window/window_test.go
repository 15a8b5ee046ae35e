package window

import (
	"math/rand/v2"
	"testing"
	"time"
)

// starts lists the windows that hold t, by the definition and not by Last.
func starts(s Spec, t int64) []int64 {
	var out []int64
	for k := t/s.Hop + 2; k >= (t-s.Size)/s.Hop-2; k-- {
		if start := k * s.Hop; start <= t && t < start+s.Size {
			out = append(out, start)
		}
	}
	return out
}

func TestLastAgreesWithTheDefinition(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 1))
	for range 20_000 {
		hop := 1 + rnd.Int64N(1000)
		s := Spec{Hopping, hop + rnd.Int64N(5*hop), hop}
		at := rnd.Int64N(20_000) - 10_000
		var got []int64
		for start := s.Last(at); start+s.Size > at; start -= s.Hop {
			got = append(got, start)
		}
		want := starts(s, at)
		if len(got) != len(want) {
			t.Fatalf("seed %d: %v holds %d: starts %v, want %v", seed, s, at, got, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("seed %d: %v holds %d: starts %v, want %v", seed, s, at, got, want)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	for _, bad := range []Spec{{Size: 0, Hop: 1}, {Size: 5, Hop: 0}, {Size: 5, Hop: 6}, {Size: 1e9, Hop: 1}} {
		if bad.Check() == nil {
			t.Errorf("%+v passes", bad)
		}
	}
	if s, err := NewHopping(10*time.Second, time.Second); err != nil || s.String() != "hopping(10s, 1s)" {
		t.Errorf("got %v, %v", s, err)
	}
}
