package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// usageError is a command line that cannot be understood.
type usageError struct {
	command string // "" for riffle itself
	err     error
}

// Error says what is wrong, and where to read how it is right.
func (e *usageError) Error() string {
	if e.command == "" {
		return fmt.Sprintf("%v; riffle help tells the commands", e.err)
	}
	return fmt.Sprintf("%s: %v; riffle %[1]s --help tells the options", e.command, e.err)
}

func (e *usageError) Unwrap() error { return e.err }

// flags are the options of a command. Parse them with parse.
func flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard) // parse says it once
	f.Usage = func() {}
	return f
}

// parse takes a command's options, and after them as many arguments as there are names. Asked for help it prints
// that, and gives [flag.ErrHelp].
func parse(f *flag.FlagSet, args []string, names ...string) error {
	err := f.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		help(os.Stdout, f)
		return err
	case err != nil:
		return &usageError{f.Name(), plain(f, err)}
	case f.NArg() < len(names):
		return &usageError{f.Name(), fmt.Errorf("names no %s", names[f.NArg()])}
	case f.NArg() > len(names):
		return &usageError{f.Name(), fmt.Errorf("takes no argument %q", f.Arg(len(names)))}
	}
	return nil
}

// plain is an error of package flag in the words of the rest.
func plain(f *flag.FlagSet, err error) error {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: -"); ok {
		have := "none"
		if names := options(f); len(names) > 0 {
			have = strings.Join(names, ", ")
		}
		return fmt.Errorf("has no option --%s (have %s)", strings.TrimLeft(name, "-"), have)
	}
	text = strings.Replace(text, "flag needs an argument: -", "gives no value to --", 1)
	return errors.New(strings.Replace(text, " for flag -", " for --", 1))
}

// options are the names of a command's options.
func options(f *flag.FlagSet) (names []string) {
	f.VisitAll(func(o *flag.Flag) { names = append(names, "--"+o.Name) })
	return names
}

// help tells what a command does and its options.
func help(w io.Writer, f *flag.FlagSet) {
	for _, c := range commands() {
		if c.name == f.Name() {
			fmt.Fprintf(w, "riffle %s %s\n\n%[1]s %[3]s.\n", c.name, c.args, c.does)
		}
	}
	if len(options(f)) > 0 {
		fmt.Fprint(w, "\nOptions:\n")
	}
	f.VisitAll(func(o *flag.Flag) {
		value, does := flag.UnquoteUsage(o)
		if o.DefValue != "" && o.DefValue != "false" {
			does += " (" + o.DefValue + " if not given)"
		}
		fmt.Fprintf(w, "  %-24s %s\n", strings.TrimSpace("--"+o.Name+" "+value), does)
	})
}
