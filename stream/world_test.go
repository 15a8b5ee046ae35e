//go:build synctests

package stream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/corpus"
	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// world is a fake cluster in virtual time, with input and workers.
type world struct {
	t           *testing.T
	rnd         *rand.Rand
	mu          sync.Mutex // of rnd
	brokers     *kfake.Cluster
	dial        func(ctx context.Context, network, address string) (net.Conn, error)
	workerDial  func(ctx context.Context, network, address string) (net.Conn, error) // of workers, if it is another
	slowRestore time.Duration                                                        // for each record
	shape       ledger.Shape
	plan        *plan.Plan
	topics      []string // written
	recs        []row.Record
	want        ledger.Rows
	control     control
	delivery    func(worker int) Delivery // nil: exactly once
	answer      func() int                // what becomes of the answer to an EndTxn; see kafkatest.Lossy
	crashes     int64                     // left to happen
	restores    atomic.Int64
	aborts      atomic.Int64
	commits     atomic.Int64
	killed      sync.Map // how often at each point
	silences    atomic.Int64
	idle        time.Duration
	dirs        bool
	workers     int
}

// inWorld runs a test in a bubble of virtual time with a cluster of three brokers.
func inWorld(t *testing.T, seed uint64, shape ledger.Shape, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var virtual kfake.VirtualNetwork
		c, err := kfake.NewCluster(kfake.NumBrokers(3), kfake.Ports(9092, 9093, 9094), kfake.ListenFn(virtual.Listen))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		shape.Seed = seed
		w := &world{t: t, rnd: rand.New(rand.NewPCG(seed, 2)), brokers: c, shape: shape, workers: 3, idle: -1}
		w.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := virtual.DialContext(ctx, network, address)
			if err != nil || w.answer == nil {
				return conn, err
			}
			return kafkatest.Lossy(conn, func(string) int { return w.answer() }), nil
		}
		w.recs = ledger.Input(shape)
		if w.want, err = ledger.Expect(w.recs); err != nil {
			t.Fatal(err)
		}
		w.use(ledger.Pipeline, ledger.Written()...)
		for _, topic := range []string{ledger.Cars, ledger.GPS, ledger.Drivers} {
			if err := c.CreateTopic(topic, int32(shape.Partitions), nil); err != nil {
				t.Fatal(err)
			}
		}
		test(w)
	})
}

// use sets the program under test and the topics that it writes.
func (w *world) use(program func(int) (*plan.Plan, error), topics ...string) {
	w.t.Helper()
	p, err := program(w.shape.Partitions)
	if err != nil {
		w.t.Fatal(err)
	}
	w.plan, w.topics = p, topics
}

// intn is a random number, from any goroutine.
func (w *world) intn(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rnd.IntN(n)
}

func (w *world) opts() []kgo.Opt {
	return []kgo.Opt{kgo.SeedBrokers(w.brokers.ListenAddrs()...), kgo.Dialer(w.dial), kgo.DisableClientMetrics()}
}

func (w *world) client(opts ...kgo.Opt) *kgo.Client {
	w.t.Helper()
	cl, err := kgo.NewClient(append(w.opts(), opts...)...)
	if err != nil {
		w.t.Fatal(err)
	}
	return cl
}

// crashed is the panic of a process that dies.
type crashed struct{ point string }

func (w *world) config(worker int) Config {
	cfg := Config{
		Formats: corpus.Formats(),
		Cluster: cluster.Config{Brokers: w.brokers.ListenAddrs()}, Group: "ledger", Instance: fmt.Sprint("w", worker),
		SessionTimeout: 10 * time.Second, Client: []kgo.Opt{kgo.Dialer(w.dial)}, Idle: w.idle, control: w.control, Retries: 100,
		Failpoint: w.failpoint,
		Events: Events{
			Committed: func(Committed) { w.commits.Add(1) },
			Aborted:   func(Aborted) { w.aborts.Add(1) },
			Assigned:  func(Restored) { w.restores.Add(1) },
			Idle:      func(Silence) { w.silences.Add(1) },
		},
	}
	if w.delivery != nil {
		cfg.Delivery = w.delivery(worker)
	}
	if w.workerDial != nil {
		cfg.Client = []kgo.Opt{kgo.Dialer(w.workerDial)}
	}
	if w.dirs {
		cfg.StateDir = filepath.Join(w.t.TempDir(), cfg.Instance)
	}
	if *loud {
		cfg.Events = w.tell(cfg.Instance, cfg.Events)
		cfg.Log = slog.New(slog.NewTextHandler(w.t.Output(), nil)).With("who", cfg.Instance)
	}
	return cfg
}

// tell prints events too.
func (w *world) tell(who string, e Events) Events {
	say := func(format string, args ...any) {
		w.t.Logf("%s %s %s", time.Now().Format("05.000"), who, fmt.Sprintf(format, args...))
	}
	return Events{
		Ready:     func(r Ready) { say("ready %+v", r) },
		Assigned:  func(r Restored) { e.Assigned(r); say("assigned %+v", r) },
		Revoked:   func(id TaskID) { say("revoked %v", id) },
		Committed: func(c Committed) { e.Committed(c); say("committed %d rows %d sent", c.Rows, c.Sent) },
		Aborted:   func(a Aborted) { e.Aborted(a); say("aborted %+v", a) },
		Retry:     func(r Retry) { say("retry %+v", r) },
		Idle:      func(q Silence) { e.Idle(q); say("idle %v", q.Task) },
	}
}

