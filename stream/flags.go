package stream

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/riffle-stream/riffle/cluster"
)

// errHelp: the flags were asked for, and printed.
var errHelp = errors.New("help")

// options are what the flags and the environment say.
type options struct {
	config      Config
	describe    bool
	printConfig bool
	rebuild     bool
	http        string
	sample      string
	rows        string
	topics      map[string]string // on this cluster, by the plan's names
}

// parse reads flags and environment; a flag wins. Secrets have no flags: they
// come from the environment or from files, as package cluster says.
func (p Program) parse(args []string, env func(string) string, stderr io.Writer) (*options, error) {
	c, err := cluster.FromEnv()
	if err != nil {
		return nil, err
	}
	o := &options{config: Config{Cluster: c, Group: p.Name, Failpoint: failpoint(env)}}
	brokers, from, idle, topics := strings.Join(c.Brokers, ","), string(Earliest), "30s", ""
	registry := strings.Join(c.Registry.URLs, ",")
	f := flag.NewFlagSet(p.Name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&brokers, "brokers", brokers, "where Kafka is, `host:port` separated by commas (also KAFKA_BROKERS; default: this user's embedded broker, if one runs)")
	f.StringVar(&registry, "registry", registry, "`URL` of the schema registry, for formats that need one (also SCHEMA_REGISTRY_URL; user and password by the environment)")
	f.StringVar(&o.config.Group, "group", o.config.Group, "`name` of the program on the cluster: its group, and the prefix of its own topics")
	f.StringVar(&o.config.Instance, "instance", "", "`name` of this process within the group, the same after a restart (default: kept in the state folder)")
	f.StringVar(&o.config.StateDir, "state-dir", "", "`folder` for the state of this process alone (default riffle-state/GROUP)")
	f.StringVar(&from, "from", from, "`WHERE` a new group begins: earliest or latest")
	f.StringVar(&topics, "topics", "", "`names` of topics that are called otherwise on this cluster, such as cars=prod.cars,laps=prod.laps")
	f.Func("commit", "how long a transaction lasts, a `DURATION` such as 100ms (default: from 100 ms to 500 ms, by what it costs to end one)", func(text string) (err error) {
		if o.config.Commit, err = time.ParseDuration(text); err != nil {
			err = errors.New("want a duration such as 100ms")
		}
		return err
	})
	f.StringVar((*string)(&o.config.Delivery), "delivery", string(ExactlyOnce), "`WHEN` others see rows: "+string(ExactlyOnce)+", with their commit, or "+string(AtLeastOnce)+", and after a failure some a second time")
	f.StringVar(&idle, "idle", idle, "the `DURATION` that an input must be silent until nothing waits for it, or off")
	f.IntVar(&o.config.Replication, "replication", 0, "replication of the topics that the program makes (default: the broker's)")
	f.IntVar(&o.config.Retries, "retries", 3, "how often to start again from the last commit after a failure of the environment")
	f.BoolVar(&o.rebuild, "rebuild-state", false, "empty the state folder first; the state is built again from its changelog")
	f.Var((*texts)(&o.config.Adopt), "adopt", "the `STEP` goes on with state that another version of its function made; may be repeated")
	f.Var((*texts)(&o.config.Reset), "reset-state", "the `STEP`, which was changed, begins without what was saved for it; may be repeated")
	f.StringVar(&o.http, "http", "127.0.0.1:0", "`host:port` for /health, /metrics and /state, or off; port 0 is a free one, which the log names")
	f.BoolVar(&o.describe, "describe", false, "print the plan, the topics and the rights that the program needs")
	f.BoolVar(&o.printConfig, "print-config", false, "print the settings, without secrets")
	f.StringVar(&o.sample, "sample", "", "run over the sample in this `file` instead")
	f.StringVar(&o.rows, "rows", "", "`file` for the rows of the sample")
	if err := fromEnvironment(f, env); err != nil {
		return nil, err
	}
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		usage(stderr, f)
		return nil, errHelp
	} else if err != nil {
		return nil, fmt.Errorf("%w: %w; -h lists the flags", ErrConfig, err)
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("%w: %q is not a flag; -h lists them", ErrConfig, f.Arg(0))
	}
	if o.topics, err = renames(topics); err != nil {
		return nil, err
	}
	if o.config.Cluster.Registry, err = c.Registry.At(registry); err != nil {
		return nil, err
	}
	return o, o.finish(brokers, From(from), idle)
}

