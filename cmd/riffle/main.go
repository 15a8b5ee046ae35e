// Command riffle is the kernel, its broker, and their tools.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// command is one of riffle's own.
type command struct {
	name, args, does string
	run              func(ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"install", "[--user | --sys-prefix | --prefix DIR]", "puts the kernel where Jupyter finds it", installKernel},
		{"uninstall", "[--user | --sys-prefix | --prefix DIR]", "takes it away again", uninstallKernel},
		{"broker", "[--telemetry] [--idle DURATION]", "runs the embedded broker of this user", runBroker},
		{"kernel", "--connection-file FILE", "is started by Jupyter", runKernel},
		{"worker", "", "runs the cells; is started by the kernel", runWorker},
		{"version", "", "says which version this is", printVersion},
	}
}

func main() {
	// A signal while nothing runs does no harm to a kernel; the commands decide.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			os.Exit(2)
		}
		fmt.Fprintln(os.Stderr, "riffle: "+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				return c.run(ctx, args[1:])
			}
		}
		if args[0] != "help" && args[0] != "--help" && args[0] != "-h" {
			usage()
			return fmt.Errorf("no command %q", args[0])
		}
	}
	usage()
	return flag.ErrHelp
}

func usage() {
	fmt.Fprintln(os.Stderr, "Riffle, a Jupyter kernel for streams.\n\nriffle COMMAND [OPTIONS]")
	for _, c := range commands() {
		fmt.Fprintf(os.Stderr, "  %-10s %-40s %s\n", c.name, c.args, c.does)
	}
}

// version is that of the module, as the build recorded it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development"
}

func printVersion(context.Context, []string) error {
	fmt.Println("riffle " + version())
	return nil
}

// flags are the options of a command, whose errors and help go to stderr.
func flags(name string) *flag.FlagSet {
	return flag.NewFlagSet("riffle "+name, flag.ContinueOnError)
}
