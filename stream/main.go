package stream

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/export/replay"
	"github.com/riffle-stream/riffle/state"
)

// Program is what an exported program runs.
type Program struct {
	Name  string              // its group, unless --group gives another
	Code  string              // hash of its statements
	Facts []byte              // as [plan.Facts.Encode] writes them
	Roots func() []*plan.Node // builds the graph and gives its ends
	// Source is its own Go files; see [Config]. Nil for a program that has none with it.
	Source fs.FS
	// Cells is [plan.Cells] as JSON: where in the notebook the lines of Source come from. Nil if nobody knows.
	Cells []byte
	// Formats are those that the plan names beside JSON, CSV and raw.
	Formats []codec.Format
	// Registry reaches a schema registry, if some of the formats need one.
	Registry func(context.Context, cluster.Registry) (codec.Schemas, error)
}

// The exit codes of a program.
const (
	exitOK      = 0 // it was told to end, and its last transaction is committed
	exitFailed  = 1 // restarts did not help: the broker, the network or the disk
	exitUsage   = 2 // it was started wrongly
	exitRow     = 3 // a row that it cannot take, and no policy for it; it stands at its last commit
	exitDecide  = 4 // it cannot go on without somebody's decision; to restart it as it is changes nothing
	exitCorrupt = 5 // state-probe: the folder is damaged
)

// Main runs a program with the arguments and the environment of the process,
// and gives its exit code: 0 after SIGINT or SIGTERM, when its transaction is
// finished, which takes ten seconds at most; 1 when restarts did not help; 2
// when it was started wrongly; 3 at a row that it cannot take; 4 when it cannot
// go on without a decision, such as offsets that were moved. A second signal
// ends it at once; the next start puts right what that left.
func Main(p Program) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	limitMemory()
	return p.run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
}

// run is Main for given arguments.
func (p Program) run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer) int {
	if len(args) == 2 && args[0] == "state-probe" {
		return probe(args[1], stderr)
	}
	o, err := p.parse(args, env, stderr)
	if err == nil {
		err = p.do(ctx, o, stdout, stderr)
	}
	if err != nil && !errors.Is(err, errHelp) {
		fmt.Fprintf(stderr, "%s: %v\n", p.Name, err)
	}
	if s := advice(err); s != "" {
		fmt.Fprintf(stderr, "%s: %s\n", p.Name, s)
	}
	return exitCode(err)
}

// advice is what can be done about a row that ended the program, or "".
func advice(err error) string {
	if exitCode(err) != exitRow || errors.Is(err, exec.ErrBudget) {
		return ""
	}
	return `it stands at the commit before that row; OnError(Skip) or OnError(DeadLetter("topic")) behind that step lets rows go by that it cannot take`
}

// exitCode is the exit code for the error that ended a program.
func exitCode(err error) int {
	var bad *exec.BadRow
	switch {
	case err == nil, errors.Is(err, errHelp):
		return exitOK
	case errors.Is(err, ErrConfig), errors.Is(err, cluster.ErrConfig):
		return exitUsage
	case errors.As(err, &bad):
		return exitRow
	case permanent(err):
		return exitDecide
	}
	return exitFailed
}

// probe examines a state folder in a process that may die of it.
func probe(dir string, stderr io.Writer) int {
	if err := state.Probe(dir); err != nil {
		fmt.Fprintln(stderr, err)
		return exitCorrupt
	}
	return exitOK
}

// do is what the options ask for.
func (p Program) do(ctx context.Context, o *options, stdout, stderr io.Writer) error {
	facts, err := plan.DecodeFacts(p.Facts)
	if err != nil {
		return err
	}
	bound, err := plan.Bind(p.Roots(), facts)
	if err != nil {
		return err
	}
	if p.Cells != nil {
		var cells plan.Cells
		if err := json.Unmarshal(p.Cells, &cells); err != nil {
			return fmt.Errorf("%w: the program's cells.json does not read as JSON: %w", ErrConfig, err)
		}
		cells.Locate(bound, p.Source)
	}
	hash := bound.Hash() // that of the graph, whatever its topics are called here
	if err := bound.Rename(o.topics); err != nil {
		return fmt.Errorf("%w: --topics: %w", ErrConfig, err)
	}
	switch {
	case o.describe:
		return describe(stdout, p, bound, hash, o.config)
	case o.printConfig:
		return o.print(stdout)
	case o.sample != "":
		return p.replay(ctx, o.sample, o.rows)
	}
	return p.start(ctx, o, bound, hash, slog.New(slog.NewTextHandler(stderr, nil)))
}

// start runs the program on Kafka until it is told to end.
func (p Program) start(ctx context.Context, o *options, bound *plan.Plan, hash string, log *slog.Logger) error {
	if err := o.reach(ctx, log); err != nil {
		return err
	}
	if o.rebuild {
		if err := state.Reset(o.config.StateDir); err != nil {
			return fmt.Errorf("%w: --rebuild-state: %w", ErrConfig, err)
		}
	}
	if err := p.schemas(ctx, o, bound); err != nil {
		return err
	}
	o.config.Log, o.config.Source = log, p.Source
	s := newStatus(log)
	o.config.Events = s.events()
	defer s.watch(ctx)()
	if o.http != "off" {
		o.config.Reader = NewReader()
		w := &web{status: s, reader: o.config.Reader}
		at, err := w.serve(o.http)
		if err != nil {
			return err
		}
		defer w.close()
		log.Info("listening", "http", at, "paths", "/health /metrics /state")
	}
	log.Info("starting", "program", p.Name, "plan", hash, "code", p.Code, "group", o.config.Group)
	if err := Run(ctx, bound, o.config); err != nil {
		return err
	}
	log.Info("ended", "rows", s.rows.Get(), "commits", s.commits.Get())
	return nil
}

// schemas reaches the registry, if the plan needs one, and lets it have the
// schemas of what the program writes: what is wrong with it is said at the start.
func (p Program) schemas(ctx context.Context, o *options, bound *plan.Plan) error {
	o.config.Formats = codec.Formats{Known: p.Formats}
	topic, err := exec.Registered(bound, o.config.Formats)
	if err != nil || topic == "" {
		return err
	}
	if c := o.config.Cluster.Registry; c.Empty() || p.Registry == nil {
		return fmt.Errorf("%w: the schemas of topic %s are in a schema registry: say where it is with --registry http://HOST:8081 or %s", ErrConfig, topic, cluster.EnvRegistry)
	}
	if o.config.Formats.Schemas, err = p.Registry(ctx, o.config.Cluster.Registry); err != nil {
		return err
	}
	return exec.Register(bound, o.config.Formats)
}

// replay runs the program over a sample and writes its rows as lines that can be compared.
func (p Program) replay(ctx context.Context, sample, rows string) error {
	out, err := os.Create(rows)
	if err != nil {
		return fmt.Errorf("%w: --rows: %w", ErrConfig, err)
	}
	w := bufio.NewWriter(out)
	err = replay.Program(ctx, p.Facts, p.Roots(), sample, w, p.Formats...)
	return errors.Join(err, w.Flush(), out.Close())
}
