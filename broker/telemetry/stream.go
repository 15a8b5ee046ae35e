package telemetry

import (
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Arrival is a row and when it reaches the broker: when it was measured, or later.
type Arrival struct {
	row.Record
	At time.Time
}

// Stream gives the rows of one topic in the order in which they arrive, for ever. It is not safe for concurrent use.
type Stream struct {
	topic      string
	every      time.Duration
	in         instruments
	partitions [Cars]int32
	offsets    [Partitions]int64

	tick  int64          // the next tick, since the start
	due   []row.Record   // rows of the tick before, not yet given
	dueAt time.Time      // when they arrive
	late  [][]row.Record // rows by the tick of their arrival, modulo the length
}

// Telemetry is the stream of [CarTopic].
func (r Race) Telemetry() *Stream {
	s := r.stream(CarTopic, CarEvery)
	s.late = make([][]row.Record, int(maxLate/CarEvery)+1)
	return s
}

// GPS is the stream of [GPSTopic]. Nothing of it comes late or is wrong.
func (r Race) GPS() *Stream { return r.stream(GPSTopic, GPSEvery) }

func (r Race) stream(topic string, every time.Duration) *Stream {
	s := &Stream{topic: topic, every: every, in: r.instruments()}
	for i, car := range cars {
		s.partitions[i] = partition(car)
	}
	return s
}

// Next is the row that arrives next. Partition and Offset are those it gets in an empty topic.
func (s *Stream) Next() Arrival {
	for len(s.due) == 0 {
		s.advance()
	}
	r := s.due[0]
	s.due = s.due[1:]
	r.Offset = s.offsets[r.Partition]
	s.offsets[r.Partition]++
	return Arrival{Record: r, At: s.dueAt}
}

func (s *Stream) take(n int) []row.Record {
	rs := make([]row.Record, n)
	for i := range rs {
		rs[i] = s.Next().Record
	}
	return rs
}

// advance measures one tick: what was late until now arrives first, then what is on time.
func (s *Stream) advance() {
	ms := s.tick * s.every.Milliseconds()
	s.dueAt = time.UnixMilli(s.in.start + ms + s.every.Milliseconds())
	var due []row.Record
	if s.late != nil {
		slot := &s.late[int(s.tick)%len(s.late)]
		due, *slot = *slot, nil
	}
	for car := range cars {
		i := uint64(s.tick)*uint64(Cars) + uint64(car)
		r := s.record(i, car, ms+int64(car)*s.every.Milliseconds()/int64(Cars))
		if ticks := s.lateness(i); ticks > 0 {
			slot := &s.late[int(s.tick+ticks)%len(s.late)]
			*slot = append(*slot, r)
			continue
		}
		due = append(due, r)
	}
	s.tick++
	s.due = due
}

// lateness of row i in ticks.
func (s *Stream) lateness(i uint64) int64 {
	if s.late == nil {
		return 0
	}
	d := draw(s.in.seed, i, saltLate)
	if d%lateOneIn != 0 {
		return 0
	}
	return 1 + int64(d>>32)%int64(len(s.late)-1)
}

func (s *Stream) record(i uint64, car int, ms int64) row.Record {
	r := row.Record{Topic: s.topic, Partition: s.partitions[car], Key: []byte(cars[car]), Time: s.in.start + ms}
	if s.topic == GPSTopic {
		r.Value = s.in.position(i, car, ms)
		return r
	}
	reading := s.in.reading(i, car, ms)
	r.Value = reading.appendJSON(make([]byte, 0, 144))
	return r
}
