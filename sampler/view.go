package sampler

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/sampler/file"
)

// ErrEmpty says that there are no rows to take a sample of.
var ErrEmpty = errors.New("no rows")

// view is what topics had at one moment: all cuts are within it.
type view struct {
	s      *Sampler
	names  []string
	topics []file.Topic // without ranges
	start  offsets      // the oldest rows
	end    offsets      // behind the newest committed rows
}

// offsets are one for each partition of each topic.
type offsets map[string][]int64

// cut is what a spec leaves of a view.
type cut struct {
	ranges   map[string][]file.Range
	from, to int64 // the times of the cuts, 0 for none
	whole    bool  // there is no more to be had
	rows     int64 // by offsets
	every    int64 // only offsets that it divides are kept; 0 keeps all
}

func (s *Sampler) view(ctx context.Context, topics []string) (*view, error) {
	details, err := s.admin.ListTopics(ctx, topics...)
	if err != nil {
		return nil, s.cluster.Diagnose(err)
	}
	v := &view{s: s, names: topics}
	for _, name := range topics {
		d := details[name]
		if errors.Is(d.Err, kerr.UnknownTopicOrPartition) || len(d.Partitions) == 0 && d.Err == nil {
			return nil, s.noTopic(ctx, name)
		}
		if d.Err != nil {
			return nil, fmt.Errorf("topic %s: %w", name, d.Err)
		}
		t := file.Topic{Name: name, Partitions: int32(len(d.Partitions))}
		if d.ID != (kadm.TopicID{}) {
			t.ID = hex.EncodeToString(d.ID[:])
		}
		v.topics = append(v.topics, t)
	}
	// The end comes first: what is deleted from the start meanwhile is missed, not asked for.
	if v.end, err = v.listed(s.admin.ListCommittedOffsets(ctx, topics...)); err != nil {
		return nil, err
	}
	if v.start, err = v.listed(s.admin.ListStartOffsets(ctx, topics...)); err != nil {
		return nil, err
	}
	if v.between(v.start, v.end) == 0 {
		return nil, fmt.Errorf("topic %s: it exists and has %w yet; run the cell again when something was written to it", topics[0], ErrEmpty)
	}
	return v, nil
}

// listed puts the answer to a question for offsets in order.
func (v *view) listed(got kadm.ListedOffsets, err error) (offsets, error) {
	if err == nil {
		err = got.Error()
	}
	if err != nil {
		return nil, v.s.cluster.Diagnose(err)
	}
	all := offsets{}
	for _, t := range v.topics {
		all[t.Name] = make([]int64, t.Partitions)
		for p := range all[t.Name] {
			o, ok := got.Lookup(t.Name, int32(p))
			if !ok {
				return nil, fmt.Errorf("topic %s: the broker gives no offset for partition %d; try again", t.Name, p)
			}
			all[t.Name][p] = o.Offset
		}
	}
	return all, nil
}

// at is where each partition is at a time: its first row of then or later, within the view.
func (v *view) at(ctx context.Context, ms int64) (offsets, error) {
	got, err := v.listed(v.s.admin.ListOffsetsAfterMilli(ctx, ms, v.names...))
	if err != nil {
		return nil, err
	}
	for name, ps := range got {
		for p := range ps {
			if ps[p] < 0 {
				ps[p] = v.end[name][p]
			}
			ps[p] = min(max(ps[p], v.start[name][p]), v.end[name][p])
		}
	}
	return got, nil
}

// exactly is at, for rows alone: markers of transactions have times of their own, when they were written, and hide older rows behind
// them from the broker's search. Rows from where the broker points to are read until one is of the time or later.
func (v *view) exactly(ctx context.Context, ms int64) (offsets, error) {
	pointed, err := v.at(ctx, ms)
	if err != nil {
		return nil, err
	}
	found := offsets{}
	for name, ends := range v.end {
		found[name] = slices.Clone(ends)
	}
	err = v.s.visit(ctx, v.take(pointed, v.end).ranges, func(r *kgo.Record) (bool, error) {
		if r.Timestamp.UnixMilli() < ms {
			return false, nil
		}
		found[r.Topic][r.Partition] = r.Offset
		return true, nil
	}, nil)
	return found, err
}

// between is how many rows the topic has that has the most between two places, by offsets.
func (v *view) between(from, to offsets) (most int64) {
	for name, ps := range to {
		sum := int64(0)
		for p := range ps {
			sum += max(0, ps[p]-from[name][p])
		}
		most = max(most, sum)
	}
	return most
}

func (v *view) take(from, to offsets) cut {
	c := cut{ranges: map[string][]file.Range{}}
	for name, ps := range to {
		for p := range ps {
			r := file.Range{From: from[name][p], To: max(ps[p], from[name][p])}
			c.ranges[name] = append(c.ranges[name], r)
			c.rows += r.To - r.From
		}
	}
	return c
}

// files are the topics with what a cut leaves of them.
func (v *view) files(c cut) []file.Topic {
	var all []file.Topic
	for _, t := range v.topics {
		t.Ranges = c.ranges[t.Name]
		all = append(all, t)
	}
	return all
}

func (v *view) empty(ctx context.Context, spec Spec) error {
	oldest, newest, err := v.times(ctx)
	if err != nil {
		return err
	}
	return fmt.Errorf("topic %s: %w %s; it has rows from %s to %s", v.names[0], ErrEmpty, spec, utc(time.UnixMilli(oldest)), utc(time.UnixMilli(newest)))
}

// times are the oldest and the newest Kafka timestamp, ms, of any topic; -1 if there are none.
func (v *view) times(ctx context.Context) (oldest, newest int64, err error) {
	oldest, newest = -1, -1
	got, err := v.s.admin.ListOffsetsAfterMilli(ctx, 0, v.names...)
	if err != nil {
		return 0, 0, v.s.cluster.Diagnose(err)
	}
	got.Each(func(o kadm.ListedOffset) {
		if o.Timestamp >= 0 && (oldest < 0 || o.Timestamp < oldest) {
			oldest = o.Timestamp
		}
	})
	got, err = v.s.admin.ListMaxTimestampOffsets(ctx, v.names...)
	if err == nil {
		err = got.Error()
	}
	if err != nil && oldest >= 0 { // a broker before 3.0 cannot tell
		return oldest, max(oldest, time.Now().UnixMilli()), nil
	}
	got.Each(func(o kadm.ListedOffset) { newest = max(newest, o.Timestamp) })
	return oldest, max(newest, oldest), nil
}
