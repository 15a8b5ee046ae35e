package stream

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// BenchmarkRestore has a program with a million keys start in an empty folder.
func BenchmarkRestore(b *testing.B) {
	const keys = 1_000_000
	k := kafkatest.Real(b)
	topic := k.Topic(b, "keys", 1)
	writeKeys(b, k, topic, keys)
	count := func(r df.Row, s *df.State) df.Row {
		s.Set("n", s.Int("n", 0)+1)
		return r
	}
	f := df.Topic(topic, df.Fields("id int", "k string"), df.KeyAs("k")).GroupBy("k").ApplyState(count).Where("id < 0").To(topic + "-out")
	p, err := plan.Bind([]*plan.Node{f.Node()}, plan.Facts{})
	if err != nil {
		b.Fatal(err)
	}
	run := func(dir string, events func(end func()) Events) {
		ctx, cancel := context.WithCancel(b.Context())
		defer cancel()
		cfg := Config{Cluster: cluster.Config{Brokers: k.Addrs}, Group: topic, Instance: "one", StateDir: dir, Idle: -1, Events: events(cancel)}
		if err := Run(ctx, p, cfg); err != nil {
			b.Fatal(err)
		}
	}
	rows := 0
	run(filepath.Join(b.TempDir(), "first"), func(end func()) Events {
		return Events{Committed: func(c Committed) {
			if rows += c.Rows; rows == keys {
				end()
			}
		}}
	})
	for i := 0; b.Loop(); i++ {
		run(filepath.Join(b.TempDir(), fmt.Sprint(i)), func(end func()) Events {
			return Events{Assigned: func(r Restored) {
				b.ReportMetric(float64(r.Records)/r.Took.Seconds(), "records/s")
				b.ReportMetric(r.Took.Seconds(), "restore-s")
				end()
			}}
		})
	}
}

// writeKeys writes a row for each key.
func writeKeys(b *testing.B, k *kafkatest.Broker, topic string, keys int) {
	cl := k.Client(b, kgo.MaxBufferedRecords(keys))
	for i := range keys {
		key := fmt.Sprintf("key-%d", i)
		cl.Produce(b.Context(), &kgo.Record{Topic: topic, Key: []byte(key), Value: fmt.Appendf(nil, `{"id":%d,"k":%q}`, i, key)}, nil)
	}
	if err := cl.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
}
