package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"

	sources "github.com/riffle-stream/riffle"
	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/interp"
	symbols "github.com/riffle-stream/riffle/interp/symbols/riffle"
	"github.com/riffle-stream/riffle/kernel/pipe"
	"github.com/riffle-stream/riffle/session"
)

// runWorker runs the cells of one notebook, and speaks with the kernel over a pipe.
func runWorker(ctx context.Context, args []string) error {
	if err := parse(flags("worker"), args); err != nil {
		return err
	}
	if err := boundMemory(); err != nil {
		slog.Warn("the memory of cells has no bound", "error", err)
	}
	workshop, err := export.Open(sources.Sources, "")
	if err != nil {
		return err
	}
	s, err := openSession(".", workshop)
	if err != nil {
		return err
	}
	defer s.Close()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go warm(ctx, workshop)
	return pipe.Worker(ctx, s)
}

// warm compiles what live runs share while the user reads the first rows. A
// failure shows itself at the first run, with what to do.
func warm(ctx context.Context, w *export.Workshop) {
	if err := w.Warm(ctx); err != nil && ctx.Err() == nil {
		slog.Debug("the workshop is not warm", "error", err)
	}
}

// openSession is a session for the notebook in a folder.
func openSession(dir string, workshop *export.Workshop) (*session.Session, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	brokers, err := cluster.FromEnv()
	if err != nil {
		return nil, err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	return session.New(session.Config{
		Dir: dir, Program: self, Brokers: brokers, Workshop: workshop,
		Prelude: interp.Prelude{Path: "github.com/riffle-stream/riffle/cells", Name: "riffle", Set: symbols.Set()},
	})
}
