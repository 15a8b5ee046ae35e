package corpus

import df "github.com/riffle-stream/riffle/dataframe"

// retimed are pipelines whose rows are given another time on the way.
func retimed() []Case {
	return []Case{
		{Name: "time", Spread: true, Build: one(func() df.Frame {
			return cars().With("at = ts - dur('700ms') * gear").Time("at").GroupBy("car").Tumbling("10s").Grace("3s").
				Agg("n = count()", "sum(lap)", "last(gear)").With("of = _ts").To("out")
		})},
		{Name: "time_moved", Spread: true, Build: one(func() df.Frame {
			return cars().With("at = if(lap > 0, ts - dur('1s') * gear, null)").Key("gear").Time("at").OnError(df.Skip, df.Budget("off")).
				GroupBy("gear").Session("2s").Grace("1s").Agg("n = count()", "first(car)").With("of = _ts").To("out")
		})},
		{Name: "time_joined", Spread: true, Build: one(func() df.Frame {
			ahead := gps().With("at = ts + dur('1h')").Time("at").Select("car", "at", "place = lap")
			return cars().With("at = ts + dur('1h')").Time("at").AsOf(ahead, df.On("car"), df.Within("2s"), df.Grace("1s"), df.Suffix("_gps"), df.Left()).To("out")
		})},
		{Name: "time_of_windows", Spread: true, Build: one(func() df.Frame {
			return cars().GroupBy("car").Tumbling("5s").Grace("3s").Agg("n = count()", "then = max(ts)").Time("then").
				GroupBy("gear = n % 3").Tumbling("20s").Grace("5s").Agg("windows = count()", "sum(n)").To("out")
		})},
	}
}
