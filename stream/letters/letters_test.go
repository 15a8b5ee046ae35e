package letters

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/dataframe/exec"
)

func broker(t *testing.T) (cluster.Config, *kgo.Client) {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(3, "cars", "dead"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	cl, err := kgo.NewClient(kgo.SeedBrokers(c.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cl.Close)
	return cluster.Config{Brokers: c.ListenAddrs()}, cl
}

// letter is number i, from partition i mod 3 of cars.
func letter(i int, more ...kgo.RecordHeader) *kgo.Record {
	h := func(k, v string) kgo.RecordHeader { return kgo.RecordHeader{Key: k, Value: []byte(v)} }
	return &kgo.Record{Topic: "dead", Partition: int32(i % 2), Key: []byte("k"), Value: fmt.Appendf(nil, "%d", i), Timestamp: time.UnixMilli(int64(1000 + i)),
		Headers: append([]kgo.RecordHeader{h("trace", "t"), h(exec.HeaderTopic, "cars"), h(exec.HeaderPartition, fmt.Sprint(i%3)), h(exec.HeaderMessage, "far is no number"), h(exec.HeaderLine, "pipeline.go:3")}, more...)}
}

// read is what a topic holds, as "partition value ms headers".
func read(t *testing.T, c cluster.Config, topic string, n int) []string {
	t.Helper()
	cl, err := kgo.NewClient(kgo.SeedBrokers(c.Brokers...), kgo.ConsumeTopics(topic), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	var out []string
	for wait := 10 * time.Second; ; wait = 300 * time.Millisecond {
		ctx, cancel := context.WithTimeout(context.Background(), wait)
		fetches := cl.PollFetches(ctx)
		cancel()
		if fetches.NumRecords() == 0 {
			slices.Sort(out)
			return out
		}
		fetches.EachRecord(func(r *kgo.Record) {
			line := fmt.Sprint(r.Partition, " ", string(r.Value), " ", r.Timestamp.UnixMilli())
			for _, h := range r.Headers {
				line += " " + h.Key + "=" + string(h.Value)
			}
			out = append(out, line)
		})
		if len(out) < n {
			wait = 10 * time.Second
		}
	}
}

func TestReplay(t *testing.T) {
	c, cl := broker(t)
	ctx := context.Background()
	spent := letter(90, kgo.RecordHeader{Key: HeaderAttempt, Value: []byte("3")})
	again := letter(91, kgo.RecordHeader{Key: HeaderAttempt, Value: []byte("1")})
	bare := &kgo.Record{Topic: "dead", Partition: 0, Headers: []kgo.RecordHeader{{Key: exec.HeaderTopic, Value: []byte("out")}}}
	if err := cl.ProduceSync(ctx, letter(0), letter(1), spent, again, bare).FirstErr(); err != nil {
		t.Fatal(err)
	}
	got, err := Replay(ctx, Config{Cluster: c, Topic: "dead"})
	if err != nil || got.Sent["cars"] != 3 || got.Spent != 1 || got.Bare != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	want := []string{
		"0 0 1000 trace=t __riffle.errors.attempt=1",
		"1 1 1001 trace=t __riffle.errors.attempt=1",
		"1 91 1091 trace=t __riffle.errors.attempt=2",
	}
	if back := read(t, c, "cars", 3); !slices.Equal(back, want) {
		t.Errorf("went back:\n%s", strings.Join(back, "\n"))
	}
	if got, err := Replay(ctx, Config{Cluster: c, Topic: "dead"}); err != nil || len(got.Sent) != 0 {
		t.Fatalf("a second time %+v, %v", got, err)
	}
	if err := cl.ProduceSync(ctx, letter(2)).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if got, err := Replay(ctx, Config{Cluster: c, Topic: "dead"}); err != nil || got.Sent["cars"] != 1 {
		t.Fatalf("a new letter: %+v, %v", got, err)
	}
}

// TestInterruptedReplay stops in the middle again and again.
func TestInterruptedReplay(t *testing.T) {
	c, cl := broker(t)
	const n = 9000
	var all []*kgo.Record
	for i := range n {
		all = append(all, letter(i))
	}
	if err := cl.ProduceSync(context.Background(), all...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	interrupted := 0
	for wait := 10 * time.Millisecond; ; wait += 5 * time.Millisecond {
		ctx, cancel := context.WithTimeout(context.Background(), wait)
		_, err := Replay(ctx, Config{Cluster: c, Topic: "dead"})
		cancel()
		if err == nil {
			break
		}
		if interrupted++; interrupted > 200 {
			t.Fatal(err)
		}
	}
	back := read(t, c, "cars", n)
	if uniq := slices.Compact(slices.Clone(back)); len(back) != n || len(uniq) != n {
		t.Errorf("%d went back, %d different, want %d; interrupted %d times", len(back), len(uniq), n, interrupted)
	}
	if interrupted == 0 {
		t.Error("was never interrupted")
	}
}

func TestNoSuchTopic(t *testing.T) {
	c, _ := broker(t)
	if _, err := Replay(context.Background(), Config{Cluster: c, Topic: "nowhere"}); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("ended with %v", err)
	}
}

// TestGroupChangesMeanwhile has the group refuse commits: a few times, as when members come and go, and for good.
func TestGroupChangesMeanwhile(t *testing.T) {
	for refusals, ends := range map[int]bool{2: false, 1000: true} {
		c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(3, "cars", "dead"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		cl, err := kgo.NewClient(kgo.SeedBrokers(c.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()))
		if err != nil {
			t.Fatal(err)
		}
		defer cl.Close()
		ctx := context.Background()
		if err := cl.ProduceSync(ctx, letter(0), letter(1)).FirstErr(); err != nil {
			t.Fatal(err)
		}
		c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.TxnOffsetCommit}, Err: kerr.IllegalGeneration, Count: refusals})
		cfg := cluster.Config{Brokers: c.ListenAddrs()}
		got, err := Replay(ctx, Config{Cluster: cfg, Topic: "dead"})
		if ends {
			if err == nil || !strings.Contains(err.Error(), "another replay") {
				t.Errorf("refused for good: %+v, %v", got, err)
			}
			continue
		}
		if back := read(t, cfg, "cars", 2); err != nil || got.Sent["cars"] != 2 || len(back) != 2 {
			t.Errorf("refused twice: %+v, %v; went back %q", got, err, back)
		}
	}
}
