package session

import (
	"context"
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/sampler"
	"github.com/riffle-stream/riffle/sampler/file"
)

// resample is the verb Resample: the sample of a frame's topics is taken anew, as it was asked for.
func (s *Session) resample(f cells.Frame) {
	s.must(f.Err())
	c := s.current()
	before, now, err := s.samples.again(c.ctx, f)
	s.must(err)
	c.out.Stream(kernel.Stdout, fmt.Sprintf("%s of %s, pinned anew (%s), %s%s\n", count(len(now.Records), "row"), strings.Join(f.Topics(), ", "),
		now.Spec, now.Fingerprint.Short(), differs(before, now.Records)))
}

// again takes the sample of a frame's topics anew, each as it is pinned. Before is what was pinned of this cluster.
func (s *samples) again(ctx context.Context, f cells.Frame) (before []*file.Sample, now *file.Sample, err error) {
	_, topics := s.apart(f.Topics())
	if len(topics) == 0 {
		return nil, nil, fmt.Errorf("Resample: %s is read from no topic, want a frame of one: its rows are those that the file or the cell had when it was made", strings.Join(f.Topics(), ", "))
	}
	from, err := s.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	before = from.Pinned(topics...)
	keys := func(column string) sampler.Keys { return &byColumn{s, f, cells.PerKey(0, column)} }
	now, _, err = s.whole(ctx, func(ctx context.Context, spec sampler.Spec, topics ...string) (*file.Sample, bool, error) {
		if spec.IsZero() {
			sample, err := from.Again(ctx, keys, topics...)
			return sample, true, err
		}
		return anew(from)(ctx, spec, topics...)
	}, sampler.Spec{}, topics)
	if err == nil {
		s.hold(now, topics)
	}
	return before, now, err
}

// differs says which rows of a sample others had, "" if there was none before.
func differs(before []*file.Sample, now []row.Record) string {
	type place struct {
		topic     string
		partition int32
		offset    int64
		time      int64
	}
	was := map[place]bool{}
	for _, s := range before {
		for _, r := range s.Records {
			was[place{r.Topic, r.Partition, r.Offset, r.Time}] = true
		}
	}
	gone, added := len(was), 0
	for _, r := range now {
		if was[place{r.Topic, r.Partition, r.Offset, r.Time}] {
			gone--
		} else {
			added++
		}
	}
	switch {
	case len(before) == 0:
		return ""
	case gone+added == 0:
		return ": the same rows as before"
	}
	return fmt.Sprintf(": %d new, %d of before are no longer among them", added, gone)
}
