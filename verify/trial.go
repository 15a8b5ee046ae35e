package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// lead is how many rows are fed at most that are not done.
const lead = 400_000

// patience is how long nothing may come, while all brokers answer, until the trial gives up.
const patience = 4 * time.Minute

// trial is one run, and what came of it.
type trial struct {
	o     options
	kafka kafka
	fleet *fleet
	harms *harms
	group string // that of the program
	feed  *feeder
	out   *output
	admin *kadm.Client

	recs  []row.Record
	want  func() (ledger.Rows, error) // takes long the first time
	found ledger.Report
	known bool          // what was found
	dirty ledger.Report // what a reader of uncommitted rows found
	began time.Time
	took  time.Duration
}

func newTrial(o options, k kafka, h *harms, binary, dir string) (*trial, error) {
	t := &trial{o: o, kafka: k, harms: h, group: fmt.Sprint("ledger-", o.seed)}
	t.recs = ledger.Input(ledger.Shape{Seed: o.seed, Partitions: partitions, Cars: cars, Rows: o.rows / 2})
	t.want = sync.OnceValues(func() (ledger.Rows, error) { return ledger.Expect(t.recs) })
	cl, err := kgo.NewClient(kgo.SeedBrokers(k.addrs()...))
	if err != nil {
		return nil, err
	}
	t.admin = kadm.NewClient(cl)
	t.fleet = &fleet{rnd: rand.New(rand.NewPCG(o.seed, 3)), binary: binary, dir: dir, group: t.group, brokers: k.fronts(), kills: map[string]int{}, ended: map[int]int{}}
	for i := range o.workers {
		t.fleet.workers = append(t.fleet.workers, &worker{name: fmt.Sprint("w", i)})
	}
	t.out = &output{addrs: k.addrs(), n: map[string]int{}}
	t.feed = &feeder{addrs: k.addrs(), recs: t.recs, pace: o.pace, passed: t.passed}
	return t, nil
}

// run has everything happen until all rows are there or nothing comes any more, and then looks at what came.
func (t *trial) run(ctx context.Context) error {
	defer t.admin.Close()
	if err := makeTopics(ctx, t.kafka.addrs(), slices.Concat(inputs, []string{ledger.Drivers}, ledger.Written())...); err != nil {
		return err
	}
	defer t.fleet.stop()
	if err := t.fleet.calm(); err != nil {
		return err
	}
	fmt.Printf("seed %d: %d rows to feed\n", t.o.seed, len(t.recs))
	t.began = time.Now()
	reading, stopReading := context.WithCancel(ctx)
	defer stopReading()
	var reader sync.WaitGroup
	reader.Go(func() { _ = t.out.follow(reading, ledger.Written()...) })
	go t.want()
	err := t.harass(ctx)
	t.took = time.Since(t.began)
	if err == nil {
		err = t.settle(ctx)
	}
	if err == nil {
		err = t.check(ctx)
	}
	return err
}

// harass feeds, kills and harms, until the rows have come.
func (t *trial) harass(outer context.Context) error {
	ctx, stop := context.WithCancel(outer)
	defer stop()
	errs := make(chan error, 4)
	var all sync.WaitGroup
	for _, do := range []func(context.Context) error{t.feed.run, t.harm, t.kill, t.watch} {
		all.Go(func() {
			if err := do(ctx); err != nil && ctx.Err() == nil {
				errs <- err
				stop()
			}
		})
	}
	for ctx.Err() == nil && !t.complete() {
		pause(ctx, time.Second)
	}
	stop()
	all.Wait()
	close(errs)
	return errors.Join(<-errs, outer.Err())
}

func (t *trial) kill(ctx context.Context) error {
	return t.fleet.harass(ctx, t.o.every, t.moved, t.enough)
}

// moved changes whenever rows are fed or written.
func (t *trial) moved() int { return int(t.feed.fed.Load()) + t.out.count(ledger.Written()...) }

// enough says whether as many workers are killed as may be, one of them with rows that were never committed.
func (t *trial) enough() bool {
	n, _ := t.fleet.killed()
	return t.o.kills > 0 && n >= t.o.kills && t.out.aborted() > 0
}

