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
	logs := partitions(sample, topics)
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

// partitions are the records of a sample by topic and partition.
func partitions(sample *file.Sample, topics []string) map[string][][]row.Record {
	logs, sizes := map[string][][]row.Record{}, map[string][]int{}
	for _, t := range topics {
		n := sample.Partitions(t)
		logs[t], sizes[t] = make([][]row.Record, n), make([]int, n)
	}
	for i := range sample.Records {
		if of := sizes[sample.Records[i].Topic]; of != nil {
			of[sample.Records[i].Partition]++
		}
	}
	for i := range sample.Records {
		r := &sample.Records[i]
		of := logs[r.Topic]
		if of == nil {
			continue
		}
		if of[r.Partition] == nil {
			of[r.Partition] = make([]row.Record, 0, sizes[r.Topic][r.Partition])
		}
		of[r.Partition] = append(of[r.Partition], *r)
	}
	return logs
}

// chunk is how many records of a partition are fed at once.
const chunk = 4096

// interleave feeds the partitions in turn, so that what waits for time stays small.
func (d *Driver) interleave(ctx context.Context, topics []string, logs map[string][][]row.Record) error {
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		more = false
		for _, t := range topics {
			for p, recs := range logs[t] {
				n := min(chunk, len(recs))
				if n == 0 {
					continue
				}
				if err := d.feed(recs[:n]); err != nil {
					return err
				}
				logs[t][p] = recs[n:]
				more = more || len(recs) > n
			}
		}
		if err := d.settle(); err != nil {
			return err
		}
	}
	return nil
}
