package corpus

import (
	"math"

	df "github.com/riffle-stream/riffle/dataframe"
)

// columns are pipelines that look at each row alone, and branches.
func columns() []Case {
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
		{Name: "unnest", Build: one(func() df.Frame {
			return cars().With(`engine = json(concat('{"rpm":', string(lap * 1000 + gear), '}'))`).Unnest("engine", "rpm int").Do(func(df.Row) {}).
				Select("car", "ts", "rpm").To("out")
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
