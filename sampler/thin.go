package sampler

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/riffle-stream/riffle/sampler/file"
)

// Among is how many of the newest rows of the busiest topic PerKey chooses from.
const Among = 200_000

// Keys tells by which of their values PerKey counts rows.
type Keys interface {
	// Of gives the value of each record of a sample as a text, "" for one that has none. Those count as one value.
	Of(ctx context.Context, s *file.Sample) ([]string, error)
}

// EveryNth is the rows whose offset n divides, among the newest n * [DefaultRows], at most as many as a sample may have. The same
// offsets give the same rows, whenever they are read.
func EveryNth(n int) Spec { return Spec{kind: everyNth, rows: n} }

// PerKey is the newest n rows, by Kafka timestamp, of each value of a column, in each topic, among the newest [Among]. What keys says is the value.
func PerKey(n int, column string, keys Keys) Spec {
	return Spec{kind: perKey, rows: n, column: column, keys: keys}
}

// thins reports whether rows are left out between those of a sample.
func (s Spec) thins() bool { return s.kind == everyNth || s.kind == perKey }

// reach is how many rows of the busiest topic are read, or must be there; 0 for those between times.
func (s Spec) reach(l Limits) int64 {
	if s.kind == everyNth {
		return min(int64(s.rows)*DefaultRows, int64(l.Rows))
	}
	return int64(s.rows)
}

// readPerKey reads what there is to choose from, and keeps what a spec chooses.
func (s *Sampler) readPerKey(ctx context.Context, spec Spec, topics []string, folder string) (*file.Sample, error) {
	among, err := s.read(ctx, Last(min(Among, s.limits.Rows)), topics, "")
	if err != nil {
		return nil, err
	}
	keys, err := spec.keys.Of(ctx, among)
	if err != nil {
		return nil, err
	}
	among.Spec, among.Thinned = spec.String(), true
	set, err := Pins{folder}.create(among.Header, among.Topics)
	if err != nil {
		return nil, err
	}
	chosen, received := newest(among, keys, spec.rows), time.Duration(0)
	for i, gap := range among.Gaps {
		if received += gap; !chosen[i] {
			continue
		}
		if err := set.write(among.Row(i), received); err != nil {
			set.abort()
			return nil, err
		}
	}
	return set.finish()
}

// newest says of each record whether it is among the newest n of its topic and key.
func newest(s *file.Sample, keys []string, n int) []bool {
	groups := map[[2]string][]int{}
	for i, r := range s.Records {
		of := [2]string{r.Topic, keys[i]}
		groups[of] = append(groups[of], i)
	}
	chosen := make([]bool, len(s.Records))
	for _, rows := range groups {
		slices.SortFunc(rows, func(i, j int) int {
			a, b := s.Records[i], s.Records[j]
			return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(b.Partition, a.Partition), cmp.Compare(b.Offset, a.Offset))
		})
		for _, i := range rows[:min(n, len(rows))] {
			chosen[i] = true
		}
	}
	return chosen
}
