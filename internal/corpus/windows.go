package corpus

import df "github.com/riffle-stream/riffle/dataframe"

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
	}
}
