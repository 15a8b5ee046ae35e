// J2: mean, least, greatest speed and count of each car in each ten seconds.
package main

import (
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/bench/hand"
)

const size = 10_000 // ms

// partition is the open windows of a partition and how far its time came.
type partition struct {
	latest int64
	spans  []span // by start
}

type span struct {
	start int64
	cars  map[string]*stats
}

type stats struct {
	n             int64
	sum, min, max float64
}

func main() {
	partitions := map[int32]*partition{}
	var in hand.Reading
	hand.Run(func(r *kgo.Record, emit func(key, value []byte)) error {
		if err := in.Parse(r.Value); err != nil {
			return err
		}
		p := partitions[r.Partition]
		if p == nil {
			p = &partition{}
			partitions[r.Partition] = p
		}
		p.latest = max(p.latest, in.TS)
		start := in.TS - in.TS%size
		if start+size > p.latest {
			p.add(start, in.Car, in.Speed)
		}
		for len(p.spans) > 0 && p.spans[0].start+size <= p.latest {
			p.spans[0].close(emit)
			p.spans = p.spans[1:]
		}
		return nil
	})
}

func (p *partition) add(start int64, car string, speed float64) {
	at, ok := slices.BinarySearchFunc(p.spans, start, func(s span, t int64) int { return int(s.start - t) })
	if !ok {
		p.spans = slices.Insert(p.spans, at, span{start, map[string]*stats{}})
	}
	s := p.spans[at].cars[car]
	if s == nil {
		s = &stats{min: speed, max: speed}
		p.spans[at].cars[string([]byte(car))] = s
	}
	s.n++
	s.sum += speed
	s.min, s.max = min(s.min, speed), max(s.max, speed)
}

func (w span) close(emit func(key, value []byte)) {
	for car, s := range w.cars {
		out := make([]byte, 0, 120)
		out = append(append(out, `{"car":"`...), car...)
		out = strconv.AppendInt(append(out, `","start":`...), w.start, 10)
		out = strconv.AppendFloat(append(out, `,"mean":`...), s.sum/float64(s.n), 'f', -1, 64)
		out = strconv.AppendFloat(append(out, `,"min":`...), s.min, 'f', -1, 64)
		out = strconv.AppendFloat(append(out, `,"max":`...), s.max, 'f', -1, 64)
		out = strconv.AppendInt(append(out, `,"n":`...), s.n, 10)
		emit([]byte(car), append(out, '}'))
	}
}
