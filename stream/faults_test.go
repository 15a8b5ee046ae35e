//go:build synctests

package stream

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// TestLedgerWithMovingCoordinators has the coordinators of the group and of its
// transactions, and the leaders of partitions, be other brokers all the time.
func TestLedgerWithMovingCoordinators(t *testing.T) {
	each(t, func(w *world, seed uint64) {
		w.crashes = int64(seed % 2 * 4)
		stop := make(chan struct{})
		w.t.Cleanup(func() { close(stop) })
		go func() {
			for pause(stop, time.Duration(500+w.intn(4000))*time.Millisecond) {
				w.brokers.RehashCoordinators()
				w.brokers.ShufflePartitionLeaders() // in another epoch
			}
		}()
	})
}

// pause waits, and says whether it was not stopped.
func pause(stop chan struct{}, d time.Duration) bool {
	select {
	case <-stop:
		return false
	case <-time.After(d):
		return true
	}
}

// anyErrors are all that a broker can say, by their codes.
func anyErrors() (out []*kerr.Error) {
	for code := int16(-1); code < 200; code++ {
		if e := kerr.TypedErrorForCode(code); e != nil && e.Code == code && e != kerr.DuplicateSequenceNumber {
			out = append(out, e)
		}
	}
	return out
}

// TestLedgerWithAnyError has brokers answer requests with errors of every kind,
// those too that make no sense there. A process may end for good with an error
// that says why; nothing may be lost by that, doubled or wrong. Two are left out: a
// broker that says that it has rows already which it has not (that is found out
// where rows are numbered, and nowhere else), and JoinGroup, after whose refusal
// the fake stays between two generations for ever.
func TestLedgerWithAnyError(t *testing.T) {
	keys := []kmsg.Key{kmsg.Produce, kmsg.TxnOffsetCommit, kmsg.EndTxn, kmsg.InitProducerID, kmsg.OffsetFetch, kmsg.FindCoordinator, kmsg.SyncGroup, kmsg.Heartbeat, kmsg.AddPartitionsToTxn, kmsg.ListOffsets, kmsg.Fetch}
	for i := range uint64(*seeds) {
		seed := *first + i
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			inWorld(t, seed, small, func(w *world) {
				all := anyErrors()
				for range 6 {
					key, err := keys[w.intn(len(keys))], all[w.intn(len(all))]
					after := int64(w.intn(20))
					w.brokers.Fault(kfake.Fault{Keys: []kmsg.Key{key}, Err: err, Count: 1 + w.intn(3), TopLevel: w.intn(2) == 0,
						When: func(req kmsg.Request) bool { return !isFeed(req) && atomic.AddInt64(&after, -1) < 0 }})
					w.t.Logf("%v is answered with %v", key, err.Message)
				}
				report, err := w.run()
				if report.Doubled+report.Wrong > 0 || report.Lost > 0 && err == nil {
					t.Errorf("%v\nerror: %v\ngroup: %+v", report, err, w.brokers.GroupInfo("ledger"))
				}
				if err != nil {
					t.Logf("ended with %v", err)
				}
			})
		})
	}
}

// isFeed says whether a request is of the test's own, which writes the input without transactions.
func isFeed(req kmsg.Request) bool {
	switch r := req.(type) {
	case *kmsg.ProduceRequest:
		return r.TransactionID == nil
	case *kmsg.InitProducerIDRequest:
		return r.TransactionalID == nil
	}
	return false
}

// TestLedgerWithoutBrokers has all brokers be gone for a minute, twice.
func TestLedgerWithoutBrokers(t *testing.T) {
	each(t, func(w *world, seed uint64) {
		var gone atomic.Bool
		var mu sync.Mutex
		open := map[net.Conn]bool{}
		dial := w.dial
		w.workerDial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if gone.Load() {
				return nil, errors.New("no route to host")
			}
			conn, err := dial(ctx, network, address)
			if err == nil {
				mu.Lock()
				open[conn] = true
				mu.Unlock()
			}
			return conn, err
		}
		stop := make(chan struct{})
		w.t.Cleanup(func() { close(stop) })
		go func() {
			for range 2 {
				if !pause(stop, time.Duration(5+w.intn(10))*time.Second) {
					return
				}
				gone.Store(true)
				mu.Lock()
				for conn := range open {
					conn.Close()
				}
				clear(open)
				mu.Unlock()
				pause(stop, time.Minute)
				gone.Store(false)
			}
		}()
	})
}

// TestLedgerWithRebalancesWhileRestoring has changelogs that are slow to read,
// and members that die and come back meanwhile.
func TestLedgerWithRebalancesWhileRestoring(t *testing.T) {
	each(t, func(w *world, seed uint64) { w.crashes, w.slowRestore = 8, 20*time.Millisecond })
}

