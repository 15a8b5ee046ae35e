// J5: the forces on each car with the position that was known then: the latest one that is not later, and not ten seconds old.
package main

import (
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/bench/hand"
)

const within = 10_000 // ms

// partition is the forces that wait until no earlier position can come, in order of time as they came, and the positions of each car.
type partition struct {
	waiting []force
	placed  map[string][]position
	latest  [2]int64 // of the forces, of the positions
}

type force struct {
	key        []byte
	car        string
	ts         int64
	glat, glon float64
}

type position struct {
	ts       int64
	lat, lon float64
}

func main() {
	partitions := map[int32]*partition{}
	var in hand.Motion
	hand.Run(func(r *kgo.Record, emit func(key, value []byte)) error {
		if err := in.Parse(r.Value); err != nil {
			return err
		}
		p := partitions[r.Partition]
		if p == nil {
			p = &partition{placed: map[string][]position{}}
			partitions[r.Partition] = p
		}
		if strings.HasSuffix(r.Topic, "-gps") {
			p.latest[1] = max(p.latest[1], in.TS)
			p.place(&in)
		} else {
			p.latest[0] = max(p.latest[0], in.TS)
			p.waiting = append(p.waiting, force{r.Key, in.Car, in.TS, in.GLat, in.GLon})
		}
		p.join(min(p.latest[0], p.latest[1]), emit)
		return nil
	}, "-g", "-gps")
}

// place adds a position of a car.
func (p *partition) place(in *hand.Motion) {
	of, ok := p.placed[in.Car]
	if !ok {
		in.Car = string([]byte(in.Car))
	}
	p.placed[in.Car] = append(of, position{in.TS, in.Lat, in.Lon})
}

// join emits the forces before a time, and forgets the positions that none after them can need.
func (p *partition) join(before int64, emit func(key, value []byte)) {
	for len(p.waiting) > 0 && p.waiting[0].ts < before {
		f := &p.waiting[0]
		of := p.placed[f.car]
		for len(of) > 1 && of[1].ts <= f.ts {
			of = of[1:]
		}
		if len(of) > 0 {
			p.placed[f.car] = of
			if at := of[0].ts; at <= f.ts && at >= f.ts-within {
				f.emit(&of[0], emit)
			}
		}
		p.waiting = p.waiting[1:]
	}
}

func (f *force) emit(at *position, emit func(key, value []byte)) {
	out := make([]byte, 0, 112)
	out = append(append(out, `{"car":"`...), f.car...)
	out = strconv.AppendInt(append(out, `","ts":`...), f.ts, 10)
	out = strconv.AppendFloat(append(out, `,"glat":`...), f.glat, 'f', -1, 64)
	out = strconv.AppendFloat(append(out, `,"glon":`...), f.glon, 'f', -1, 64)
	out = strconv.AppendFloat(append(out, `,"lat":`...), at.lat, 'f', -1, 64)
	out = strconv.AppendFloat(append(out, `,"lon":`...), at.lon, 'f', -1, 64)
	emit(f.key, append(out, '}'))
}
