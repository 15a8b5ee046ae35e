package exec

import (
	"errors"
	"fmt"
	"time"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// reader turns the records of an input into rows for the nodes that read it.
type reader interface {
	read(recs []row.Record) error
}

// topicReader reads a user's topic: it decodes, finds the event time, and keeps the mark.
type topicReader struct {
	task    *Task
	input   int
	src     *source
	streams []*stream
}

// stream is one Source step of a topic.
type stream struct {
	node    *node
	op      *plan.Source
	decoder codec.Decoder
	batch   row.Batch
	time    int // the column of the event time; -1 for the Kafka timestamp
}

func (t *Task) newTopicReader(input int, nodes map[*plan.Step]*node) (*topicReader, error) {
	in := t.sub.Inputs[input]
	r := &topicReader{task: t, input: input, src: t.sources[input][0]}
	for _, step := range in.Steps {
		op := step.Op.(*plan.Source)
		c, err := t.topo.Formats.Parse(op.Encoding())
		if err != nil {
			return nil, fmt.Errorf("topic %q: %w", op.Topic, err)
		}
		want := step.Schema
		if op.Time != "" && want.Index(op.Time) < 0 {
			want = want.With(row.Field{Name: op.Time, Kind: row.Time})
		}
		r.streams = append(r.streams, &stream{
			node:    nodes[step],
			op:      op,
			decoder: c.Decoder(want, t.topo.Formats.Options(codec.Options{TimeUnit: op.Unit(), TimeColumn: op.Time})),
			time:    want.Index(op.Time),
		})
	}
	return r, nil
}

// batchRows is how many rows go through the operators at once: enough that an
// expression's cost per batch vanishes, few enough that they stay in the cache.
const batchRows = 1024

func (r *topicReader) read(recs []row.Record) error {
	if len(recs) > 0 {
		r.task.Wake(r.input)
	}
	for len(recs) > 0 {
		n := min(batchRows, len(recs))
		before := r.src.mark
		for _, s := range r.streams {
			r.src.mark = before // each stream of a topic sees the same records
			if err := r.each(s, recs[:n]); err != nil {
				return err
			}
		}
		recs = recs[n:]
	}
	return nil
}

// each runs the records of a stream. Those of a table that delete are rows
// without columns, which have no bytes to decode.
func (r *topicReader) each(s *stream, recs []row.Record) error {
	for s.op.Table && len(recs) > 0 {
		n := 1
		for n < len(recs) && deletes(&recs[n]) == deletes(&recs[0]) {
			n++
		}
		run := r.run
		if deletes(&recs[0]) {
			run = r.gone
		}
		if err := run(s, recs[:n]); err != nil {
			return err
		}
		recs = recs[n:]
	}
	if len(recs) == 0 {
		return nil
	}
	return r.run(s, recs)
}

// gone runs records of a table that delete.
func (r *topicReader) gone(s *stream, recs []row.Record) error {
	b := emptyBatch(s.node.step.Schema)
	for i := range recs {
		for c := range b.Cols {
			if err := b.Cols[c].Append(nil); err != nil {
				return err
			}
		}
		b.Time, b.Origin = append(b.Time, recs[i].Time*1000), append(b.Origin, int32(i))
	}
	b.Records = recs
	r.task.Counts.Rows[s.node.step.ID] += int64(len(recs))
	r.stamp(s, &b)
	return s.node.op.process(0, &b, s.node.emit)
}

func (r *topicReader) run(s *stream, recs []row.Record) error {
	b := &s.batch
	bad := s.decoder.Decode(recs, b)
	r.task.Counts.Rows[s.node.step.ID] += int64(len(recs))
	for _, w := range bad {
		if errors.Is(w.Err, codec.ErrRegistry) { // the row may be as good as any
			return fmt.Errorf("topic %q: %w", s.op.Topic, w.Err)
		}
		if err := r.task.bad(Decode, s.node.step, &recs[w.Index], w.Err); err != nil {
			return err
		}
	}
	b, err := r.timed(s, b)
	if err != nil {
		return err
	}
	r.stamp(s, b)
	return s.node.op.process(0, b, s.node.emit)
}

// LastTime is the latest event time, and its negative the earliest, in µs:
// 146,000 years from 1970. No sum of such a time with the size of a window, a
// grace or how old a partner may be leaves 64 bits.
const LastTime = 1 << 62

// outside says what is wrong with an event time, ms: it is beyond [LastTime], or
// further ahead of its record's own timestamp than a clock that is right can be.
// One such row would close every window before it. The broker's timestamp
// is compared, not the time now, so that the same row is always judged the same.
func (s *stream) outside(ms, kafka int64) error {
	if ms > LastTime/1000 || ms < -LastTime/1000 {
		return fmt.Errorf("its time is %d ms since 1970, want one within 146,000 years", ms)
	}
	if most := s.op.Ahead(); kafka > 0 && ms-kafka > most.Milliseconds() {
		return fmt.Errorf("%s is %s, which is more than %s after the record's own timestamp, %s: is a clock wrong?",
			s.op.Time, time.UnixMilli(ms).UTC().Format(time.RFC3339), most, time.UnixMilli(kafka).UTC().Format(time.RFC3339))
	}
	return nil
}

// timed sets the event times, and leaves out rows whose time cannot be.
func (r *topicReader) timed(s *stream, b *row.Batch) (*row.Batch, error) {
	n := len(b.Origin)
	b.Time = sized(b.Time, n)
	var far []int32
	for i := range n {
		ms := b.Record(i).Time
		us := ms * 1000
		if s.time >= 0 && !b.Cols[s.time].IsNull(i) {
			us = b.Cols[s.time].Ints[i]
			ms = us / 1000
		}
		b.Time[i] = us
		err := s.outside(ms, b.Record(i).Time)
		if err == nil {
			continue
		}
		far = append(far, int32(i))
		if err := r.task.bad(Decode, s.node.step, b.Record(i), err); err != nil {
			return nil, err
		}
	}
	if far == nil {
		return b, nil
	}
	b.Mark, b.Seq, b.Key = sized(b.Mark, n), sized(b.Seq, n), row.MakeVec(row.String, n)
	return b.Gather(without(n, far)), nil
}

// stamp sets what else stands beside the columns: mark, place and key.
func (r *topicReader) stamp(s *stream, b *row.Batch) {
	n := len(b.Origin)
	b.Source = r.src.id
	b.Mark, b.Seq = sized(b.Mark, n), sized(b.Seq, n)
	b.Key.Kind = row.String
	b.Key.Resize(n)
	for i := range n {
		rec := b.Record(i)
		r.src.mark = max(r.src.mark, b.Time[i])
		b.Mark[i], b.Seq[i] = r.src.mark, rec.Offset
		setKey(&b.Key, i, rec.Key)
	}
	// The time column may have been read for the time alone; it is the last then.
	b.Schema, b.Cols = s.node.step.Schema, b.Cols[:s.node.step.Schema.Len()]
	if n > 0 {
		r.src.seq = b.Seq[n-1]
	}
}

func sized(s []int64, n int) []int64 {
	if cap(s) < n {
		return make([]int64, n, n+n/4)
	}
	return s[:n]
}
