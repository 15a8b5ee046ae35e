// Command echokernel is a whole kernel for tests: the echo evaluator in a worker behind a front.
package main

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/kernel/internal/echo"
	"github.com/riffle-stream/riffle/kernel/pipe"
)

func main() {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	worker := flag.Bool("worker", false, "run as the worker of a front")
	file := flag.String("connection-file", "", "where to listen")
	history := flag.String("history", "", "history file")
	grace := flag.Duration("grace", 10*time.Second, "patience with an interrupted cell")
	flag.Parse()
	if err := run(*worker, *file, *history, *grace, log); err != nil {
		log.Error("echokernel", "error", err)
		os.Exit(1)
	}
}

func run(worker bool, file, history string, grace time.Duration, log *slog.Logger) error {
	ctx := context.Background()
	if worker {
		debug.SetMaxStack(32 << 20) // an endless recursion ends in milliseconds
		return pipe.Worker(ctx, &echo.Evaluator{})
	}
	runtime.GOMAXPROCS(1) // as riffle's front: it is attacked as it runs
	self, err := os.Executable()
	if err != nil {
		return err
	}
	client, err := pipe.Start(pipe.Options{Command: func() *exec.Cmd { return exec.Command(self, "-worker") }, Grace: grace, Log: log})
	if err != nil {
		return err
	}
	defer client.Close()
	info := kernel.Info{Name: "echo", Version: "1", Banner: "an echo"}
	return kernel.Serve(ctx, file, client, kernel.Options{Info: info, History: history, Log: log})
}
