package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// kafka is a cluster that is harmed.
type kafka interface {
	addrs() []string  // for those who feed and check
	fronts() []string // for workers: there answers are forged
	// harm does one bad thing, and returns when the cluster could take the next.
	harm(ctx context.Context) error
	stop()
}

// harms count what was done to a cluster.
type harms struct {
	killed, moved, unknown, cut atomic.Int64
	away                        atomic.Bool // nodes are gone, or do not answer yet
}

// answer forges what workers hear of the ends of their transactions, now and then.
func (h *harms) answer(id string) int {
	if id == feederID {
		return -1
	}
	switch n := rand.IntN(60); n {
	case kafkatest.Unknown:
		h.unknown.Add(1)
		return n
	case kafkatest.Cut:
		h.cut.Add(1)
		return n
	}
	return -1
}

// reset forgets what was done.
func (h *harms) reset() {
	for _, n := range []*atomic.Int64{&h.killed, &h.moved, &h.unknown, &h.cut} {
		n.Store(0)
	}
}

// launch is a Kafka of n nodes, or a fake one.
func launch(n int, rnd *rand.Rand, h *harms) (kafka, error) {
	if n == 0 {
		return newFake(h)
	}
	c, err := kafkatest.LaunchCluster(n, h.answer)
	if err != nil {
		return nil, err
	}
	cl, err := kgo.NewClient(kgo.SeedBrokers(c.Addrs...))
	if err != nil {
		c.Stop()
		return nil, err
	}
	return &nodes{Cluster: c, admin: kadm.NewClient(cl), rnd: rnd, harms: h}, nil
}

// nodes are an Apache Kafka.
type nodes struct {
	*kafkatest.Cluster
	admin *kadm.Client
	rnd   *rand.Rand
	harms *harms
}

func (k *nodes) addrs() []string  { return k.Addrs }
func (k *nodes) fronts() []string { return k.Fronts }
func (k *nodes) stop()            { k.admin.Close(); k.Stop() }

// harm kills a node, or at times two, or has coordinators move.
func (k *nodes) harm(ctx context.Context) error {
	first := k.rnd.IntN(k.Nodes())
	switch dice := k.rnd.IntN(8); {
	case dice < 3:
		return k.move(ctx)
	case dice == 3 && k.Nodes() > 1:
		return k.kill(ctx, first, (first+1)%k.Nodes())
	}
	return k.kill(ctx, first)
}

// kill has nodes be gone for some seconds.
func (k *nodes) kill(ctx context.Context, which ...int) error {
	began := time.Now()
	k.harms.away.Store(true)
	for _, i := range which {
		k.Kill(i)
		k.harms.killed.Add(1)
	}
	pause(ctx, time.Duration(k.rnd.IntN(6000))*time.Millisecond)
	for _, i := range which {
		if err := k.Restart(i); err != nil {
			return fmt.Errorf("broker %d, restarted: %w", i+1, err)
		}
	}
	k.harms.away.Store(false)
	k.whole(ctx)
	fmt.Printf("       %d of %d brokers killed, all had all records again %v later\n", len(which), k.Nodes(), time.Since(began).Round(time.Second))
	return nil
}

// whole waits until all nodes have all records, or not for ever.
func (k *nodes) whole(ctx context.Context) {
	for until := time.Now().Add(2 * time.Minute); time.Now().Before(until) && pause(ctx, time.Second); {
		topics, err := k.admin.ListTopicsWithInternal(ctx)
		if err == nil && !slices.ContainsFunc(topics.Sorted(), func(t kadm.TopicDetail) bool {
			return slices.ContainsFunc(t.Partitions.Sorted(), func(p kadm.PartitionDetail) bool { return len(p.ISR) < len(p.Replicas) })
		}) {
			return
		}
	}
}

// move has the coordinators of groups and transactions be other nodes.
func (k *nodes) move(ctx context.Context) error {
	topics, err := k.admin.ListTopicsWithInternal(ctx, "__consumer_offsets", "__transaction_state")
	if err != nil {
		return nil // nobody is there to be moved
	}
	others, all := kadm.AlterPartitionAssignmentsReq{}, kadm.TopicsSet{}
	topics.EachPartition(func(p kadm.PartitionDetail) {
		if len(p.Replicas) > 1 {
			others.Assign(p.Topic, p.Partition, append(slices.Clone(p.Replicas[1:]), p.Replicas[0]))
			all.Add(p.Topic, p.Partition)
		}
	})
	if len(all) == 0 {
		return nil
	}
	if _, err := k.admin.AlterPartitionAssignments(ctx, others); err != nil {
		return nil
	}
	if _, err := k.admin.ElectLeaders(ctx, kadm.ElectPreferredReplica, all); err == nil {
		k.harms.moved.Add(1)
	}
	return nil
}

// fake is a Kafka in this process.
type fake struct {
	cluster *kfake.Cluster
	harms   *harms
}

func newFake(h *harms) (kafka, error) {
	c, err := kfake.NewCluster(kfake.NumBrokers(3), kfake.BrokerConfigs(map[string]string{"log.retention.ms": "-1"}),
		kfake.ListenFn(func(network, address string) (net.Listener, error) {
			l, err := net.Listen(network, address)
			if err != nil {
				return nil, err
			}
			return kafkatest.Front{Listener: l, Answer: h.answer}, nil
		}))
	if err != nil {
		return nil, fmt.Errorf("fake brokers: %w", err)
	}
	return &fake{c, h}, nil
}

func (k *fake) addrs() []string  { return k.cluster.ListenAddrs() }
func (k *fake) fronts() []string { return k.cluster.ListenAddrs() }
func (k *fake) stop()            { k.cluster.Close() }

func (k *fake) harm(context.Context) error {
	k.cluster.RehashCoordinators()
	k.harms.moved.Add(1)
	return nil
}

// clear removes all topics but those of Kafka itself.
func clear(ctx context.Context, addrs []string) error {
	cl, err := kgo.NewClient(kgo.SeedBrokers(addrs...))
	if err != nil {
		return err
	}
	defer cl.Close()
	admin := kadm.NewClient(cl)
	topics, err := admin.ListTopics(ctx)
	if err == nil && len(topics) > 0 {
		_, err = admin.DeleteTopics(ctx, topics.Names()...)
	}
	return err
}

// makeTopics makes topics as the cluster has them by default.
func makeTopics(ctx context.Context, addrs []string, topics ...string) error {
	cl, err := kgo.NewClient(kgo.SeedBrokers(addrs...))
	if err != nil {
		return err
	}
	defer cl.Close()
	made, err := kadm.NewClient(cl).CreateTopics(ctx, partitions, -1, nil, topics...)
	if err == nil {
		err = made.Error()
	}
	if err != nil {
		return fmt.Errorf("topics %s: %w", strings.Join(topics, ", "), err)
	}
	return nil
}

// pause waits, and says whether it was not told to end.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
