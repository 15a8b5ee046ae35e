package session

import (
	"cmp"
	"context"
	"slices"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/sampler"
	"github.com/riffle-stream/riffle/sampler/file"
)

// outcome is what frames give over their sample.
type outcome struct {
	plan   *plan.Plan
	tables []*row.Table // by root, in order of event time
	sent   []row.Record
	bad    []*exec.BadRow
	counts exec.Counts
	sample *file.Sample
	fresh  bool // the sample was taken just now, because nobody had
}

// run runs frames over the pinned sample of their topics. Bad rows are left out and reported.
func (s *Session) run(ctx context.Context, frames ...cells.Frame) (*outcome, error) {
	var topics []string
	for _, f := range frames {
		if f.Err() != nil {
			return nil, f.Err()
		}
		topics = append(topics, f.Topics()...)
	}
	slices.Sort(topics)
	topics = slices.Compact(topics)
	o := &outcome{}
	var err error
	if o.sample, o.fresh, err = s.samples.take(ctx, sampler.Spec{}, topics); err != nil {
		return nil, err
	}
	if o.plan, err = s.samples.bind(ctx, frames...); err != nil {
		return nil, err
	}
	return o, o.drive(ctx, topics)
}

// drive feeds the sample to the plan's tasks.
func (o *outcome) drive(ctx context.Context, topics []string) error {
	for _, r := range o.plan.Roots {
		o.tables = append(o.tables, row.NewTable(r.Schema))
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	width := map[string]int{}
	for _, t := range topics {
		width[t] = int(o.sample.Partitions(t))
	}
	var d *exec.Driver // known to OnBad when rows flow
	d, err := exec.NewDriver(exec.Cut(o.plan), exec.DriverConfig{
		Topics: width, Lenient: true,
		Tap: func(root int, b *row.Batch) error {
			o.tables[root].Add(b)
			return nil
		},
		OnBad: func(b *exec.BadRow) {
			if o.bad = append(o.bad, b); len(o.bad) == hopeless && o.read(d) < 2*hopeless {
				stop(o.bad[0])
			}
		},
	})
	if err != nil {
		return err
	}
	if err := d.Replay(ctx, o.sample, topics); err != nil {
		return cmp.Or(context.Cause(ctx), err)
	}
	o.sent, o.counts = d.Sent(), d.Counts()
	for _, t := range o.tables {
		t.SortByTime()
	}
	return nil
}

// hopeless is how many bad rows end a run over a sample if most rows were bad:
// then it is not the rows that are wrong.
const hopeless = 2000

// read is how many rows the sources have read.
func (o *outcome) read(d *exec.Driver) int64 {
	counts, n := d.Counts(), int64(0)
	for _, s := range o.plan.Sources() {
		n += counts.Rows[s.ID]
	}
	return n
}
