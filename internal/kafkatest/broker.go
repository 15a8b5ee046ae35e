package kafkatest

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

// patience bounds every call to a broker that a helper makes.
const patience = 30 * time.Second

// Broker is a Kafka cluster that a test may use, fake or real.
type Broker struct {
	// Addrs are the seed brokers, host:port.
	Addrs []string
	// Fake is the cluster behind the addresses, for faults and controls; nil when it is a real Kafka.
	Fake *kfake.Cluster
}

// Fake starts an in-process cluster of one broker that ends with the test; it deletes no rows for their age. A topic is named "cars", with one
// partition, or "cars:4".
func Fake(t testing.TB, topics ...string) *Broker {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.BrokerConfigs(map[string]string{"log.retention.ms": "-1"}))
	if err != nil {
		t.Fatalf("fake broker: %v", err)
	}
	t.Cleanup(c.Close)
	b := &Broker{Addrs: c.ListenAddrs(), Fake: c}
	for _, topic := range topics {
		name, partitions := splitTopic(t, topic)
		if err := c.CreateTopic(name, partitions, nil); err != nil {
			t.Fatalf("topic %s: %v", name, err)
		}
	}
	return b
}

// Each runs a test as two subtests: on a fake of its own and on the shared real Kafka. Topics on the real one outlive no
// test but are seen by others: name them with [Broker.Topic].
func Each(t *testing.T, test func(t *testing.T, b *Broker)) {
	t.Helper()
	t.Run("fake", func(t *testing.T) { test(t, Fake(t)) })
	t.Run("real", func(t *testing.T) { test(t, Real(t)) })
}

// Topic makes a topic with a name that no other test has, and deletes it after the test. The name starts with prefix; a config is
// "cleanup.policy=compact".
func (b *Broker) Topic(t testing.TB, prefix string, partitions int, configs ...string) string {
	t.Helper()
	name := b.Name(prefix)
	values := map[string]*string{}
	for _, config := range configs {
		key, value, _ := strings.Cut(config, "=")
		values[key] = &value
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	adm := b.Admin(t)
	if _, err := adm.CreateTopic(ctx, int32(partitions), 1, values, name); err != nil {
		t.Fatalf("topic %s: %v", name, err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_, _ = adm.DeleteTopic(ctx, name) // the broker may have been killed by the test
	})
	return name
}

// Name is prefix with a random end: for topics, groups and transactional ids on a cluster that others use.
func (b *Broker) Name(prefix string) string {
	return prefix + "-" + strings.ToLower(rand.Text()[:8])
}

// Client is a client of the cluster, closed after the test.
func (b *Broker) Client(t testing.TB, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	cl, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(b.Addrs...)}, opts...)...)
	if err != nil {
		t.Fatalf("client of %v: %v", b.Addrs, err)
	}
	t.Cleanup(cl.Close)
	return cl
}

// Admin is an admin client of the cluster, closed after the test.
func (b *Broker) Admin(t testing.TB) *kadm.Client {
	t.Helper()
	return kadm.NewClient(b.Client(t))
}

// Produce writes records and waits until all are acknowledged. A record goes to the partition that is set in it.
func (b *Broker) Produce(t testing.TB, records ...*kgo.Record) {
	t.Helper()
	b.produce(t, records, kgo.ManualPartitioner())
}

// ProduceKeyed writes records and waits until all are acknowledged. The partition is murmur2(key) mod n, as any Kafka
// client chooses it.
func (b *Broker) ProduceKeyed(t testing.TB, records ...*kgo.Record) {
	t.Helper()
	b.produce(t, records, kgo.StickyKeyPartitioner(nil))
}

func (b *Broker) produce(t testing.TB, records []*kgo.Record, by kgo.Partitioner) {
	t.Helper()
	cl := b.Client(t, kgo.RecordPartitioner(by))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := cl.ProduceSync(ctx, records...).FirstErr(); err != nil {
		t.Fatalf("produce to %v: %v", b.Addrs, err)
	}
	cl.Close()
}

// Read returns every committed record of topics, partition after partition, up to the last stable offsets at the time of
// the call. It joins no group.
func (b *Broker) Read(t testing.TB, topics ...string) []*kgo.Record {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	adm := b.Admin(t)
	starts, err := adm.ListStartOffsets(ctx, topics...)
	if err == nil {
		err = starts.Error()
	}
	if err != nil {
		t.Fatalf("start offsets of %v: %v", topics, err)
	}
	ends, err := adm.ListCommittedOffsets(ctx, topics...)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		t.Fatalf("end offsets of %v: %v", topics, err)
	}
	var all []*kgo.Record
	for _, topic := range topics {
		for p := range int32(len(ends[topic])) {
			all = append(all, b.readPartition(ctx, t, topic, p, starts[topic][p].Offset, ends[topic][p].Offset)...)
		}
	}
	return all
}

func (b *Broker) readPartition(ctx context.Context, t testing.TB, topic string, p int32, from, to int64) []*kgo.Record {
	t.Helper()
	if from >= to {
		return nil
	}
	cl := b.Client(t, kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(), kgo.FetchMaxWait(200*time.Millisecond),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: {p: kgo.NewOffset().At(from)}}))
	defer cl.Close()
	var got []*kgo.Record
	for next := from; next < to; {
		fetches := cl.PollFetches(ctx)
		if err := fetches.Err0(); err != nil {
			t.Fatalf("read %s/%d at %d of %d: %v", topic, p, next, to, err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			if next = r.Offset + 1; r.Offset < to && !r.Attrs.IsControl() {
				got = append(got, r)
			}
		})
	}
	return got
}

func splitTopic(t testing.TB, topic string) (name string, partitions int32) {
	t.Helper()
	name, count, ok := strings.Cut(topic, ":")
	if !ok {
		return name, 1
	}
	n, err := strconv.ParseInt(count, 10, 32)
	if err != nil || n < 1 {
		t.Fatal(fmt.Sprintf("topic %q: want a name or name:partitions", topic))
	}
	return name, int32(n)
}
