package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/riffle-stream/riffle/broker"
	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/survey"
	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/sampler"
	"github.com/riffle-stream/riffle/sampler/file"
)

// samples are the pinned samples of a notebook, and what they taught.
type samples struct {
	dir     string // of the pins
	program string
	out     func() kernel.Output // of the cell that asks

	mu      sync.Mutex
	brokers cluster.Config
	sampler *sampler.Sampler
	pinned  map[string]*file.Sample // by topic
	tables  map[string]bool         // topics that are read as tables
	still   map[string]*file.Sample // by name: rows of files and cells
	facts   map[string]learned      // by how a topic is read
}

// learned is what a sample taught of a topic.
type learned struct {
	facts  plan.TopicFacts
	report codec.Report
}

func newSamples(cfg Config, out func() kernel.Output) *samples {
	return &samples{
		dir: filepath.Join(cfg.Dir, ".riffle", "samples"), program: cfg.Program, out: out, brokers: cfg.Brokers,
		pinned: map[string]*file.Sample{}, tables: map[string]bool{}, still: map[string]*file.Sample{}, facts: map[string]learned{},
	}
}

func (s *samples) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sampler != nil {
		s.sampler.Close()
		s.sampler = nil
	}
}

// connect uses another cluster from now on, if it can be reached.
func (s *samples) connect(ctx context.Context, c cluster.Config) error {
	next, err := sampler.Open(ctx, c, sampler.Options{Pins: s.dir})
	if err != nil {
		return err
	}
	s.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.brokers, s.sampler = c, next
	clear(s.pinned)
	clear(s.facts)
	return nil
}

// config is the cluster in use; the embedded broker is started if there is no other.
func (s *samples) config(ctx context.Context) (cluster.Config, error) {
	s.mu.Lock()
	c := s.brokers
	s.mu.Unlock()
	if len(c.Brokers) > 0 {
		return c, nil
	}
	a, err := broker.FindOrStart(ctx, s.program, "broker", "--telemetry")
	if err != nil {
		return c, err
	}
	c.Brokers = []string{a.Addr}
	return c, nil
}