func (t *trial) harm(ctx context.Context) error {
	rnd := rand.New(rand.NewPCG(t.o.seed, 4))
	for n := 0; (t.o.harms == 0 || n < t.o.harms) && pause(ctx, t.o.harm/2+time.Duration(rnd.Int64N(int64(t.o.harm)))); n++ {
		if err := t.kafka.harm(ctx); err != nil {
			return err
		}
	}
	return nil
}

// watch tells how far it is, and fails when nothing comes for long.
func (t *trial) watch(ctx context.Context) error {
	last, still, tick := 0, time.Duration(0), 10*time.Second
	for pause(ctx, tick) {
		have := t.out.count(ledger.Written()...)
		kills, named := t.fleet.killed()
		fmt.Printf("%4d s: fed %d of %d, written %d; workers killed %d times, %d of them at named points; brokers %d times\n",
			int(time.Since(t.began).Seconds()), t.feed.fed.Load(), len(t.recs), have, kills, named, t.harms.killed.Load())
		switch {
		case have != last:
			last, still = have, 0
		case !t.harms.away.Load():
			still += tick
		}
		if still > patience {
			unread := t.unread(ctx)
			t.fleet.tell()
			return fmt.Errorf("nothing came for %v; what the workers did then is in their logs; %s", patience, unread)
		}
	}
	return nil
}

// complete says whether as many rows are written as must come, or a few less: those that end the input are counted, too.
func (t *trial) complete() bool {
	if t.feed.fed.Load() < int64(len(t.recs)) {
		return false
	}
	want, err := t.want()
	return err != nil || t.out.count(ledger.Written()...) >= want.Count(ledger.Written()...)
}

// passed holds the feeder up while many rows are not done, and until the program has read what there is of the table: before more of
// it comes, since then rows come that need what was fed last, and before the first of them.
func (t *trial) passed(ctx context.Context, fed int) error {
	if fed < len(t.recs) && (ledger.Table(t.recs[fed]) || t.out.count(ledger.Counted) == 0 && ledger.Table(t.recs[fed-1])) {
		return t.tableRead(ctx)
	}
	for fed/2-t.out.count(ledger.Counted) > lead/2 {
		if !pause(ctx, 100*time.Millisecond) {
			return ctx.Err()
		}
	}
	return nil
}

// tableRead returns when the program has committed that it read the whole table.
func (t *trial) tableRead(ctx context.Context) error {
	behind := t.behindTable
	for pause(ctx, 100*time.Millisecond) {
		ends, err := behind(ctx)
		if err != nil {
			continue // a broker is gone
		}
		behind = func(context.Context) (map[int32]int64, error) { return ends, nil }
		offsets, err := t.admin.FetchOffsets(ctx, t.group)
		if err != nil {
			continue // it is not there yet, or its coordinator is not
		}
		read := true
		for p, end := range ends {
			at, ok := offsets.Lookup(ledger.Drivers, p)
			read = read && ok && at.At >= end
		}
		if read {
			return nil
		}
	}
	return ctx.Err()
}

// behindTable is behind the last row of each partition of the table. The ends say less: after it come markers of
// transactions, more than one if their coordinator was killed.
func (t *trial) behindTable(ctx context.Context) (map[int32]int64, error) {
	spans, err := ends(ctx, t.kafka.addrs(), ledger.Drivers)
	out := map[int32]int64{}
	for _, s := range spans {
		if err == nil {
			err = scan(ctx, t.kafka.addrs(), kgo.ReadCommitted(), s, func(r *kgo.Record) { out[s.partition] = r.Offset + 1 })
		}
	}
	return out, err
}

// settle has workers run that nobody kills, and then end as they are told: what they still write is too much.
func (t *trial) settle(ctx context.Context) error {
	if err := t.fleet.calm(); err != nil {
		return err
	}
	for n := -1; n < t.out.count(ledger.Written()...) && ctx.Err() == nil; pause(ctx, 20*time.Second) {
		n = t.out.count(ledger.Written()...)
	}
	return t.fleet.finish()
}

