package broker

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/broker/embedded"
	"github.com/riffle-stream/riffle/broker/telemetry"
)

// Telemetry goes after an hour; what somebody brought stays, however old its rows are.
func TestRetention(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	home, err := embedded.Open()
	if err != nil {
		t.Fatal(err)
	}
	s, err := start(home, Config{Telemetry: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cl, err := kgo.NewClient(kgo.SeedBrokers(s.addr.Addr))
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	if err := s.cluster.CreateTopic("flights", 1, nil); err != nil {
		t.Fatal(err)
	}
	for topic, when := range map[string]time.Time{telemetry.CarTopic: time.Now().Add(-2 * time.Hour), "flights": time.Date(2013, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if err := cl.ProduceSync(ctx, &kgo.Record{Topic: topic, Timestamp: when, Key: []byte("k")}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	s.cluster.ApplyRetention()
	kept := map[string]int64{}
	for _, topic := range []string{telemetry.CarTopic, "flights"} {
		for _, p := range s.cluster.PartitionInfos(topic) {
			kept[topic] += p.HighWatermark - p.LogStartOffset
		}
	}
	if diff := cmp.Diff(map[string]int64{telemetry.CarTopic: 0, "flights": 1}, kept); diff != "" {
		t.Errorf("rows kept (-want +got):\n%s", diff)
	}
}
