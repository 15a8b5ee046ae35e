package session

import (
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
	width := map[string]int{}
	for _, t := range topics {
		width[t] = int(o.sample.Partitions(t))
	}
	d, err := exec.NewDriver(exec.Cut(o.plan), exec.DriverConfig{
		Topics: width, Lenient: true,
		Tap: func(root int, b *row.Batch) error {
			o.tables[root].Add(b)
			return nil
		},
		OnBad: func(b *exec.BadRow) { o.bad = append(o.bad, b) },
	})
	if err != nil {
		return err
	}
	if err := d.Replay(ctx, o.sample, topics); err != nil {
		return err
	}
	o.sent, o.counts = d.Sent(), d.Counts()
	for _, t := range o.tables {
		t.SortByTime()
	}
	return nil
}
