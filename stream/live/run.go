package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Config says how a run reads and where it speaks.
type Config struct {
	Cluster cluster.Config
	Code    string    // hash of the program's statements
	Out     io.Writer // the messages
	Formats codec.Formats
	// Idle is how long a partition must be silent until nobody waits for it. 0 is 30 s.
	Idle time.Duration
	// Open is the plan with ends behind its own that tell of open windows, as [plan.Open] gives them: end
	// len(p.Roots)+i is of root Of[i]. nil: nobody asks.
	Open *plan.Plan
	Of   []int
}

// Run runs a plan until its context ends. The error is also the last message.
func Run(ctx context.Context, p *plan.Plan, cfg Config) error {
	if cfg.Idle == 0 {
		cfg.Idle = 30 * time.Second
	}
	r := &run{plan: p, cfg: cfg, speak: newSpeaker(cfg.Out), heard: map[part]time.Time{}, own: map[int]bool{}}
	err := r.run(ctx)
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	var bad *exec.BadRow
	if errors.As(err, &bad) {
		r.report(bad)
	}
	r.speak.close(err)
	return err
}

// part is one partition of a topic.
type part struct {
	topic string
	id    int32
}

type run struct {
	plan   *plan.Plan
	cfg    Config
	speak  *speaker
	client *kgo.Client
	driver *exec.Driver
	heard  map[part]time.Time // when a partition last gave rows; zero: it rests
	read   int64
	bad    int64
	own    map[int]bool // steps of the plan itself, by their numbers in the plan that is run
}

func (r *run) run(ctx context.Context) error {
	hello := &Hello{Protocol: Protocol, Code: r.cfg.Code, Plan: r.plan.Hash()}
	for _, root := range r.plan.Roots {
		var fields []string
		for _, f := range root.Schema.Fields() {
			fields = append(fields, f.String())
		}
		hello.Roots = append(hello.Roots, Root{fields})
	}
	r.speak.say(Message{Hello: hello})
	if err := r.open(ctx); err != nil {
		return err
	}
	defer r.client.Close()
	for ctx.Err() == nil {
		if err := r.poll(ctx); err != nil {
			return err
		}
	}
	return nil
}

// open assigns the partitions and makes the tasks.
func (r *run) open(ctx context.Context) error {
	client, err := r.cfg.Cluster.Connect(ctx)
	if err != nil {
		return err
	}
	spans, err := starts(ctx, kadm.NewClient(client), r.plan)
	client.Close()
	if err != nil {
		return r.cfg.Cluster.Diagnose(err)
	}
	topics := map[string]int{}
	for t, parts := range spans {
		topics[t] = len(parts)
	}
	for _, s := range r.runs().Roots[:len(r.plan.Roots)] {
		r.claim(s)
	}
	topo := exec.Cut(r.runs())
	topo.Formats = r.cfg.Formats
	if r.driver, err = exec.NewDriver(topo, exec.DriverConfig{Topics: topics, Tap: r.tap, OnBad: r.report}); err != nil {
		return err
	}
	for t, parts := range spans {
		for p, s := range parts {
			if r.heard[part{t, p}] = time.Now(); s.from < s.end {
				continue
			}
			r.heard[part{t, p}] = time.Time{}
			if err := r.driver.Rest(t, int(p)); err != nil {
				return err
			}
		}
	}
	if err := r.readTables(ctx, spans); err != nil {
		return err
	}
	opts, err := r.cfg.Cluster.Options()
	if err != nil {
		return err
	}
	r.client, err = kgo.NewClient(append(opts, kgo.ConsumePartitions(assignment(spans)), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.ConsumeResetOffset(kgo.NoResetOffset()), kgo.FetchMaxWait(100*time.Millisecond), kgo.FetchMaxBytes(8<<20), kgo.MaxConcurrentFetches(2))...)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	return nil
}

// runs is the plan that is run.
func (r *run) runs() *plan.Plan {
	if r.cfg.Open != nil {
		return r.cfg.Open
	}
	return r.plan
}

