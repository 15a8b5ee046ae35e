package corpus

import (
	"math"

	df "github.com/riffle-stream/riffle/dataframe"
)

// Case is a pipeline of the corpus.
type Case struct {
	Name  string
	Build func() []df.Frame
	// Spread says that what the pipeline gives depends on how many partitions
	// its topics have: its rows come later than it waits, or it looks at the
	// order of rows of different keys.
	Spread bool
}

// Cases are the pipelines, each of which reads the topics "cars" and "gps".
func Cases() []Case {
	cars := func() df.Frame { return df.Topic("cars", df.Time("ts")) }
	gps := func() df.Frame { return df.Topic("gps", df.Time("ts")) }
	one := func(f func() df.Frame) func() []df.Frame { return func() []df.Frame { return []df.Frame{f()} } }
	return []Case{
		{Name: "columns", Build: one(func() df.Frame {
			return cars().With("kmh = speed * 3.6", "fast = kmh > 250").Where("gear in [7, 8]").
				Select("car", "kmh", "fast", "at = ts").To("out")
		})},
		{Name: "untouched", Build: one(func() df.Frame {
			return cars().With("kmh = speed * 3.6").Drop("gear").Rename("lap", "round").OnError(df.Skip).To("out")
		})},
		{Name: "functions", Build: one(func() df.Frame {
			return cars().FillNull("speed", 0.0).
				Map("power", func(v float64, g int64) float64 { return math.Sqrt(v) * float64(g) }, "speed", "gear").
				Filter(func(r df.Row) bool { return r.Float("power") > 3 }).
				Apply(func(r df.Row) df.Row { return r.With("label", r.Str("car")+"!") }, "label string").
				Select("car", "power", "label").To("out")
		})},
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
		{Name: "state", Build: one(func() df.Frame {
			return cars().GroupBy("car").ApplyState(distance, "dist float").Select("car", "ts", "dist").To("out")
		})},
		{Name: "state_moved", Spread: true, Build: one(func() df.Frame {
			return cars().GroupBy("gear").ApplyState(distance, "dist float").Select("car", "gear", "ts", "dist").To("out")
		})},
		{Name: "asof", Build: one(func() df.Frame {
			return cars().AsOf(gps(), df.On("car"), df.Within("3s"), df.Grace("3s"), df.Suffix("_gps")).
				Select("car", "ts", "speed", "lat", "lon", "ts_gps").To("out")
		})},
		{Name: "asof_moved", Spread: true, Build: one(func() df.Frame {
			return cars().AsOf(gps().Rename("lap", "gear"), df.On("gear"), df.Within("2s"), df.Grace("3s"), df.Left(), df.Suffix("_gps")).
				Select("car", "gear", "ts", "lat", "car_gps").To("out")
		})},
		{Name: "asof_measured", Build: one(func() df.Frame {
			return cars().AsOf(gps(), df.On("car"), df.Suffix("_gps")).Select("car", "ts", "lat", "ts_gps").To("out")
		})},
		{Name: "asof_nearest", Build: one(func() df.Frame {
			return gps().AsOf(cars(), df.On("car"), df.Nearest(), df.Within("400ms"), df.Grace("3s"), df.Left(), df.Suffix("_car")).
				Select("car", "ts", "speed", "ts_car").To("out")
		})},
		{Name: "asof_forward", Build: one(func() df.Frame {
			return cars().AsOf(gps(), df.On("car"), df.Forward(), df.Within("700ms"), df.Grace("3s"), df.Left(), df.Suffix("_gps")).
				Select("car", "ts", "lat", "ts_gps").To("out")
		})},
		{Name: "interval", Build: one(func() df.Frame {
			return gps().Interval(cars(), "-500ms", "+250ms", df.On("car"), df.Grace("3s"), df.Suffix("_car")).
				Select("car", "ts", "speed", "ts_car").To("out")
		})},
		{Name: "interval_left_moved", Spread: true, Build: one(func() df.Frame {
			return cars().Interval(gps().Rename("lap", "gear"), "+1s", "+2s", df.On("gear"), df.Grace("3s"), df.Left(), df.Suffix("_gps")).
				Select("car", "gear", "ts", "lat", "car_gps").To("out")
		})},
		{Name: "window_of_windows", Build: one(func() df.Frame {
			return cars().GroupBy("car").Tumbling("5s").Grace("3s").Agg("top = max(speed)").
				Select("at = window_end", "top").GroupBy("at").Tumbling("5s").Grace("0s").Agg("mean(top)", "cars = count()").To("out")
		})},
		{Name: "branches", Build: func() []df.Frame {
			fast := cars().With("kmh = speed * 3.6")
			return []df.Frame{
				fast.Where("kmh > 150").Select("car", "kmh").To("fast"),
				fast.GroupBy("gear").Tumbling("10s").Grace("3s").Agg("mean(kmh)").To("gears"),
			}
		}},
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
