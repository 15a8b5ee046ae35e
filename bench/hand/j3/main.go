// J3: mean speed and count of each car in the ten seconds from each second on.
package main

import (
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/bench/hand"
)

const (
	overlap = 10    // windows that hold a row
	hop     = 1_000 // ms
	size    = overlap * hop
)

// partition is the open windows of a partition: those from next on, of which no more than overlap hold a row.
type partition struct {
	latest, next int64
	cars         map[string]*[overlap]stats
}

type stats struct {
	n   int64
	sum float64
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
			p = &partition{cars: map[string]*[overlap]stats{}, next: in.TS - in.TS%hop - size + hop}
			partitions[r.Partition] = p
		}
		p.latest = max(p.latest, in.TS)
		for ; p.next+size <= p.latest; p.next += hop {
			p.close(emit)
		}
		p.add(in.TS-in.TS%hop, in.Car, in.Speed)
		return nil
	})
}

func (p *partition) add(last int64, car string, speed float64) {
	windows := p.cars[car]
	if windows == nil {
		windows = &[overlap]stats{}
		p.cars[string([]byte(car))] = windows
	}
	for start := max(p.next, last-size+hop); start <= last; start += hop {
		w := &windows[start/hop%overlap]
		w.n++
		w.sum += speed
	}
}

// close gives the rows of the next window.
func (p *partition) close(emit func(key, value []byte)) {
	for car, windows := range p.cars {
		w := &windows[p.next/hop%overlap]
		if w.n == 0 {
			continue
		}
		out := make([]byte, 0, 100)
		out = append(append(out, `{"car":"`...), car...)
		out = strconv.AppendInt(append(out, `","start":`...), p.next, 10)
		out = strconv.AppendFloat(append(out, `,"mean":`...), w.sum/float64(w.n), 'f', -1, 64)
		out = strconv.AppendInt(append(out, `,"n":`...), w.n, 10)
		emit([]byte(car), append(out, '}'))
		*w = stats{}
	}
}
