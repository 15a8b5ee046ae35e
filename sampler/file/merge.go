package file

import (
	"fmt"
	"slices"
	"time"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Merge makes one sample of several that have no topic in common, with the rows in the order in which they were received, as far as
// the gaps tell. The header is that of the first but for the topics; From is the earliest and To the latest, where all are cut.
func Merge(samples ...*Sample) (*Sample, error) {
	if len(samples) == 1 {
		return samples[0], nil
	}
	all := &Sample{}
	for i, s := range samples {
		if i == 0 {
			all.Header = s.Header
			all.Topics = nil // not to append to those of the sample
		}
		all.Topics = append(all.Topics, s.Topics...)
		all.From, all.To = min(all.From, s.From), latest(all.To, s.To)
		all.Thinned = all.Thinned || s.Thinned
	}
	if err := all.check(); err != nil {
		return nil, err
	}
	all.Fingerprint = over(all.Topics)
	all.interleave(samples)
	return all, nil
}

// latest of two ends, where 0 is no cut.
func latest(a, b int64) int64 {
	if a == 0 || b == 0 {
		return 0
	}
	return max(a, b)
}

func (s *Sample) interleave(samples []*Sample) {
	type arrival struct {
		at        time.Duration // since the reading began
		sample, i int
	}
	var order []arrival
	for k, from := range samples {
		at := time.Duration(0)
		for i, gap := range from.Gaps {
			at += gap
			order = append(order, arrival{at, k, i})
		}
	}
	slices.SortStableFunc(order, func(a, b arrival) int { return int(max(-1, min(1, a.at-b.at))) })
	last := time.Duration(0)
	for _, a := range order {
		from := samples[a.sample]
		s.Records = append(s.Records, from.Records[a.i])
		s.Gaps = append(s.Gaps, a.at-last)
		s.Appended = append(s.Appended, from.Appended[a.i])
		last = a.at
	}
}

// Save writes a sample to a path, as a [Writer] does.
func (s *Sample) Save(path string) error {
	w, err := Create(path, s.Header)
	if err != nil {
		return err
	}
	defer w.Abort()
	for i := range s.Records {
		if err := w.Write(s.Row(i)); err != nil {
			return err
		}
	}
	if f := w.digest.sum(); f != s.Fingerprint {
		return fmt.Errorf("%s: %w: fingerprint is %s, want %s", path, ErrCorrupt, f.Short(), s.Fingerprint.Short())
	}
	_, err = w.Close()
	return err
}

// WithSchemas is the sample with the schemas that the rows of a topic name; the rows are shared.
func (s *Sample) WithSchemas(topic string, schemas []codec.Schema) (*Sample, error) {
	out := *s
	out.Topics = slices.Clone(s.Topics)
	places := map[string]int{}
	for i := range out.Topics {
		places[out.Topics[i].Name] = i
		if out.Topics[i].Name == topic {
			out.Topics[i].Schemas = schemas
		}
	}
	d := newDigest(out.Header)
	var body []byte
	for i, r := range out.Records {
		body = appendBody(body[:0], out.Row(i))
		if err := d.add(part{places[r.Topic], r.Partition}, r.Offset, body); err != nil {
			return nil, err
		}
	}
	out.Fingerprint = d.sum()
	return &out, nil
}

// Of is a sample of records that are in memory, in the order in which they were received. It keeps them.
func Of(h Header, records []row.Record) (*Sample, error) {
	s := &Sample{Header: h, Records: records, Gaps: make([]time.Duration, len(records)), Appended: make([]bool, len(records))}
	if err := s.check(); err != nil {
		return nil, err
	}
	if len(records) > MaxRows {
		return nil, fmt.Errorf("%w: more than %d rows", ErrTooLarge, MaxRows)
	}
	return s.WithSchemas("", nil)
}
