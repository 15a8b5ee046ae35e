// Command riffle is the kernel, its broker, and their tools.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/riffle-stream/riffle/dataframe/near"
)

// command is one of riffle's own.
type command struct {
	name, args, does string
	run              func(ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"install", place + " [--papermill]", "puts the kernel where Jupyter finds it", installKernel},
		{"uninstall", place, "takes it away again", uninstallKernel},
		{"doctor", "", "looks for what the kernel needs here, and says what to do about what is missing", doctor},
		{"export", "NOTEBOOK --frame NAME --out DIR", "writes a frame of a notebook as a program", exportNotebook},
		{"broker", "[--telemetry] [--find] [--seed N] [--idle DURATION]", "runs the embedded broker of this user, for trying things: it keeps nothing", runBroker},
		{"topics", "[--json]", "lists the topics of the Kafka in use", listTopics},
		{"produce", "[--key MEMBER] [--time MEMBER] [--partitions N] TOPIC", "writes lines of JSON from its input to a topic", produce},
		{"feed", "[--seed N]", "writes invented telemetry to the Kafka in use, until it is interrupted", feed},
		{"replay-dlq", "[--group NAME] TOPIC", "sends dead letters back to the topics that they came from, each once", replayLetters},
		{"peek", "[--rows N] TOPIC", "prints the newest rows of a topic, an object a line", peek},
		{"rows", "FILE", "prints a pinned sample, an object a line, for pandas and others", printRows},
		{"kernel", "--connection-file FILE", "is started by Jupyter", runKernel},
		{"worker", "", "runs the cells; is started by the kernel", runWorker},
		{"version", "", "says which version this is", printVersion},
	}
}

// place is what says where a kernel is put.
const place = "--user | --sys-prefix | --prefix DIR"

func main() {
	// A signal while nothing runs does no harm to a kernel; the commands decide.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	os.Exit(exitCode(run(ctx, os.Args[1:])))
}

// exitCode is 0 for what went well, 2 for a command line that cannot be understood, 1 for the rest.
func exitCode(err error) int {
	var wrong *usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &wrong):
		fmt.Fprintln(os.Stderr, "riffle "+wrong.Error())
		return 2
	}
	fmt.Fprintln(os.Stderr, "riffle: "+err.Error())
	return 1
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		usage(os.Stderr)
		return &usageError{err: errors.New("needs a command")}
	}
	switch args[0] {
	case "help", "--help", "-help", "-h":
		usage(os.Stdout)
		return nil
	}
	var names []string
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, args[1:])
		}
		names = append(names, c.name)
	}
	if meant := near.Name(args[0], names); meant != "" {
		return &usageError{err: fmt.Errorf("has no command %q; did you mean %s?", args[0], meant)}
	}
	return &usageError{err: fmt.Errorf("has no command %q (have %s)", args[0], strings.Join(names, ", "))}
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Riffle, a Jupyter kernel for streams.\n\nriffle COMMAND [OPTIONS]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.does)
	}
	fmt.Fprint(w, "\nriffle COMMAND --help tells the options of a command.\n")
}

// version is that of the module, as the build recorded it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development"
}

func printVersion(_ context.Context, args []string) error {
	if err := parse(flags("version"), args); err != nil {
		return err
	}
	fmt.Println("riffle " + version())
	return nil
}
