package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"text/tabwriter"
	"time"

	"github.com/riffle-stream/riffle/broker"
	"github.com/riffle-stream/riffle/broker/telemetry"
	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/sampler"
)

// reach is the Kafka that the environment names, or else this user's embedded broker, which is started if need be.
func reach(ctx context.Context) (cluster.Config, error) {
	c, err := cluster.FromEnv()
	if err != nil || len(c.Brokers) > 0 {
		return c, err
	}
	self, err := os.Executable()
	if err != nil {
		return c, err
	}
	a, err := broker.FindOrStart(ctx, self, "broker", "--telemetry")
	c.Brokers = []string{a.Addr}
	return c, err
}

// listTopics says what there is to read.
func listTopics(ctx context.Context, args []string) error {
	f := flags("topics")
	asJSON := f.Bool("json", false, "one object a line, for scripts")
	if err := parse(f, args); err != nil {
		return err
	}
	c, err := reach(ctx)
	if err != nil {
		return err
	}
	s, err := sampler.Open(ctx, c, sampler.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	topics, err := s.Topics(ctx)
	if err != nil {
		return err
	}
	if *asJSON {
		out := json.NewEncoder(os.Stdout)
		for _, t := range topics {
			if err := out.Encode(map[string]any{"topic": t.Name, "partitions": t.Partitions, "rows": t.Rows}); err != nil {
				return err
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "topic\tpartitions\trows")
	for _, t := range topics {
		fmt.Fprintf(w, "%s\t%d\t%d\n", t.Name, t.Partitions, t.Rows)
	}
	return w.Flush()
}

// produce writes the lines of stdin to a topic.
func produce(ctx context.Context, args []string) error {
	f := flags("produce")
	key := f.String("key", "", "the `MEMBER` whose text is the record's key")
	at := f.String("time", "", "the `MEMBER` with the event time, in ms since 1970 or as RFC 3339 writes it (default: now)")
	partitions := f.Int("partitions", 1, "of the topic, if it must be made")
	if err := parse(f, args, "topic, want riffle produce [OPTIONS] TOPIC < FILE, with a JSON object a line"); err != nil {
		return err
	}
	c, err := reach(ctx)
	if err != nil {
		return err
	}
	opts, err := c.Options()
	if err != nil {
		return err
	}
	n, err := broker.Lines{Topic: f.Arg(0), Partitions: int32(*partitions), Key: *key, Time: *at}.Run(ctx, os.Stdin, opts...)
	if err != nil {
		return fmt.Errorf("produce: %w", c.Diagnose(err))
	}
	fmt.Printf("%d rows to topic %s\n", n, f.Arg(0))
	return nil
}

// feed invents telemetry on a Kafka that somebody has, as the embedded broker does on itself.
func feed(ctx context.Context, args []string) error {
	f := flags("feed")
	seed := f.Uint64("seed", 1, "of the telemetry: the same seed gives the same race")
	if err := parse(f, args); err != nil {
		return err
	}
	c, err := cluster.FromEnv()
	if err != nil {
		return err
	}
	opts, err := c.Options()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	fmt.Printf("feeding %s and %s until interrupted\n", telemetry.CarTopic, telemetry.GPSTopic)
	race := telemetry.Race{Seed: *seed, Start: time.Now().Add(-broker.Backlog)}
	return c.Diagnose(broker.Feed{Race: race}.Run(ctx, opts...))
}