// open is the sampler of the cluster in use.
func (s *samples) open(ctx context.Context) (*sampler.Sampler, error) {
	c, err := s.config(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sampler == nil {
		if err := os.MkdirAll(s.dir, 0o755); err != nil {
			return nil, fmt.Errorf("folder of samples: %w", err)
		}
		if s.sampler, err = sampler.Open(ctx, c, sampler.Options{Pins: s.dir}); err != nil {
			return nil, err
		}
	}
	return s.sampler, nil
}

// opened is the sampler of the cluster in use, if anybody asked for it yet.
func (s *samples) opened() (*sampler.Sampler, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sampler, s.sampler != nil
}

// take gives the pinned sample of topics, or takes and pins it.
func (s *samples) take(ctx context.Context, spec sampler.Spec, names []string) (sample *file.Sample, fresh bool, err error) {
	still, topics := s.apart(names)
	if len(still) > 0 {
		if len(topics) > 0 {
			if sample, fresh, err = s.take(ctx, spec, topics); err != nil {
				return nil, false, err
			}
			still = append([]*file.Sample{sample}, still...)
		}
		sample, err = file.Merge(still...)
		return sample, fresh, err
	}
	if spec.IsZero() {
		if sample, ok := s.held(topics); ok {
			return sample, false, nil
		}
	}
	from, err := s.open(ctx)
	if err != nil {
		return nil, false, err
	}
	if err := awaitBurst(ctx, from, topics, s.out()); err != nil {
		return nil, false, err
	}
	sample, fresh, err = s.whole(ctx, from.Sample, spec, topics)
	if errors.Is(err, sampler.ErrOtherCluster) && s.gone(from.ClusterID(), topics) {
		sample, _, err = s.whole(ctx, anew(from), spec, topics)
		fresh = true
	}
	if errors.Is(err, sampler.ErrNoTopic) && s.ended(from.ClusterID(), topics) {
		err = fmt.Errorf("%w; the embedded Kafka that had it has ended, and its topics with it: write them anew", err)
	}
	if errors.Is(err, sampler.ErrOtherCluster) {
		err = fmt.Errorf("%w: run Resample(frame) to sample this one", err)
	}
	for _, broken := range []error{file.ErrNotSample, file.ErrTruncated, file.ErrCorrupt} {
		if errors.Is(err, broken) {
			err = fmt.Errorf("the pinned rows cannot be read: %w: run Resample(frame) to take them anew", err)
		}
	}
	if err == nil {
		s.hold(sample, topics)
	}
	return sample, fresh, err
}

// anew is a reading that passes over what is pinned.
func anew(from *sampler.Sampler) reading {
	return func(ctx context.Context, spec sampler.Spec, topics ...string) (*file.Sample, bool, error) {
		sample, err := from.Resample(ctx, spec, topics...)
		return sample, true, err
	}
}

// hold keeps a sample in memory, and forgets what an older one taught.
func (s *samples) hold(sample *file.Sample, topics []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range topics {
		s.pinned[t] = sample
	}
	clear(s.facts)
}

// bind gives the plan of frames with the facts of their topics' samples.
func (s *samples) bind(ctx context.Context, frames ...cells.Frame) (*plan.Plan, error) {
	var roots []*plan.Node
	for _, f := range frames {
		if f.Err() != nil {
			return nil, f.Err()
		}
		roots = append(roots, f.Node())
	}
	return s.plan(ctx, roots)
}

// plan is the plan of a graph that ends in roots.
func (s *samples) plan(ctx context.Context, roots []*plan.Node) (*plan.Plan, error) {
	facts := plan.Facts{Topics: map[string]plan.TopicFacts{}}
	var failed error
	plan.Walk(roots, func(n *plan.Node) {
		if src, ok := n.Op.(*plan.Source); ok && failed == nil {
			var l learned
			l, failed = s.learn(ctx, src)
			facts.Topics[src.Topic] = l.facts
		}
	})
	if failed != nil {
		return nil, failed
	}
	p, err := plan.Bind(roots, facts)
	if err != nil {
		return nil, culprits(roots, facts, err)
	}
	return p, nil
}

// learn gives what the sample teaches of the topic that a source reads.
func (s *samples) learn(ctx context.Context, src *plan.Source) (learned, error) {
	key := src.Text()
	s.mu.Lock()
	l, ok := s.facts[key]
	sample := s.pinned[src.Topic]
	if still := s.still[src.Topic]; still != nil {
		sample = still
	}
	s.mu.Unlock()
	if ok {
		return l, nil
	}
	if sample == nil {
		var err error
		if sample, _, err = s.take(ctx, sampler.Spec{}, []string{src.Topic}); err != nil {
			return l, err
		}
	}
	sample, err := s.described(ctx, src, sample)
	if err != nil {
		return l, err
	}
	rows := ofTopic(sample.Records, src.Topic)
	facts, report, err := survey.Topic(src, rows, int(sample.Partitions(src.Topic)), formats(sample))
	if err != nil {
		return l, err
	}
	if len(facts.Fields) == 0 && len(rows) == 0 {
		return l, fmt.Errorf("topic %s: %w in the sample, so nothing is known of its columns: run Resample(frame) when something was written to it, or say what they are with Fields(\"name kind\")", src.Topic, sampler.ErrEmpty)
	}
	if len(facts.Fields) == 0 && report.Bad > 0 {
		return l, fmt.Errorf("topic %s: none of %s is %s: %s. Say how they are written: Topic(%[1]q, CSV(\"car\", \"speed\")), or Topic(%[1]q, Raw()) for the bytes as they are",
			src.Topic, count(report.Bad, "row"), formatName(src.Format), report.First)
	}
	l = learned{facts, report}
	for _, note := range misspelt(src, report) {
		s.out().Stream(kernel.Stderr, note+"\n")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.facts[key] = l
	return l, nil
}

// formatName is a format as people call it.
func formatName(format string) string {
	name, _, _ := strings.Cut(format, "(")
	return strings.ToUpper(name)
}

func ofTopic(recs []row.Record, topic string) []row.Record {
	var out []row.Record
	for _, r := range recs {
		if r.Topic == topic {
			out = append(out, r)
		}
	}
	return out
}

// columns are those of every topic that a sample taught, by name.
func (s *samples) columns() []row.Field {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := map[row.Field]bool{}
	var out []row.Field
	for _, l := range s.facts {
		for _, f := range l.facts.Fields {
			if !seen[row.Field(f)] {
				seen[row.Field(f)] = true
				out = append(out, row.Field(f))
			}
		}
	}
	slices.SortFunc(out, func(a, b row.Field) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// exact is the pinned sample of these topics and no others.
func (s *samples) exact(ctx context.Context, topics []string) (*file.Sample, error) {
	from, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	sample, _, err := from.Sample(ctx, sampler.Spec{}, topics...)
	return sample, err
}
