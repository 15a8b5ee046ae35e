package main

import (
	"encoding/json"
	"fmt"
	"math"
)

// job is what is to be computed, with its own idea of the answer.
type job struct {
	name, what string
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
}

var jobs = []job{
	{name: "j1", what: "km/h to m/s, filter, four columns", reference: metres},
	{name: "j2", what: "tumbling 10 s: mean, min, max, count of each car, final", reference: tumbling},
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

// check holds the rows of a topic, in the order of their partitions, against the reference. Means of programs that add
// up floats may differ in their last digits.
func check(want map[string][]row, values [][]byte) error {
	next := map[string]int{}
	for _, v := range values {
		var got row
		if err := json.Unmarshal(v, &got); err != nil {
			return fmt.Errorf("row %s: %w", v, err)
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
