package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// ErrNotRunning is returned when this user has no broker.
var ErrNotRunning = errors.New("no embedded broker of this user runs; riffle broker --telemetry starts one")

// Address says where the broker of this user is.
type Address struct {
	// Addr is host:port, to be used as the only seed broker.
	Addr string `json:"addr"`
	// ClusterID is random for each life of a broker: state kept for another one is worth nothing.
	ClusterID string `json:"cluster_id"`
	// PID is the process that runs it.
	PID int `json:"pid"`
	// Telemetry is set when it feeds the telemetry topics.
	Telemetry bool `json:"telemetry"`
	// Started is when it began to listen.
	Started time.Time `json:"started"`
}

const (
	clusterPrefix = "riffle-embedded-"
	answerLimit   = 2 * time.Second
)

// IsCluster reports whether a cluster id, as Kafka's metadata give it, is that of an embedded broker.
func IsCluster(id string) bool { return strings.HasPrefix(id, clusterPrefix) }

// NewClusterID is that of a broker's new life.
func NewClusterID() string { return clusterPrefix + strings.ToLower(rand.Text()) }

// answers returns nil when a broker with the id of the address listens there.
func (a Address) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	// Without a listener the client would try again until the limit.
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", a.Addr)
	if err != nil {
		return err
	}
	conn.Close()
	cl, err := kgo.NewClient(kgo.SeedBrokers(a.Addr))
	if err != nil {
		return err
	}
	defer cl.Close()
	m, err := kadm.NewClient(cl).BrokerMetadata(ctx)
	if err != nil {
		return err
	}
	if m.Cluster != a.ClusterID {
		return fmt.Errorf("cluster id is %s, want %s", m.Cluster, a.ClusterID)
	}
	return nil
}