// TestStoppedWhileRestoring is told to end while it reads its changelog, and
// started again.
func TestStoppedWhileRestoring(t *testing.T) {
	inWorld(t, 1, ledger.Shape{Partitions: 2, Cars: 5, Rows: 300}, func(w *world) {
		w.feed(w.recs)
		if err := w.runFor(time.Minute, nil); err != nil {
			w.t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(w.t.Context(), 5*time.Minute)
		defer cancel()
		cfg, restored := w.config(0), 0
		cfg.Failpoint = func(point string) {
			if point == "mid-restore" {
				if restored++; restored == 10 {
					cancel()
				}
			}
		}
		began := time.Now()
		if err := Run(ctx, w.plan, cfg); err != nil {
			w.t.Fatal(err)
		}
		if took := time.Since(began); restored < 10 || took > 10*time.Second {
			w.t.Errorf("%d records were restored; it ended after %v", restored, took)
		}
		if err := w.runFor(time.Minute, nil); err != nil {
			w.t.Fatal(err)
		}
		if report := w.check(kgo.ReadCommitted()); !report.OK() {
			w.t.Error(report)
		}
	})
}

// TestAddedPartitions has a topic grow under a program: one that keeps nothing
// reads them all, one whose state lies by partition says what happened.
func TestAddedPartitions(t *testing.T) {
	for name, stateful := range map[string]bool{"keeps nothing": false, "keeps state": true} {
		t.Run(name, func(t *testing.T) {
			tiny(t, func(t *testing.T, w *world) {
				w.topic("in", 1, nil)
				frame := df.Topic("in", df.KeyAs("text"))
				if stateful {
					frame = frame.GroupBy("text").Tumbling("1h").Grace("0s").Emit(df.Current).Agg("n = count()")
				} else {
					frame = frame.Select("id")
				}
				w.graph(frame.To("out"))
				w.put("in", `{"id":1,"text":"k"}`)
				done := make(chan error)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
				defer cancel()
				go func() {
					cfg := w.config(0)
					cfg.Failpoint = nil
					done <- Run(ctx, w.plan, cfg)
				}()
				time.Sleep(20 * time.Second)
				cl := w.client()
				defer cl.Close()
				if _, err := kadm.NewClient(cl).UpdatePartitions(t.Context(), 2, "in"); err != nil {
					t.Fatal(err)
				}
				w.put("in", `{"id":2,"text":"k"}`, `{"id":3,"text":"k"}`)
				err := <-done
				if stateful {
					ends(t, err, ErrTopic, "the topics that the program reads got more partitions", "--group")
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if got := strings.Join(w.values("out"), " "); got != `{"id":1} {"id":2} {"id":3}` {
					t.Errorf("written %s", got)
				}
			})
		})
	}
}

// TestRecordsWithoutValueOrKey has tombstones in a stream of rows, which are bad
// rows, and rows without a key, which no group takes.
func TestRecordsWithoutValueOrKey(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		w.topic("in", 1, nil)
		cl := w.client()
		defer cl.Close()
		for _, r := range []*kgo.Record{
			{Topic: "in", Key: []byte("k"), Value: []byte(`{"id":1,"text":"k"}`)},
			{Topic: "in", Key: []byte("k")},
			{Topic: "in", Value: []byte(`{"id":2}`)},
			{Topic: "in", Key: []byte(""), Value: []byte(`{"id":3,"text":""}`)},
		} {
			if err := cl.ProduceSync(t.Context(), r).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
		count := func(r df.Row, s *df.State) df.Row {
			s.Set("n", s.Int("n", 0)+1)
			return r.With("n", s.Int("n", 0))
		}
		w.graph(df.Topic("in", df.Fields("id int", "text string")).OnError(df.Skip).GroupBy("text").ApplyState(count, "n int").Select("id", "n").To("out"))
		var bad []*exec.BadRow
		keyless := int64(0)
		if err := w.runFor(60*time.Second, func(cfg *Config) {
			cfg.Idle = 5 * time.Second
			cfg.Events.Committed = func(c Committed) { keyless += c.Keyless }
			cfg.Events.Bad = func(b *exec.BadRow) { bad = append(bad, b) }
		}); err != nil {
			t.Fatal(err)
		}
		if len(bad) != 1 || !strings.Contains(bad[0].Error(), "tombstone") {
			t.Errorf("bad rows %v, want the tombstone", bad)
		}
		if keyless != 1 {
			t.Errorf("%d rows without a key were counted, want 1", keyless)
		}
		if got := strings.Join(w.values("out"), " "); got != `{"id":1,"n":1} {"id":3,"n":1}` {
			t.Errorf("written %s", got)
		}
	})
}
