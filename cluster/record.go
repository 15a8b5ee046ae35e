package cluster

import (
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Record is a client's record as the rest of Riffle takes it. Key, value and headers are shared with it.
func Record(r *kgo.Record) row.Record {
	out := row.Record{Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, Key: r.Key, Value: r.Value, Time: r.Timestamp.UnixMilli()}
	for _, h := range r.Headers {
		out.Headers = append(out.Headers, row.Header{Key: h.Key, Value: h.Value})
	}
	return out
}
