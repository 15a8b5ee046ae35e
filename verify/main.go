package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"time"
)

// options are the flags.
type options struct {
	rows    int
	seed    uint64
	workers int
	brokers int
	every   time.Duration
	kills   int
	harm    time.Duration
	harms   int
	times   int
	pace    int
	program string
}

// The size of the ledger, besides its rows.
const (
	partitions = 4
	cars       = 200
)

func main() {
	var o options
	flag.IntVar(&o.rows, "rows", 200_000, "rows to feed")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().Unix()), "of the rows, and of who is killed when as far as that can be repeated")
	flag.IntVar(&o.workers, "workers", 3, "processes of the program")
	flag.IntVar(&o.brokers, "brokers", 3, "nodes of an Apache Kafka; 0 is a fake one in this process, which is not killed")
	flag.DurationVar(&o.every, "every", 2*time.Second, "how long it is, about, until the next worker is killed")
	flag.IntVar(&o.kills, "kills", 0, "how many workers are killed at most; 0 is as many as it takes until all rows are there")
	flag.DurationVar(&o.harm, "harm", 20*time.Second, "how long it is, about, until the next broker is killed, or the coordinators move")
	flag.IntVar(&o.harms, "harms", 0, "how often brokers are harmed at most; 0 is as often as it takes until all rows are there")
	flag.IntVar(&o.times, "times", 1, "trials one after the other, each with the next seed")
	flag.IntVar(&o.pace, "pace", 0, "rows to feed in a second at most; 0 is as fast as they are done")
	flag.StringVar(&o.program, "program", "", "a `file` that an earlier trial has built, instead of the notebook")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "verify:", err)
		os.Exit(1)
	}
}

// run builds the program and does the trials.
func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "riffle-verify-")
	if err != nil {
		return err
	}
	binary := o.program
	if binary == "" {
		fmt.Println("exporting and building the program of the notebook")
		if binary, err = build(ctx, dir); err != nil {
			return err
		}
	}
	h := &harms{}
	k, err := launch(o.brokers, rand.New(rand.NewPCG(o.seed, 2)), h)
	if err != nil {
		return err
	}
	defer k.stop()
	for range o.times {
		if err := try(ctx, o, k, h, binary, filepath.Join(dir, fmt.Sprint("seed-", o.seed))); err != nil {
			return fmt.Errorf("%w\nlogs and state folders are left in %s", err, dir)
		}
		o.seed++
	}
	return os.RemoveAll(dir)
}

// try is one trial, with its report.
func try(ctx context.Context, o options, k kafka, h *harms, binary, dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	h.reset()
	t, err := newTrial(o, k, h, binary, dir)
	if err != nil {
		return err
	}
	err = t.run(ctx)
	fmt.Print(t.report())
	if err == nil {
		err = clear(ctx, k.addrs())
	}
	return err
}
