package corpus

import (
	"math"
	"time"

	df "github.com/riffle-stream/riffle/dataframe"
)

// keyed are pipelines that remember something of each key.
func keyed() []Case {
	return []Case{
		{Name: "state", Build: one(func() df.Frame {
			return cars().GroupBy("car").ApplyState(distance, "dist float").Select("car", "ts", "dist").To("out")
		})},
		{Name: "running", Build: one(func() df.Frame {
			return cars().GroupBy("car").With("change = speed - prev(speed)", "two = diff(change)", "before = lag(gear, 3)", "total = cumsum(speed)", "n = cumcount(speed > 60)").
				GroupBy("car").With("low = cummin(speed)", "top = cummax(speed)", "pull = rate(speed, '1m')", "smooth = ewm(speed, 0.3)", "calm = ewm(speed, '2s')", "rank = rank_in(speed, 5)").
				Drop("lap").To("out")
		})},
		{Name: "running_moved", Spread: true, Build: one(func() df.Frame {
			return cars().GroupBy("gear").Where("speed > prev(speed) or cumcount() == 1").GroupBy("gear").With("text = prev(car) ?? 'none'", "gap = diff(ts)").
				Select("car", "gear", "ts", "text", "gap").To("out")
		})},
		{Name: "ttl", Build: one(func() df.Frame {
			return cars().GroupBy("car", "gear").TTL("1500ms").With("n = cumcount()", "before = prev(lap)", "total = cumsum(speed)").To("out")
		})},
		{Name: "ttl_moved", Spread: true, Build: one(func() df.Frame {
			return cars().GroupBy("key = car + '/' + string(gear)").TTL("1s").Running().Agg("n = count()", "sum(speed)", "first(lap)").To("out")
		})},
		{Name: "ttl_every", Build: one(func() df.Frame {
			return cars().GroupBy("car", "gear").TTL("2s").EveryN(3).Agg("sum(lap)", "n = count()").To("out")
		})},
		{Name: "dedup", Build: one(func() df.Frame {
			return cars().Dedup("car", "gear", df.Within("2s")).Select("car", "gear", "ts").To("out")
		})},
		{Name: "dedup_moved", Spread: true, Build: one(func() df.Frame {
			return cars().Dedup("gear", df.Within("3s")).Select("car", "gear", "ts").To("out")
		})},
		{Name: "state_ttl", Build: one(func() df.Frame {
			return cars().GroupBy("car").ApplyState(quick, "since float").Select("car", "ts", "speed", "since").To("out")
		})},
		{Name: "state_moved", Spread: true, Build: one(func() df.Frame {
			return cars().GroupBy("gear").ApplyState(distance, "dist float").Select("car", "gear", "ts", "dist").To("out")
		})},
	}
}

// quick remembers for three seconds that a car was quick, and since which speed.
func quick(r df.Row, s *df.State) df.Row {
	if r.Float("speed") > 70 {
		s.SetTTL("quick", r.Float("speed"), 3*time.Second)
	}
	if !s.Has("quick") {
		return r
	}
	return r.With("since", s.Float("quick", 0))
}

// distance adds up speed over the time between two rows of a key.
func distance(r df.Row, s *df.State) df.Row {
	at := float64(r.When().UnixMicro()) / 1e6
	dist := s.Float("dist", 0)
	if s.Has("at") {
		dist += r.Float("speed") * math.Max(0, at-s.Float("at", at))
	}
	s.Set("dist", dist)
	s.Set("at", at)
	return r.With("dist", dist)
}
