package broker_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/broker"
	"github.com/riffle-stream/riffle/broker/telemetry"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// The feed must write what the generator says, where the generator says: partitions chosen by the client are the same as its own.
func TestFeedWritesTheRace(t *testing.T) {
	b := kafkatest.Fake(t)
	race := telemetry.Race{Seed: 11, Start: time.Now().Add(-broker.Backlog)}
	const seconds = 20 // of the race, of which the burst covers a minute a second
	want := map[string][]row.Record{
		telemetry.CarTopic: telemetry.Rows(race.Seed, race.Start, seconds*20*telemetry.Cars),
		telemetry.GPSTopic: telemetry.Positions(race.Seed, race.Start, (seconds-1)*telemetry.Cars),
	}
	run(t, b, race)
	for topic, rows := range want {
		first := map[int32][]row.Record{}
		for _, r := range rows {
			first[r.Partition] = append(first[r.Partition], r)
		}
		for p, rows := range first {
			got := consume(t, b, topic, p, len(rows))
			if diff := cmp.Diff(rows, got); diff != "" {
				t.Fatalf("%s/%d (-generated +consumed):\n%.2000s", topic, p, diff)
			}
		}
	}
}

func TestFeedCatchesUpAndGoesOn(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		if len(b.Addrs) == 0 {
			t.Fatal("no broker")
		}
		start := time.Now()
		run(t, b, telemetry.Race{Seed: uint64(start.UnixNano()), Start: start.Add(-broker.Backlog)})
		cl := b.Client(t, kgo.ConsumeTopics(telemetry.CarTopic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		var newest time.Time
		for old := true; old; old = time.Since(newest) > 500*time.Millisecond {
			fetches := cl.PollFetches(ctx)
			if err := fetches.Err(); err != nil {
				t.Fatal(err)
			}
			fetches.EachRecord(func(r *kgo.Record) {
				if r.Timestamp.After(newest) {
					newest = r.Timestamp
				}
			})
		}
		if caught := time.Since(start); caught < broker.Burst*8/10 || caught > 3*broker.Burst {
			t.Errorf("caught up after %s, want about %s", caught, broker.Burst)
		}
	})
}

// run feeds a broker until the test ends.
func run(t *testing.T, b *kafkatest.Broker, race telemetry.Race) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- broker.Feed{Race: race}.Run(ctx, kgo.SeedBrokers(b.Addrs...)) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("feed: %v", err)
		}
	})
}

func consume(t *testing.T, b *kafkatest.Broker, topic string, p int32, n int) []row.Record {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cl := b.Client(t, kgo.UnknownTopicRetries(-1), kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: {p: kgo.NewOffset().AtStart()}}))
	var got []row.Record
	for len(got) < n {
		fetches := cl.PollFetches(ctx)
		if ctx.Err() != nil {
			t.Fatalf("%s/%d has %d rows, want %d: %v", topic, p, len(got), n, fetches.Err())
		}
		fetches.EachRecord(func(r *kgo.Record) {
			got = append(got, row.Record{Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, Key: r.Key, Value: r.Value, Time: r.Timestamp.UnixMilli()})
		})
	}
	return got[:n]
}

func TestBrokerWithTelemetryHasABacklog(t *testing.T) {
	ctx, _ := home(t, "1m")
	a := find(t, ctx, "telemetry")
	if !a.Telemetry {
		t.Errorf("address %+v does not tell of the telemetry", a)
	}
	b := &kafkatest.Broker{Addrs: []string{a.Addr}}
	if topics, err := b.Admin(t).ListTopics(ctx); err != nil || !topics.Has(telemetry.CarTopic) || !topics.Has(telemetry.GPSTopic) {
		t.Errorf("topics %v, %v; want them as soon as the broker is found", topics.Names(), err)
	}
	rows := consume(t, b, telemetry.CarTopic, 0, 10_000)
	if age := a.Started.Sub(time.UnixMilli(rows[0].Time)); age < broker.Backlog-time.Second || age > broker.Backlog+time.Second {
		t.Errorf("oldest row is %s older than the broker, want %s", age, broker.Backlog)
	}
}