func (r *run) tap(root int, b *row.Batch) error {
	from := source{root: root}
	if n := root - len(r.plan.Roots); n >= 0 {
		from = source{r.cfg.Of[n], true}
	}
	r.speak.give(from, b, r.driver.Idling())
	return nil
}

// claim notes a step and those before it as the plan's own.
func (r *run) claim(s *plan.Step) {
	if r.own[s.ID] {
		return
	}
	r.own[s.ID] = true
	for _, in := range s.In {
		r.claim(in)
	}
}

// maxValue is how much of a bad row's record is shown, in bytes.
const maxValue = 300

func (r *run) report(b *exec.BadRow) {
	if r.bad++; r.bad > 20 {
		return
	}
	m := &Bad{Stage: string(b.Stage), Op: b.Op, Error: b.Err.Error(), Stack: string(b.Stack)}
	if rec := b.Record; rec != nil {
		m.At = fmt.Sprintf("%s %d@%d", rec.Topic, rec.Partition, rec.Offset)
		m.Value = string(rec.Value[:min(len(rec.Value), maxValue)])
	}
	r.speak.say(Message{Bad: m})
}

// poll reads what is there, runs it, and says how far it is.
func (r *run) poll(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, 250*time.Millisecond)
	fetches := r.client.PollRecords(limited, 10_000)
	cancel()
	if err := r.failed(ctx, fetches); err != nil {
		return err
	}
	recs := make([]row.Record, 0, fetches.NumRecords())
	lag := int64(0)
	fetches.EachPartition(func(p kgo.FetchTopicPartition) {
		for _, rec := range p.Records {
			recs = append(recs, cluster.Record(rec))
		}
		if n := len(p.Records); n > 0 {
			lag += p.LastStableOffset - p.Records[n-1].Offset - 1
			r.heard[part{p.Topic, p.Partition}] = time.Now()
		}
	})
	r.read += int64(len(recs))
	if whole := tables(r.plan); len(whole) > 0 { // what a table has is known before it is looked up
		slices.SortStableFunc(recs, func(a, b row.Record) int {
			return cmp.Compare(rank(whole, b), rank(whole, a))
		})
	}
	if err := r.driver.Feed(recs); err != nil {
		return err
	}
	if err := r.rest(lag); err != nil {
		return err
	}
	r.tell(max(0, lag))
	return nil
}

// failed is the first error of a fetch that will not go away by itself.
func (r *run) failed(ctx context.Context, f kgo.Fetches) error {
	for _, e := range f.Errors() {
		if ctx.Err() != nil || errors.Is(e.Err, context.DeadlineExceeded) || errors.Is(e.Err, context.Canceled) {
			continue
		}
		return r.cfg.Cluster.Diagnose(fmt.Errorf("%s partition %d: %w", e.Topic, e.Partition, e.Err))
	}
	return nil
}

// rest lets partitions rest that have been silent for long while nothing waited to be read, and closes what is open
// where all rest.
func (r *run) rest(lag int64) error {
	if lag > 0 {
		return nil
	}
	rested := false
	for p, last := range r.heard {
		if last.IsZero() || time.Since(last) < r.cfg.Idle {
			continue
		}
		r.heard[p], rested = time.Time{}, true
		if err := r.driver.Rest(p.topic, int(p.id)); err != nil {
			return err
		}
	}
	if rested {
		return r.driver.Silence()
	}
	return nil
}

func (r *run) tell(lag int64) {
	counts := r.driver.Counts()
	p := Progress{Read: r.read, Lag: lag, Idle: r.sum(counts.Idle), Late: r.sum(counts.Late), Over: r.sum(counts.Over), Misfit: r.sum(counts.Misfit), Bad: r.bad}
	if wm := r.driver.Watermark(); wm > 0 && wm < 1<<62 {
		p.Watermark = wm
	}
	r.speak.tell(p)
}

// sum is what the plan's own steps counted.
func (r *run) sum(counts map[int]int64) (n int64) {
	for step, k := range counts {
		if r.own[step] {
			n += k
		}
	}
	return n
}
