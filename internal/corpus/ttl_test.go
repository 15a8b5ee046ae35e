package corpus

import (
	"math/rand/v2"
	"testing"
	"time"

	df "github.com/riffle-stream/riffle/dataframe"
)

// TestTTLForgets compares groups that forget with functions that remember for ever and look at the times themselves. No row
// comes as late as TTL, so the mark of a row plays no part.
func TestTTLForgets(t *testing.T) {
	const ttl = 2500 * time.Millisecond
	byHand := func(r df.Row, s *df.State) df.Row {
		at, last := r.Time("ts").UnixMicro(), s.Int("last", 0)
		n := s.Int("n", 0)
		if at >= last+ttl.Microseconds() {
			n = 0
		}
		s.Set("n", n+1)
		s.Set("last", max(last, at))
		return r.With("n", n+1)
	}
	group := func() df.Group { return cars().GroupBy("car", "gear") }
	hand := one(func() df.Frame { return group().ApplyState(byHand, "n int").Select("car", "gear", "n").To("out") })
	ways := map[string]func() []df.Frame{
		"With": one(func() df.Frame {
			return group().TTL("2500ms").With("n = cumcount()").Select("car", "gear", "n").To("out")
		}),
		"Where": one(func() df.Frame {
			return group().TTL("2500ms").Where("cumcount() > 0").GroupBy("car", "gear").TTL("2500ms").With("n = cumcount()").Select("car", "gear", "n").To("out")
		}),
		"Running": one(func() df.Frame { return group().TTL("2500ms").Running().Agg("n = count()").To("out") }),
	}
	seed := rand.Uint64()
	for i := range uint64(6) {
		recs := Generate(seed+i, 3, 60)
		p, spread := bound(t, Case{Build: hand}, recs, width)
		want := run(t, p, width, spread, false, all(spread))
		anew := 0
		ever, _ := bound(t, Case{Build: one(func() df.Frame { return group().With("n = cumcount()").Select("car", "gear", "n").To("out") })}, recs, width)
		forever := run(t, ever, width, spread, false, all(spread))
		for k := range want {
			if string(want[k].Value) != string(forever[k].Value) {
				anew++
			}
		}
		if anew == 0 {
			t.Errorf("seed %d: nothing is ever forgotten, so this compares nothing", seed)
		}
		for name, build := range ways {
			p, spread := bound(t, Case{Build: build}, recs, width)
			same(t, name+" with TTL", want, run(t, p, width, spread, false, all(spread)))
		}
	}
}
