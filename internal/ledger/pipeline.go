package ledger

import (
	"time"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// The topics that the ledger reads.
const (
	Cars    = "cars"    // id, car, speed, ts; records without keys
	GPS     = "gps"     // gid, car, ts; records without keys
	Drivers = "drivers" // car, driver; a table by car
)

// The topics that [Pipeline] writes.
const (
	Counted  = "counted"  // a row for each of cars: id, car, n, total
	Summed   = "summed"   // a row for each of cars: id, car, sofar, before
	Driven   = "driven"   // a row for each of cars: id, car, driver
	Distinct = "distinct" // a row for some of cars: id, car, speed
	Fast     = "fast"     // a row for some of cars: id, car
	Slow     = "slow"     // a row for some others: id, car
	Joined   = "joined"   // a row for most of cars: id, car, gid
	Windows  = "windows"  // car, window_start, window_end, n, sum
	Traffic  = "traffic"  // car, window_start, window_end, n
)

// Plain is what [Stateless] writes: id, car.
const Plain = "plain"

// Written are the topics that [Pipeline] writes.
func Written() []string {
	return []string{Counted, Summed, Driven, Distinct, Fast, Slow, Joined, Windows, Traffic}
}

// The times of the pipeline.
const (
	size   = 10 * time.Second
	grace  = 5 * time.Second
	within = 3 * time.Second
	fresh  = 2 * time.Second // how long a row hides others that are like it
)

// Pipeline is the program under test, for topics with n partitions. Records are
// keyed by nothing that it groups by, so all its rows move. The notebook in
// verify says the same in cells.
func Pipeline(n int) (*plan.Plan, error) { return bind(n, outputs()) }

// Roots are what the graph of [Pipeline] ends in.
func Roots() []*plan.Node { return []*plan.Node{outputs().Node()} }

func outputs() df.Frame {
	cars := topic(Cars, "id int", "car string", "speed float", "ts int").Key("car")
	gps := topic(GPS, "gid int", "car string", "ts int").Key("car")
	drivers := df.Table(Drivers, df.KeyAs("car"), df.Fields("car string", "driver int"))
	byCar := cars.GroupBy("car")
	fast, slow := cars.Where("id % 4 == 0").Select("id", "car", "speed").Split("speed >= 50")
	both := df.Concat(cars.Select("car", "ts"), gps.Select("car", "ts"))
	return df.Outputs(
		byCar.ApplyState(count, "n int", "total float").Select("id", "car", "n", "total").To(Counted),
		byCar.With("sofar = cumsum(speed)", "before = prev(speed)").Select("id", "car", "sofar", "before").To(Summed),
		cars.Lookup(drivers, df.On("car"), df.Left(), df.Grace(grace.String())).Select("id", "car", "driver").To(Driven),
		cars.Dedup("car", "speed", df.Within(fresh.String())).Select("id", "car", "speed").To(Distinct),
		fast.Select("id", "car").To(Fast),
		slow.Select("id", "car").To(Slow),
		cars.AsOf(gps, df.On("car"), df.Within(within.String()), df.Grace(grace.String()), df.Suffix("_gps")).Select("id", "car", "gid").To(Joined),
		byCar.Tumbling(size.String()).Grace(grace.String()).Agg("n = count()", "sum = sum(speed)").To(Windows),
		both.GroupBy("car").Tumbling(size.String()).Grace(grace.String()).Agg("n = count()").To(Traffic),
	)
}

func topic(name string, fields ...string) df.Frame {
	return df.Topic(name, df.Time("ts", "ms"), df.Fields(fields...))
}

// count keeps how many rows a car had, and the sum of their speeds.
func count(r df.Row, s *df.State) df.Row {
	n, total := s.Int("n", 0)+1, s.Float("total", 0)+r.Float("speed")
	s.Set("n", n)
	s.Set("total", total)
	return r.With("n", n).With("total", total)
}

// Stateless is a program that remembers nothing, so that only the group's
// offsets say what it has done.
func Stateless(n int) (*plan.Plan, error) {
	return bind(n, topic(Cars, "id int", "car string", "speed float", "ts int").Select("id", "car").To(Plain))
}

func bind(n int, f df.Frame) (*plan.Plan, error) {
	if f.Err() != nil {
		return nil, f.Err()
	}
	field := func(name string, kind row.Kind) plan.Field { return plan.Field{Name: name, Kind: kind} }
	return plan.Bind([]*plan.Node{f.Node()}, plan.Facts{Topics: map[string]plan.TopicFacts{
		Cars:    {Partitions: n, TimeUnit: "ms", Fields: []plan.Field{field("id", row.Int), field("car", row.String), field("speed", row.Float), field("ts", row.Int)}},
		GPS:     {Partitions: n, TimeUnit: "ms", Fields: []plan.Field{field("gid", row.Int), field("car", row.String), field("ts", row.Int)}},
		Drivers: {Partitions: n, Fields: []plan.Field{field("car", row.String), field("driver", row.Int)}},
	}})
}
