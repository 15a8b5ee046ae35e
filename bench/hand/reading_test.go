package hand

import (
	"encoding/json"
	"testing"
)

func TestParseIsThatOfTheStandardLibrary(t *testing.T) {
	for _, row := range []string{
		`{"car":"44","lap":12,"speed":287.4,"rpm":11234,"throttle":0.93,"brake":0,"gear":7,"lat":45.61,"lon":9.28,"ts":1700000000000}`,
		`{"car":"4\"4","lap":-1,"speed":-0.5,"ts":1}`, `{ "car": "44" , "speed": 1e2}`, `{"speed":123456789012345.678901}`, `{"car":null}`, `{}`,
		`{"car":"44"`, `{"car":"44"}x`, `{"car":"44",}`, `{"speed":01}`, `{"speed":1.}`, `{"speed":"fast"}`, `{"lap":1.5}`, `{"car":4}`, `[1]`, ``, `{"a":{"b":1},"ts":3}`, "{\"car\":\"a\nb\"}",
	} {
		var want, got Reading
		wrong := json.Unmarshal([]byte(row), &want) != nil
		if err := got.Parse([]byte(row)); (err != nil) != wrong || !wrong && got != want {
			t.Errorf("%s: got %+v and %v, want %+v, wrong: %v", row, got, err, want, wrong)
		}
	}
}

func TestParseOfMotionIsThatOfTheStandardLibrary(t *testing.T) {
	for _, row := range []string{
		`{"car":"44","lap":12,"glat":-1.25,"glon":0.375,"steer":-12,"ts":1700000000000}`, `{"car":"44","lat":45.613212,"lon":9.282323,"sats":11,"ts":1700000000000}`,
		`{ "lat": 1e2 }`, `{"lat":"north"}`, `{"ts":1.5}`, `{"car":4}`, `{"glat":01}`, `{"lon":1.}`, `{"car":"4\"4"}`, `{"car":"44"`, `{}`, `[1]`, ``,
	} {
		var want, got Motion
		wrong := json.Unmarshal([]byte(row), &want) != nil
		if err := got.Parse([]byte(row)); (err != nil) != wrong || !wrong && got != want {
			t.Errorf("%s: got %+v and %v, want %+v, wrong: %v", row, got, err, want, wrong)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	row := []byte(`{"car":"44","lap":12,"speed":287.4,"rpm":11234,"throttle":0.93,"brake":0,"gear":7,"lat":45.613212,"lon":9.282323,"ts":1700000000000}`)
	var r Reading
	for b.Loop() {
		if err := r.Parse(row); err != nil {
			b.Fatal(err)
		}
	}
}
