package sampler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/sampler/file"
)

// quiet is how long a reachable broker may have nothing to say about offsets that are committed until it is believed that there is
// nothing: compaction may have removed the rows at the end of a range, and nothing marks their place.
const quiet = 3 * time.Second

// fetch reads the ranges of a cut, partition by partition in order, and gives each row to write with the time at which it was received, since
// the reading began.
func (s *Sampler) fetch(ctx context.Context, c cut, write func(file.Row, time.Duration) error) error {
	f := &fetcher{s: s, c: c, write: write, began: time.Now(), left: map[string]map[int32]int64{}}
	assign := f.assignment()
	if len(assign) == 0 {
		return nil
	}
	opts, err := s.cluster.Options()
	if err != nil {
		return err
	}
	f.client, err = kgo.NewClient(append(opts,
		kgo.ConsumePartitions(assign),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.KeepControlRecords(), // they may be the last of a range
		kgo.ConsumeResetOffset(kgo.NoResetOffset()),
		kgo.FetchMaxWait(250*time.Millisecond),
		kgo.FetchMaxBytes(8<<20),
		kgo.MaxConcurrentFetches(2),
		kgo.BrokerMaxReadBytes(100<<20),
	)...)
	if err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	defer f.client.Close()
	return f.run(ctx)
}

// fetcher is one reading.
type fetcher struct {
	s      *Sampler
	c      cut
	client *kgo.Client
	write  func(file.Row, time.Duration) error
	began  time.Time
	left   map[string]map[int32]int64 // the ends of the partitions that are not done
	seen   Progress
}

func (f *fetcher) assignment() map[string]map[int32]kgo.Offset {
	assign := map[string]map[int32]kgo.Offset{}
	for topic, ranges := range f.c.ranges {
		for p, r := range ranges {
			if r.From >= r.To {
				continue
			}
			if assign[topic] == nil {
				assign[topic], f.left[topic] = map[int32]kgo.Offset{}, map[int32]int64{}
			}
			assign[topic][int32(p)] = kgo.NewOffset().At(r.From)
			f.left[topic][int32(p)] = r.To
		}
	}
	return assign
}

func (f *fetcher) run(ctx context.Context) error {
	for len(f.left) > 0 {
		poll, cancel := context.WithTimeout(ctx, quiet)
		fetches := f.client.PollFetches(poll)
		idle := poll.Err() != nil
		cancel()
		if ctx.Err() != nil {
			return fmt.Errorf("%d of about %d rows were read: %w", f.seen.Rows, f.c.rows, ctx.Err())
		}
		if idle && fetches.NumRecords() == 0 {
			return f.confirmQuiet(ctx)
		}
		if err := f.check(fetches); err != nil {
			return err
		}
		received := time.Since(f.began)
		for it := fetches.RecordIter(); !it.Done(); {
			if err := f.take(it.Next(), received); err != nil {
				return err
			}
		}
		if f.s.opts.Progress != nil {
			f.seen.Of = f.c.rows
			f.s.opts.Progress(f.seen)
		}
	}
	return nil
}

// confirmQuiet ends the reading if the broker answers.
func (f *fetcher) confirmQuiet(ctx context.Context) error {
	if err := f.client.Ping(ctx); err != nil {
		return fmt.Errorf("%w any more after %d of about %d rows; sample again when it runs: %w", cluster.ErrUnreachable, f.seen.Rows, f.c.rows, err)
	}
	return nil
}

// check returns the first error of a poll that is not only the end of its time.
func (f *fetcher) check(fetches kgo.Fetches) error {
	for _, e := range fetches.Errors() {
		switch {
		case errors.Is(e.Err, context.DeadlineExceeded):
		case errors.Is(e.Err, kerr.OffsetOutOfRange):
			return fmt.Errorf("%s/%d: rows were deleted while they were read (retention); sample again: %w", e.Topic, e.Partition, e.Err)
		case errors.Is(e.Err, kerr.TopicAuthorizationFailed):
			return fmt.Errorf("topic %s: this user may not read it; it needs the READ permission: %w", e.Topic, e.Err)
		default:
			return fmt.Errorf("%s/%d: %w", e.Topic, e.Partition, f.s.cluster.Diagnose(e.Err))
		}
	}
	return nil
}

func (f *fetcher) take(r *kgo.Record, received time.Duration) error {
	end, ok := f.left[r.Topic][r.Partition]
	if !ok {
		return nil
	}
	if r.Offset+1 >= end {
		f.done(r.Topic, r.Partition)
	}
	if r.Offset >= end || r.Attrs.IsControl() {
		return nil
	}
	f.seen.Rows++
	f.seen.Bytes += int64(len(r.Key) + len(r.Value))
	if limits := f.s.limits; f.seen.Rows > int64(limits.Rows) {
		return fmt.Errorf("%w: %w: more than %d rows of about %d; ask for fewer", ErrSpec, file.ErrTooLarge, limits.Rows, f.c.rows)
	} else if f.seen.Bytes > limits.Bytes {
		return fmt.Errorf("%w: %w: more than %d MiB after %d rows of about %d; ask for fewer", ErrSpec, file.ErrTooLarge, limits.Bytes>>20, f.seen.Rows, f.c.rows)
	}
	return f.write(rowOf(r), received)
}

// done lets the client fetch no more of a partition.
func (f *fetcher) done(topic string, p int32) {
	f.client.PauseFetchPartitions(map[string][]int32{topic: {p}})
	if delete(f.left[topic], p); len(f.left[topic]) == 0 {
		delete(f.left, topic)
	}
}

func rowOf(r *kgo.Record) file.Row {
	out := file.Row{Appended: r.Attrs.TimestampType() == 1, Record: row.Record{
		Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, Key: r.Key, Value: r.Value, Time: r.Timestamp.UnixMilli(),
	}}
	for _, h := range r.Headers {
		out.Headers = append(out.Headers, row.Header{Key: h.Key, Value: h.Value})
	}
	return out
}
