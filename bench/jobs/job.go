// Package jobs holds the measured jobs in the language of cells.
//
// [Run] runs a frame as an exported program does, configured by the environment that all measured programs share.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/riffle-stream/riffle/cluster"
	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/stream"
)

// Partitions is how many the topics of the jobs have.
const Partitions = 4

// Telemetry is topic IN: the rows of the cars.
func Telemetry() df.Frame {
	return df.Topic(os.Getenv("IN"), df.Time("ts", "ms"), df.KeyAs("car"))
}

// columns are those that a sample of the topic shows.
const columns = "car string, lap int, speed float, rpm int, throttle float, brake float, gear int, lat float, lon float, ts int"

// Run writes a frame to topic OUT until SIGTERM, and ends the process. It reads BOOTSTRAP, IN, OUT, GROUP and
// STATE_DIR from the environment.
func Run(f df.Frame) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, f.To(os.Getenv("OUT"))); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, f df.Frame) error {
	if f.Err() != nil {
		return f.Err()
	}
	facts := plan.TopicFacts{Partitions: Partitions}
	for _, s := range strings.Split(columns, ", ") {
		field, err := row.ParseField(s)
		if err != nil {
			return err
		}
		facts.Fields = append(facts.Fields, plan.Field(field))
	}
	p, err := plan.Bind([]*plan.Node{f.Node()}, plan.Facts{Topics: map[string]plan.TopicFacts{os.Getenv("IN"): facts}})
	if err != nil {
		return err
	}
	stopProfile, err := profile()
	if err != nil {
		return err
	}
	err = stream.Run(ctx, p, stream.Config{
		Cluster:  cluster.Config{Brokers: strings.Split(os.Getenv("BOOTSTRAP"), ",")},
		Group:    os.Getenv("GROUP"),
		Instance: "0",
		StateDir: os.Getenv("STATE_DIR"),
		From:     stream.Earliest,
	})
	return errors.Join(err, stopProfile())
}
