package corpus

import (
	"fmt"
	"maps"
	"slices"
	"time"

	df "github.com/riffle-stream/riffle/dataframe"
)

// speeds is the state of a fold.
type speeds struct {
	Fastest map[string]float64
	Rows    []int
	Since   time.Time
}

// seen is how many cars there were, and the sum of the speed of the fastest row of each.
var seen = df.Fold(
	func() speeds { return speeds{Fastest: map[string]float64{}, Since: time.Unix(0, 1)} },
	func(s speeds, car string, speed float64) speeds {
		s.Fastest[car] = max(s.Fastest[car], speed)
		s.Rows = append(s.Rows, len(s.Rows))
		return s
	},
	func(a, b speeds) speeds {
		for car, speed := range b.Fastest {
			a.Fastest[car] = max(a.Fastest[car], speed)
		}
		a.Rows = append(a.Rows, b.Rows...)
		return a
	},
	func(s speeds) string {
		total := 0.0
		for _, car := range slices.Sorted(maps.Keys(s.Fastest)) {
			total += s.Fastest[car]
		}
		return fmt.Sprintf("%d rows of %d cars, %.2f, %d", len(s.Rows), len(s.Fastest), total, s.Since.UnixNano())
	},
)

// fastest is the faster of two rows, with the lap of the later.
func fastest(a, b df.Row) df.Row {
	if b.Float("speed") > a.Float("speed") {
		return b
	}
	return a.With("lap", b.Int("lap"))
}

// windows are pipelines of windows.
func windows() []Case {
	return []Case{
		{Name: "tumbling", Build: one(func() df.Frame {
			return cars().GroupBy("car").Tumbling("10s").Grace("2s").
				Agg("n = count()", "sum(speed)", "mean(speed)", "min(speed)", "max(speed)", "std(speed)", "first(lap)", "last(gear)", "quick = count(speed > 60)").To("out")
		})},
		{Name: "hopping_moved", Spread: true, Build: one(func() df.Frame {
			return cars().Where("speed > 5").GroupBy("gear").Hopping("10s", "5s").Grace("3s").
				Agg("n = count()", "mean(speed)", "first(car)", "last(car)").To("out")
		})},
		{Name: "moved", Build: one(func() df.Frame {
			return cars().With("fast = speed > 60").GroupBy("gear", "fast").Tumbling("10s").Grace("3s").
				Agg("n = count()", "sum(speed)", "mean(speed)", "std(speed)", "max(car)", "laps = sum(lap)").To("out")
		})},
		{Name: "late", Spread: true, Build: one(func() df.Frame {
			return cars().GroupBy("car").Tumbling("5s").Grace("0s").Agg("n = count()").To("out")
		})},
		{Name: "current_moved", Spread: true, Build: one(func() df.Frame {
			return cars().GroupBy("gear").Tumbling("10s").Grace("5s").Emit(df.Current).Agg("n = count()").To("out")
		})},
		{Name: "window_of_windows", Build: one(func() df.Frame {
			return cars().GroupBy("car").Tumbling("5s").Grace("3s").Agg("top = max(speed)").
				Select("at = window_end", "top").GroupBy("at").Tumbling("5s").Grace("0s").Agg("mean(top)", "cars = count()").To("out")
		})},
		{Name: "sliding", Build: one(func() df.Frame {
			return cars().GroupBy("car").Sliding("5s").Grace("3s").Agg("n = count()", "mean(speed)", "max(speed)", "latest(lap)").To("out")
		})},
		{Name: "sliding_moved", Build: one(func() df.Frame {
			return cars().GroupBy("gear").Sliding("2s").Grace("3s").Agg("n = count()", "median(speed)", "set(car)").To("out")
		})},
		{Name: "session", Build: one(func() df.Frame {
			return cars().Where("speed > 50").GroupBy("car").Session("500ms").Grace("2s").Agg("n = count()", "sum(speed)", "min(ts)", "max(ts)").To("out")
		})},
		{Name: "session_moved", Spread: true, Build: one(func() df.Frame {
			return cars().Where("speed > 60").GroupBy("gear").Session("1s").Grace("500ms").Agg("n = count()", "first(car)", "ewm(speed, '1s')").To("out")
		})},
		{Name: "count", Build: one(func() df.Frame {
			return cars().GroupBy("car").EveryN(7).Agg("n = count()", "sum(speed)", "collect(lap, 3)").To("out")
		})},
		{Name: "running_each", Spread: true, Build: one(func() df.Frame {
			return cars().GroupBy("gear").Running().Emit(df.Each("2s")).Agg("n = count()", "p90(speed)", "top(speed, 2)", "argmax(car, speed)").To("out")
		})},
		{Name: "session_each", Spread: true, Build: one(func() df.Frame {
			return cars().Where("speed > 50").GroupBy("car").Session("700ms").Grace("1s").Emit(df.Each("1s")).Agg("n = count()", "last(speed)").To("out")
		})},
		{Name: "late_rows", Spread: true, Build: one(func() df.Frame {
			return cars().GroupBy("car").Tumbling("3s").Grace("0s").LateTo("late").Agg("n = count()").To("out")
		})},
		{Name: "aggregates", Build: one(func() df.Frame {
			return cars().GroupBy("car").Hopping("10s", "5s").Grace("3s").
				Agg("var(speed)", "q = quantile(speed, 0.25, gear > 4)", "distinct(gear)", "set(gear)", "mode(gear)", "bins = histogram(speed, 10)", "fast = any(speed > 79)",
					"all(gear > 2)", "delta(lap)", "rate(speed)", "earliest(gear)", "slow = argmin(gear, speed)").To("out")
		})},
		{Name: "fold_moved", Build: one(func() df.Frame {
			return cars().GroupBy("gear").Hopping("10s", "5s").Grace("3s").Fold("seen", seen, "car", "speed").Agg("n = count()").To("out")
		})},
		{Name: "reduce", Build: one(func() df.Frame {
			return cars().Where("speed > 50").GroupBy("car").Session("1s").Grace("3s").Reduce(fastest).To("out")
		})},
		{Name: "days", Build: one(func() df.Frame {
			return cars().GroupBy("car").Tumbling("1d").TZ("Asia/Tokyo").Grace("3s").Emit(df.Current).Agg("n = count()").To("out")
		})},
	}
}
