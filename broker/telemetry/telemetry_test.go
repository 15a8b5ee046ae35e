package telemetry_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/broker/telemetry"
	"github.com/riffle-stream/riffle/dataframe/row"
)

var start = time.UnixMilli(1_700_000_000_000)

type object = map[string]any

func TestRowsAreAFunctionOfSeedAndStart(t *testing.T) {
	rows := telemetry.Rows(7, start, 3000)
	if diff := cmp.Diff(rows, telemetry.Rows(7, start, 5000)[:3000]); diff != "" {
		t.Errorf("more rows change the first ones:\n%s", diff)
	}
	if cmp.Equal(rows, telemetry.Rows(8, start, 3000)) {
		t.Error("another seed gives the same rows")
	}
}

func TestFirstRows(t *testing.T) {
	want := []string{
		`{"car":"1","lap":1,"speed":185.6,"rpm":11664,"throttle":1,"brake":0,"gear":4,"lat":45.632375,"lon":9.290454,"ts":1700000000000}`,
		`{"car":"2","lap":1,"speed":158.8,"rpm":9639,"throttle":1,"brake":0,"gear":4,"lat":45.632212,"lon":9.289685,"ts":1700000000002}`,
	}
	var got []string
	for _, r := range telemetry.Rows(1, start, len(want)) {
		got = append(got, string(r.Value))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	gps := `{"car":"1","lat":45.63238,"lon":9.29046,"ts":1700000000000}`
	if got := string(telemetry.Positions(1, start, 1)[0].Value); got != gps {
		t.Errorf("position %s, want %s", got, gps)
	}
}

func TestEachCarSendsTwentyTimesASecond(t *testing.T) {
	n := map[string]int{}
	s := telemetry.Race{Seed: 1, Start: start}.Telemetry()
	for a := s.Next(); a.At.Before(start.Add(61 * time.Second)); a = s.Next() {
		if a.Time < start.Add(59*time.Second).UnixMilli() {
			n[string(a.Key)]++
		}
	}
	if len(n) != telemetry.Cars {
		t.Errorf("%d cars, want %d", len(n), telemetry.Cars)
	}
	for car, got := range n {
		if want := 59 * 20; got != want {
			t.Errorf("car %s sent %d rows in 59 s, want %d", car, got, want)
		}
	}
}

func TestOffsetsCountWithinPartitions(t *testing.T) {
	var next [telemetry.Partitions]int64
	for _, r := range telemetry.Rows(3, start, 2000) {
		if r.Offset != next[r.Partition] {
			t.Fatalf("offset %d in partition %d, want %d", r.Offset, r.Partition, next[r.Partition])
		}
		next[r.Partition]++
	}
	for p, n := range next {
		if n == 0 {
			t.Errorf("partition %d is empty", p)
		}
	}
}

func TestSomeRowsComeLate(t *testing.T) {
	const n = 100_000
	s := telemetry.Race{Seed: 5, Start: start}.Telemetry()
	late, newest, last := 0, int64(0), time.Time{}
	for range n {
		a := s.Next()
		if a.At.Before(last) {
			t.Fatalf("arrival %s after %s", a.At, last)
		}
		last = a.At
		if behind := newest - a.Time; behind > 1550 {
			t.Fatalf("row is %d ms behind the newest, want at most 1,500 and a tick", behind)
		} else if behind > 50 {
			late++
		}
		newest = max(newest, a.Time)
	}
	if late < n/200 || late > n/50 {
		t.Errorf("%d of %d rows are late, want about one in a hundred", late, n)
	}
}

func TestFaultsAreRareAndCertain(t *testing.T) {
	missing, wrong := 0, 0
	for _, r := range telemetry.Rows(9, start, 200_100) {
		o := parse(t, r)
		if len(o) == 9 {
			missing++
		}
		for field, v := range o {
			if _, text := v.(string); text && field != "car" {
				wrong++
			}
		}
	}
	// Lateness may carry a row over the end of what was read.
	if missing < 39 || missing > 41 || wrong < 19 || wrong > 21 {
		t.Errorf("in 200,000 rows %d lack a field, want 40; %d have one of the wrong type, want 20", missing, wrong)
	}
}

// What a car says of its speed must agree with where it goes.
func TestSpeedAgreesWithPosition(t *testing.T) {
	last := map[string]object{}
	var travelled, told float64
	for _, r := range inOrder(telemetry.Rows(2, start, 40_000)) {
		o := parse(t, r)
		car := o["car"].(string)
		speed, ok := o["speed"].(float64)
		before := last[car]
		last[car] = o
		if !ok || before == nil || before["lat"] == nil || o["lat"] == nil {
			continue
		}
		dt := (o["ts"].(float64) - before["ts"].(float64)) / 1000
		d := metres(before, o)
		if d > 1.3*speed/3.6*dt+3 {
			t.Fatalf("car %s jumped %.1f m in %.3f s at %.1f km/h", car, d, dt, speed)
		}
		travelled, told = travelled+d, told+speed/3.6*dt
	}
	if ratio := travelled / told; ratio < 0.98 || ratio > 1.02 {
		t.Errorf("cars drove %.4f of what their speeds say", ratio)
	}
}

func TestReadingsAreOfOneCar(t *testing.T) {
	gears := map[float64]int{}
	for _, r := range telemetry.Rows(4, start, 40_000) {
		o := parse(t, r)
		within(t, o, "speed", 60, 350)
		within(t, o, "rpm", 5000, 12_500)
		within(t, o, "throttle", 0, 1)
		within(t, o, "brake", 0, 1)
		within(t, o, "lat", 45.60, 45.64)
		within(t, o, "lon", 9.27, 9.30)
		if gear, ok := o["gear"].(float64); ok {
			gears[gear]++
		}
		throttle, _ := o["throttle"].(float64)
		brake, _ := o["brake"].(float64)
		if throttle > 0 && brake > 0 {
			t.Fatalf("both pedals: %s", r.Value)
		}
	}
	for gear := 3.0; gear <= 8; gear++ {
		if gears[gear] == 0 {
			t.Errorf("no car is in gear %v: %v", gear, gears)
		}
	}
}

func TestLapsAreCountedAtTheLine(t *testing.T) {
	laps := map[string]float64{}
	for _, r := range inOrder(telemetry.Rows(6, start, 70_000)) {
		o := parse(t, r)
		lap, ok := o["lap"].(float64)
		if !ok {
			continue
		}
		car := o["car"].(string)
		if before, seen := laps[car]; seen && lap != before {
			if lap != before+1 {
				t.Fatalf("car %s in lap %v after lap %v", car, lap, before)
			}
			if lat := o["lat"].(float64); math.Abs(lat-45.6189) > 0.0003 {
				t.Fatalf("car %s began lap %v at latitude %v, far from the line", car, lap, lat)
			}
		}
		laps[car] = lap
	}
	if laps["1"] < 3 {
		t.Errorf("car 1 is in lap %v after 175 s, want 3 or more", laps["1"])
	}
}

func TestPositionsFollowTheTelemetry(t *testing.T) {
	at := map[string]object{}
	for _, r := range telemetry.Rows(2, start, 40_000) {
		o := parse(t, r)
		at[o["car"].(string)+time.UnixMilli(r.Time).Truncate(50*time.Millisecond).String()] = o
	}
	for _, r := range telemetry.Positions(2, start, 20*60) {
		o := parse(t, r)
		o2 := at[o["car"].(string)+time.UnixMilli(r.Time).Truncate(50*time.Millisecond).String()]
		if o2 == nil || o2["lat"] == nil {
			continue
		}
		if d := metres(o, o2); d > 8 { // 50 ms at 345 km/h are 5 m, and the receiver errs by 1 m each way
			t.Fatalf("GPS is %.1f m from the telemetry: %s", d, r.Value)
		}
	}
}

func within(t *testing.T, o object, field string, low, high float64) {
	t.Helper()
	if v, ok := o[field].(float64); ok && (v < low || v > high) {
		t.Fatalf("%s is %v, want %v to %v: %v", field, v, low, high, o)
	}
}

func parse(t *testing.T, r row.Record) object {
	t.Helper()
	var o object
	if err := json.Unmarshal(r.Value, &o); err != nil {
		t.Fatalf("%s: %v", r.Value, err)
	}
	if o["car"] != string(r.Key) || int64(o["ts"].(float64)) != r.Time {
		t.Fatalf("key %s, time %d: %s", r.Key, r.Time, r.Value)
	}
	return o
}

func metres(a, b object) float64 {
	dy := (b["lat"].(float64) - a["lat"].(float64)) * 111_320
	dx := (b["lon"].(float64) - a["lon"].(float64)) * 111_320 * math.Cos(45.6189*math.Pi/180)
	return math.Hypot(dx, dy)
}

// inOrder drops the rows that came late.
func inOrder(rs []row.Record) []row.Record {
	newest := map[string]int64{}
	var kept []row.Record
	for _, r := range rs {
		if r.Time > newest[string(r.Key)] {
			newest[string(r.Key)] = r.Time
			kept = append(kept, r)
		}
	}
	return kept
}

func BenchmarkRows(b *testing.B) {
	s := telemetry.Race{Seed: 1, Start: start}.Telemetry()
	b.ReportAllocs()
	for b.Loop() {
		s.Next()
	}
}