// usage prints the flags as they are written elsewhere, with two dashes.
func usage(w io.Writer, f *flag.FlagSet) {
	fmt.Fprintf(w, "%s [FLAGS]\n\nruns a pipeline over Kafka until SIGTERM or SIGINT. A flag such as --state-dir can be given as RIFFLE_STATE_DIR in the environment, too;\na flag wins. Credentials come from the environment alone: KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and others, which README.md lists.\n\n", f.Name())
	out := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	f.VisitAll(func(fl *flag.Flag) {
		value, text := flag.UnquoteUsage(fl)
		if fl.DefValue != "" && fl.DefValue != "0" && fl.DefValue != "false" {
			text += " (default: " + fl.DefValue + ")"
		}
		fmt.Fprintf(out, "  --%s %s\t%s\n", fl.Name, value, text)
	})
	out.Flush()
	fmt.Fprintln(w, "\nIt ends with 0 when it was told to, 1 when restarts did not help, 2 after a wrong start, 3 at a row that it cannot take, 4 where somebody has to decide.")
}

// renames reads name=name pairs, which commas separate.
func renames(text string) (map[string]string, error) {
	out := map[string]string{}
	for pair := range strings.SplitSeq(text, ",") {
		if pair = strings.TrimSpace(pair); pair == "" {
			continue
		}
		from, to, ok := strings.Cut(pair, "=")
		if _, twice := out[from]; !ok || from == "" || to == "" || twice {
			return nil, fmt.Errorf("%w: --topics has %q, want each topic once, as name=name-on-this-cluster", ErrConfig, pair)
		}
		out[from] = to
	}
	return out, nil
}

// texts are the values of a flag that may be repeated.
type texts []string

func (t *texts) String() string { return strings.Join(*t, ", ") }

func (t *texts) Set(value string) error {
	*t = append(*t, value)
	return nil
}

// fromEnvironment sets flags by variables such as RIFFLE_STATE_DIR.
func fromEnvironment(f *flag.FlagSet, env func(string) string) error {
	var failed error
	f.VisitAll(func(fl *flag.Flag) {
		name := "RIFFLE_" + strings.ToUpper(strings.ReplaceAll(fl.Name, "-", "_"))
		if v := env(name); v != "" && failed == nil {
			if err := f.Set(fl.Name, v); err != nil {
				failed = fmt.Errorf("%w: %s is %q: %w", ErrConfig, name, v, err)
			}
		}
	})
	return failed
}

func (o *options) finish(brokers string, from From, idle string) error {
	c := &o.config
	c.Cluster.Brokers = nil
	for b := range strings.SplitSeq(brokers, ",") {
		if b = strings.TrimSpace(b); b != "" {
			c.Cluster.Brokers = append(c.Cluster.Brokers, b)
		}
	}
	if c.Retries == 0 {
		c.Retries = -1
	}
	if c.From = from; from != Earliest && from != Latest {
		return fmt.Errorf("%w: --from is %q, want %s or %s", ErrConfig, from, Earliest, Latest)
	}
	if c.Commit != 0 && (c.Commit < shortestCommit || c.Commit > longestCommit) {
		return fmt.Errorf("%w: --commit is %s, want from %s to %s", ErrConfig, c.Commit, shortestCommit, longestCommit)
	}
	c.Idle = -1
	if idle != "off" {
		d, err := time.ParseDuration(idle)
		if err != nil || d <= 0 {
			return fmt.Errorf("%w: --idle is %q, want a duration such as 30s, or off", ErrConfig, idle)
		}
		c.Idle = d
	}
	if (o.sample == "") != (o.rows == "") {
		return fmt.Errorf("%w: --sample and --rows go together: the file to read and the file to write", ErrConfig)
	}
	if c.StateDir == "" {
		c.StateDir = filepath.Join("riffle-state", c.Group)
	}
	if exe, err := os.Executable(); err == nil {
		c.Probe = []string{exe, "state-probe"}
	}
	return nil
}

// print writes the settings as JSON; secrets show as stars.
func (o *options) print(w io.Writer) error {
	idle := "off"
	if o.config.Idle > 0 {
		idle = o.config.Idle.String()
	}
	commit := "by cost"
	if o.config.Commit > 0 {
		commit = o.config.Commit.String()
	}
	b, err := json.MarshalIndent(map[string]any{
		"cluster": o.config.Cluster, "group": o.config.Group, "instance": o.config.Instance, "state_dir": o.config.StateDir,
		"from": o.config.From, "http": o.http, "idle": idle, "commit": commit, "delivery": o.config.Delivery, "replication": o.config.Replication, "retries": max(o.config.Retries, 0),
		"topics": o.topics,
	}, "", "  ")
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s\n", b)
	return err
}
