package main

import (
	"encoding/json"
	"fmt"
	"math"
)

// job is what is to be computed, with its own idea of the answer.
type job struct {
	name, what string
	in         string // what programs get as IN, without the beginning of its name
	inputs     []string
	// reference gives the rows of each car in the order in which they must come.
	reference func(workload) map[string][]row
}

// row is a row that a job gives: those of its members that it has.
type row struct {
	Car     string  `json:"car"`
	TS      int64   `json:"ts"`
	Lap     int     `json:"lap"`
	SpeedMS float64 `json:"speed_ms"`
	Start   int64   `json:"start"`
	Mean    float64 `json:"mean"`
	Min     float64 `json:"min"`
	Max     float64 `json:"max"`
	N       int     `json:"n"`
	Dist    float64 `json:"dist"`
	GLat    float64 `json:"glat"`
	GLon    float64 `json:"glon"`
	Lat     float64 `json:"lat"`
	Lon     float64 `json:"lon"`
}

// topics are those that the job reads, by the beginning of their names.
func (j job) topics(prefix string) []string {
	var out []string
	for _, in := range j.inputs {
		out = append(out, prefix+in)
	}
	return out
}

// total is the number of rows that the job reads.
func (j job) total(w workload) int {
	n := 0
	for _, topic := range j.inputs {
		n += w.rowsOf(topic)
	}
	return n
}

var jobs = []job{
	{name: "j1", what: "km/h to m/s, filter, four columns", in: readings, inputs: []string{readings}, reference: metres},
	{name: "j2", what: "tumbling 10 s: mean, min, max, count of each car, final", in: readings, inputs: []string{readings}, reference: tumbling},
	{name: "j3", what: "hopping 10 s every second: mean, count of each car, final", in: readings, inputs: []string{readings}, reference: hopping},
	{name: "j4", what: "the way of each car so far: haversine over its rows, a function with state", in: readings, inputs: []string{readings}, reference: ways},
	{name: "j5", what: "forces, 20 a second, with the place that was known then, 1 a second", inputs: []string{forces, places}, reference: placedForces},
}

func metres(w workload) map[string][]row {
	out := map[string][]row{}
	for i := range w.total() {
		r := w.row(i)
		if ms := r.speed() / 3.6; ms > 50 {
			out[r.car] = append(out[r.car], row{Car: r.car, TS: r.ts, Lap: r.lap, SpeedMS: ms})
		}
	}
	return out
}

// tumbling sums tenths of km/h as whole numbers, so that its mean is rounded once.
func tumbling(w workload) map[string][]row {
	const size = 10_000
	out, sums := map[string][]row{}, map[string]int{}
	for i := range w.rows { // the rows of the end stay in open windows
		r := w.row(i)
		at := r.ts - r.ts%size
		of := out[r.car]
		if len(of) == 0 || of[len(of)-1].Start != at {
			of = append(of, row{Car: r.car, Start: at, Min: math.Inf(1), Max: math.Inf(-1)})
			sums[r.car] = 0
		}
		last := &of[len(of)-1]
		sums[r.car] += r.decimal
		last.N++
		last.Min, last.Max = min(last.Min, r.speed()), max(last.Max, r.speed())
		last.Mean = float64(sums[r.car]) / float64(10*last.N)
		out[r.car] = of
	}
	return out
}

// hopping adds up seconds.
func hopping(w workload) map[string][]row {
	const hop, size = 1_000, 10_000
	type second struct{ sum, n int }
	seconds := map[string]map[int64]second{}
	for i := range w.rows {
		r := w.row(i)
		of := seconds[r.car]
		if of == nil {
			of = map[int64]second{}
			seconds[r.car] = of
		}
		s := of[r.ts-r.ts%hop]
		of[r.ts-r.ts%hop] = second{s.sum + r.decimal, s.n + 1}
	}
	out := map[string][]row{}
	last := w.row(w.rows - 1).ts
	for car, of := range seconds {
		for at := int64(start - size + hop); at <= last; at += hop {
			var all second
			for t := at; t < at+size; t += hop {
				all = second{all.sum + of[t].sum, all.n + of[t].n}
			}
			if all.n > 0 {
				out[car] = append(out[car], row{Car: car, Start: at, Mean: float64(all.sum) / float64(10*all.n), N: all.n})
			}
		}
	}
	return out
}

// ways add up great circles on a sphere of 6,371 km.
func ways(w workload) map[string][]row {
	const rad = math.Pi / 180
	type at struct{ lat, lon float64 }
	out, last := map[string][]row{}, map[string]at{}
	for i := range w.total() {
		r := w.row(i)
		lat, lon := r.degrees()
		next, dist := row{Car: r.car, TS: r.ts}, 0.0
		if before, ok := last[r.car]; ok {
			y, x := math.Sin((lat-before.lat)*rad/2), math.Sin((lon-before.lon)*rad/2)
			dist = 2 * 6371000 * math.Asin(math.Sqrt(y*y+math.Cos(before.lat*rad)*math.Cos(lat*rad)*x*x))
			next.Dist = out[r.car][len(out[r.car])-1].Dist
		}
		next.Dist += dist
		out[r.car], last[r.car] = append(out[r.car], next), at{lat, lon}
	}
	return out
}

// placedForces has no row of the end: a place might still come for those.
func placedForces(w workload) map[string][]row {
	out, last := map[string][]row{}, map[string]reading{}
	for i := range w.rows {
		r := w.row(i)
		if w.placed(i) {
			last[r.car] = r
		}
		at := last[r.car]
		next := row{Car: r.car, TS: r.ts}
		next.GLat, next.GLon = r.forces()
		next.Lat, next.Lon = at.degrees()
		out[r.car] = append(out[r.car], next)
	}
	return out
}

// check holds the rows of a topic, in the order of their partitions, against the reference. Means and ways of programs that add
// up floats, or have a sine of their own, may differ in their last digits. Rows of the end may be there or not where nobody asked for them.
func check(want map[string][]row, values [][]byte) error {
	next, end := map[string]int{}, int64(0)
	for _, of := range want {
		end = max(end, of[len(of)-1].TS)
	}
	for _, v := range values {
		var got row
		if err := json.Unmarshal(v, &got); err != nil {
			return fmt.Errorf("row %s: %w", v, err)
		}
		if got.TS > end {
			continue
		}
		i := next[got.Car]
		next[got.Car]++
		if i >= len(want[got.Car]) {
			return fmt.Errorf("row %s is one too many, car %s has %d", v, got.Car, len(want[got.Car]))
		}
		expected := want[got.Car][i]
		if math.Abs(got.Mean-expected.Mean) < 1e-12*expected.Mean {
			got.Mean = expected.Mean
		}
		if math.Abs(got.Dist-expected.Dist) < 1e-9*expected.Dist {
			got.Dist = expected.Dist
		}
		if got != expected {
			return fmt.Errorf("row %d of car %s is %s, want %+v", i, got.Car, v, expected)
		}
	}
	for car, of := range want {
		if next[car] != len(of) {
			return fmt.Errorf("car %s has %d rows, want %d", car, next[car], len(of))
		}
	}
	return nil
}
