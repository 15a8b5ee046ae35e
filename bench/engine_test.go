package main

import (
	"math"
	"syscall"
	"testing"
	"time"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	rows "github.com/riffle-stream/riffle/dataframe/row"
)

// engineRows is how many rows a benchmark of the engine alone has: one partition, no Kafka, a flush every so many rows.
const (
	engineRows = 100_000
	flushEvery = 20_000
)

// BenchmarkEngine runs each job without Kafka: what the engine alone takes for a row.
func BenchmarkEngine(b *testing.B) {
	telemetry := df.Topic("cars", df.Time("ts", "ms"), df.KeyAs("car"), df.Fields("car string", "lap int", "speed float", "lat float", "lon float", "ts int"))
	gps := df.Topic("gps", df.Time("ts", "ms"), df.KeyAs("car"), df.Fields("car string", "lat float", "lon float", "ts int"))
	for name, f := range map[string]df.Frame{
		"J1": telemetry.With("speed_ms = speed / 3.6").Where("speed_ms > 50").Select("car", "ts", "lap", "speed_ms"),
		"J2": telemetry.GroupBy("car").Tumbling("10s").Grace("0s").Agg("mean(speed)", "min(speed)", "max(speed)", "n = count()"),
		"J3": telemetry.GroupBy("car").Hopping("10s", "1s").Grace("0s").Agg("mean(speed)", "n = count()"),
		"J4": telemetry.GroupBy("car").ApplyState(distance, "dist float").Select("car", "ts", "dist"),
		"J5": telemetry.AsOf(gps.Select("car", "glat = lat", "glon = lon"), df.On("car"), df.Within("5s"), df.Grace("0s")).Select("car", "ts", "glat", "glon", "lat", "lon"),
	} {
		b.Run(name, func(b *testing.B) { engine(b, f) })
	}
}

// engine feeds a task the rows of the workload; those of gps are every twentieth of each car.
func engine(b *testing.B, f df.Frame) {
	facts := plan.TopicFacts{Partitions: 1}
	p, err := plan.Bind([]*plan.Node{f.To("out").Node()}, plan.Facts{Topics: map[string]plan.TopicFacts{"cars": facts, "gps": facts}})
	if err != nil {
		b.Fatal(err)
	}
	topo := exec.Cut(p)
	var records, positions []rows.Record
	for i := range engineRows {
		r := workload{engineRows}.row(i)
		rec := rows.Record{Topic: "cars", Key: []byte(r.car), Value: r.value(), Offset: int64(i)}
		if records = append(records, rec); i/cars%20 == 0 {
			positions = append(positions, rec)
		}
	}
	b.ReportAllocs()
	began := cpu()
	for b.Loop() {
		task, err := exec.NewTask(topo, 0, exec.Config{}, nil)
		if err != nil {
			b.Fatal(err)
		}
		for at := 0; at < len(records); at += flushEvery {
			for i, in := range topo.Subs[0].Inputs {
				of := records[at : at+flushEvery]
				if in.Topic == "gps" {
					of = positions[at/20 : (at+flushEvery)/20]
				}
				if err := task.Process(i, of); err != nil {
					b.Fatal(err)
				}
			}
			if err := task.Advance(); err != nil {
				b.Fatal(err)
			}
			if _, err := task.Flush(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(cpu()-began)/float64(b.N)/engineRows, "cpu-ns/row")
}

// cpu is what this process has used, which other processes change less than the time that passes.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// distance adds up the great circles between a car's rows, in metres.
func distance(r df.Row, s *df.State) df.Row {
	lat, lon := r.Float("lat"), r.Float("lon")
	dist := s.Float("dist", 0)
	if s.Has("lat") {
		dist += haversine(s.Float("lat", 0), s.Float("lon", 0), lat, lon)
	}
	s.Set("dist", dist)
	s.Set("lat", lat)
	s.Set("lon", lon)
	return r.With("dist", dist)
}

func haversine(lat1, lon1, lat2, lon2 float64) float64 {
	const rad, diameter = math.Pi / 180, 2 * 6371000
	y, x := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	return diameter * math.Asin(math.Sqrt(y*y+math.Cos(lat1*rad)*math.Cos(lat2*rad)*x*x))
}