// failpoint kills the process now and then.
func (w *world) failpoint(point string) {
	rare := 30
	switch point {
	case "revoked": // not on the goroutine that dies
		return
	case "mid-restore": // it is passed with each record
		rare = 1000
		time.Sleep(w.slowRestore)
	case "mid-badger": // and this several times in a commit
		rare = 200
	}
	if w.intn(rare) == 0 && atomic.AddInt64(&w.crashes, -1) >= 0 {
		n, _ := w.killed.LoadOrStore(point, new(atomic.Int64))
		n.(*atomic.Int64).Add(1)
		panic(crashed{point})
	}
}

// live runs a process, and runs it again whenever it dies, until ctx ends.
func (w *world) live(ctx context.Context, cfg Config) error {
	for ctx.Err() == nil {
		err, died := w.once(ctx, cfg)
		if err != nil {
			return err
		}
		if died {
			time.Sleep(time.Duration(w.intn(4000)) * time.Millisecond)
		}
	}
	return nil
}

// two runs two processes until ctx ends, whose inputs may rest after 20 s. An end for good fails the test.
func (w *world) two(ctx context.Context) *sync.WaitGroup {
	running := &sync.WaitGroup{}
	for i := range 2 {
		cfg := w.config(i)
		cfg.Idle = 20 * time.Second
		running.Go(func() {
			if err := w.live(ctx, cfg); err != nil {
				w.t.Errorf("worker %d: %v", i, err)
			}
		})
	}
	return running
}

func (w *world) once(ctx context.Context, cfg Config) (err error, died bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(crashed); !ok {
				panic(r)
			}
			died = true
		}
	}()
	return Run(ctx, w.plan, cfg), false
}

// fill produces the rows of the table, of which each must be there before rows of its time.
func (w *world) fill() {
	w.feed(slices.DeleteFunc(slices.Clone(w.recs), func(r row.Record) bool { return !ledger.Table(r) }))
}

// rows are the input without the table.
func (w *world) rows() []row.Record { return slices.DeleteFunc(slices.Clone(w.recs), ledger.Table) }

// feed produces rows, a piece at a time.
func (w *world) feed(recs []row.Record) {
	cl := w.client(kgo.RecordPartitioner(kgo.ManualPartitioner()))
	defer cl.Close()
	for len(recs) > 0 {
		n := min(1+w.intn(40), len(recs))
		var out []*kgo.Record
		for _, r := range recs[:n] {
			out = append(out, produced(r))
		}
		if err := cl.ProduceSync(context.Background(), out...).FirstErr(); err != nil {
			w.t.Errorf("feed: %v", err)
			return
		}
		recs = recs[n:]
		time.Sleep(time.Duration(w.intn(1500)) * time.Millisecond)
	}
}

// written is what is in the output topics, as a reader of committed rows sees it.
func (w *world) written(isolation kgo.IsolationLevel) []row.Record {
	adm := kadm.NewClient(w.client())
	defer adm.Close()
	ctx := context.Background()
	ends, err := adm.ListCommittedOffsets(ctx, w.topics...)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []row.Record
	ends.Each(func(o kadm.ListedOffset) {
		if o.Err == nil && o.Offset > 0 {
			out = append(out, w.read(ctx, tp{o.Topic, o.Partition}, o.Offset, isolation)...)
		}
	})
	return out
}

func (w *world) read(ctx context.Context, t tp, end int64, isolation kgo.IsolationLevel) []row.Record {
	cl := w.client(kgo.FetchIsolationLevel(isolation), kgo.KeepControlRecords(),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{t.topic: {t.partition: kgo.NewOffset().At(0)}}))
	defer cl.Close()
	var out []row.Record
	for next := int64(0); next < end; {
		cl.PollFetches(ctx).EachRecord(func(r *kgo.Record) {
			if next = r.Offset + 1; r.Offset < end && !r.Attrs.IsControl() {
				out = append(out, cluster.Record(r))
			}
		})
	}
	return out
}

// check holds what is written against what must be.
func (w *world) check(isolation kgo.IsolationLevel) ledger.Report {
	got, err := ledger.Read(w.written(isolation))
	if err != nil {
		w.t.Fatal(err)
	}
	return ledger.Check(w.want, got, w.topics...)
}

// run feeds and runs workers until all rows are written, or for ten minutes of
// virtual time; then as long again as a straggler may need. The errors are
// those that ended workers for good.
func (w *world) run() (ledger.Report, error) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	failed := make(chan error, w.workers)
	w.fill()
	for i := range w.workers {
		cfg := w.config(i)
		running.Go(func() {
			if err := w.live(ctx, cfg); err != nil {
				failed <- err
			}
		})
	}
	running.Go(func() { w.feed(w.rows()) })
	var report ledger.Report
	for range 20 {
		time.Sleep(30 * time.Second)
		if report = w.check(kgo.ReadCommitted()); report.Lost == 0 {
			break
		}
	}
	atomic.StoreInt64(&w.crashes, 0)
	time.Sleep(40 * time.Second)
	cancel()
	running.Wait()
	close(failed)
	var err error
	for e := range failed {
		err = errors.Join(err, e)
	}
	return w.check(kgo.ReadCommitted()), err
}

func (w *world) points() string {
	s := ""
	w.killed.Range(func(k, v any) bool { s += fmt.Sprintf(" %s:%d", k, v.(*atomic.Int64).Load()); return true })
	return s
}
