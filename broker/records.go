package broker

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Records produces records to a topic of any Kafka, in order, and makes the
// topic if it is missing. A record without a time gets that of now; one with a
// key goes where its key says.
func Records(ctx context.Context, c cluster.Config, topic string, recs []row.Record) error {
	cl, err := c.Connect(ctx, kgo.ProducerLinger(feedEvery))
	if err != nil {
		return err
	}
	defer cl.Close()
	if err := (Lines{Topic: topic}).topic(ctx, kadm.NewClient(cl)); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for _, r := range recs {
		out := &kgo.Record{Topic: topic, Key: r.Key, Value: r.Value}
		if r.Time > 0 {
			out.Timestamp = time.UnixMilli(r.Time)
		}
		for _, h := range r.Headers {
			out.Headers = append(out.Headers, kgo.RecordHeader{Key: h.Key, Value: h.Value})
		}
		cl.Produce(ctx, out, func(_ *kgo.Record, err error) {
			if err != nil {
				cancel(fmt.Errorf("topic %s: %w", topic, err))
			}
		})
	}
	if err := cl.Flush(ctx); err != nil {
		return c.Diagnose(context.Cause(ctx))
	}
	return context.Cause(ctx)
}
