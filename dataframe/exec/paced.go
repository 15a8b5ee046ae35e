package exec

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// arrival is a record and when it was there, ms: not before any that lies before it in its partition.
type arrival struct {
	at  int64
	rec row.Record
}

// arrivals are the records of topics in the order in which they came.
func arrivals(topics []string, logs map[string][][]row.Record) (all []arrival) {
	for _, t := range topics {
		for _, recs := range logs[t] {
			at := int64(0)
			for _, rec := range recs {
				at = max(at, rec.Time)
				all = append(all, arrival{at, rec})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b arrival) int { return cmp.Compare(a.at, b.at) })
	return all
}

// paced feeds records when pace says that they are due. What is due at once goes in one piece a partition, which gives the same rows.
func (d *Driver) paced(ctx context.Context, all []arrival, pace func(next int64) (due int64, err error)) error {
	for len(all) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		due, err := pace(all[0].at)
		if err != nil {
			return err
		}
		var recs []row.Record
		for len(all) > 0 && all[0].at <= due && len(recs) < chunk {
			recs, all = append(recs, all[0].rec), all[1:]
		}
		slices.SortStableFunc(recs, func(a, b row.Record) int {
			return cmp.Or(strings.Compare(a.Topic, b.Topic), cmp.Compare(a.Partition, b.Partition))
		})
		if err := d.Feed(recs); err != nil {
			return err
		}
	}
	return nil
}
