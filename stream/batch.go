package stream

import (
	"context"
	"slices"
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
	sends   []*kgo.Record
	changes []*kgo.Record // of state, each task's position last
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
		b.sends = slices.Grow(b.sends, len(sends))
		for i := range sends {
			b.sends = append(b.sends, s.toKafka(&sends[i]))
		}
		if t.store != nil {
			b.change(t, s.cfg.control.noPosition)
		}
	}
	return b, nil
}

// toKafka is a record for the topic of its name on the cluster.
func (s *session) toKafka(r *row.Record) *kgo.Record {
	out := s.records.next()
	*out = kgo.Record{Topic: r.Topic, Partition: r.Partition, Key: r.Key, Value: r.Value, Timestamp: time.UnixMilli(max(r.Time, 0))}
	if len(s.layout.moves) > 0 {
		if name, ok := s.layout.moves[r.Topic]; ok {
			out.Topic = name
		}
	}
	for _, h := range r.Headers {
		out.Headers = append(out.Headers, kgo.RecordHeader{Key: h.Key, Value: h.Value})
	}
	return out
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
	first, alone := kgo.AbortingFirstErrPromise(s.group.Client()), s.oneByOne()
	kept := first.Promise() // one for all records, and for this function
	wrote := func(r *kgo.Record, err error) {
		s.oversize(r, err, alone)
		kept(r, err)
	}
	logged := func(r *kgo.Record, err error) {
		b.wrote(r, err)
		wrote(r, err)
	}
	for i, rs := range [][]*kgo.Record{b.sends, b.changes} {
		then := []func(*kgo.Record, error){wrote, logged}[i]
		for _, r := range rs {
			sent, err := s.refuse(r)
			if err != nil {
				return err
			}
			if sent == nil {
				continue
			}
			first.Promise()
			s.group.Produce(ctx, sent, then)
			if alone && b.of[r] == nil {
				if err := s.group.Client().Flush(ctx); err != nil {
					return err
				}
			}
		}
	}
	if err := s.group.Client().Flush(ctx); err != nil {
		return err
	}
	kept(nil, nil)
	err := first.Err()
	if err == nil {
		s.records.free() // the client has let go of all
	}
	return err
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
