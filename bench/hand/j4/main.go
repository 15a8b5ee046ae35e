// J4: how far each car has come: the great circles between its rows.
package main

import (
	"math"
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/bench/hand"
)

// way is where a car was last, and how far it had come by then, in metres.
type way struct{ lat, lon, dist float64 }

func main() {
	ways := map[string]*way{}
	var in hand.Motion
	hand.Run(func(r *kgo.Record, emit func(key, value []byte)) error {
		if err := in.Parse(r.Value); err != nil {
			return err
		}
		w := ways[in.Car]
		if w == nil {
			w = &way{lat: in.Lat, lon: in.Lon}
			ways[string([]byte(in.Car))] = w
		}
		w.dist += haversine(w.lat, w.lon, in.Lat, in.Lon)
		w.lat, w.lon = in.Lat, in.Lon
		out := make([]byte, 0, 64)
		out = append(append(out, `{"car":"`...), in.Car...)
		out = strconv.AppendInt(append(out, `","ts":`...), in.TS, 10)
		out = strconv.AppendFloat(append(out, `,"dist":`...), w.dist, 'f', -1, 64)
		emit(r.Key, append(out, '}'))
		return nil
	})
}

// haversine is the great-circle distance in metres.
func haversine(lat1, lon1, lat2, lon2 float64) float64 {
	const rad, diameter = math.Pi / 180, 2 * 6371000
	y, x := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	return diameter * math.Asin(math.Sqrt(y*y+math.Cos(lat1*rad)*math.Cos(lat2*rad)*x*x))
}
