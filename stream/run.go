package stream

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/state"
)

// process is what a run keeps from one session to the next.
type process struct {
	cfg     Config
	layout  *layout
	cl      *kgo.Client // of admin
	admin   *kadm.Client
	db      *state.DB
	trimmed time.Time

	refusing sync.Mutex
	refused  map[[32]byte]error // records that the broker will never take
	careful  bool               // rows are written one by one
}

// Run runs a plan over Kafka, as one whose rows nobody looks at, until ctx ends; then it finishes the open transaction
// and returns nil. It returns an error that wraps one of this package's, or an
// [*exec.BadRow], when a restart cannot help; any other when restarts did not.
func Run(ctx context.Context, p *plan.Plan, cfg Config) error {
	cfg, err := cfg.filled()
	if err != nil {
		return err
	}
	if err := p.Unseen(); err != nil {
		return err
	}
	r := &process{cfg: cfg, refused: map[[32]byte]error{}}
	defer r.close()
	for attempt := 1; ; attempt++ {
		progress, err := r.once(ctx, p)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		err = denied(cfg.Cluster.Diagnose(err))
		if progress {
			attempt = 1
		}
		var bad *exec.BadRow
		if permanent(err) || errors.As(err, &bad) || attempt > cfg.Retries {
			return err
		}
		after := min(time.Second<<(attempt-1), time.Minute)
		cfg.Events.Retry(Retry{err, attempt, after})
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(after):
		}
	}
}

// once runs one session. It says whether that committed anything.
func (p *process) once(ctx context.Context, plan *plan.Plan) (bool, error) {
	if p.layout == nil {
		if err := p.start(ctx, plan); err != nil {
			return false, err
		}
	}
	s, err := p.open(ctx)
	if err != nil {
		return false, err
	}
	defer s.close()
	err = s.run(ctx)
	if err != nil {
		s.abandon()
	}
	return s.committed, err
}

// abandon aborts what is open, so that nobody has to wait for it.
func (s *session) abandon() {
	if !s.txn.open {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), abortTimeout)
	defer cancel()
	if _, err := s.group.End(ctx, kgo.TryAbort); err != nil {
		s.cfg.Log.Warn("abort", "error", err)
	}
}

// start connects, lays the plan on the topics, opens the state and makes the
// program's own topics.
func (p *process) start(ctx context.Context, plan *plan.Plan) error {
	if err := enoughFiles(); err != nil {
		return err
	}
	if err := p.connect(ctx); err != nil {
		return err
	}
	topo := exec.Cut(plan)
	topo.Formats = p.cfg.Formats
	topics, err := p.survey(ctx, topo)
	if err != nil {
		return err
	}
	l, err := newLayout(topo, p.cfg.Group, topics)
	if err != nil {
		return err
	}
	id, err := p.clusterID(ctx)
	if err != nil {
		return err
	}
	if p.db == nil {
		if p.db, err = p.cfg.open(id); err != nil {
			return err
		}
	}
	for _, i := range p.db.Incidents() {
		p.cfg.Events.Damaged(i.Err())
	}
	if err := l.keep(p.cfg.Source); err != nil {
		return err
	}
	if err := l.named(p.cfg); err != nil {
		return err
	}
	p.name()
	p.layout = l
	if err = p.make(ctx); err == nil {
		err = p.identify(ctx)
	}
	if err != nil {
		p.layout = nil
		return err
	}
	p.cfg.Events.Ready(Ready{Group: p.cfg.Group, Instance: p.cfg.Instance, Cluster: id, Tasks: l.tasks()})
	return nil
}

// client are the options of every client of the run.
func (p *process) client() []kgo.Opt {
	base, _ := p.cfg.Cluster.Options() // connect has seen that they are good
	return append(append(base, kgo.DisableClientMetrics()), p.cfg.Client...)
}

func (p *process) connect(ctx context.Context) error {
	if p.cl != nil {
		return nil
	}
	if _, err := p.cfg.Cluster.Options(); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	// What is asked of the cluster is about topics that were made a moment ago:
	// an answer from before that, which the client keeps for 5 s, says they are not there.
	cl, err := kgo.NewClient(append(p.client(), kgo.MetadataMinAge(10*time.Millisecond))...)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	ping, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := cl.Ping(ping); err != nil {
		cl.Close()
		return err
	}
	p.cl, p.admin = cl, kadm.NewClient(cl)
	return nil
}

func (p *process) clusterID(ctx context.Context) (string, error) {
	m, err := p.admin.BrokerMetadata(ctx)
	if err != nil {
		return "", fmt.Errorf("cluster: %w", err)
	}
	return m.Cluster, nil
}

// name gives the instance the name that is kept in the state folder, if it has none.
func (p *process) name() {
	if p.cfg.Instance == "" {
		p.cfg.Instance = p.db.Instance()
	}
	if p.cfg.Instance == "" {
		p.cfg.Instance = randomName()
	}
}

func (p *process) close() {
	if p.cl != nil {
		p.cl.Close()
	}
	if p.db != nil {
		if err := p.db.Close(); err != nil {
			p.cfg.Log.Error("close state", "error", err)
		}
	}
}

// randomName is for a process that has no folder to keep a name in.
func randomName() string { return strings.ToLower(rand.Text()[:12]) }
