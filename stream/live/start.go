package live

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// How far a run looks back, so that its first picture is not empty.
const (
	leastBack = 30 * time.Second
	mostBack  = 5 * time.Minute
	backRows  = 1000 // of a plan without windows, from each topic
)

// lookBack is the time that the windows of a plan ask for, three of the longest; 0 if it has none.
func lookBack(p *plan.Plan) time.Duration {
	var back time.Duration
	for _, s := range p.Steps {
		switch op := s.Op.(type) {
		case *plan.Window:
			back = max(back, 3*op.Reach())
		case plan.Spanning:
			remembers, holds := plan.Keeps(op)
			back = max(back, 3*max(remembers, holds))
		}
	}
	if back == 0 {
		return 0
	}
	return min(max(back, leastBack), mostBack)
}

// span is a partition's first offset to read, and the end when the run began.
type span struct{ from, end int64 }

// starts finds where to begin each partition of the plan's topics.
func starts(ctx context.Context, admin *kadm.Client, p *plan.Plan) (map[string]map[int32]span, error) {
	var topics []string
	for t := range p.Facts.Topics {
		topics = append(topics, t)
	}
	ends, err := admin.ListCommittedOffsets(ctx, topics...)
	if err != nil {
		return nil, fmt.Errorf("ends of %v: %w", topics, err)
	}
	if err := ends.Error(); err != nil {
		return nil, fmt.Errorf("ends of %v: %w", topics, err)
	}
	first, err := admin.ListStartOffsets(ctx, topics...)
	if err != nil {
		return nil, fmt.Errorf("starts of %v: %w", topics, err)
	}
	since := first
	if back := lookBack(p); back > 0 {
		if since, err = admin.ListOffsetsAfterMilli(ctx, time.Now().Add(-back).UnixMilli(), topics...); err != nil {
			return nil, fmt.Errorf("offsets %s ago of %v: %w", back, topics, err)
		}
	}
	out, whole := map[string]map[int32]span{}, tables(p)
	ends.Each(func(end kadm.ListedOffset) {
		if out[end.Topic] == nil {
			out[end.Topic] = map[int32]span{}
		}
		from := end.Offset
		if at, ok := since.Lookup(end.Topic, end.Partition); ok && at.Offset >= 0 {
			from = min(at.Offset, end.Offset)
		}
		if lookBack(p) == 0 {
			from = max(from, end.Offset-backRows/int64(len(ends[end.Topic])))
		}
		if at, ok := first.Lookup(end.Topic, end.Partition); ok && whole[end.Topic] {
			from = min(at.Offset, end.Offset)
		}
		out[end.Topic][end.Partition] = span{from, end.Offset}
	})
	return out, nil
}

// assignment is the spans' beginnings for the client.
func assignment(spans map[string]map[int32]span) map[string]map[int32]kgo.Offset {
	out := map[string]map[int32]kgo.Offset{}
	for t, parts := range spans {
		out[t] = map[int32]kgo.Offset{}
		for p, s := range parts {
			out[t][p] = kgo.NewOffset().At(s.from)
		}
	}
	return out
}
