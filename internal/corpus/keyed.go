package corpus

import (
	"math"

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
		{Name: "state_moved", Spread: true, Build: one(func() df.Frame {
			return cars().GroupBy("gear").ApplyState(distance, "dist float").Select("car", "gear", "ts", "dist").To("out")
		})},
	}
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
