package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/kernel/pipe"
)

// runKernel is the front: the protocol and the history. The cells run in a worker.
func runKernel(ctx context.Context, args []string) error {
	// A request goes through a dozen goroutines here, one after the other. On one processor that wakes no thread but the first.
	runtime.GOMAXPROCS(1)
	defer runtime.KeepAlive(ballast())
	f := flags("kernel")
	file := f.String("connection-file", "", "the connection `FILE` that Jupyter wrote")
	if err := parse(f, args); err != nil {
		return err
	}
	if *file == "" {
		return &usageError{"kernel", errors.New("has no --connection-file: Jupyter starts the kernel and gives it one, after riffle install")}
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("kernel: %w", err)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	worker, err := pipe.Start(pipe.Options{
		Command: func() *exec.Cmd { return exec.Command(self, "worker") },
		Succeed: func(program string) *exec.Cmd {
			if _, err := os.Stat(program); err != nil { // the cache was emptied meanwhile
				program = self
			}
			return exec.Command(program, "worker")
		},
		Hide: machinery, Grace: 2 * time.Second, Log: log,
	})
	if err != nil {
		return err
	}
	defer worker.Close()
	return kernel.Serve(ctx, *file, worker, kernel.Options{Info: info(), History: history(), Log: log})
}

// machinery begins the names of functions that stand between a user's own on a stack.
var machinery = []string{"github.com/traefik/yaegi/", "github.com/riffle-stream/riffle/interp", "github.com/riffle-stream/riffle/session", "github.com/riffle-stream/riffle/dataframe/exec"}

// pages is where the documentation is read.
const pages = "https://github.com/riffle-stream/riffle/blob/main/docs/"

func info() kernel.Info {
	return kernel.Info{
		Name: "riffle", Version: version(),
		Banner: "Riffle " + version() + ", a notebook for streams: cells are Go, a topic is a table. %help lists what there is.",
		Help: []kernel.Link{
			{Text: "The language of cells", URL: pages + "language.md"},
			{Text: "Expressions", URL: pages + "expressions.md"},
			{Text: "How time works", URL: pages + "time.md"},
			{Text: "Riffle in Jupyter", URL: pages + "jupyter.md"},
			{Text: "The Go standard library", URL: "https://pkg.go.dev/std"},
		},
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
