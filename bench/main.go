package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// options are the flags.
type options struct {
	rows, rounds int
	slowRows     int
	only, out    string
	build        string
	profile      string
	peers        string
	latency      bool
	chart        bool
}

func main() {
	var o options
	flag.IntVar(&o.rows, "rows", 2_000_000, "rows of the workload")
	flag.IntVar(&o.slowRows, "slow-rows", 400_000, "rows for programs that are slow, if that is less")
	flag.IntVar(&o.rounds, "rounds", 5, "times that each program runs")
	flag.StringVar(&o.only, "jobs", "j1,j2,j3,j4,j5", "jobs to run")
	flag.StringVar(&o.out, "o", "bench/RESULTS.md", "file to append the results to; \"\" is none")
	flag.StringVar(&o.build, "build", "", "`folder` to leave the exported jobs in, for others to measure; nothing is measured")
	flag.StringVar(&o.profile, "profile", "", "`folder` for CPU profiles of Riffle's programs, of the last round: j1.pprof and so on")
	flag.StringVar(&o.peers, "peers", "", "others that do the jobs, too: `streams,quix,goka`")
	flag.BoolVar(&o.latency, "latency", false, "measure how long rows take at 1,000 a second, instead of what they cost")
	flag.BoolVar(&o.chart, "chart", false, "draw "+picture+" of the latest results; nothing is measured")
	flag.Parse()
	do := run
	if o.build != "" {
		do = programs
	}
	if o.latency {
		do = latency
	}
	if o.chart {
		do = draw
	}
	if err := do(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	folder, err := os.MkdirTemp("", "riffle-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b, done, err := o.open()
	if err != nil {
		return err
	}
	defer done()
	began := time.Now()
	chosen, err := choose(o.only)
	if err != nil {
		return err
	}
	if err := b.load.load(ctx, b.addrs, onKafka, topicsOf(chosen)); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	if o.rows > o.slowRows && o.peers != "" {
		b.few = workload{o.slowRows}
		if err := b.few.load(ctx, b.addrs, onKafkaFew, topicsOf(chosen)); err != nil {
			return fmt.Errorf("load: %w", err)
		}
	}
	fmt.Printf("%d rows loaded in %.1f s\n", o.rows, time.Since(began).Seconds())
	programs, err := build(ctx, folder, chosen)
	if err == nil {
		err = addPeers(ctx, o.peers, chosen, programs)
	}
	if err != nil {
		return err
	}
	fmt.Printf("programs exported and built; %.0f s since the start\n", time.Since(began).Seconds())
	all, loads, err := b.rounds(ctx, o, chosen, programs)
	if err != nil {
		return err
	}
	return o.append(func(w io.Writer) { report(w, b.load, o.rounds, loads, all) })
}

// programs leaves the exported jobs in a folder.
func programs(ctx context.Context, o options) error {
	chosen, err := choose(o.only)
	if err != nil {
		return err
	}
	return exportAll(ctx, o.build, chosen, nil)
}

// open is a Kafka to measure on.
func (o options) open() (*bench, func(), error) {
	addrs, stop, err := kafka()
	if err != nil {
		return nil, nil, err
	}
	b := &bench{addrs: addrs, load: workload{o.rows}}
	// Topics come and go.
	if b.cl, err = kgo.NewClient(kgo.SeedBrokers(addrs...), kgo.MetadataMinAge(10*time.Millisecond)); err != nil {
		stop()
		return nil, nil, err
	}
	b.admin = kadm.NewClient(b.cl)
	return b, func() { b.cl.Close(); stop() }, nil
}

// choose are the jobs of these names.
func choose(names string) ([]job, error) {
	var out []job
	for name := range strings.SplitSeq(names, ",") {
		at := slices.IndexFunc(jobs, func(j job) bool { return j.name == name })
		if at < 0 {
			return nil, fmt.Errorf("no job %q, want some of j1 to j5, as in j1,j4", name)
		}
		out = append(out, jobs[at])
	}
	return out, nil
}

// topicsOf are the topics that jobs read, each once.
func topicsOf(jobs []job) []string {
	var out []string
	for _, j := range jobs {
		out = append(out, j.inputs...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// figuresOf are the results by job and program.
type figuresOf map[string]map[string][]result

// rounds runs the programs in turn, and checks what they wrote; peers, which take long, once in the end.
func (b *bench) rounds(ctx context.Context, o options, chosen []job, programs map[string][]program) (figuresOf, string, error) {
	all, loads := figuresOf{}, []string{}
	for round := range o.rounds + 1 {
		peers := round == o.rounds
		loads = append(loads, loadNow())
		for _, j := range chosen {
			for _, p := range programs[j.name] {
				if peers != (len(p.args) > 0) {
					continue
				}
				if o.profile != "" && p.who == "riffle" {
					p.profile = filepath.Join(o.profile, j.name+".pprof")
				}
				r, err := b.measure(ctx, j, p)
				if err != nil {
					return nil, "", fmt.Errorf("%s of %s: %w", j.name, p.who, err)
				}
				fmt.Printf("round %d %s %-7s %.2f CPU s/million, %.0f rows/s, %.0f MiB, first row after %.2f s\n", round+1, j.name, p.who, r.cpu, r.rate, r.memory, r.startUp)
				if all[j.name] == nil {
					all[j.name] = map[string][]result{}
				}
				all[j.name][p.who] = append(all[j.name][p.who], r)
			}
		}
	}
	return all, strings.Join(loads, ", "), nil
}

// measure is one run of a program whose rows are those of the reference. What a peer does wrong is told, and stops nobody.
func (b *bench) measure(ctx context.Context, j job, p program) (result, error) {
	r, rows, err := b.run(ctx, j, p)
	if err != nil {
		return r, err
	}
	load, _ := b.of(p)
	if err = check(j.reference(load), rows); err != nil && len(p.args) > 0 {
		fmt.Printf("%s %s gives other rows: %v\n", j.name, p.who, err)
		r.wrong, err = true, nil
	}
	return r, err
}

// kafka is the cluster of KAFKA_BROKERS, or one that lives as long as the measurement.
func kafka() (addrs []string, stop func(), err error) {
	if brokers := os.Getenv("KAFKA_BROKERS"); brokers != "" {
		return strings.Split(brokers, ","), func() {}, nil
	}
	return kafkatest.Launch()
}

// append shows a section of the results, and appends it to a file.
func (o options) append(section func(io.Writer)) error {
	section(os.Stdout)
	if o.out == "" {
		return nil
	}
	f, err := os.OpenFile(o.out, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	section(f)
	return f.Close()
}
