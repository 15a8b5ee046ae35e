package session

import (
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// lifeOf is a cluster with the id of an embedded broker's life.
func lifeOf(t *testing.T, life string, n int) *kafkatest.Broker {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.ClusterID("riffle-embedded-"+life), kfake.BrokerConfigs(map[string]string{"log.retention.ms": "-1"}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	b := &kafkatest.Broker{Addrs: c.ListenAddrs(), Fake: c}
	fill(t, b, n)
	return b
}

// withoutTopics is another life, with nothing in it.
func withoutTopics(t *testing.T) *kafkatest.Broker {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.ClusterID("riffle-embedded-c"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return &kafkatest.Broker{Addrs: c.ListenAddrs(), Fake: c}
}

// A notebook that is opened again when its embedded broker is gone looks at the new one, and says so.
func TestTheNextLifeOfTheEmbeddedBrokerIsSampledAnew(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir, lifeOf(t, "a", 1_000))
	first.mustRun(telemetryOf1000)
	first.Close()

	second := open(t, dir, lifeOf(t, "b", 2_000))
	if shows := second.mustRun("cars := Topic(\"car-telemetry\", Time(\"ts\"))\ncars.Head(1)"); !strings.Contains(shows, "taken now") {
		t.Errorf("a sample of the new broker does not say that it is new:\n%s", shows)
	}
	second.Close()

	empty := open(t, dir, withoutTopics(t))
	empty.mustFail("Topic(\"car-telemetry\")", "the embedded Kafka that had it has ended, and its topics with it: write them anew")
	empty.Close()

	third := open(t, dir, raceOf(t, 1_000))
	third.mustRun(`cars := Topic("car-telemetry", Time("ts"))`)
	third.mustFail("cars.Head(1)", "pinned from another cluster")
}
