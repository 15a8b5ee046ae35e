//go:build !synctests

package stream

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
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

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/internal/ledger"
)

var killing = flag.Duration("killing", 12*time.Second, "how long processes are killed, on each broker")

// What a process of this test binary is to be.
const (
	envBroker    = "RIFFLE_TEST_BROKER"    // a fake broker
	envWorker    = "RIFFLE_TEST_WORKER"    // a worker, with this many partitions
	envFailpoint = "RIFFLE_TEST_FAILPOINT" // where it kills itself, "point:how often it passes before"
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(envBroker) != "":
		os.Exit(brokerProcess())
	case os.Getenv(envWorker) != "":
		os.Exit(workerProcess())
	}
	os.Exit(m.Run())
}

// brokerProcess is a fake broker that ends with its input.
func brokerProcess() int {
	c, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer c.Close()
	fmt.Println(strings.Join(c.ListenAddrs(), ","))
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
}

// workerProcess is an exported program with a point at which it dies.
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
	o.config.Failpoint = suicide(os.Getenv(envFailpoint))
	err = Run(ctx, bound, o.config)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return exitCode(err)
}

// suicide kills this process as kill -9 does, at "point:n".
func suicide(at string) func(string) {
	point, count, _ := strings.Cut(at, ":")
	left, _ := strconv.Atoi(count)
	var mu sync.Mutex
	return func(passed string) {
		mu.Lock()
		defer mu.Unlock()
		if passed == point {
			if left--; left < 0 {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {} // until it arrives
			}
		}
	}
}

// fleet is worker processes that are killed and started again.
type fleet struct {
	t       *testing.T
	rnd     *rand.Rand
	brokers []string
	dir     string
	shape   ledger.Shape
	procs   []*exec.Cmd
	ended   []chan struct{}
	kills   map[string]int
}

// start runs a worker, now and then one that kills itself at a point.
func (f *fleet) start(i int, dying bool) {
	f.t.Helper()
	cmd := exec.Command(os.Args[0], "--brokers", strings.Join(f.brokers, ","), "--group", "ledger", "--instance", fmt.Sprint("w", i), "--idle", "off",
		"--state-dir", filepath.Join(f.dir, fmt.Sprint("w", i)))
	cmd.Env = append(os.Environ(), fmt.Sprint(envWorker, "=", f.shape.Partitions))
	how := "at any time"
	if points := []string{"before-produce", "after-produce", "before-end", "after-end-before-badger", "mid-badger", "mid-restore", "held", "revoked"}; dying && f.rnd.IntN(3) > 0 {
		how = points[f.rnd.IntN(len(points))]
		cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%s:%d", envFailpoint, how, f.rnd.IntN(6)))
	}
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
	f.kills[how]++
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

// harass kills workers and starts them again, for as long as the flag says.
func (f *fleet) harass() {
	for until := time.Now().Add(*killing); time.Now().Before(until); {
		i := f.rnd.IntN(len(f.procs))
		select {
		case <-f.ended[i]: // by itself
		case <-time.After(time.Duration(300+f.rnd.IntN(1200)) * time.Millisecond):
		}
		f.end(i, syscall.SIGKILL)
		f.start(i, true)
	}
}

// calm has all workers run without being killed.
func (f *fleet) calm() {
	for i := range f.procs {
		f.end(i, syscall.SIGKILL)
		f.start(i, false)
	}
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

// autopsy says what the brokers know of the group and of transactions that are
// open, and has the workers dump their goroutines into their logs.
func (f *fleet) autopsy(b *kafkatest.Broker) string {
	f.t.Helper()
	out := ""
	say := func(what string, v any, err error) { out += fmt.Sprintf("%s: %+v %v\n", what, v, err) }
	adm := b.Admin(f.t)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	open, err := adm.ListTransactions(ctx, nil, nil)
	say("transactions", open, err)
	described, err := adm.DescribeTransactions(ctx, open.TransactionalIDs()...)
	say("described", described, err)
	groups, err := adm.DescribeGroups(ctx, "ledger")
	for _, g := range groups {
		say("group "+g.State, g.AssignedPartitions(), err)
	}
	topics, err := adm.ListTopics(ctx)
	for _, name := range topics.Names() {
		set := kadm.TopicsSet{}
		set.Add(name, 0, 1, 2, 3)
		producers, err := adm.DescribeProducers(ctx, set)
		producers.EachProducer(func(p kadm.DescribedProducer) {
			if p.CurrentTxnStartOffset >= 0 {
				say("open in "+name, p, err)
			}
		})
	}
	for i := range f.procs {
		f.end(i, syscall.SIGQUIT)
	}
	return out
}

// newFleet is workers that do not run yet, their input, and what they must write.
func newFleet(t *testing.T, b *kafkatest.Broker, workers int) (*fleet, []row.Record, ledger.Rows) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	f := &fleet{t: t, rnd: rand.New(rand.NewPCG(seed, 5)), brokers: b.Addrs, dir: t.TempDir(), procs: make([]*exec.Cmd, workers), ended: make([]chan struct{}, workers), kills: map[string]int{},
		shape: ledger.Shape{Seed: seed, Partitions: 4, Cars: 8, Rows: 4000}}
	recs := ledger.Input(f.shape)
	want, err := ledger.Expect(recs)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Admin(t).CreateTopics(context.Background(), 4, 1, nil, ledger.Cars, ledger.GPS); err != nil {
		t.Fatal(err)
	}
	return f, recs, want
}

// survive runs the ledger on a broker while workers are killed, and while meanwhile happens.
func survive(t *testing.T, b *kafkatest.Broker, meanwhile func()) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out tests that kill processes")
	}
	f, recs, want := newFleet(t, b, 3)
	seed := f.shape.Seed
	for i := range f.procs {
		f.start(i, true)
		defer func() { f.end(i, syscall.SIGKILL) }()
	}
	var feeding sync.WaitGroup
	feeding.Go(func() { drip(t, b, recs) })
	feeding.Go(meanwhile)
	began := time.Now()
	f.harass()
	feeding.Wait()
	killed := time.Since(began)
	f.calm()
	report := settle(t, b, want)
	if report.Lost > 0 {
		t.Error(f.autopsy(b))
	}
	settled := time.Since(began) - killed
	for i, p := range f.procs {
		if p == nil {
			continue
		}
		if f.end(i, syscall.SIGTERM); p.ProcessState.ExitCode() != exitOK {
			t.Errorf("a worker that was told to end gave %v", p.ProcessState)
		}
	}
	if again := look(t, b, want); again.String() != report.String() {
		report = again
	}
	if !report.OK() {
		t.Errorf("seed %d: %v\n%s", seed, report, f.tails())
	}
	fedOnce(t, b, recs)
	t.Logf("seed %d: %d rows; killed for %v, all written %v later; started to die %v", seed, report.Rows, killed.Round(time.Second), settled.Round(time.Second), f.kills)
}

