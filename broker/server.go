package broker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/broker/embedded"
	"github.com/riffle-stream/riffle/broker/telemetry"
)

// DefaultIdle is how long a broker outlives its last client.
const DefaultIdle = 10 * time.Minute

// lookLimit is longer than anybody looks.
const lookLimit = 500 * time.Millisecond

// ErrRunning is returned by [Run] when this user has a broker already.
var ErrRunning = errors.New("broker: another one of this user runs")

// Config is how a broker runs. The zero value will do.
type Config struct {
	// Idle is how long it waits for clients after the last one left; 0 means [DefaultIdle], negative for ever.
	Idle time.Duration
	// Telemetry feeds the telemetry topics.
	Telemetry bool
	// Seed of the telemetry.
	Seed uint64
	// Log is told of start and end; nil is silence.
	Log *slog.Logger
}

// keepAll overrides a week's retention: rows that somebody brings may be years old, and time-outs would take them at once.
var keepAll = map[string]string{"log.retention.ms": "-1"}

// server is a broker that runs.
type server struct {
	cfg     Config
	home    embedded.Home
	addr    embedded.Address
	cluster *kfake.Cluster
	ln      *listener
	failed  chan error // the feed's end
}

// Run is the broker of this user: it returns nil when ctx ends or nobody needs it any more, and [ErrRunning] when there is one.
func Run(ctx context.Context, cfg Config) error {
	home, err := embedded.Open()
	if err != nil {
		return err
	}
	// Who looks for a broker holds the lock for a moment.
	wait, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	life, err := home.Lock(wait, embedded.Life)
	if errors.Is(err, embedded.ErrLocked) {
		return ErrRunning
	}
	if err != nil {
		return err
	}
	defer life.Unlock()
	s, err := start(home, cfg)
	if err != nil {
		return err
	}
	defer s.close()
	return s.serve(ctx)
}

func start(home embedded.Home, cfg Config) (*server, error) {
	if cfg.Idle == 0 {
		cfg.Idle = DefaultIdle
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &server{cfg: cfg, home: home, failed: make(chan error, 1)}
	id := embedded.NewClusterID()
	var err error
	s.cluster, err = kfake.NewCluster(kfake.NumBrokers(1), kfake.Ports(0), kfake.ClusterID(id), kfake.BrokerConfigs(keepAll),
		kfake.ListenFn(func(network, address string) (l net.Listener, err error) {
			s.ln, err = listen(network, address)
			return s.ln, err
		}))
	if err != nil {
		return nil, fmt.Errorf("broker: %w", err)
	}
	if err := s.makeTopics(); err != nil {
		s.cluster.Close()
		return nil, err
	}
	s.addr = embedded.Address{Addr: s.cluster.ListenAddrs()[0], ClusterID: id, PID: os.Getpid(), Telemetry: cfg.Telemetry, Started: time.Now()}
	if err := home.Write(s.addr); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// makeTopics is done before the address is known: who finds the broker finds the topics.
func (s *server) makeTopics() error {
	if !s.cfg.Telemetry {
		return nil
	}
	for _, topic := range []string{telemetry.CarTopic, telemetry.GPSTopic} {
		if err := s.cluster.CreateTopic(topic, telemetry.Partitions, map[string]string{"retention.ms": retention}); err != nil {
			return fmt.Errorf("broker: topic %s: %w", topic, err)
		}
	}
	return nil
}

// serve returns when ctx ends, the feed fails, or nobody has been connected for long enough.
func (s *server) serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.cfg.Log.Info("broker listens", "addr", s.addr.Addr, "cluster", s.addr.ClusterID, "telemetry", s.cfg.Telemetry)
	if s.cfg.Telemetry {
		go func() { s.failed <- s.feed(ctx) }()
	}
	look := time.NewTicker(lookEvery(s.cfg.Idle))
	defer look.Stop()
	retention := time.NewTicker(time.Minute)
	defer retention.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-s.failed:
			return fmt.Errorf("broker: telemetry: %w", err)
		case <-retention.C:
			s.cluster.ApplyRetention()
		case <-look.C:
			if gone, err := s.unneeded(); gone || err != nil {
				return err
			}
		}
	}
}

func lookEvery(idle time.Duration) time.Duration {
	if idle < 0 {
		return time.Hour
	}
	return min(max(idle/10, 10*time.Millisecond), 10*time.Second)
}

// unneeded reports whether the broker may end. The address is taken away first: who had read it before and connects now is
// seen, and the broker stays.
func (s *server) unneeded() (bool, error) {
	if s.cfg.Idle < 0 || s.ln.idle() < s.cfg.Idle {
		return false, nil
	}
	s.home.Forget()
	time.Sleep(min(s.cfg.Idle/10, 200*time.Millisecond))
	if s.ln.idle() < s.cfg.Idle {
		return false, s.home.Write(s.addr)
	}
	s.cfg.Log.Info("broker ends: no client", "for", s.ln.idle().Round(time.Second))
	return true, nil
}

func (s *server) feed(ctx context.Context) error {
	dial := func(context.Context, string, string) (net.Conn, error) { return s.ln.dial() }
	feed := Feed{Race: telemetry.Race{Seed: s.cfg.Seed, Start: time.Now().Add(-Backlog)}}
	return feed.Run(ctx, kgo.SeedBrokers(s.addr.Addr), kgo.Dialer(dial))
}

func (s *server) close() {
	s.home.Forget()
	s.cluster.Close()
}
