package dataframe

import "testing"

func TestErrorsOfShapesSayWhatToDo(t *testing.T) {
	cars := Topic("cars")
	for _, c := range []struct {
		frame Frame
		want  string // a part of the message
	}{
		{cars.Cast(), "names no column"},
		{cars.Cast("sped int"), `Cast("sped"): no column "sped"`},
		{cars.Cast("speed"), `field "speed" has no kind`},
		{cars.Cast("speed list"), "nothing becomes list by a cast"},
		{cars.Cast("ts time"), "want time(x string) time"},
		{cars.DropNull("sped"), `DropNull("sped"): no column`},
		{cars.Require(), "asks for nothing"},
		{cars.Require("speed * 2"), "is float, want a column, which must have a value, or a condition"},
		{cars.Require("sped"), `no column "sped"`},
		{cars.Unnest("engine"), `no column "engine"`},
		{cars.Unnest("speed"), `column "speed" is float, want an object`},
		{Topic("cars", Fields("engine struct")).Unnest("engine"), `name them, such as Unnest("engine", "rpm int", "temp float")`},
		{Topic("cars", Fields("engine struct")).Unnest("engine", "gear int"), `two columns would have the name "gear"`},
		{Topic("cars", Fields("engine.gear int")).Unnest("engine"), `two columns would have the name "gear"`},
		{cars.Flatten("speed"), `there is no column within "speed"`},
		{cars.Explode("speed"), `column "speed" is float, want a list`},
		{cars.Explode("tags string"), `Explode("tags"): no column "tags"`},
		{cars.Key("driver"), `Key("driver"): no column "driver"`},
		{cars.Key(), "Key: names no column"},
		{cars.GroupBy("band = floor(sped)").Tumbling("1s").Agg("n = count()"), "did you mean speed?"},
		{Concat(cars.Select("car", "gear"), Topic("gps").Select("car", "lat")), `frame 2 has no column "gear", which another has: add it with With("gear = null"), or Select what they share`},
		{Concat(cars.Select("car"), Topic("gps").Select("car", "lat")), `frame 1 has no column "lat"`},
		{Concat(cars.Select("car", "gear"), cars.Select("car = gear", "gear")), `column "car" is string before and int in frame 2: give it one kind with Cast`},
		{Concat(cars.Select("car"), Topic("slow").Select("car")), `rows of frame 1 lie in 4 partitions, those of frame 2 in 2 partitions: move both with Key("column")`},
		{Outputs(cars.To("a"), cars.To("b")).Where("gear > 1"), "ends a graph, and where stands behind it"},
		{cars.To("out", KeyAs("driver")), `KeyAs("driver"): no column`},
		{cars.To("out", Time("gear")), `column "gear" is int, want a time`},
		{cars.ToOneOf("car", nil), "is of no topics"},
		{cars.ToOneOf("car", []string{"a b"}), "has the character ' '"},
		{cars.Header("trace", "sped"), `no column "sped"`},
		{cars.GroupBy("gear").Tumbling("1s").Agg("n = count()").With("at = _offset"), `_offset tells of the record that a row was read from, and rows have none after tumbling(`},
		{cars.Key("gear").GroupBy("gear").Tumbling("1s").Agg("n = count()").Select("at = _ts", "id = concat(_topic, uuid())"), `_topic tells of the record`},
		{Concat(cars, cars.Key("gear")).Where("_headers.trace == 'x'"), "partitions of a topic that they are moved through"},
		{cars.GroupBy("gear").EveryN(2).Agg("n = count()").Where("_headers.trace == 'x'"), `keep it with Header("trace", "_headers.trace"), or put it into a column with With("trace = _headers.trace"), before that`},
		{cars.FlatMap(nil), "has no function"},
		{cars.FlatMap(func(r Row) []Row { return nil }, "x"), `field "x" has no kind`},
		{cars.Do(nil), "has no function"},
		{cars.MapBatch("x", func(v float64) float64 { return v }, "speed"), "want a function such as func(v, out []float64)"},
		{cars.MapBatch("x", func(v, out []float32) {}, "speed"), "argument 1 is []float32, want []float64"},
		{cars.MapBatch("x", func(out []float64) {}, "speed"), "takes 0 slices and one for the results, the columns are 1"},
		{cars.MapBatch("x", func(v, out []float64) {}, "note"), "column is string, the function takes slices of float"},
	} {
		refused(t, c.frame, c.want)
	}
}
