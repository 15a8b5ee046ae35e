package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"github.com/riffle-stream/riffle/broker"
)

// runBroker runs the embedded broker until nobody uses it any more.
func runBroker(ctx context.Context, args []string) error {
	f := flags("broker")
	telemetry := f.Bool("telemetry", false, "feed the topics car-telemetry and car-gps for ever")
	seed := f.Uint64("seed", 1, "of the telemetry: the same seed gives the same race")
	idle := f.Duration("idle", broker.DefaultIdle, "end after nobody was connected for so long; 0 never ends")
	find := f.Bool("find", false, "only say where it is, and start it if there is none")
	if err := parse(f, args); err != nil {
		return err
	}
	if *find {
		return sayBroker(ctx)
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	return broker.Run(ctx, broker.Config{Telemetry: *telemetry, Seed: *seed, Idle: *idle})
}

// sayBroker prints the addresses of the Kafka in use.
func sayBroker(ctx context.Context) error {
	c, err := reach(ctx)
	if err != nil {
		return err
	}
	fmt.Println(strings.Join(c.Brokers, ","))
	return nil
}