// drip produces the input over the time of the killing, in transactions: with
// a broker that is killed, a producer that is only idempotent writes some rows twice.
func drip(t *testing.T, b *kafkatest.Broker, recs []row.Record) {
	const pieces = 100
	for i := range pieces {
		piece := recs[i*len(recs)/pieces : (i+1)*len(recs)/pieces]
		var err error
		for range 30 {
			if err = dripOnce(b, piece); err == nil {
				break
			}
			time.Sleep(time.Second)
		}
		if err != nil {
			t.Errorf("feed: %v", err)
			return
		}
		time.Sleep(*killing / pieces)
	}
}

// dripOnce produces rows, all or none.
func dripOnce(b *kafkatest.Broker, recs []row.Record) error {
	cl, err := kgo.NewClient(kgo.SeedBrokers(b.Addrs...), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.TransactionalID("feed"))
	if err != nil {
		return err
	}
	defer cl.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := cl.BeginTransaction(); err != nil {
		return err
	}
	var out []*kgo.Record
	for _, r := range recs {
		out = append(out, &kgo.Record{Topic: r.Topic, Partition: r.Partition, Value: r.Value, Timestamp: time.UnixMilli(r.Time)})
	}
	if err := cl.ProduceSync(ctx, out...).FirstErr(); err != nil {
		return err // the next client of this id aborts it
	}
	return cl.EndTransaction(ctx, kgo.TryCommit)
}

// fedOnce fails if the topics do not hold the input as it was fed, for then the
// program was given other rows than the oracle.
func fedOnce(t *testing.T, b *kafkatest.Broker, recs []row.Record) {
	t.Helper()
	want := map[tp][]string{}
	for _, r := range recs {
		at := tp{r.Topic, r.Partition}
		want[at] = append(want[at], string(r.Value))
	}
	got := map[tp][]string{}
	for _, topic := range []string{ledger.Cars, ledger.GPS} {
		for _, r := range b.Read(t, topic) {
			at := tp{r.Topic, r.Partition}
			got[at] = append(got[at], string(r.Value))
		}
	}
	for at, values := range want {
		if !slices.Equal(values, got[at]) {
			t.Errorf("the test fed %d rows into %s, and it holds %d: it is the test that wrote them twice or in another order", len(values), at, len(got[at]))
		}
	}
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
	topics := []string{ledger.Counted, ledger.Windows, ledger.Joined}
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

// fakeProcess is a fake broker in a process of its own.
func fakeProcess(t *testing.T) *kafkatest.Broker {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envBroker+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	addrs, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return &kafkatest.Broker{Addrs: strings.Split(strings.TrimSpace(addrs), ",")}
}

func TestKilledProcessesOnFake(t *testing.T) { survive(t, fakeProcess(t), func() {}) }

// TestKilledProcessesOnKafka kills the broker too, once.
func TestKilledProcessesOnKafka(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out the real Kafka")
	}
	k := kafkatest.Start(t)
	survive(t, &k.Broker, func() {
		time.Sleep(*killing / 2)
		k.Kill(t)
		k.Restart(t)
	})
}

// TestStoppedProcess stops a worker as a machine does that sleeps, for longer
// than the group waits for it, and lets it go on when the other has its tasks.
func TestStoppedProcess(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out tests that stop processes")
	}
	b := fakeProcess(t)
	f, recs, want := newFleet(t, b, 2)
	for i := range f.procs {
		f.start(i, false)
		defer func() { f.end(i, syscall.SIGKILL) }()
	}
	var feeding sync.WaitGroup
	feeding.Go(func() { drip(t, b, recs) })
	time.Sleep(*killing / 3)
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
	feeding.Wait()
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
