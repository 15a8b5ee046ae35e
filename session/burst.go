package session

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/riffle-stream/riffle/broker"
	"github.com/riffle-stream/riffle/broker/embedded"
	"github.com/riffle-stream/riffle/broker/telemetry"
	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/sampler"
)

// The embedded broker says five minutes of telemetry in its first seconds. Who samples meanwhile would pin a few rows, or none, for good.
const (
	burstOver = broker.Burst + time.Second
	burstLost = broker.Burst + 30*time.Second // then it is not the burst that keeps rows away
)

// awaitBurst waits, if a fresh embedded broker's telemetry is among the topics, until its backlog is there. Out is told how far it is.
func awaitBurst(ctx context.Context, from *sampler.Sampler, topics []string, out kernel.Output) error {
	topics = slices.DeleteFunc(slices.Clone(topics), func(t string) bool { return t != telemetry.CarTopic && t != telemetry.GPSTopic })
	if len(topics) == 0 || !embedded.IsCluster(from.ClusterID()) {
		return nil
	}
	a, err := embedded.Find(ctx)
	if err != nil || a.ClusterID != from.ClusterID() || !a.Telemetry {
		return nil // nobody says when the telemetry began, if it did
	}
	d := kernel.Display{ID: fmt.Sprintf("burst-%d", time.Now().UnixNano())}
	for began := time.Now(); ; d.Update = true {
		rows, err := fewest(ctx, from, topics)
		if err != nil {
			return err
		}
		if age := time.Since(a.Started); age > burstLost || age > burstOver && rows > 0 {
			break
		}
		d.Bundle = kernel.Bundle(display.Progress{Label: "Sample", Done: rows, Unit: "rows", Elapsed: time.Since(began), Note: "the embedded broker has just started: its first five minutes of telemetry come"}.Bundle())
		out.Show(d)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * redraw):
		}
	}
	if d.Update {
		d.Bundle = kernel.Bundle(display.Text("the embedded broker had just started: waited for its first five minutes of telemetry"))
		out.Show(d)
	}
	return nil
}

// fewest is how many rows the topic with the fewest has.
func fewest(ctx context.Context, from *sampler.Sampler, topics []string) (int64, error) {
	all, err := from.Topics(ctx)
	if err != nil {
		return 0, err
	}
	rows := map[string]int64{}
	for _, t := range all {
		rows[t.Name] = t.Rows
	}
	least := rows[topics[0]]
	for _, t := range topics {
		least = min(least, rows[t])
	}
	return least, nil
}
