package stream

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/state"
)

// Config says where and how a plan runs. Cluster and Group must be set.
type Config struct {
	Cluster cluster.Config
	// Group names the program on the cluster: its consumer group, and the
	// beginning of the names of its own topics and transactional ids.
	Group string
	// Instance names this process within the group, for good. "" is a random
	// name that is kept in the state folder.
	Instance string
	// StateDir is the state folder; "" keeps state in memory, and restores all
	// of it from the changelog at each start.
	StateDir string
	// From is where a new group begins to read.
	From From
	// Idle is how long an input of a task must be silent until the others go on
	// without it; when all are, the task closes what is open. 0 is 30 s; less
	// than 0 is never.
	Idle time.Duration
	// Commit is how long a transaction lasts. 0 is from 100 ms to 500 ms, by
	// what it costs to end one.
	Commit time.Duration
	// Delivery is when others see the rows; "" is [ExactlyOnce].
	Delivery Delivery
	// Replication is that of the topics that the program makes; 0 is the broker's default.
	Replication int
	// Retries is how often in a row the process starts again from its last
	// commit after a failure of the environment. Less than 0 is never; 0 is 3.
	Retries int
	// SessionTimeout is how long the group waits for a process that is silent
	// until it gives its tasks to others. 0 is 45 s.
	SessionTimeout time.Duration
	// Source is the Go files of the program's own package. With them it is
	// noticed when a function that keeps state is no longer the one that the
	// state was made by; nil: not noticed.
	Source fs.FS
	// Adopt are ids of stores whose steps go on with state that was made by
	// another version of their function.
	Adopt []string
	// Reset are ids of stores whose steps begin without what was saved for them,
	// if that is of another version of the step.
	Reset []string
	// Probe is a command that examines a state folder; see [state.Options].
	Probe []string

	// Reader is to read the run's state by; nil: nobody does.
	Reader *Reader
	// Formats are what the plan's topics are read and written by.
	Formats codec.Formats

	Events Events
	Log    *slog.Logger // nil: silence
	// Failpoint is called at named points, for tests that crash there:
	// before-produce, after-produce, before-end, after-end-before-badger,
	// mid-badger, mid-restore, held; and from a goroutine of the client: revoked.
	Failpoint func(point string)
	// Client are further options for every client, such as a test's network.
	Client []kgo.Opt

	control control
}

// From is where a new group begins.
type From string

// Where a new group begins to read.
const (
	Earliest From = "earliest" // with the first row of each topic; the default
	Latest   From = "latest"   // with the rows that come after the start
)

// The times of a run.
const (
	transactionTimeout = 10 * time.Second
	settleTimeout      = transactionTimeout + 10*time.Second // for a transaction of another process to be decided
	leastCommit        = 100 * time.Millisecond
	mostCommit         = 500 * time.Millisecond
	shortestCommit     = 5 * time.Millisecond
	longestCommit      = 5 * time.Second  // half of what brokers give a transaction
	produceTimeout     = 30 * time.Second // for the brokers to take a transaction's records
	finishTimeout      = 8 * time.Second  // for the last transaction after a signal
	abortTimeout       = time.Second      // to abort what could not be finished
)

// Bounds of memory.
const (
	pollRows  = 2000
	txnRows   = 50_000
	txnBytes  = 16 << 20 // of rows read and state changed, in one transaction
	fetchSize = 8 << 20  // compressed, from one broker
	buffered  = 32 << 20 // of records that a client has not written yet

	fetchAlone  = 1 << 20   // compressed, from one partition
	fetchBeside = 128 << 10 // the same, where a task reads others beside it
)

func (c Config) filled() (Config, error) {
	if c.Group == "" {
		return c, fmt.Errorf("%w: no group, want a name for the program such as --group car-speed", ErrConfig)
	}
	for what, name := range map[string]string{"group": c.Group, "instance": c.Instance} {
		if err := checkName(what, name); err != nil {
			return c, err
		}
	}
	switch c.From {
	case "":
		c.From = Earliest
	case Earliest, Latest:
	default:
		return c, fmt.Errorf("%w: from is %q, want %q or %q", ErrConfig, c.From, Earliest, Latest)
	}
	switch c.Delivery {
	case "":
		c.Delivery = ExactlyOnce
	case ExactlyOnce, AtLeastOnce:
	default:
		return c, fmt.Errorf("%w: delivery is %q, want %q or %q", ErrConfig, c.Delivery, ExactlyOnce, AtLeastOnce)
	}
	if c.Idle == 0 {
		c.Idle = 30 * time.Second
	}
	if c.Replication == 0 {
		c.Replication = -1
	}
	if c.Retries == 0 {
		c.Retries = 3
	}
	if c.SessionTimeout == 0 {
		c.SessionTimeout = 45 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Failpoint == nil {
		c.Failpoint = func(string) {}
	}
	c.Events = c.Events.filled()
	return c, nil
}

// checkName takes what may be part of a topic's name.
func checkName(what, name string) error {
	for _, r := range name {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == '-') {
			return fmt.Errorf("%w: %s %q has the character %q, want letters, digits, '.', '_' and '-'", ErrConfig, what, name, r)
		}
	}
	if len(name) > 150 {
		return fmt.Errorf("%w: %s has %d characters, want at most 150", ErrConfig, what, len(name))
	}
	return nil
}

// open opens the state of the process.
func (c Config) open(clusterID string) (*state.DB, error) {
	if c.StateDir == "" {
		return state.Memory(), nil
	}
	db, err := state.Open(c.StateDir, state.Options{Cluster: clusterID, Budget: stateMemory(), Probe: c.Probe, Log: c.Log, Failpoint: func(string) { c.Failpoint("mid-badger") }})
	var file *fs.PathError
	switch {
	case errors.Is(err, state.ErrLocked), errors.Is(err, state.ErrCluster), errors.Is(err, state.ErrVersion):
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	case errors.As(err, &file) && !errors.Is(err, state.ErrDiskFull):
		return nil, fmt.Errorf("%w: state folder %s cannot be used; --state-dir names another: %w", ErrConfig, c.StateDir, err)
	}
	return db, err
}
