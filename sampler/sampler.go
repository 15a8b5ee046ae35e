package sampler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/sampler/file"
)

// Options are how a sampler reads. The zero value keeps nothing and has the default limits.
type Options struct {
	// Pins is the folder where samples are kept; "" keeps none.
	Pins string
	// Limits of one sample; zero fields have defaults.
	Limits Limits
	// Progress is called now and then while a sample is read, from the goroutine that reads; nil is not.
	Progress func(Progress)
}

// Limits of what a sample may take. What exceeds one is an error, never a shorter sample.
type Limits struct {
	Rows  int           // 1,000,000, which is also the most
	Bytes int64         // of the stored rows; 256 MiB
	Time  time.Duration // of the reading; 30 s
}

func (l Limits) withDefaults() Limits {
	if l.Rows <= 0 || l.Rows > file.MaxRows {
		l.Rows = file.MaxRows
	}
	if l.Bytes <= 0 || l.Bytes > file.MaxBytes {
		l.Bytes = 256 << 20
	}
	if l.Time <= 0 {
		l.Time = 30 * time.Second
	}
	return l
}

// Progress is how far the reading is.
type Progress struct {
	Rows, Of int64 // Of is by offsets, which may be more than rows
	Bytes    int64
}

// Sampler reads samples of one cluster. It is safe for concurrent use, but two calls that pin the same topic at once are not told
// which one stays.
type Sampler struct {
	cluster cluster.Config
	id      string
	opts    Options
	limits  Limits
	client  *kgo.Client
	admin   *kadm.Client
}

// Open connects to a cluster. The error says why it is not reached, as [cluster.Config.Diagnose] does.
func Open(ctx context.Context, c cluster.Config, opts Options) (*Sampler, error) {
	client, err := c.Connect(ctx)
	if err != nil {
		return nil, err
	}
	s := &Sampler{cluster: c, opts: opts, limits: opts.Limits.withDefaults(), client: client, admin: kadm.NewClient(client)}
	m, err := s.admin.BrokerMetadata(ctx)
	if err != nil {
		client.Close()
		return nil, c.Diagnose(err)
	}
	s.id = m.Cluster
	return s, nil
}

// Close ends the connections.
func (s *Sampler) Close() { s.client.Close() }

// ClusterID is that of Kafka's metadata.
func (s *Sampler) ClusterID() string { return s.id }

// Sample gives the pinned rows of topics, or reads and pins them; fresh says which. It reads topics that are not pinned over
// the span of those that are, and reads all anew only if the spec is another one than they were pinned with. When a topic is pinned from
// another cluster the error wraps [ErrOtherCluster]: [Sampler.Resample] is how to go on.
func (s *Sampler) Sample(ctx context.Context, spec Spec, topics ...string) (sample *file.Sample, fresh bool, err error) {
	if topics, err = s.checked(spec, topics); err != nil {
		return nil, false, err
	}
	pinned, missing, err := s.pinned(topics)
	if err != nil {
		return nil, false, err
	}
	asPinned := !slices.ContainsFunc(pinned, func(p *file.Sample) bool { return !spec.IsZero() && p.Spec != spec.String() })
	switch {
	case len(pinned) == 0 || !asPinned:
		sample, err = s.Resample(ctx, spec, topics...)
		return sample, err == nil, err
	case len(missing) > 0:
		added, err := s.alongside(ctx, pinned, missing)
		if err != nil {
			return nil, false, err
		}
		pinned, fresh = append(pinned, added), true
	}
	sample, err = file.Merge(pinned...)
	return sample, fresh, err
}

// Resample reads topics anew and pins them instead of what was pinned.
func (s *Sampler) Resample(ctx context.Context, spec Spec, topics ...string) (*file.Sample, error) {
	topics, err := s.checked(spec, topics)
	if err != nil {
		return nil, err
	}
	if spec.IsZero() {
		spec = Last(min(DefaultRows, s.limits.Rows))
	}
	return s.read(ctx, spec, topics, s.opts.Pins)
}

// Peek reads the last n rows of a topic and pins nothing.
func (s *Sampler) Peek(ctx context.Context, topic string, n int) (*file.Sample, error) {
	topics, err := s.checked(Last(n), []string{topic})
	if err != nil {
		return nil, err
	}
	return s.read(ctx, Last(n), topics, "")
}

func (s *Sampler) checked(spec Spec, topics []string) ([]string, error) {
	if len(topics) == 0 {
		return nil, fmt.Errorf("%w: no topic", ErrSpec)
	}
	for _, topic := range topics {
		if err := checkName(topic); err != nil {
			return nil, err
		}
	}
	topics = slices.Compact(slices.Sorted(slices.Values(topics)))
	return topics, spec.check(s.limits)
}

func (s *Sampler) pinned(topics []string) (pinned []*file.Sample, missing []string, err error) {
	if s.opts.Pins == "" {
		return nil, topics, nil
	}
	for _, topic := range topics {
		p, err := Pins{s.opts.Pins}.Load(s.id, topic)
		switch {
		case errors.Is(err, ErrNotPinned):
			missing = append(missing, topic)
		case err != nil:
			return nil, nil, err
		default:
			pinned = append(pinned, p)
		}
	}
	return pinned, missing, nil
}
