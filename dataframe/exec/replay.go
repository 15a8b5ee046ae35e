package exec

import (
	"context"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/sampler/file"
)

// Replay feeds a sample's records of some topics, and lets the
// partitions that have none rest. What a driver gives for a key does not
// depend on the order of partitions, so each is read in one go.
func (d *Driver) Replay(ctx context.Context, sample *file.Sample, topics []string) error {
	logs := map[string][][]row.Record{}
	for _, t := range topics {
		logs[t] = make([][]row.Record, sample.Partitions(t))
	}
	for _, r := range sample.Records {
		if of, ok := logs[r.Topic]; ok {
			of[r.Partition] = append(of[r.Partition], r)
		}
	}
	for _, t := range topics {
		for p, recs := range logs[t] {
			if len(recs) == 0 {
				if err := d.Rest(t, p); err != nil {
					return err
				}
			}
		}
	}
	return d.interleave(ctx, topics, logs)
}

// chunk is how many records of a partition are fed at once.
const chunk = 4096

// interleave feeds the partitions in turn, so that what waits for time stays small.
func (d *Driver) interleave(ctx context.Context, topics []string, logs map[string][][]row.Record) error {
	for more := true; more; {
		more = false
		var next []row.Record
		for _, t := range topics {
			for p, recs := range logs[t] {
				n := min(chunk, len(recs))
				next = append(next, recs[:n]...)
				logs[t][p] = recs[n:]
				more = more || len(recs) > n
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.Feed(next); err != nil {
			return err
		}
	}
	return nil
}
