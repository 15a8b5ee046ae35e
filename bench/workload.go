package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// The topics of the workload, by the ends of their names.
const (
	readings = "-telemetry"
	forces   = "-g"   // as often as the telemetry
	places   = "-gps" // each second
)

// The beginnings of their names: programs are measured on topics that are not called as in the notebooks.
const (
	inNotebooks = "bench"
	onKafka     = "load"
	onKafkaFew  = "few" // less of the same, for programs that are slow
)

const (
	cars       = 20
	partitions = 4
	tick       = 50                // ms between two rows of a car
	start      = 1_700_000_000_000 // ms, the time of the first row
	flushAfter = 60_000            // ms after the last row comes one more of each car, which closes the windows
)

// workload is rows of telemetry: cars in turn, sorted by time, and at the end one row a car a minute later.
type workload struct{ rows int }

// reading is row i.
type reading struct {
	car      string
	lap      int
	decimal  int // the speed in tenths of km/h
	ts       int64
	i        uint64
	lat, lon int // in millionths of a degree
}

// speed is the float that the decimal reads as.
func (r *reading) speed() float64 { return float64(r.decimal) / 10 }

// row is the i-th of all, flush rows included.
func (w workload) row(i int) reading {
	x := uint64(i) * 0x9e3779b97f4a7c15
	x ^= x >> 29
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 32
	r := reading{
		car: strconv.Itoa(1 + i%cars), lap: i / cars / 1800, decimal: 600 + int(x%2900), i: x,
		ts: start + int64(i/cars)*tick, lat: 45_600_000 + int(x>>20%40_000), lon: 9_280_000 + int(x>>40%40_000),
	}
	if i >= w.rows {
		r.ts += flushAfter
	}
	return r
}

// total is the number of rows with those that close the windows.
func (w workload) total() int { return w.rows + cars }

// value is the row as JSON, about 130 bytes.
func (r *reading) value() []byte {
	return fmt.Appendf(make([]byte, 0, 160), `{"car":"%s","lap":%d,"speed":%d.%d,"rpm":%d,"throttle":0.%02d,"brake":0,"gear":%d,"lat":%d.%06d,"lon":%d.%06d,"ts":%d}`,
		r.car, r.lap, r.decimal/10, r.decimal%10, 5000+r.i>>13%8000, 10+r.i>>5%90, 1+r.i>>50%8, r.lat/1e6, r.lat%1e6, r.lon/1e6, r.lon%1e6, r.ts)
}

// force is the row as JSON of the topic of forces, about 95 bytes.
func (r *reading) force() []byte {
	glat, glon := r.forces()
	return fmt.Appendf(make([]byte, 0, 128), `{"car":"%s","lap":%d,"glat":%v,"glon":%v,"gvert":1.0%d,"steer":%d,"ts":%d}`,
		r.car, r.lap, glat, glon, r.i>>13%10, int(r.i>>5%180)-90, r.ts)
}

// forces are sideways and ahead, in g.
func (r *reading) forces() (glat, glon float64) {
	return float64(int(r.i>>20%8000)-4000) / 1000, float64(int(r.i>>40%8000)-4000) / 1000
}

// place is the row as JSON of the topic of places, about 85 bytes.
func (r *reading) place() []byte {
	return fmt.Appendf(make([]byte, 0, 128), `{"car":"%s","lat":%d.%06d,"lon":%d.%06d,"alt":%d,"sats":%d,"ts":%d}`,
		r.car, r.lat/1e6, r.lat%1e6, r.lon/1e6, r.lon%1e6, 150+r.i>>13%40, 8+r.i>>5%8, r.ts)
}

// degrees is where the car is.
func (r *reading) degrees() (lat, lon float64) { return float64(r.lat) / 1e6, float64(r.lon) / 1e6 }

// placed says whether row i is one of those that the topic of places has, too.
func (w workload) placed(i int) bool { return i >= w.rows || i/cars%(1000/tick) == 0 }

// rowsOf is the number of rows of a topic.
func (w workload) rowsOf(topic string) int {
	n := 0
	for i := range w.total() {
		if topic != places || w.placed(i) {
			n++
		}
	}
	return n
}

// load makes topics and writes their rows to them, at the same time: samples of several topics are cut at one time.
func (w workload) load(ctx context.Context, addrs []string, prefix string, topics []string) error {
	cl, err := kgo.NewClient(kgo.SeedBrokers(addrs...), kgo.RecordPartitioner(kgo.StickyKeyPartitioner(nil)))
	if err != nil {
		return err
	}
	defer cl.Close()
	for _, topic := range topics {
		if err := makeTopic(ctx, cl, prefix+topic); err != nil {
			return err
		}
	}
	first := kgo.AbortingFirstErrPromise(cl)
	for i := range w.total() {
		r := w.row(i)
		for _, topic := range topics {
			if topic != places || w.placed(i) {
				cl.Produce(ctx, &kgo.Record{Topic: prefix + topic, Key: []byte(r.car), Value: r.in(topic)}, first.Promise())
			}
		}
	}
	if err := cl.Flush(ctx); err != nil {
		return err
	}
	return first.Err()
}

// in is the row as a topic has it.
func (r *reading) in(topic string) []byte {
	switch topic {
	case forces:
		return r.force()
	case places:
		return r.place()
	}
	return r.value()
}

func makeTopic(ctx context.Context, cl *kgo.Client, topic string) error {
	if _, err := kadm.NewClient(cl).CreateTopic(ctx, partitions, 1, nil, topic); err != nil {
		return fmt.Errorf("topic %s: %w", topic, err)
	}
	return nil
}
