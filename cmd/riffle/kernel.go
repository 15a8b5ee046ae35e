package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/interp"
	riffle "github.com/riffle-stream/riffle/interp/symbols/riffle"
	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/kernel/pipe"
	"github.com/riffle-stream/riffle/session"
)

// runKernel is the front: the protocol and the history. The cells run in a worker.
func runKernel(ctx context.Context, args []string) error {
	f := flags("kernel")
	file := f.String("connection-file", "", "the connection `FILE` that Jupyter wrote")
	if err := f.Parse(args); err != nil {
		return err
	}
	if *file == "" {
		return errors.New("kernel: no --connection-file: Jupyter starts kernels, after riffle install")
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("kernel: %w", err)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	worker, err := pipe.Start(pipe.Options{Command: func() *exec.Cmd { return exec.Command(self, "worker") }, Grace: 2 * time.Second, Log: log})
	if err != nil {
		return err
	}
	defer worker.Close()
	return kernel.Serve(ctx, *file, worker, kernel.Options{Info: info(), History: history(), Log: log})
}

func info() kernel.Info {
	return kernel.Info{
		Name: "riffle", Version: version(),
		Banner: "Riffle " + version() + ", a notebook for streams: cells are Go, a topic is a table",
	}
}

// history is the file that keeps what was typed, or "" where there is no place for it.
func history() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	dir = filepath.Join(dir, "riffle")
	if os.MkdirAll(dir, 0o700) != nil {
		return ""
	}
	return filepath.Join(dir, "history.jsonl")
}

// runWorker runs the cells of one notebook, and speaks with the kernel over a pipe.
func runWorker(ctx context.Context, args []string) error {
	if err := flags("worker").Parse(args); err != nil {
		return err
	}
	s, err := openSession(".")
	if err != nil {
		return err
	}
	defer s.Close()
	return pipe.Worker(ctx, s)
}

// openSession is a session for the notebook in a folder.
func openSession(dir string) (*session.Session, error) {
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
		Dir: dir, Program: self, Brokers: brokers,
		Prelude: interp.Prelude{Path: "github.com/riffle-stream/riffle/cells", Set: riffle.Set()},
	})
}
