package stream

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/riffle-stream/riffle/broker/embedded"
	"github.com/riffle-stream/riffle/cluster"
)

// reach says in the log which brokers the program uses. If none were given it is this user's embedded one, where notebooks look, too;
// a configuration with a password or TLS is not meant for that.
func (o *options) reach(ctx context.Context, log *slog.Logger) error {
	c := &o.config.Cluster
	if len(c.Brokers) > 0 {
		log.Info("brokers", "addr", strings.Join(c.Brokers, ","))
		return nil
	}
	const say = "start the program with --brokers host:9092, or set KAFKA_BROKERS"
	if c.SASL.User != "" || c.TLS != (cluster.TLS{}) {
		return fmt.Errorf("%w: a login or TLS is set, but no brokers; %s", ErrConfig, say)
	}
	a, err := embedded.Find(ctx)
	if err != nil {
		return fmt.Errorf("%w: no brokers; %s; without them a program uses this user's embedded broker, but %w", ErrConfig, say, err)
	}
	c.Brokers = []string{a.Addr}
	log.Info("brokers: none were given, the embedded broker of this user was found", "addr", a.Addr, "cluster", a.ClusterID)
	return nil
}
