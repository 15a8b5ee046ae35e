package sampler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/sampler/file"
)

// quiet is how long a reachable broker may have nothing to say about offsets that are committed until it is believed that there is
// nothing: compaction may have removed the rows at the end of a range, and nothing marks their place.
const quiet = 3 * time.Second

// fetch reads ranges, each partition in order, and gives each row to write with the time at which it was received, since the reading
// began.
func (s *Sampler) fetch(ctx context.Context, c cut, write func(file.Row, time.Duration) error) error {
	seen, kept := Progress{Of: c.rows}, 0
	began := time.Now()
	return s.visit(ctx, c.ranges, func(r *kgo.Record) (bool, error) {
		if seen.Rows++; c.every > 0 && r.Offset%c.every != 0 {
			return false, nil
		}
		kept++
		seen.Bytes += int64(len(r.Key) + len(r.Value))
		if err := s.limits.check(seen, kept); err != nil {
			return true, err
		}
		return false, write(rowOf(r), time.Since(began))
	}, func() {
		if s.opts.Progress != nil {
			s.opts.Progress(seen)
		}
	})
}

func (l Limits) check(seen Progress, kept int) error {
	switch {
	case kept > l.Rows:
		return fmt.Errorf("%w: %w: more than %d rows of about %d; ask for fewer", ErrSpec, file.ErrTooLarge, l.Rows, seen.Of)
	case seen.Bytes > l.Bytes:
		return fmt.Errorf("%w: %w: more than %d MiB after %d rows of about %d; ask for fewer", ErrSpec, file.ErrTooLarge, l.Bytes>>20, seen.Rows, seen.Of)
	}
	return nil
}

// visit shows the committed rows of ranges, each partition in order, until its end or until row says that it has seen enough of it. After each
// answer of the brokers it calls polled, if there is one.
func (s *Sampler) visit(ctx context.Context, ranges map[string][]file.Range, row func(*kgo.Record) (done bool, err error), polled func()) error {
	f := &fetcher{s: s, row: row, polled: polled, left: map[string]map[int32]int64{}}
	assign := f.assignment(ranges)
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

// fetcher is one visit.
type fetcher struct {
	s      *Sampler
	client *kgo.Client
	row    func(*kgo.Record) (bool, error)
	polled func()
	left   map[string]map[int32]int64 // the ends of the partitions that are not done
	rows   int64
}

func (f *fetcher) assignment(all map[string][]file.Range) map[string]map[int32]kgo.Offset {
	assign := map[string]map[int32]kgo.Offset{}
	for topic, ranges := range all {
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
			return fmt.Errorf("after %d rows: %w", f.rows, ctx.Err())
		}
		if idle && fetches.NumRecords() == 0 {
			return f.confirmQuiet(ctx)
		}
		if err := f.check(fetches); err != nil {
			return err
		}
		for it := fetches.RecordIter(); !it.Done(); {
			if err := f.take(it.Next()); err != nil {
				return err
			}
		}
		if f.polled != nil {
			f.polled()
		}
	}
	return nil
}

// confirmQuiet ends the reading if the broker answers.
func (f *fetcher) confirmQuiet(ctx context.Context) error {
	if err := f.client.Ping(ctx); err != nil {
		return fmt.Errorf("%w any more after %d rows; sample again when it runs: %w", cluster.ErrUnreachable, f.rows, err)
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

func (f *fetcher) take(r *kgo.Record) error {
	end, ok := f.left[r.Topic][r.Partition]
	if !ok {
		return nil
	}
	done, err := r.Offset+1 >= end, error(nil)
	if r.Offset < end && !r.Attrs.IsControl() {
		f.rows++
		var enough bool
		enough, err = f.row(r)
		done = done || enough
	}
	if done {
		f.done(r.Topic, r.Partition)
	}
	return err
}

// done lets the client fetch no more of a partition.
func (f *fetcher) done(topic string, p int32) {
	f.client.PauseFetchPartitions(map[string][]int32{topic: {p}})
	if delete(f.left[topic], p); len(f.left[topic]) == 0 {
		delete(f.left, topic)
	}
}

func rowOf(r *kgo.Record) file.Row {
	return file.Row{Appended: r.Attrs.TimestampType() == 1, Record: cluster.Record(r)}
}
