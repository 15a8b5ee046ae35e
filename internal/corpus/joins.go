package corpus

import df "github.com/riffle-stream/riffle/dataframe"

// joins are pipelines of two topics.
func joins() []Case {
	return []Case{
		{Name: "asof", Build: one(func() df.Frame {
			return cars().AsOf(gps(), df.On("car"), df.Within("3s"), df.Grace("3s"), df.Suffix("_gps")).
				Select("car", "ts", "speed", "lat", "lon", "ts_gps").To("out")
		})},
		{Name: "asof_moved", Spread: true, Build: one(func() df.Frame {
			return cars().AsOf(gps().Rename("lap", "gear"), df.On("gear"), df.Within("2s"), df.Grace("3s"), df.Left(), df.Suffix("_gps")).
				Select("car", "gear", "ts", "lat", "car_gps").To("out")
		})},
		{Name: "lookup", Build: one(func() df.Frame {
			places := df.Table("gps", df.Time("ts")).Select("car", "lat", "at = ts")
			return cars().Lookup(places, df.On("car")).Select("car", "ts", "speed", "lat", "at").To("out")
		})},
		{Name: "lookup_moved", Build: one(func() df.Frame {
			places := df.Table("gps", df.Time("ts")).Drop("lap", "lon")
			return cars().Rename("car", "driver").With("car = string(gear + 6)").Lookup(places, df.On("car"), df.Left(), df.Suffix("_gps"), df.Grace("3s")).
				Select("driver", "car", "ts", "lat", "ts_gps").To("out")
		}), Spread: true},
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
	}
}
