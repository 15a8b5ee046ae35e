// Package child is the main of programs that live runs start: [Main] runs a
// [Program] over the rows that come now and speaks to the notebook
// through a pipe. It writes nothing to Kafka and knows nothing of consumer
// groups, so that it builds faster than an exported program.
package child

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/export/replay"
	"github.com/riffle-stream/riffle/stream/live"
)

// EnvLive is the environment variable with the number of the file descriptor on which the child speaks.
const EnvLive = "RIFFLE_LIVE"

// EnvOpen is the environment variable that says whether the notebook shows windows that are still open: "1" if it does.
const EnvOpen = "RIFFLE_OPEN"

// Program is what a child runs.
type Program struct {
	Code  string              // hash of its statements
	Facts []byte              // as [plan.Facts.Encode] writes them
	Roots func() []*plan.Node // builds the graph and gives its ends
	// Formats are those that the plan names beside JSON, CSV and raw.
	Formats []codec.Format
	// Registry reaches a schema registry, if some of the formats need one.
	Registry func(context.Context, cluster.Registry) (codec.Schemas, error)
}

// Main runs the program and gives its exit code: 0 when it was told to end, 1
// when it failed, 2 when it was started wrongly. With --sample FILE --rows OUT
// it runs over a pinned sample instead and writes its rows; with --describe it
// prints its plan.
func Main(p Program) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	err := p.run(ctx, os.Args[1:], os.Getenv)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

var errUsage = errors.New("live program")

func (p Program) run(ctx context.Context, args []string, env func(string) string) error {
	flags := flag.NewFlagSet("live program", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	sample := flags.String("sample", "", "run over the sample in this file")
	rows := flags.String("rows", "", "write the rows of the sample to this file")
	describe := flags.Bool("describe", false, "print the plan")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	if *sample != "" {
		return p.replay(ctx, *sample, *rows)
	}
	roots := p.Roots()
	bound, err := p.bind(roots)
	if err != nil {
		return err
	}
	switch {
	case *describe:
		fmt.Printf("plan %s\ncode %s\n\n%s", bound.Hash(), p.Code, bound.Text())
		return nil
	}
	cfg := live.Config{Code: p.Code}
	if env(EnvOpen) == "1" {
		roots, cfg.Of = plan.Open(roots)
		if cfg.Open, err = p.bind(roots); err != nil {
			return err
		}
	}
	return p.live(ctx, bound, cfg, env(EnvLive))
}

func (p Program) bind(roots []*plan.Node) (*plan.Plan, error) {
	facts, err := plan.DecodeFacts(p.Facts)
	if err != nil {
		return nil, err
	}
	return plan.Bind(roots, facts)
}

func (p Program) live(ctx context.Context, bound *plan.Plan, cfg live.Config, fd string) error {
	n, err := strconv.Atoi(fd)
	if err != nil || n < 3 {
		return fmt.Errorf("%w: %s is %q, want the number of the file descriptor on which to speak: a notebook starts this program", errUsage, EnvLive, fd)
	}
	if cfg.Cluster, err = cluster.FromEnv(); err != nil {
		return err
	}
	if cfg.Formats, err = p.formats(ctx, bound, cfg.Cluster.Registry); err != nil {
		return err
	}
	out := os.NewFile(uintptr(n), "notebook")
	defer out.Close()
	cfg.Out = out
	return live.Run(ctx, bound, cfg)
}

// formats are what the plan is read by. A registry has nothing registered: a live run writes nothing.
func (p Program) formats(ctx context.Context, bound *plan.Plan, c cluster.Registry) (codec.Formats, error) {
	out := codec.Formats{Known: p.Formats}
	topic, err := exec.Registered(bound, out)
	if err != nil || topic == "" {
		return out, err
	}
	if p.Registry == nil {
		return out, fmt.Errorf("topic %s: %w: this program knows none", topic, codec.ErrRegistry)
	}
	asked, err := p.Registry(ctx, c)
	if err != nil {
		return out, fmt.Errorf("topic %s: %w", topic, err)
	}
	out.Schemas = codec.Unwritten(asked)
	return out, nil
}

func (p Program) replay(ctx context.Context, sample, rows string) error {
	out, err := os.Create(rows)
	if err != nil {
		return fmt.Errorf("--rows: %w", err)
	}
	w := bufio.NewWriter(out)
	err = replay.Program(ctx, p.Facts, p.Roots(), sample, w, p.Formats...)
	return errors.Join(err, w.Flush(), out.Close())
}
