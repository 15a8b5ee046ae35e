package session

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/sampler"
	"github.com/riffle-stream/riffle/sampler/file"
)

// specOf is the sample of a frame that options ask for; none: what is pinned, or the last rows.
func (s *samples) specOf(f cells.Frame, options []cells.Option) (spec sampler.Spec, err error) {
	if len(options) > 1 {
		return spec, fmt.Errorf("Sample takes one choice of rows, got %s and %s", options[0], options[1])
	}
	for _, o := range options {
		switch o.Name {
		case "First":
			spec = sampler.First(o.N)
		case "Last":
			spec = sampler.Last(o.N)
		case "EveryNth":
			spec = sampler.EveryNth(o.N)
		case "PerKey":
			spec = sampler.PerKey(o.N, o.Text, &byColumn{s, f, o})
		case "Since":
			var from time.Time
			from, err = moment(o)
			spec = sampler.Since(from)
		case "Between":
			spec, err = between(o)
		case "For":
			var span time.Duration
			span, err = dataframe.ParseDuration(o.Text)
			spec = sampler.For(span)
		}
	}
	return spec, err
}

func between(o cells.Option) (sampler.Spec, error) {
	from, err := moment(o)
	if err != nil {
		return sampler.Spec{}, err
	}
	span, err := dataframe.ParseDuration(o.More)
	if err != nil {
		return sampler.Spec{}, fmt.Errorf("%s: %w", o, err)
	}
	return sampler.Between(from, span), nil
}

// moment is the time that an option names; a day begins at midnight of UTC.
func moment(o cells.Option) (time.Time, error) {
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(form, o.Text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s: %q is no time, want such as \"2026-11-01T12:00:00Z\" or \"2026-11-01\"", o, o.Text)
}

// byColumn gives the values of a column by which PerKey takes rows.
type byColumn struct {
	samples *samples
	frame   cells.Frame
	option  cells.Option
}

// Of implements [sampler.Keys].
func (k *byColumn) Of(ctx context.Context, sample *file.Sample) ([]string, error) {
	out := make([]string, len(sample.Records))
	var failed error
	plan.Walk([]*plan.Node{k.frame.Node()}, func(n *plan.Node) {
		if src, ok := n.Op.(*plan.Source); ok && failed == nil && sample.Partitions(src.Topic) > 0 {
			failed = k.topic(ctx, src, sample, out)
		}
	})
	return out, failed
}

// topic fills in the values of the records of one topic.
func (k *byColumn) topic(ctx context.Context, src *plan.Source, sample *file.Sample, out []string) error {
	schemas, more, err := k.samples.schemas(ctx, src, sample)
	if err != nil {
		return err
	}
	if more {
		if sample, err = sample.WithSchemas(src.Topic, schemas); err != nil {
			return err
		}
	}
	with := formats(sample)
	format, err := with.Parse(src.Format)
	if err != nil {
		return err
	}
	var recs []row.Record
	var at []int // of each in the sample
	for i, r := range sample.Records {
		if r.Topic == src.Topic {
			recs, at = append(recs, r), append(at, i)
		}
	}
	o := with.Options(codec.Options{})
	format, schema, _, err := codec.Learn(format, recs, o.Schemas)
	if err != nil {
		return fmt.Errorf("topic %s: %w", src.Topic, err)
	}
	schema = schema.With(src.Declared...)
	c := schema.Index(k.option.Text)
	if c < 0 {
		return fmt.Errorf("topic %s: %w", src.Topic, unknownColumn(k.option.String(), k.option.Text, schema.Names()))
	}
	var b row.Batch
	format.Decoder(row.NewSchema(schema.At(c)), o).Decode(recs, &b)
	for i, origin := range b.Origin {
		if x := b.Cols[0].Value(i); x != nil {
			out[at[origin]] = fmt.Sprintf("%#v", identity(x))
		}
	}
	return nil
}

// thinned says what rows that were left out between others mean.
const thinned = "rows between these are left out: windows, joins and what is measured on them (Within, Grace) are not the stream's"

// thinNote is what to know of a plan over a sample that lacks rows between others.
func (o *outcome) thinNote() string {
	needs := slices.ContainsFunc(o.plan.Steps, func(s *plan.Step) bool {
		switch s.Op.(type) {
		case *plan.Window, *plan.AsOf, *plan.Interval, *plan.Running, *plan.ApplyState, *plan.Dedup:
			return true
		}
		return false
	})
	if !o.sample.Thinned || !needs {
		return ""
	}
	return thinned
}
