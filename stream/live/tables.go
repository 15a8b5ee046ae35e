package live

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// tables are the topics that a plan reads as tables.
func tables(p *plan.Plan) map[string]bool {
	out := map[string]bool{}
	for _, s := range p.Sources() {
		if src := s.Op.(*plan.Source); src.Table {
			out[src.Topic] = true
		}
	}
	return out
}

// readTables reads the tables up to their ends before anything else is looked up
// in them. What comes to them later is read with the rest.
func (r *run) readTables(ctx context.Context, spans map[string]map[int32]span) error {
	of := map[string]map[int32]span{}
	left := map[part]int64{}
	for t := range tables(r.plan) {
		for p, s := range spans[t] {
			if s.from < s.end {
				left[part{t, p}] = s.end
			}
			spans[t][p] = span{s.end, s.end}
			if of[t] == nil {
				of[t] = map[int32]span{}
			}
			of[t][p] = s
		}
	}
	if len(left) == 0 {
		return nil
	}
	opts, err := r.cfg.Cluster.Options()
	if err != nil {
		return err
	}
	// The marks of transactions have offsets, too: without them the end would not be seen.
	cl, err := kgo.NewClient(append(opts, kgo.ConsumePartitions(assignment(of)), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
		kgo.ConsumeResetOffset(kgo.NoResetOffset()), kgo.FetchMaxWait(100*time.Millisecond))...)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	defer cl.Close()
	for len(left) > 0 {
		fetches := cl.PollRecords(ctx, 10_000)
		if err := ctx.Err(); err != nil {
			return nil // the run ends before it began
		}
		if err := r.failed(ctx, fetches); err != nil {
			return err
		}
		var recs []row.Record
		fetches.EachRecord(func(rec *kgo.Record) {
			at := part{rec.Topic, rec.Partition}
			if end := left[at]; rec.Offset >= end-1 {
				delete(left, at)
			}
			if !rec.Attrs.IsControl() && rec.Offset < spans[rec.Topic][rec.Partition].end {
				recs = append(recs, cluster.Record(rec))
			}
		})
		r.read += int64(len(recs))
		if err := r.driver.Feed(recs); err != nil {
			return err
		}
	}
	return nil
}

// rank is 1 for records of tables.
func rank(tables map[string]bool, r row.Record) int {
	if tables[r.Topic] {
		return 1
	}
	return 0
}
