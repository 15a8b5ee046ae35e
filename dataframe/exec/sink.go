package exec

import (
	"errors"
	"fmt"
	"slices"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// sink encodes rows for topics.
type sink struct {
	stateless
	task    *Task
	step    *plan.Step
	outlets []outlet
	to      *expr.Program // gives the topic of each row; nil: there is one
	key     *keyText      // nil: the key is that of the row
	keys    row.Vec
	time    int       // the column of the timestamp; -1: the event time
	headers []carried // columns that go out as headers
	written []int     // the other columns
	value   *row.Schema
	arena   arena
}

// outlet is a topic and what writes its rows.
type outlet struct {
	topic   string
	encoder codec.Encoder
}

// carried is a column that goes out as a header.
type carried struct {
	name   string
	column int
}

func newSink(t *Task, s *plan.Step) (*sink, error) {
	return sinkOf(t, s, s.Op.(*plan.Sink), s.Schema)
}

// sinkOf writes rows of a schema for a step.
func sinkOf(t *Task, s *plan.Step, op *plan.Sink, rows *row.Schema) (*sink, error) {
	k := &sink{task: t, step: s, time: rows.Index(op.Time)}
	k.divide(rows)
	for _, topic := range op.Names() {
		c, err := t.topo.Formats.Parse(op.Format)
		if err != nil {
			return nil, fmt.Errorf("topic %q: %w", topic, err)
		}
		o := t.topo.Formats.Options(codec.Options{TimeUnit: s.TimeUnit(), Subject: plan.Subject(topic)})
		out := outlet{topic, c.Encoder(k.value, o)}
		if s.Splice != nil {
			out.encoder = codec.Splicer(k.value, s.Splice.Changed, s.Splice.Dropped, o)
		}
		k.outlets = append(k.outlets, out)
	}
	if len(op.Key) > 0 {
		k.key = &keyText{cols: op.Key}
	}
	if op.Topics == nil {
		return k, nil
	}
	var err error
	k.to, err = expr.Compile(op.To, rows)
	return k, err
}

// divide tells headers from the columns of the value.
func (k *sink) divide(s *row.Schema) {
	var value []row.Field
	for i, f := range s.Fields() {
		if name, ok := plan.IsHeader(f.Name); ok {
			k.headers = append(k.headers, carried{name, i})
			continue
		}
		value, k.written = append(value, f), append(k.written, i)
	}
	k.value = row.NewSchema(value...)
}

func (k *sink) process(_ int, b *row.Batch, out emit) error {
	if k.task.tables {
		b = present(b)
	}
	keys, value := &b.Key, b
	if k.key != nil {
		k.key.keys(b, &k.keys)
		keys = &k.keys
	}
	if k.headers != nil {
		cols := make([]row.Vec, len(k.written))
		for i, c := range k.written {
			cols[i] = b.Cols[c]
		}
		value = b.WithCols(k.value, cols)
	}
	var topics *row.Vec
	if k.to != nil {
		topics = k.to.Eval(b)
	}
	var bad []int32
	for i := range b.Len() {
		stage := Encode
		at, err := k.outlet(topics, i)
		if err != nil {
			stage = Shape
		} else {
			err = k.send(&k.outlets[at], b, value, keys, i)
		}
		if err == nil {
			continue
		}
		if errors.Is(err, codec.ErrRegistry) {
			return fmt.Errorf("topic %q: %w", k.outlets[at].topic, err)
		}
		if err := k.task.bad(stage, k.step, b.Record(i), err); err != nil {
			return err
		}
		bad = append(bad, int32(i))
	}
	if len(bad) > 0 {
		b = b.Gather(without(b.Len(), bad))
	}
	return out(b)
}

// outlet is where row i goes.
func (k *sink) outlet(topics *row.Vec, i int) (int, error) {
	if topics == nil {
		return 0, nil
	}
	name := topics.Value(i)
	at := slices.IndexFunc(k.outlets, func(o outlet) bool { return o.topic == name })
	if at < 0 {
		return 0, fmt.Errorf("its topic is %s, want one of %v", row.Describe(name), k.step.Op.(*plan.Sink).Topics)
	}
	return at, nil
}

// send puts row i among what the task sends.
func (k *sink) send(o *outlet, b, value *row.Batch, keys *row.Vec, i int) error {
	encoded, err := o.encoder.Append(k.arena.room(), value, i)
	if err != nil {
		return err
	}
	us := b.Time[i]
	if k.time >= 0 && !b.Cols[k.time].IsNull(i) {
		us = b.Cols[k.time].Ints[i]
	}
	r := row.Record{Topic: o.topic, Partition: -1, Value: k.arena.keep(encoded), Time: row.FloorDiv(us, 1000)}
	if !keys.IsNull(i) {
		r.Key = k.arena.text(keys.Strs[i])
	}
	if from := b.Record(i); from != nil {
		r.Headers = from.Headers
	}
	if k.headers != nil {
		r.Headers = k.headed(r.Headers, b, i)
	}
	k.task.sends = append(k.task.sends, r)
	return nil
}

// headed are the headers that came with a row, with those of its columns in the place of others of their names.
func (k *sink) headed(came []row.Header, b *row.Batch, i int) []row.Header {
	out := make([]row.Header, 0, len(came)+len(k.headers))
	for _, h := range came {
		if !slices.ContainsFunc(k.headers, func(c carried) bool { return c.name == h.Key }) {
			out = append(out, h)
		}
	}
	for _, c := range k.headers {
		if v := &b.Cols[c.column]; !v.IsNull(i) {
			out = append(out, row.Header{Key: c.name, Value: k.arena.text(v.Strs[i])})
		}
	}
	return out
}

// tapped shows the rows of a root to who runs the task.
type tapped struct {
	stateless
	task *Task
	root int
	tap  func(int, *row.Batch) error
}

func (t *tapped) process(_ int, b *row.Batch, _ emit) error {
	if t.task.tables {
		b = present(b)
	}
	return t.tap(t.root, b)
}

// present is a batch without the rows that stand for deletions from a table.
func present(b *row.Batch) *row.Batch {
	var keep []int32
	for i := range b.Len() {
		if b.Origin == nil {
			return b
		}
		if !deletes(b.Record(i)) {
			keep = append(keep, int32(i))
		}
	}
	if len(keep) == b.Len() {
		return b
	}
	return b.Gather(keep)
}
