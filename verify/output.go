package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// output counts what is committed in topics, as it comes.
type output struct {
	addrs []string

	mu      sync.Mutex
	n       map[string]int // rows of each topic
	commits int            // ends of transactions that partitions hold
	aborts  int
}

// follow reads topics until ctx ends.
func (o *output) follow(ctx context.Context, topics ...string) error {
	from := map[string]map[int32]kgo.Offset{}
	for _, topic := range topics {
		from[topic] = map[int32]kgo.Offset{}
		for p := range int32(partitions) {
			from[topic][p] = kgo.NewOffset().At(0)
		}
	}
	cl, err := kgo.NewClient(kgo.SeedBrokers(o.addrs...), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
		kgo.ConsumeResetOffset(kgo.NoResetOffset()), kgo.ConsumePartitions(from))
	if err != nil {
		return err
	}
	defer cl.Close()
	for ctx.Err() == nil {
		cl.PollFetches(ctx).EachRecord(o.take)
	}
	return nil
}

// take counts a record.
func (o *output) take(r *kgo.Record) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if r.Attrs.IsControl() {
		if len(r.Key) == 4 && r.Key[3] == 1 {
			o.commits++
		} else {
			o.aborts++
		}
		return
	}
	o.n[r.Topic]++
}

// aborted is how many ends of transactions that were aborted partitions hold.
func (o *output) aborted() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.aborts
}

// count is how many rows there are, of one topic or of all.
func (o *output) count(topics ...string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, topic := range topics {
		n += o.n[topic]
	}
	return n
}

// read is the whole of topics as a reader sees it who comes now.
func read(ctx context.Context, addrs []string, isolation kgo.IsolationLevel, topics ...string) (ledger.Rows, error) {
	spans, err := ends(ctx, addrs, topics...)
	if err != nil {
		return nil, err
	}
	rows, bad := ledger.Rows{}, error(nil)
	for _, s := range spans {
		if err := scan(ctx, addrs, isolation, s, func(r *kgo.Record) {
			if err := rows.Take(cluster.Record(r)); err != nil && bad == nil {
				bad = err
			}
		}); err != nil {
			return nil, err
		}
	}
	return rows, bad
}

// span is a part of a partition.
type span struct {
	topic     string
	partition int32
	from, to  int64
}

// ends are the partitions of topics, from their first record to the last that is decided.
func ends(ctx context.Context, addrs []string, topics ...string) ([]span, error) {
	cl, err := kgo.NewClient(kgo.SeedBrokers(addrs...))
	if err != nil {
		return nil, err
	}
	defer cl.Close()
	offsets, err := kadm.NewClient(cl).ListCommittedOffsets(ctx, topics...)
	if err == nil {
		err = offsets.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("ends of %v: %w", topics, err)
	}
	var out []span
	offsets.Each(func(e kadm.ListedOffset) { out = append(out, span{e.Topic, e.Partition, 0, e.Offset}) })
	return out, nil
}

// scan gives each record of a span, markers of transactions apart.
func scan(ctx context.Context, addrs []string, isolation kgo.IsolationLevel, s span, give func(*kgo.Record)) error {
	if s.from >= s.to {
		return nil
	}
	cl, err := kgo.NewClient(kgo.SeedBrokers(addrs...), kgo.FetchIsolationLevel(isolation), kgo.KeepControlRecords(), kgo.ConsumeResetOffset(kgo.NoResetOffset()),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{s.topic: {s.partition: kgo.NewOffset().At(s.from)}}))
	if err != nil {
		return err
	}
	defer cl.Close()
	for next := s.from; next < s.to; {
		fetches := cl.PollFetches(ctx)
		if err := fetches.Err0(); err != nil {
			return fmt.Errorf("%s/%d at %d of %d: %w", s.topic, s.partition, next, s.to, err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			if next = r.Offset + 1; r.Offset < s.to && !r.Attrs.IsControl() {
				give(r)
			}
		})
	}
	return nil
}
