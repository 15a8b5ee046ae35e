package telemetry

import (
	"math"
	"strconv"
)

// reading is what a car sends. Field names are those of the JSON object.
type reading struct {
	car                  string
	lap                  int
	speed                float64 // km/h
	rpm                  int
	throttle, brake      float64 // 0 to 1
	gear                 int     // 1 to 8
	lat, lon             float64 // degrees
	ts                   int64   // ms since 1970
	missing, wrong, text string  // field to leave out; field to send as text instead
}

// shifts are the speeds in km/h at which a car leaves its gears.
var shifts = [...]float64{75, 110, 150, 190, 235, 280, 315}

// gearAt is the gear and the engine's revolutions a minute at a speed in km/h.
func gearAt(speed float64) (gear int, rpm float64) {
	low, high := 0.0, 360.0
	for _, shift := range shifts {
		if speed < shift {
			high = shift
			break
		}
		low = shift
		gear++
	}
	if gear == 0 {
		return 1, 5000 + 7000*speed/high
	}
	return gear + 1, 9000 + 3000*(speed-low)/(high-low)
}

// pedals are throttle and brake at an acceleration in m/s² and a speed in m/s.
func pedals(accel, speed float64) (throttle, brake float64) {
	if accel < -1 {
		return 0, min(1, -accel/braking)
	}
	most := max(0.5, thrust*(1-speed/(topSpeed*1.05)))
	return min(1, max(0.2, 0.25+accel/most)), 0
}

// appendJSON writes the object without spaces, numbers as short as they are exact.
func (r *reading) appendJSON(b []byte) []byte {
	b = append(b, `{"car":"`...)
	b = append(b, r.car...)
	b = append(b, '"')
	b = r.appendInt(b, "lap", int64(r.lap))
	b = r.appendFloat(b, "speed", r.speed, 1)
	b = r.appendInt(b, "rpm", int64(r.rpm))
	b = r.appendFloat(b, "throttle", r.throttle, 2)
	b = r.appendFloat(b, "brake", r.brake, 2)
	b = r.appendInt(b, "gear", int64(r.gear))
	b = r.appendFloat(b, "lat", r.lat, 6)
	b = r.appendFloat(b, "lon", r.lon, 6)
	b = r.appendInt(b, "ts", r.ts)
	return append(b, '}')
}

func (r *reading) appendInt(b []byte, field string, v int64) []byte {
	if field == r.missing {
		return b
	}
	return strconv.AppendInt(r.appendName(b, field), v, 10)
}

func (r *reading) appendFloat(b []byte, field string, v float64, digits int) []byte {
	switch field {
	case r.missing:
		return b
	case r.wrong:
		return strconv.AppendQuote(r.appendName(b, field), r.text)
	}
	unit := math.Pow10(digits)
	return strconv.AppendFloat(r.appendName(b, field), math.Round(v*unit)/unit, 'f', -1, 64)
}

func (r *reading) appendName(b []byte, field string) []byte {
	b = append(b, `,"`...)
	b = append(b, field...)
	return append(b, `":`...)
}
