package ledger

import (
	"time"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// The topics of the ledger.
const (
	Cars    = "cars"    // read: id, car, speed, ts
	GPS     = "gps"     // read: gid, car, ts
	Counted = "counted" // written, a row for each of cars: id, car, n, total
	Windows = "windows" // written: car, window_start, n, sum
	Joined  = "joined"  // written: id, car, gid
	Plain   = "plain"   // written by Stateless: id, car
)

// The times of the pipeline.
const (
	size   = 10 * time.Second
	grace  = 5 * time.Second
	within = 3 * time.Second
)

// Pipeline is the program under test, for topics with n partitions. Records are
// keyed by nothing that it groups by, so all its rows move.
func Pipeline(n int) (*plan.Plan, error) { return bind(n, frames()...) }

// Roots are what the graph of [Pipeline] ends in.
func Roots() []*plan.Node {
	var out []*plan.Node
	for _, f := range frames() {
		out = append(out, f.Node())
	}
	return out
}

func frames() []df.Frame {
	cars := df.Topic(Cars, df.Time("ts"))
	gps := df.Topic(GPS, df.Time("ts"))
	byCar := cars.GroupBy("car")
	return []df.Frame{
		byCar.ApplyState(count, "n int", "total float").Select("id", "car", "n", "total").To(Counted),
		byCar.Tumbling(size.String()).Grace(grace.String()).Agg("n = count()", "sum = sum(speed)").To(Windows),
		cars.AsOf(gps, df.On("car"), df.Within(within.String()), df.Grace(grace.String()), df.Suffix("_gps")).Select("id", "car", "gid").To(Joined),
	}
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
	return bind(n, df.Topic(Cars, df.Time("ts")).Select("id", "car").To(Plain))
}

func bind(n int, frames ...df.Frame) (*plan.Plan, error) {
	var roots []*plan.Node
	for _, f := range frames {
		if f.Err() != nil {
			return nil, f.Err()
		}
		roots = append(roots, f.Node())
	}
	field := func(name string, kind row.Kind) plan.Field { return plan.Field{Name: name, Kind: kind} }
	return plan.Bind(roots, plan.Facts{Topics: map[string]plan.TopicFacts{
		Cars: {Partitions: n, TimeUnit: "ms", Fields: []plan.Field{field("id", row.Int), field("car", row.String), field("speed", row.Float), field("ts", row.Int)}},
		GPS:  {Partitions: n, TimeUnit: "ms", Fields: []plan.Field{field("gid", row.Int), field("car", row.String), field("ts", row.Int)}},
	}})
}
