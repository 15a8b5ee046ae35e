package kafkatest_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/internal/kafkatest"
)

func TestReadSeesWhatWasCommitted(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		topic := b.Topic(t, "committed", 2)
		b.Produce(t, record(topic, 1, "a"), record(topic, 0, "b"))
		transact(t, b, kgo.TryCommit, record(topic, 0, "c"))
		transact(t, b, kgo.TryAbort, record(topic, 0, "lost"))

		if diff := cmp.Diff([]string{"0 b", "0 c", "1 a"}, partitionsAndValues(b.Read(t, topic))); diff != "" {
			t.Errorf("records (-want +got):\n%s", diff)
		}
	})
}

func TestKeyedRecordsOfOneKeyShareAPartition(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		topic := b.Topic(t, "keyed", 8)
		var rs []*kgo.Record
		for range 10 {
			rs = append(rs, &kgo.Record{Topic: topic, Key: []byte("21"), Value: []byte("v")})
		}
		b.ProduceKeyed(t, rs...)
		for _, r := range b.Read(t, topic) {
			if r.Partition != 4 { // murmur2("21") = -973932308 in Apache Kafka's own tests
				t.Fatalf("partition %d, want 4", r.Partition)
			}
		}
	})
}

func TestFakeTopics(t *testing.T) {
	b := kafkatest.Fake(t, "cars:4", "gps")
	got := map[string]int{}
	for _, topic := range []string{"cars", "gps"} {
		got[topic] = len(b.Fake.PartitionInfos(topic))
	}
	if diff := cmp.Diff(map[string]int{"cars": 4, "gps": 1}, got); diff != "" {
		t.Errorf("partitions (-want +got):\n%s", diff)
	}
}

func TestKilledBrokerComesBackWithItsRecords(t *testing.T) {
	p := kafkatest.Start(t)
	topic := p.Topic(t, "durable", 1)
	p.Produce(t, record(topic, 0, "before"))
	p.Kill(t)
	if err := reach(p.Addrs); err == nil {
		t.Fatal("killed broker answers")
	}
	p.Restart(t)
	p.Produce(t, record(topic, 0, "after"))
	if diff := cmp.Diff([]string{"0 before", "0 after"}, partitionsAndValues(p.Read(t, topic))); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// A test binary that dies must leave neither the broker nor its folder behind: this test runs itself as a child, lets the child start a
// broker, and kills the child.
func TestBrokerEndsWithItsTestBinary(t *testing.T) {
	if os.Getenv("KAFKATEST_CHILD") != "" {
		p := kafkatest.Start(t)
		fmt.Printf("\nbroker %s\n", p.Addrs[0])
		select {}
	}
	kafkatest.Real(t) // for its skips
	child := exec.Command(os.Args[0], "-test.run=^TestBrokerEndsWithItsTestBinary$", "-test.timeout=60s")
	child.Env = append(os.Environ(), "KAFKATEST_CHILD=1", "TMPDIR="+t.TempDir())
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	addr := announced(t, bufio.NewScanner(out))
	if err := reach([]string{addr}); err != nil {
		t.Fatalf("broker of the child: %v", err)
	}
	child.Process.Kill()
	child.Wait()
	deadline := time.Now().Add(10 * time.Second)
	for tmp := child.Env[len(child.Env)-1][len("TMPDIR="):]; ; time.Sleep(20 * time.Millisecond) {
		left, err := os.ReadDir(tmp)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 && reach([]string{addr}) != nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after its test binary died the broker at %s left %v", addr, left)
		}
	}
}

func announced(t *testing.T, lines *bufio.Scanner) string {
	t.Helper()
	for lines.Scan() {
		if addr, ok := strings.CutPrefix(lines.Text(), "broker "); ok {
			return addr
		}
		t.Log(lines.Text())
	}
	t.Fatal("child ended without a broker")
	return ""
}

func reach(addrs []string) error {
	cl, err := kgo.NewClient(kgo.SeedBrokers(addrs...))
	if err != nil {
		return err
	}
	defer cl.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return cl.Ping(ctx)
}

func transact(t *testing.T, b *kafkatest.Broker, end kgo.TransactionEndTry, rs ...*kgo.Record) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cl := b.Client(t, kgo.TransactionalID(b.Name("txn")), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err := cl.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	if err := cl.ProduceSync(ctx, rs...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if err := cl.EndTransaction(ctx, end); err != nil {
		t.Fatal(err)
	}
}

func record(topic string, p int32, value string) *kgo.Record {
	return &kgo.Record{Topic: topic, Partition: p, Value: []byte(value)}
}

func partitionsAndValues(rs []*kgo.Record) []string {
	var all []string
	for _, r := range rs {
		all = append(all, fmt.Sprintf("%d %s", r.Partition, r.Value))
	}
	return all
}
