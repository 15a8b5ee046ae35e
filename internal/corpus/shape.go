package corpus

import (
	"math"

	df "github.com/riffle-stream/riffle/dataframe"
)

// shapes are pipelines that change what rows look like and where they lie.
func shapes() []Case {
	return []Case{
		{Name: "nulls", Build: one(func() df.Frame {
			return cars().Cast("gear string", "lap float").DropNull("speed").Require("car", "lap >= 1").OnError(df.Skip, df.Budget("off")).To("out")
		})},
		{Name: "lists", Build: one(func() df.Frame {
			return cars().With("parts = filter([gear, lap, null], # != 1)").Explode("parts int").To("out")
		})},
		{Name: "lists_moved", Spread: true, Build: one(func() df.Frame {
			return cars().With("part = [gear, lap + 10]").Explode("part int").GroupBy("part").ApplyState(distance, "dist float").
				Select("car", "part", "ts", "dist").To("out")
		})},
		{Name: "list_functions", Build: one(func() df.Frame {
			return cars().With("parts = sort(unique([gear, lap, null, gear]))", "tail = slice(parts, -2)", "low = int(min(parts))", "all = flatten([parts, [lap]])").
				With("mean = mean(all)", "sum = sum(all)", "at = index(all, lap)", "when = strptime(strftime(ts, '%d.%m.%y %H:%M'), '%d.%m.%y %H:%M')", "id = lpad(car, 4, '_')").
				Drop("ts", "speed").To("out")
		})},
		{Name: "flat_map", Build: one(func() df.Frame {
			return cars().FlatMap(twice, "part string", "half float").GroupBy("car").ApplyState(distance, "dist float").
				Select("car", "part", "half", "dist").To("out")
		})},
		{Name: "map_batch", Build: one(func() df.Frame {
			return cars().MapBatch("power", power, "speed", "gear").MapBatch("label", shout, "car").Select("car", "power", "label").To("out")
		})},
		{Name: "expressions", Build: one(func() df.Frame {
			return cars().GroupBy("car", "band = floor(speed / 20)").Tumbling("10s").Grace("3s").Agg("n = count()").
				GroupBy("car").Tumbling("10s").Grace("3s").Agg("bands = count()", "sum(n)").To("out")
		})},
		{Name: "expressions_moved", Build: one(func() df.Frame {
			return cars().GroupBy("band = floor(speed / 20)", "odd = lap % 2 == 1").Tumbling("10s").Grace("3s").Agg("n = count()").To("out")
		})},
		{Name: "key", Spread: true, Build: one(func() df.Frame {
			return cars().Key("gear", "who = upper(car)").Select("who", "gear", "ts").To("out")
		})},
		{Name: "sinks", Spread: true, Build: one(func() df.Frame {
			return cars().Header("trace", "uuid()").With("kmh = speed * 3.6").To("all").Header("lap", "if(lap > 0, lap, null)").
				Where("has(_headers.lap)").Select("car", "kmh", "trace = _headers.trace").To("some", df.KeyAs("trace"))
		})},
		{Name: "one_of", Spread: true, Build: one(func() df.Frame {
			return cars().With("late = ts + dur('1m')").ToOneOf("'gear-' + string(gear)", []string{"gear-3", "gear-4", "gear-8"}, df.KeyAs("car", "gear"), df.Time("late")).
				OnError(df.Skip, df.Budget("off"))
		})},
		{Name: "split", Build: func() []df.Frame {
			fast, slow := cars().With("kmh = speed * 3.6").Split("kmh > 150")
			return []df.Frame{fast.Select("car", "kmh").To("fast"), slow.Select("car", "kmh").To("slow")}
		}},
		{Name: "concat", Spread: true, Build: one(func() df.Frame {
			return df.Concat(cars().Select("car", "ts", "lap", "v = speed"), gps().Select("lap = lap + 0.5", "car", "ts", "v = null")).
				With("from = _topic", "at = _offset >= 0").To("out")
		})},
		{Name: "concat_windows", Build: one(func() df.Frame {
			a := cars().GroupBy("car").Tumbling("5s").Grace("3s").Agg("n = count()")
			b := gps().GroupBy("car").Tumbling("10s").Grace("2s").Agg("n = count()")
			return df.Concat(a, b).GroupBy("car").ApplyState(func(r df.Row, s *df.State) df.Row {
				s.Set("n", s.Int("n", 0)*10+r.Int("n"))
				return r.With("digits", s.Int("n", 0)%1_000_000)
			}, "digits int").To("out")
		})},
		{Name: "concat_moved", Spread: true, Build: one(func() df.Frame {
			slow, fast := cars().Split("speed > 50")
			return df.Concat(slow.Select("car", "gear", "speed", "ts").Key("gear"), fast.Select("car", "gear", "speed", "ts").Key("gear")).
				GroupBy("gear").ApplyState(distance, "dist float").To("out")
		})},
		{Name: "concat_unordered", Spread: true, Build: one(func() df.Frame {
			return df.Concat(cars().Select("car", "ts", "lap"), gps().Select("car", "ts", "lap"), cars().Where("gear == 4").Select("car", "ts", "lap")).
				GroupBy("car").Tumbling("10s").Grace("3s").Agg("n = count()", "sum(lap)", "first(lap)", "last(lap)").To("out")
		})},
		{Name: "outputs", Spread: true, Build: one(func() df.Frame {
			fast, slow := cars().With("kmh = speed * 3.6").Split("kmh > 150")
			return df.Outputs(fast.To("fast"), slow.GroupBy("car").Tumbling("10s").Grace("3s").Agg("n = count()").To("slow"), gps().Key("lap").To("places"))
		})},
	}
}

// twice gives a row for each half of the speed, and none for some.
func twice(r df.Row) []df.Row {
	if r.Null("speed") || r.Int("gear") == 4 {
		return nil
	}
	half := r.Float("speed") / 2
	return []df.Row{r.With("part", "a").With("half", half), r.With("part", "b").With("half", half)}
}

func power(v []float64, gear []int64, out []float64) {
	for i := range out {
		out[i] = math.Sqrt(v[i]) * float64(gear[i])
	}
}

func shout(who, out []string) {
	for i := range out {
		out[i] = who[i] + "!"
	}
}
