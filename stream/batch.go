package stream

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// slab is records for the client, which are used again when it has written them: making them anew costs more than to fill them.
type slab struct {
	blocks [][]kgo.Record
	used   int
}

const slabBlock = 1024

func (s *slab) next() *kgo.Record {
	block := s.used / slabBlock
	if block == len(s.blocks) {
		s.blocks = append(s.blocks, make([]kgo.Record, slabBlock))
	}
	r := &s.blocks[block][s.used%slabBlock]
	s.used++
	return r
}

// free lets all be used again.
func (s *slab) free() { s.used = 0 }

// batch is what one transaction holds.
type batch struct {
	sends   [][]row.Record // by task
	changes []*kgo.Record  // of state, each task's position last
	of      map[*kgo.Record]*task
	at      map[*task]state.Position
	waiting bool // rows that wait are among the changes

	mu     sync.Mutex
	logged map[*task]int64 // the changelog's next offset, after what was written
}

// collect closes the work of the touched tasks and gives what is to be written.
func (s *session) collect() (*batch, error) {
	b := &batch{of: map[*kgo.Record]*task{}, at: map[*task]state.Position{}, logged: map[*task]int64{}}
	for _, t := range s.txn.touched {
		if err := t.run.Advance(); err != nil {
			return nil, err
		}
		sends, err := t.run.Flush()
		if err != nil {
			return nil, err
		}
		b.sends = append(b.sends, sends)
		if t.store != nil {
			b.change(t, s.cfg.control.noPosition)
		}
	}
	return b, nil
}

// toKafka is a record for the topic of its name on the cluster, and the way that it takes there.
func (s *session) toKafka(r *row.Record) (*kgo.Record, *outgoing) {
	via := s.txn.outside
	out := s.records.next()
	*out = kgo.Record{Topic: r.Topic, Partition: r.Partition, Key: r.Key, Value: r.Value, Timestamp: time.UnixMilli(max(r.Time, 0))}
	if len(s.layout.moves) > 0 {
		if name, ok := s.layout.moves[r.Topic]; ok {
			out.Topic, via = name, s.txn.inside
		}
	}
	for _, h := range r.Headers {
		out.Headers = append(out.Headers, kgo.RecordHeader{Key: h.Key, Value: h.Value})
	}
	return out, via
}

// change adds the changelog records of a task: one a touched key, and its position.
func (b *batch) change(t *task, noPosition bool) {
	pos := t.position()
	b.at[t] = pos
	add := func(key, value []byte) {
		r := &kgo.Record{Topic: t.part.changelog, Partition: t.id.Partition, Key: key, Value: value}
		b.changes, b.of[r] = append(b.changes, r), t
		b.waiting = b.waiting || waits(key)
	}
	for key, value := range t.store.Changes() {
		add(key, value)
	}
	if !noPosition {
		encoded, _ := pos.MarshalBinary()
		add([]byte(state.PositionKey), encoded)
	}
}

// waits says whether a key of a store is that of a row that waits for others.
func waits(key []byte) bool {
	for _, kind := range []string{"held:", "asof:", "interval:"} {
		if len(key) > 1 && strings.HasPrefix(string(key[1:]), kind) {
			return true
		}
	}
	return false
}

// produce writes the batch and waits until the brokers have it.
//
// The client's own limit for a record would count from its timestamp, which is
// an event time.
func (s *session) produce(ctx context.Context, b *batch) error {
	ctx, cancel := context.WithTimeout(ctx, produceTimeout)
	defer cancel()
	for _, sends := range b.sends {
		if err := s.sendAll(ctx, sends); err != nil {
			return err
		}
	}
	logged := func(r *kgo.Record, err error) {
		b.wrote(r, err)
		s.txn.inside.wrote(r, err)
	}
	for _, r := range b.changes {
		if _, err := s.refuse(r); err != nil {
			return err
		}
		s.txn.inside.send(ctx, r, logged)
	}
	if err := s.arrived(ctx); err != nil {
		return err
	}
	s.records.free() // the clients have let go of all
	return nil
}

// sendAll writes what a task gave, or what the policies of its sinks put in its place.
func (s *session) sendAll(ctx context.Context, sends []row.Record) error {
	for i := range sends {
		r, via := s.toKafka(&sends[i])
		sent, err := s.refuse(r)
		if err != nil {
			return err
		}
		if sent == nil {
			continue
		}
		s.txn.sent++
		via.send(ctx, sent, via.wrote)
		if !s.txn.alone {
			continue
		}
		if err := via.cl.Flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

// arrived waits until the brokers have all records of the transaction.
func (s *session) arrived(ctx context.Context) error {
	if s.plain != nil && !s.cfg.control.noArrival {
		if err := s.txn.outside.arrived(ctx); err != nil {
			return err
		}
	}
	return s.txn.inside.arrived(ctx)
}

func (b *batch) wrote(r *kgo.Record, err error) {
	t := b.of[r]
	if t == nil || err != nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.logged[t] = max(b.logged[t], r.Offset+1)
}
