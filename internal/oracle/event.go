package oracle

import (
	"encoding/json"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Event is one row of a topic. A nil field is null, or not there at all.
type Event struct {
	Car   *string // the record's key too
	Gear  *int64
	Num   *int64
	Speed *float64
	Text  *string
	Time  int64 // event time, µs; a multiple of the unit of its topic
	Bad   bool  // the record does not decode

	Partition int
	Stream    int // its place among the streams that a step reads side by side, which decides between equal marks
	Source    int // what is computed apart from other sources, if the order of rows matters for it
	Offset    int64
	Mark      int64 // the latest time in the partition so far, the event's own included
}

// Log is the events of a topic in the order of their arrival.
type Log []*Event

// never is before every event time.
const never = math.MinInt64

// Shape says what a random log is like.
type Shape struct {
	Events   int
	Cars     int
	Unit     int64 // of times as they are written, µs
	Grain    int64 // what times are multiples of, µs: a coarse one brings them to the bounds of windows
	Base     int64 // of times, µs
	Span     int64 // how much time passes, µs
	Disorder int64 // how far an event comes behind the time that passed, mostly. µs
	Outliers bool  // some times are far away
}

// NewShape is any shape: short and long, near 1970, today, and at both ends of what is a time.
func NewShape(rnd *rand.Rand) Shape {
	s := Shape{
		Events: 1 + rnd.IntN(120), Cars: 1 + rnd.IntN(5), Unit: pick(rnd, int64(1), 1000), Grain: pick(rnd, int64(1000), 500_000, 1_000_000),
		Base:     pick[int64](rnd, 0, 1_700_000_000_000_000, -62_000_000_000_000_000, exec.LastTime-60_000_000, -exec.LastTime),
		Span:     int64(1+rnd.IntN(60)) * 1e6,
		Disorder: pick(rnd, int64(1), 1e6, 5e6, 20e6),
		Outliers: rnd.IntN(8) == 0,
	}
	if s.Unit == 1 && rnd.IntN(2) == 0 {
		s.Grain = 1
	}
	return s
}

func pick[T any](rnd *rand.Rand, of ...T) T { return of[rnd.IntN(len(of))] }

// some is x, or nil once in n.
func some[T any](rnd *rand.Rand, n int, x T) *T {
	if rnd.IntN(n) == 0 {
		return nil
	}
	return &x
}

// NewLog is a random log of that shape, with ties, in n partitions.
func NewLog(rnd *rand.Rand, s Shape, n int) Log {
	log := make(Log, s.Events)
	for i := range log {
		e := &Event{
			Car:   some(rnd, 15, pick(rnd, "", "4", "44", "ä", "x y")),
			Gear:  some(rnd, 10, rnd.Int64N(4)),
			Num:   some(rnd, 8, number(rnd)),
			Speed: some(rnd, 8, float(rnd)),
			Text:  some(rnd, 8, strconv.Itoa(rnd.IntN(30))),
			Time:  s.Base + s.Span*int64(i)/int64(s.Events) - rnd.Int64N(s.Disorder),
			Bad:   rnd.IntN(40) == 0,
		}
		if e.Car != nil && rnd.IntN(2) == 0 {
			car := strconv.Itoa(rnd.IntN(s.Cars))
			e.Car = &car
		}
		if i > 0 && rnd.IntN(5) == 0 {
			e.Time = log[i-1].Time
		}
		if s.Outliers && rnd.IntN(40) == 0 {
			e.Time = rnd.Int64() >> 1 * pick(rnd, int64(1), -1)
		}
		e.Time = min(max(e.Time, -exec.LastTime), exec.LastTime)
		e.Time -= e.Time % s.Grain
		log[i] = e
	}
	log.spread(n)
	return log
}

// number is small mostly, and sometimes so large that sums overflow or lose digits as floats.
func number(rnd *rand.Rand) int64 {
	if rnd.IntN(6) == 0 {
		return rnd.Int64()>>rnd.IntN(20) - 1<<61
	}
	return rnd.Int64N(200) - 100
}

// float has few digits mostly, and sometimes a size at which naive sums lose what is small.
func float(rnd *rand.Rand) float64 {
	switch rnd.IntN(8) {
	case 0:
		return (rnd.Float64() - 0.5) * math.Pow(10, float64(rnd.IntN(40)-20))
	case 1:
		return pick(rnd, 0, math.Copysign(0, -1), 1e16, -1e16, 1e-100, 0.1)
	}
	return math.Round(rnd.Float64()*1000) / 10
}

// spread lays the events into partitions by their keys, those without at random, and sets their marks.
func (l Log) spread(n int) {
	next, marks := make([]int64, n), slices.Repeat([]int64{never}, n)
	for i, e := range l {
		e.Partition = i % n
		if e.Car != nil {
			e.Partition = Partition(*e.Car, n)
		}
		e.Stream, e.Source, e.Offset = e.Partition, e.Partition, next[e.Partition]
		next[e.Partition]++
		if !e.Bad {
			marks[e.Partition] = max(marks[e.Partition], e.Time)
		}
		e.Mark = marks[e.Partition]
	}
}

// Partition is where rows of a key are.
func Partition(key string, n int) int { return int(exec.PartitionOf([]byte(key), n)) }

// In are the events of a partition.
func (l Log) In(partition int) Log {
	return slices.DeleteFunc(slices.Clone(l), func(e *Event) bool { return e.Partition != partition })
}

// Good are the events that decode.
func (l Log) Good() Log {
	return slices.DeleteFunc(slices.Clone(l), func(e *Event) bool { return e.Bad })
}

// Time is how far time came: in each stream, the latest event; and of these the
// earliest, since any of them may still give a row of that time.
func (l Log) Time() int64 {
	if len(l) == 0 {
		return never
	}
	return slices.Min(slices.Collect(maps.Values(l.marks())))
}

// marks are the latest event times of the streams that hold records.
func (l Log) marks() map[int]int64 {
	marks := map[int]int64{}
	for _, e := range l {
		if mark, ok := marks[e.Stream]; !ok || e.Mark > mark {
			marks[e.Stream] = e.Mark
		}
	}
	return marks
}

// Records are the events as a topic holds them; a null is written, or left out.
func (l Log) Records(rnd *rand.Rand, topic string, unit int64) []row.Record {
	out := make([]row.Record, len(l))
	for i, e := range l {
		out[i] = row.Record{Topic: topic, Partition: int32(e.Partition), Offset: e.Offset, Value: e.value(rnd, unit), Time: e.Time / 1000}
		if e.Car != nil {
			out[i].Key = []byte(*e.Car)
		}
	}
	return out
}

func (e *Event) value(rnd *rand.Rand, unit int64) []byte {
	if e.Bad {
		return []byte(pick(rnd, `{"ts":`, `[1]`, `{"speed":1}`, `{"ts":1,"speed":"fast"}`, `{"ts":null}`, `{"ts":9223372036854775807}`))
	}
	out := strconv.AppendInt([]byte(`{"ts":`), e.Time/unit, 10)
	for _, f := range []struct {
		name  string
		value any
		null  bool
	}{{"car", e.Car, e.Car == nil}, {"gear", e.Gear, e.Gear == nil}, {"num", e.Num, e.Num == nil}, {"speed", e.Speed, e.Speed == nil}, {"text", e.Text, e.Text == nil}} {
		if f.null && rnd.IntN(2) == 0 {
			continue
		}
		text, err := json.Marshal(f.value)
		if err != nil {
			panic(err) // pointers to numbers and strings
		}
		out = append(append(append(out, `,"`...), f.name...), `":`...)
		out = append(out, text...)
	}
	return append(out, '}')
}
