package main

import (
	"context"
	"path/filepath"

	"github.com/riffle-stream/riffle/internal/exported"
	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// build exports the notebook over a few rows, and builds the program as anybody would, but that it has failpoints.
func build(ctx context.Context, dir string) (binary string, err error) {
	addrs, stop, err := kafkatest.LaunchFake()
	if err != nil {
		return "", err
	}
	defer stop()
	recs := ledger.Input(ledger.Shape{Seed: 1, Partitions: partitions, Cars: cars, Rows: 5_000})
	f := &feeder{addrs: addrs, recs: recs, passed: func(context.Context, int) error { return nil }}
	if err := makeTopics(ctx, addrs, append([]string{ledger.Drivers}, inputs...)...); err != nil {
		return "", err
	}
	if err := f.run(ctx); err != nil {
		return "", err
	}
	riffle, err := exported.Riffle(ctx, dir)
	if err != nil {
		return "", err
	}
	module, err := exported.Notebook(ctx, riffle, filepath.Join("verify", "ledger.ipynb"), "ledger", dir, addrs)
	if err != nil {
		return "", err
	}
	binary = filepath.Join(dir, "program")
	return binary, exported.Build(ctx, module, binary, ".", "-tags", "failpoints")
}
