package exec

import (
	"errors"
	"fmt"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// sink encodes rows for a topic.
type sink struct {
	stateless
	task    *Task
	step    *plan.Step
	topic   string
	encoder codec.Encoder
	arena   arena
}

func newSink(t *Task, s *plan.Step) (*sink, error) {
	op := s.Op.(*plan.Sink)
	c, err := t.topo.Formats.Parse(op.Format)
	if err != nil {
		return nil, fmt.Errorf("topic %q: %w", op.Topic, err)
	}
	o := t.topo.Formats.Options(codec.Options{TimeUnit: s.TimeUnit(), Subject: op.Subject()})
	k := &sink{task: t, step: s, topic: op.Topic, encoder: c.Encoder(s.Schema, o)}
	if s.Splice != nil {
		k.encoder = codec.Splicer(s.Schema, s.Splice.Changed, s.Splice.Dropped, o)
	}
	return k, nil
}

func (k *sink) process(_ int, b *row.Batch, out emit) error {
	for i := range b.Len() {
		value, err := k.encoder.Append(k.arena.room(), b, i)
		if errors.Is(err, codec.ErrRegistry) {
			return fmt.Errorf("topic %q: %w", k.topic, err)
		}
		if err != nil {
			if err := k.task.bad(Encode, k.step, b.Record(i), err); err != nil {
				return err
			}
			continue
		}
		r := row.Record{Topic: k.topic, Partition: -1, Value: k.arena.keep(value), Time: row.FloorDiv(b.Time[i], 1000)}
		if !b.Key.IsNull(i) {
			r.Key = k.arena.text(b.Key.Strs[i])
		}
		if from := b.Record(i); from != nil {
			r.Headers = from.Headers
		}
		k.task.sends = append(k.task.sends, r)
	}
	return out(b)
}

// tapped shows the rows of a root to who runs the task.
type tapped struct {
	stateless
	root int
	tap  func(int, *row.Batch) error
}

func (t *tapped) process(_ int, b *row.Batch, _ emit) error { return t.tap(t.root, b) }
