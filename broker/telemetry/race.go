package telemetry

import (
	"math"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// The topics, their partitions, and how often a car sends to each. The partition of a row is murmur2(car) mod Partitions, as
// Kafka's clients choose it, so the two topics may be joined partition by partition.
const (
	CarTopic   = "car-telemetry"
	GPSTopic   = "car-gps"
	Partitions = 4

	CarEvery = 50 * time.Millisecond
	GPSEvery = time.Second
)

// What is wrong with the data, on purpose.
const (
	lateOneIn    = 100   // rows come late, by up to maxLate
	missingOneIn = 5000  // rows lack a field: one in each such block
	wrongOneIn   = 10000 // rows have a field of the wrong type: one in each such block
	maxLate      = 1500 * time.Millisecond
)

// cars are the numbers of the cars, which are their names.
var cars = [...]string{"1", "2", "4", "10", "11", "14", "16", "18", "20", "22", "23", "24", "27", "31", "43", "44", "55", "63", "77", "81"}

// Cars is how many cars drive.
const Cars = len(cars)

// Race is twenty cars on a closed circuit, for ever. Equal races have equal rows.
type Race struct {
	// Seed chooses the noise, the late rows and the faulty ones.
	Seed uint64
	// Start is when the race began, cut to the millisecond; no row is older.
	Start time.Time
}

// instruments read what the cars do.
type instruments struct {
	seed    uint64
	start   int64 // ms since 1970
	circuit *circuit
}

func (r Race) instruments() instruments {
	return instruments{seed: r.Seed, start: r.Start.UnixMilli(), circuit: newCircuit()}
}

// place of a car ms after the start, its lap from 1 on, and its speed relative to the reference car. The cars start spread over a third of the
// lap, and each has a pace of its own, within three percent.
func (in *instruments) place(car int, ms int64) (p place, lap int, pace float64) {
	pace = 1 - 0.0015*float64(car)
	t := float64(ms)/1000*pace + in.circuit.lap/3*(1-float64(car)/float64(Cars))
	lap = int(t / in.circuit.lap)
	return in.circuit.at(t - float64(lap)*in.circuit.lap), lap + 1, pace
}

// reading of a car; i is the number of the row in its topic, before lateness moves it.
func (in *instruments) reading(i uint64, car int, ms int64) reading {
	p, lap, pace := in.place(car, ms)
	noise := draw(in.seed, i, saltNoise)
	r := reading{car: cars[car], lap: lap, ts: in.start + ms}
	r.speed = p.speed*pace*3.6 + noise.spread(0, 0.6)
	gear, rpm := gearAt(r.speed)
	r.gear, r.rpm = gear, int(math.Round(rpm+noise.spread(1, 40)))
	r.throttle, r.brake = pedals(p.accel, p.speed)
	r.lat, r.lon = p.degrees()
	in.spoil(&r, i)
	return r
}

// spoil makes one row in each block incomplete or wrong.
func (in *instruments) spoil(r *reading, i uint64) {
	if at := draw(in.seed, i/missingOneIn, saltMissing); i%missingOneIn == uint64(at)%missingOneIn {
		r.missing = [...]string{"speed", "rpm", "throttle", "brake", "gear", "lap"}[at>>32%6]
	}
	if at := draw(in.seed, i/wrongOneIn, saltWrong); i%wrongOneIn == uint64(at)%wrongOneIn {
		r.wrong, r.text = "speed", "n/a"
		if at>>32%4 == 0 {
			r.wrong, r.text = "throttle", "-"
		}
	}
}

// position is a row of the GPS topic: a car to the metre.
func (in *instruments) position(i uint64, car int, ms int64) []byte {
	p, _, _ := in.place(car, ms)
	noise := draw(in.seed, i, saltPosition)
	p.x, p.y = p.x+noise.spread(0, 1), p.y+noise.spread(1, 1)
	r := reading{car: cars[car], ts: in.start + ms}
	r.lat, r.lon = p.degrees()
	b := append(make([]byte, 0, 64), `{"car":"`...)
	b = append(append(b, r.car...), '"')
	b = r.appendFloat(b, "lat", r.lat, 5)
	b = r.appendFloat(b, "lon", r.lon, 5)
	b = r.appendInt(b, "ts", r.ts)
	return append(b, '}')
}

// Rows are the first n rows of [CarTopic] as they arrive when the race starts at from, with partitions and offsets.
func Rows(seed uint64, from time.Time, n int) []row.Record {
	return Race{Seed: seed, Start: from}.Telemetry().take(n)
}

// Positions are the first n rows of [GPSTopic].
func Positions(seed uint64, from time.Time, n int) []row.Record {
	return Race{Seed: seed, Start: from}.GPS().take(n)
}
