package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// delays is how long rows took through a program: from the call that writes one to the poll that gives what came of it, committed.
type delays struct {
	who  string
	took []time.Duration
}

// Rows of the latency run: so many a second, for so long, after the program has answered for the first time.
const (
	steadyRate = 1000
	steadyTime = 20 * time.Second
	warmUp     = 3 * time.Second // of those, that are not counted: a JVM's first are its slowest
)

// latency measures J1 at a steady rate.
func latency(ctx context.Context, o options) error {
	b, done, err := o.open()
	if err != nil {
		return err
	}
	defer done()
	folder, err := os.MkdirTemp("", "riffle-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	chosen, _ := choose("j1")
	programs, err := build(ctx, folder, chosen)
	if err == nil {
		err = addPeers(ctx, o.peers, chosen, programs)
	}
	if err != nil {
		return err
	}
	var all []delays
	load := loadNow()
	for _, p := range programs["j1"] {
		d, err := b.steady(ctx, p)
		if err != nil {
			return fmt.Errorf("latency of %s: %w", p.who, err)
		}
		all = append(all, d)
		fmt.Printf("%-7s p50 %v, p99 %v\n", d.who, d.at(0.5), d.at(0.99))
	}
	return o.append(func(w io.Writer) { reportLatency(w, load, all) })
}

// steady runs a program while rows come, and measures what each takes.
func (b *bench) steady(ctx context.Context, p program) (d delays, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	name := fmt.Sprintf("latency-%s-%d", p.who, os.Getpid())
	in, out := name+"-in", name+"-out"
	for _, topic := range []string{in, out} {
		if err := makeTopic(ctx, b.cl, topic); err != nil {
			return d, err
		}
	}
	dir, err := os.MkdirTemp("", "riffle-bench-")
	if err != nil {
		return d, err
	}
	defer os.RemoveAll(dir)
	cmd := p.command(strings.Join(b.addrs, ","), in, out, name, dir)
	cmd.Env = append(cmd.Env, "RIFFLE_COMMIT=100ms")
	if err := cmd.Start(); err != nil {
		return d, err
	}
	d = delays{who: p.who}
	err = b.stream(ctx, in, out, &d)
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if ended := cmd.Wait(); err == nil && ended != nil && cmd.ProcessState.ExitCode() != jvmTerminated {
		err = ended
	}
	return d, err
}

// stream writes rows at the steady rate and takes the time until each has come out.
func (b *bench) stream(ctx context.Context, in, out string, d *delays) error {
	cl, err := kgo.NewClient(kgo.SeedBrokers(b.addrs...), kgo.RecordPartitioner(kgo.StickyKeyPartitioner(nil)), kgo.ProducerLinger(0),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.ConsumeTopics(out), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		return err
	}
	defer cl.Close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	sent := &sending{cl: cl, topic: in, first: make(chan struct{})}
	go func() {
		if err := sent.run(ctx); err != nil {
			cancel(err)
		}
	}()
	const total = int(steadyTime / time.Second * steadyRate)
	for seen := 0; seen < total; {
		fetches := cl.PollFetches(ctx)
		now := time.Now()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := fetches.Err(); err != nil {
			return err
		}
		fetches.EachRecord(func(r *kgo.Record) {
			var row row
			if err = json.Unmarshal(r.Value, &row); err != nil || row.Lap == 0 {
				sent.answered()
				return
			}
			if seen++; row.Lap > int(warmUp/time.Second*steadyRate) {
				d.took = append(d.took, now.Sub(sent.time(row.Lap)))
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sending is rows that are written, each with its number as its lap; those before the program answers have none.
type sending struct {
	cl    *kgo.Client
	topic string
	first chan struct{} // closed when a row has come out
	once  sync.Once

	mu    sync.Mutex
	times []time.Time
}

func (s *sending) answered() { s.once.Do(func() { close(s.first) }) }

func (s *sending) time(lap int) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.times[lap-1]
}

func (s *sending) run(ctx context.Context) error {
	for waiting := true; waiting; {
		if err := s.cl.ProduceSync(ctx, s.record(0)).FirstErr(); err != nil {
			return err
		}
		select {
		case <-s.first:
			waiting = false
		case <-time.After(200 * time.Millisecond):
		}
	}
	first := kgo.AbortingFirstErrPromise(s.cl)
	began := time.Now()
	for lap := 1; lap <= int(steadyTime/time.Second*steadyRate); {
		for due := int(time.Since(began) * steadyRate / time.Second); lap <= min(due, int(steadyTime/time.Second*steadyRate)); lap++ {
			r := s.record(lap)
			s.mu.Lock()
			s.times = append(s.times, time.Now())
			s.mu.Unlock()
			s.cl.Produce(ctx, r, first.Promise())
		}
		time.Sleep(time.Millisecond)
	}
	return first.Err()
}

// record is a row that J1 lets through.
func (s *sending) record(lap int) *kgo.Record {
	r := workload{1 << 30}.row(lap)
	r.lap, r.decimal, r.ts = lap, 2000+lap%900, start+int64(lap)
	return &kgo.Record{Topic: s.topic, Key: []byte(r.car), Value: r.value()}
}

// at is the delay that a share of the rows did not exceed.
func (d *delays) at(share float64) time.Duration {
	slices.Sort(d.took)
	return d.took[int(share*float64(len(d.took)-1))].Round(100 * time.Microsecond)
}

func reportLatency(w io.Writer, load string, all []delays) {
	fmt.Fprintf(w, "\n## Latency, %s, commit %s\n\n", time.Now().UTC().Format("2006-01-02 15:04 UTC"), commit())
	fmt.Fprintf(w, "J1 at %d rows a second, %s, %d partitions: from the call that writes a row to the poll that gives the row made of it, committed. Transactions of 100 ms. %s; load of the machine (1 min) before: %s.\n\n",
		steadyRate, steadyTime-warmUp, partitions, machine(), load)
	fmt.Fprintf(w, "| program | p50, ms | p90, ms | p99, ms | most, ms |\n|---|---|---|---|---|\n")
	for _, d := range all {
		fmt.Fprintf(w, "| %s |", d.who)
		for _, share := range []float64{0.5, 0.9, 0.99, 1} {
			fmt.Fprintf(w, " %.1f |", d.at(share).Seconds()*1000)
		}
		fmt.Fprintln(w)
	}
}