// check reads all that is there, and holds it against the ledger.
func (t *trial) check(ctx context.Context) error {
	if err := t.fedOnce(ctx); err != nil {
		return err
	}
	want, err := t.want()
	if err != nil {
		return err
	}
	all, err := read(ctx, t.kafka.addrs(), kgo.ReadCommitted(), ledger.Written()...)
	if err != nil {
		return err
	}
	t.found, t.known = ledger.Check(want, all, ledger.Written()...), true
	if !t.found.OK() {
		return errors.New("the program wrote other rows than it must")
	}
	dirty, err := read(ctx, t.kafka.addrs(), kgo.ReadUncommitted(), ledger.Counted)
	if err != nil {
		return err
	}
	if t.dirty = ledger.Check(want, dirty, ledger.Counted); t.dirty.OK() {
		return errors.New("control: a reader of uncommitted rows saw nothing wrong, so this trial would not have seen it either")
	}
	for code, n := range t.fleet.ended {
		if code > 1 {
			return fmt.Errorf("%d workers ended by themselves with exit code %d", n, code)
		}
	}
	return nil
}

// fedOnce fails if the topics do not hold the input as it was fed, for then the program was given other rows than the ledger.
func (t *trial) fedOnce(ctx context.Context) error {
	type log struct {
		topic     string
		partition int32
	}
	next, fed := map[log]int{}, map[log][]row.Record{}
	for _, r := range t.recs {
		at := log{r.Topic, r.Partition}
		fed[at] = append(fed[at], r)
	}
	spans, err := ends(ctx, t.kafka.addrs(), append(slices.Clone(inputs), ledger.Drivers)...)
	if err != nil {
		return err
	}
	for _, s := range spans {
		at, wrong := log{s.topic, s.partition}, 0
		if err := scan(ctx, t.kafka.addrs(), kgo.ReadCommitted(), s, func(r *kgo.Record) {
			if i := next[at]; i >= len(fed[at]) || string(fed[at][i].Value) != string(r.Value) {
				wrong++
			}
			next[at]++
		}); err != nil {
			return err
		}
		if wrong > 0 || next[at] != len(fed[at]) {
			return fmt.Errorf("verify fed %d rows into %s/%d, which holds %d, %d of them others: the feeder is wrong, not the program", len(fed[at]), s.topic, s.partition, next[at], wrong)
		}
	}
	return nil
}

// report is what happened, and as a row of a table.
func (t *trial) report() string {
	var b strings.Builder
	kills, named := t.fleet.killed()
	h, f := t.harms, t.fleet
	fmt.Fprintf(&b, "seed %d: %d rows fed, %d written, in %v\n", t.o.seed, t.feed.fed.Load(), t.found.Rows, t.took.Round(time.Second))
	fmt.Fprintf(&b, "workers killed: %v; state folders lost: %d; stayed away: %d; stopped and went on: %d; ended by themselves, by exit code: %v; tasks begun: %d\n", f.kills, f.folder, f.gone, f.froze, f.ended, f.restores())
	fmt.Fprintf(&b, "brokers killed: %d; coordinators moved: %d; answers to EndTxn that were forged: %d unknown, %d cut off; ends of transactions in what was written: %d committed, %d aborted\n",
		h.killed.Load(), h.moved.Load(), h.unknown.Load(), h.cut.Load(), t.out.commits, t.out.aborts)
	if !t.known {
		b.WriteString("it ended before its rows were checked\n")
		return b.String()
	}
	fmt.Fprintf(&b, "found: %v\ncontrol, uncommitted rows: %d lost, %d doubled, %d wrong\n", t.found, t.dirty.Lost, t.dirty.Doubled, t.dirty.Wrong)
	fmt.Fprintf(&b, "| %d | %d | %d | %d, %d | %d | %d | %d | %d / %d | %d | %d | %d | %d |\n", t.o.seed, t.feed.fed.Load(), t.found.Rows, kills, named, h.killed.Load(), h.moved.Load(), h.unknown.Load()+h.cut.Load(),
		t.out.commits, t.out.aborts, t.found.Lost, t.found.Doubled, t.found.Wrong+t.found.Reordered, int(t.took.Seconds()))
	return b.String()
}
