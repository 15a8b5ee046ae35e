//go:build !synctests

package stream

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// feeding is how long the input takes to come.
const feeding = 12 * time.Second

// envWorker has a process of this test binary be a worker, with this many partitions.
const envWorker = "RIFFLE_TEST_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(envWorker) != "" {
		os.Exit(workerProcess())
	}
	os.Exit(m.Run())
}

// workerProcess is an exported program whose group does not wait long for it.
func workerProcess() int {
	n, _ := strconv.Atoi(os.Getenv(envWorker))
	p := Program{Name: "ledger", Roots: ledger.Roots}
	if len(os.Args) == 3 && os.Args[1] == "state-probe" {
		return p.run(context.Background(), os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	o, err := p.parse(os.Args[1:], os.Getenv, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitCode(err)
	}
	bound, err := ledger.Pipeline(n)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	o.config.Retries, o.config.SessionTimeout = 1000, 10*time.Second
	o.config.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	o.config.Events = newStatus(o.config.Log).events()
	err = Run(ctx, bound, o.config)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return exitCode(err)
}

// fleet is worker processes.
type fleet struct {
	t       *testing.T
	brokers []string
	dir     string
	shape   ledger.Shape
	procs   []*exec.Cmd
	ended   []chan struct{}
}

// start runs a worker.
func (f *fleet) start(i int) {
	f.t.Helper()
	cmd := exec.Command(os.Args[0], "--brokers", strings.Join(f.brokers, ","), "--group", "ledger", "--instance", fmt.Sprint("w", i), "--idle", "off",
		"--state-dir", filepath.Join(f.dir, fmt.Sprint("w", i)))
	cmd.Env = append(os.Environ(), fmt.Sprint(envWorker, "=", f.shape.Partitions))
	log, err := os.OpenFile(filepath.Join(f.dir, fmt.Sprintf("w%d.log", i)), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		f.t.Fatal(err)
	}
	defer log.Close()
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		f.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	f.procs[i], f.ended[i] = cmd, ended
}

// end signals a worker and waits until it is gone.
func (f *fleet) end(i int, s syscall.Signal) {
	if f.procs[i] == nil {
		return
	}
	_ = f.procs[i].Process.Signal(s)
	<-f.ended[i]
	f.procs[i] = nil
}

// tails are the last words of the workers.
func (f *fleet) tails() string {
	out := ""
	for i := range f.procs {
		b, _ := os.ReadFile(filepath.Join(f.dir, fmt.Sprintf("w%d.log", i)))
		out += fmt.Sprintf("w%d: …%s\n", i, b[max(0, len(b)-60000):])
	}
	return out
}

// newFleet is workers that do not run yet, their input without the table, which is there, and what they must write.
func newFleet(t *testing.T, b *kafkatest.Broker, workers int) (*fleet, []row.Record, ledger.Rows) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	f := &fleet{t: t, brokers: b.Addrs, dir: t.TempDir(), procs: make([]*exec.Cmd, workers), ended: make([]chan struct{}, workers),
		shape: ledger.Shape{Seed: seed, Partitions: 4, Cars: 8, Rows: 4000}}
	recs := ledger.Input(f.shape)
	want, err := ledger.Expect(recs)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Admin(t).CreateTopics(context.Background(), 4, 1, nil, ledger.Cars, ledger.GPS, ledger.Drivers); err != nil {
		t.Fatal(err)
	}
	pour(t, b, slices.DeleteFunc(slices.Clone(recs), func(r row.Record) bool { return !ledger.Table(r) }))
	return f, slices.DeleteFunc(recs, ledger.Table), want
}

// drip produces rows over the time of feeding.
func drip(t *testing.T, b *kafkatest.Broker, recs []row.Record) {
	const pieces = 100
	for i := range pieces {
		pour(t, b, recs[i*len(recs)/pieces:(i+1)*len(recs)/pieces])
		time.Sleep(feeding / pieces)
	}
}

// pour produces rows at once.
func pour(t *testing.T, b *kafkatest.Broker, recs []row.Record) {
	var out []*kgo.Record
	for _, r := range recs {
		out = append(out, produced(r))
	}
	b.Produce(t, out...)
}

// settle waits until nothing is lacking, or nothing comes any more.
func settle(t *testing.T, b *kafkatest.Broker, want ledger.Rows) ledger.Report {
	for until := time.Now().Add(100 * time.Second); ; time.Sleep(500 * time.Millisecond) {
		if report := look(t, b, want); report.Lost == 0 || time.Now().After(until) {
			return report
		}
	}
}

func look(t *testing.T, b *kafkatest.Broker, want ledger.Rows) ledger.Report {
	t.Helper()
	topics := ledger.Written()
	var recs []row.Record
	have, err := b.Admin(t).ListTopics(context.Background(), topics...)
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range topics {
		if !have.Has(topic) || have[topic].Err != nil {
			continue
		}
		for _, r := range b.Read(t, topic) {
			recs = append(recs, cluster.Record(r))
		}
	}
	got, err := ledger.Read(recs)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Check(want, got, topics...)
}

// TestStoppedProcess stops a worker as a machine does that sleeps, for longer
// than the group waits for it, and lets it go on when the other has its tasks.
func TestStoppedProcess(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out tests that stop processes")
	}
	b := kafkatest.Fake(t)
	f, recs, want := newFleet(t, b, 2)
	for i := range f.procs {
		f.start(i)
		defer func() { f.end(i, syscall.SIGKILL) }()
	}
	var fed sync.WaitGroup
	fed.Go(func() { drip(t, b, recs) })
	time.Sleep(feeding / 3)
	begun := func() int {
		log, err := os.ReadFile(filepath.Join(f.dir, "w1.log"))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(log), "task begins")
	}
	before := begun()
	if err := f.procs[0].Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	time.Sleep(15 * time.Second) // the group waits ten for it
	if begun() == before {
		t.Error("the other worker was not given the tasks, so nothing is tried")
	}
	if err := f.procs[0].Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	fed.Wait()
	report := settle(t, b, want)
	for i := range f.procs {
		p := f.procs[i]
		if f.end(i, syscall.SIGTERM); p.ProcessState.ExitCode() != exitOK {
			t.Errorf("worker %d, told to end, gave %v", i, p.ProcessState)
		}
	}
	if again := look(t, b, want); again.String() != report.String() {
		report = again
	}
	if !report.OK() {
		t.Errorf("%v\n%s", report, f.tails())
	}
}
