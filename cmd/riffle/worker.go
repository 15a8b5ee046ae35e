package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"

	sources "github.com/riffle-stream/riffle"
	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/interp"
	symbols "github.com/riffle-stream/riffle/interp/symbols/riffle"
	"github.com/riffle-stream/riffle/kernel/pipe"
	"github.com/riffle-stream/riffle/modules"
	"github.com/riffle-stream/riffle/session"
)

// runWorker runs the cells of one notebook, and speaks with the kernel over a pipe.
func runWorker(ctx context.Context, args []string) error {
	defer runtime.KeepAlive(ballast())
	if err := parse(flags("worker"), args); err != nil {
		return err
	}
	if err := boundMemory(); err != nil {
		slog.Warn("the memory of cells has no bound", "error", err)
	}
	s, workshop, err := openSession(".")
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

// openSession is a session for the notebook in a folder, and where it builds programs.
func openSession(dir string) (*session.Session, *export.Workshop, error) {
	linked, err := modules.Open(sources.Sources, link())
	if err != nil {
		return nil, nil, err
	}
	linker, err := modules.NewLinker(linked, "")
	if err != nil {
		return nil, nil, err
	}
	workshop, err := export.Open(linked.Sources, "")
	if err != nil {
		return nil, nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	brokers, err := cluster.FromEnv()
	if err != nil {
		return nil, nil, err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, nil, err
	}
	s, err := session.New(session.Config{
		Dir: dir, Program: self, Brokers: brokers, Workshop: workshop, Linker: linker,
		Prelude: interp.Prelude{Path: "github.com/riffle-stream/riffle/cells", Name: "riffle", Set: symbols.Set()},
	})
	return s, workshop, err
}
