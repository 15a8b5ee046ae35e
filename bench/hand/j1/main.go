// J1: speed in m/s, filtered, four columns.
package main

import (
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/bench/hand"
)

func main() {
	var in hand.Reading
	hand.Run(func(r *kgo.Record, emit func(key, value []byte)) error {
		if err := in.Parse(r.Value); err != nil {
			return err
		}
		ms := in.Speed / 3.6
		if ms <= 50 {
			return nil
		}
		out := make([]byte, 0, 80)
		out = append(append(out, `{"car":"`...), in.Car...)
		out = strconv.AppendInt(append(out, `","ts":`...), in.TS, 10)
		out = strconv.AppendInt(append(out, `,"lap":`...), in.Lap, 10)
		out = strconv.AppendFloat(append(out, `,"speed_ms":`...), ms, 'f', -1, 64)
		emit(r.Key, append(out, '}'))
		return nil
	})
}
