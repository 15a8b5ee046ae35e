package broker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/broker/telemetry"
)

const (
	// Backlog is what a [Feed] has to say when it begins, and Burst how long it takes to say it.
	Backlog = 5 * time.Minute
	Burst   = 5 * time.Second

	// retention of the telemetry topics, ms.
	retention = "3600000"

	feedEvery = 25 * time.Millisecond
)

// Feed produces a race to a cluster, for ever: first what happened since its start, within [Burst], then what happens. After a pause of
// the machine it goes on with the last [Backlog].
type Feed struct {
	Race telemetry.Race
}

// Run makes the topics if they are missing and feeds them until ctx ends, which is no error.
func (f Feed) Run(ctx context.Context, opts ...kgo.Opt) error {
	cl, err := kgo.NewClient(append(opts, kgo.ProducerLinger(feedEvery), kgo.ProducerBatchCompression(kgo.ZstdCompression()))...)
	if err != nil {
		return fmt.Errorf("feed: %w", err)
	}
	defer cl.Close()
	if err := f.topics(ctx, kadm.NewClient(cl)); err != nil {
		return ended(ctx, err)
	}
	return ended(ctx, f.produce(ctx, cl))
}

func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (f Feed) topics(ctx context.Context, adm *kadm.Client) error {
	keep := retention
	rs, err := adm.CreateTopics(ctx, telemetry.Partitions, -1, map[string]*string{"retention.ms": &keep}, telemetry.CarTopic, telemetry.GPSTopic)
	if err != nil {
		return fmt.Errorf("feed: topics: %w", err)
	}
	for _, r := range rs {
		if r.Err != nil && !errors.Is(r.Err, kerr.TopicAlreadyExists) {
			return fmt.Errorf("feed: topic %s: %w", r.Topic, r.Err)
		}
	}
	return nil
}

func (f Feed) produce(ctx context.Context, cl *kgo.Client) error {
	var sources []*source
	for _, s := range []*telemetry.Stream{f.Race.Telemetry(), f.Race.GPS()} {
		sources = append(sources, &source{stream: s, next: s.Next()})
	}
	failed := make(chan error, 1)
	promise := func(_ *kgo.Record, err error) {
		if err == nil {
			return
		}
		select {
		case failed <- err:
		default: // the first is told
		}
	}
	clock := burstClock{start: f.Race.Start, began: time.Now()}
	tick := time.NewTicker(feedEvery)
	defer tick.Stop()
	for {
		now := clock.at(time.Now())
		for _, s := range sources {
			s.send(now, func(r *kgo.Record) { cl.Produce(ctx, r, promise) })
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-failed:
			return fmt.Errorf("feed: %w", err)
		case <-tick.C:
		}
	}
}

// burstClock tells the time of the race: it makes up for the backlog within Burst and is the real time from then on.
type burstClock struct{ start, began time.Time }

func (c burstClock) at(now time.Time) time.Time {
	passed := now.Sub(c.began)
	if passed >= Burst {
		return now
	}
	behind := c.began.Sub(c.start)
	return c.start.Add(passed + time.Duration(float64(behind)*float64(passed)/float64(Burst)))
}

// source is a stream and its row that has not been sent yet.
type source struct {
	stream *telemetry.Stream
	next   telemetry.Arrival
}

// send gives on what has arrived by now. What is older than two backlogs was missed while the machine slept.
func (s *source) send(now time.Time, produce func(*kgo.Record)) {
	for ; !s.next.At.After(now); s.next = s.stream.Next() {
		if r := s.next.Record; now.Sub(s.next.At) <= 2*Backlog {
			produce(&kgo.Record{Topic: r.Topic, Key: r.Key, Value: r.Value, Timestamp: time.UnixMilli(r.Time)})
		}
	}
}
