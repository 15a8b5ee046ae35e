package session

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/interp"
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
	waits  []exec.Waits // what is open at the end of the sample
	driver *exec.Driver
	sample *file.Sample
	fresh  bool          // the sample was taken just now, because nobody had
	writes codec.Schemas // where the schemas of what is written go; nil: nowhere
	into   string        // the topic that the rows would be written to, or ""

	panicked *interp.Error // of the first bad row, if a function of a cell did it
}

// run runs frames over the pinned sample of their topics. Bad rows are left out and reported.
func (s *Session) run(ctx context.Context, frames ...cells.Frame) (*outcome, error) {
	var topics []string
	var roots []*plan.Node
	for _, f := range frames {
		if f.Err() != nil {
			return nil, f.Err()
		}
		topics, roots = append(topics, f.Topics()...), append(roots, f.Node())
	}
	return s.runGraph(ctx, topics, roots)
}

// rows runs a frame for its rows. Those of a frame that ends in a topic are the rows that it would write.
func (s *Session) rows(ctx context.Context, f cells.Frame) (*outcome, error) {
	if several(f) {
		return nil, errors.New("the frame has several ends: take one of those that Outputs is given")
	}
	o, err := s.run(ctx, f)
	if err != nil {
		return nil, err
	}
	if sink, ok := f.Node().Op.(*plan.Sink); ok {
		o.into = strings.Join(sink.Names(), ", ")
	}
	return o, nil
}

// several says whether a frame has more than one end.
func several(f cells.Frame) bool {
	if f.Err() != nil {
		return false
	}
	_, is := f.Node().Op.(*plan.Outputs)
	return is
}

// runWriting runs a frame that ends in a topic for the records that it writes.
func (s *Session) runWriting(ctx context.Context, f cells.Frame, registry codec.Schemas) (*outcome, error) {
	return s.graph(ctx, f.Topics(), []*plan.Node{f.Node()}, &outcome{writes: registry})
}

func (s *Session) runGraph(ctx context.Context, topics []string, roots []*plan.Node) (*outcome, error) {
	return s.graph(ctx, topics, roots, &outcome{})
}

func (s *Session) graph(ctx context.Context, topics []string, roots []*plan.Node, o *outcome) (*outcome, error) {
	slices.Sort(topics)
	topics = slices.Compact(topics)
	var err error
	if o.sample, o.fresh, err = s.samples.take(ctx, sampler.Spec{}, topics); err != nil {
		return nil, err
	}
	if o.plan, err = s.samples.plan(ctx, roots); err != nil {
		return nil, err
	}
	if now, ok := s.samples.held(topics); ok {
		o.sample = now // perhaps with schemas that were missing before
	}
	return o, o.drive(ctx, s.engine.Recovered, (*exec.Replay).Run)
}

// drive feeds the sample to the plan's tasks, by run. Recovered tells where a cell's function panicked.
func (o *outcome) drive(ctx context.Context, recovered func(text string) *interp.Error, run func(*exec.Replay, context.Context) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var r *exec.Replay // known to OnBad when rows flow
	r, err := exec.NewReplay(o.plan, o.sample, exec.DriverConfig{Lenient: true, Registry: o.writes, OnBad: func(b *exec.BadRow) {
		if o.bad = append(o.bad, b); len(o.bad) == 1 && b.Stage == exec.User {
			o.panicked = recovered(b.Err.Error())
		}
		if o.ends(b, r.Driver) {
			stop(o.failure(r.Driver))
		}
	}}, known()...)
	if err != nil {
		return err
	}
	if err := run(r, ctx); err != nil {
		return cmp.Or(context.Cause(ctx), err)
	}
	d := r.Driver
	o.tables, o.driver = r.Tables, d
	o.sent, o.counts, o.waits = d.Sent(), d.Counts(), d.Waits()
	if o.fruitless(d) {
		return o.failure(d)
	}
	for _, t := range o.tables {
		t.SortByTime()
	}
	return nil
}

// hopeless is how many bad rows end a run over a sample if most rows were bad:
// then it is not the rows that are wrong.
const hopeless = 2000

// ends says whether a bad row is one too many: it is the step that is wrong.
func (o *outcome) ends(b *exec.BadRow, d *exec.Driver) bool {
	var lacks *exec.Undeclared
	return errors.As(b.Err, &lacks) || len(o.bad) == hopeless && o.read(d) < 2*hopeless
}

// fruitless says whether bad rows are why a run gave nothing.
func (o *outcome) fruitless(d *exec.Driver) bool {
	for _, t := range o.tables {
		if t.Len() > 0 {
			return false
		}
	}
	if len(o.bad) == 0 {
		return false
	}
	waits := slices.ContainsFunc(o.plan.Steps, func(s *plan.Step) bool {
		switch s.Op.(type) {
		case *plan.Window, *plan.AsOf, *plan.Interval:
			return true
		}
		return false
	})
	if o.bad[0].Stage == exec.User && !waits {
		return true
	}
	return int64(2*len(o.bad)) > o.read(d)
}

// failure is the error of a run whose rows are bad for a reason that is not theirs.
func (o *outcome) failure(d *exec.Driver) error {
	b := o.bad[len(o.bad)-1]
	if f := (&rowFailure{BadRow: b}); f.undeclared() == nil {
		b = o.bad[0]
	}
	f := &rowFailure{BadRow: b, step: o.plan.Steps[b.Step], bad: len(o.bad), read: o.read(d)}
	if b == o.bad[0] {
		f.panic = o.panicked
	}
	return f
}

// read is how many rows the sources have read.
func (o *outcome) read(d *exec.Driver) int64 {
	counts, n := d.Counts(), int64(0)
	for _, s := range o.plan.Sources() {
		n += counts.Rows[s.ID]
	}
	return n
}
