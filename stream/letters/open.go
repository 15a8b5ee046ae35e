package letters

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// replayer reads the letters up to where they ended when it was made.
type replayer struct {
	group  *kgo.GroupTransactSession
	ends   map[int32]int64
	next   map[int32]int64
	futile int // transactions in a row that were not committed
}

// open joins the group, after it has aborted what an earlier replay left open.
func open(ctx context.Context, cfg Config) (*replayer, error) {
	if cfg.Group == "" {
		cfg.Group = cfg.Topic + "-replay"
	}
	base, err := cfg.Cluster.Options()
	if err != nil {
		return nil, err
	}
	r := &replayer{next: map[int32]int64{}, ends: map[int32]int64{}}
	r.group, err = kgo.NewGroupTransactSession(append(append(base, cfg.Client...),
		kgo.ConsumerGroup(cfg.Group), kgo.ConsumeTopics(cfg.Topic), kgo.TransactionalID(cfg.Group), kgo.TransactionTimeout(30*time.Second),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(), // so that the end is seen
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.ConsumeResetOffset(kgo.NoResetOffset()),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
	)...)
	if err != nil {
		return nil, fmt.Errorf("dead letters of %s: %w", cfg.Topic, err)
	}
	if _, _, err = r.group.Client().ProducerID(ctx); err != nil {
		err = fmt.Errorf("transactional id %s: %w", cfg.Group, err)
	} else {
		err = r.survey(ctx, cfg)
	}
	if err != nil {
		r.group.Close()
		return nil, cfg.Cluster.Diagnose(err)
	}
	return r, nil
}

// survey finds where the letters end, and how far the group is.
func (r *replayer) survey(ctx context.Context, cfg Config) error {
	admin := kadm.NewClient(r.group.Client())
	ends, err := admin.ListCommittedOffsets(ctx, cfg.Topic)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		return fmt.Errorf("topic %s: %w", cfg.Topic, err)
	}
	starts, err := admin.ListStartOffsets(ctx, cfg.Topic)
	if err != nil {
		return fmt.Errorf("topic %s: %w", cfg.Topic, err)
	}
	at, err := admin.FetchOffsets(kadm.RequireStable(ctx), cfg.Group)
	if err != nil && !errors.Is(err, kerr.GroupIDNotFound) {
		return fmt.Errorf("group %s: %w", cfg.Group, err)
	}
	ends.Each(func(o kadm.ListedOffset) {
		r.ends[o.Partition] = o.Offset
		if first, ok := starts.Lookup(cfg.Topic, o.Partition); ok {
			r.next[o.Partition] = first.Offset
		}
		if got, ok := at.Lookup(cfg.Topic, o.Partition); ok {
			r.next[o.Partition] = max(r.next[o.Partition], got.At)
		}
	})
	return nil
}

// done says whether every letter was looked at that was there at the start.
func (r *replayer) done() bool {
	for p, end := range r.ends {
		if r.next[p] < end {
			return false
		}
	}
	return true
}
