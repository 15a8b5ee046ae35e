package hand

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unsafe"
)

// Motion is what the jobs about places and forces need of a row: those of its members that the row has. Car points into the record.
type Motion struct {
	Car  string  `json:"car"`
	TS   int64   `json:"ts"`
	Lat  float64 `json:"lat"`
	Lon  float64 `json:"lon"`
	GLat float64 `json:"glat"`
	GLon float64 `json:"glon"`
}

// Parse reads one flat JSON object, as [Reading.Parse] does.
func (m *Motion) Parse(b []byte) error {
	*m = Motion{}
	if m.fast(b) {
		return nil
	}
	*m = Motion{}
	if err := json.Unmarshal(b, m); err != nil {
		return fmt.Errorf("row %q: %w", b, err)
	}
	return nil
}

// fast reads an object of numbers and of strings without escapes. Its loop is that of [Reading]: a call for each member would cost.
func (m *Motion) fast(b []byte) bool {
	if len(b) < 2 || b[0] != '{' {
		return false
	}
	for i := 1; ; i++ {
		if i >= len(b) || b[i] != '"' {
			return false
		}
		end := bytes.IndexByte(b[i+1:], '"')
		if end < 0 {
			return false
		}
		name := b[i+1 : i+1+end]
		if i += end + 2; i+1 >= len(b) || b[i] != ':' {
			return false
		}
		next, ok := m.member(name, b, i+1)
		if !ok || next >= len(b) {
			return false
		}
		switch i = next; b[i] {
		case ',':
		case '}':
			return i == len(b)-1
		default:
			return false
		}
	}
}

// member reads the value at i of the member of that name.
func (m *Motion) member(name, b []byte, i int) (next int, ok bool) {
	if b[i] == '"' {
		end := bytes.IndexByte(b[i+1:], '"')
		if end < 0 || !plain(b[i+1:i+1+end]) {
			return i, false
		}
		switch string(name) {
		case "car":
			m.Car = unsafe.String(&b[i+1], end)
		case "ts", "lat", "lon", "glat", "glon":
			return i, false
		}
		return i + end + 2, true
	}
	n, next, ok := number(b, i)
	if !ok {
		return i, false
	}
	switch string(name) {
	case "ts":
		m.TS, ok = n.int()
	case "lat":
		m.Lat, ok = n.float(b[i:next])
	case "lon":
		m.Lon, ok = n.float(b[i:next])
	case "glat":
		m.GLat, ok = n.float(b[i:next])
	case "glon":
		m.GLon, ok = n.float(b[i:next])
	case "car":
		ok = false
	}
	return next, ok
}
