//go:build synctests

package stream

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// TestLedgerAtLeastOnce has crashes, faults and lost answers: rows may come
// twice, but none is lost, and none is another than it would be exactly once,
// for the state counts no row twice. Some groups are on their way from one
// delivery to the other.
func TestLedgerAtLeastOnce(t *testing.T) {
	doubled := 0
	for i := range uint64(*seeds+2) / 3 {
		seed := *first + i
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			inWorld(t, seed, small, func(w *world) {
				w.crashes, w.dirs = 12, seed%2 == 0
				w.control.room = 600 // two keys of a step are in memory, the others in the store
				w.delivery = func(worker int) Delivery {
					if seed%2 == 0 && worker == 0 {
						return ExactlyOnce
					}
					return AtLeastOnce
				}
				w.answer = func() int { return w.intn(40) }
				w.fault()
				report, err := w.run()
				if err != nil || report.Lost+report.Wrong > 0 {
					t.Errorf("%v\nerror: %v", report, err)
				}
				doubled += report.Doubled
				t.Logf("%d rows, %d of them a second time, %d commits, %d aborts, killed at%s", report.Rows, report.Doubled, w.commits.Load(), w.aborts.Load(), w.points())
			})
		})
	}
	if doubled == 0 {
		t.Error("no row came twice, so nothing was tried")
	}
}

// TestRowsThatDidNotArriveAreFoundOut commits without waiting for the rows beside the
// transaction: a process that dies then loses them.
func TestRowsThatDidNotArriveAreFoundOut(t *testing.T) {
	lost := 0
	for seed := uint64(0); seed < 3 && lost == 0; seed++ {
		inWorld(t, *first+seed, small, func(w *world) {
			w.crashes, w.control.noArrival = 20, true
			w.delivery = func(int) Delivery { return AtLeastOnce }
			w.brokers.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Err: kerr.NotLeaderForPartition, Count: -1,
				When: func(req kmsg.Request) bool { return req.(*kmsg.ProduceRequest).TransactionID == nil && w.intn(3) == 0 }})
			report, _ := w.run()
			lost += report.Lost
		})
	}
	if lost == 0 {
		t.Error("offsets were committed before the rows had arrived, and nothing was lost")
	}
}

// TestWhenRowsAreSeen measures how old a row is when others see it, with transactions of four seconds.
func TestWhenRowsAreSeen(t *testing.T) {
	for _, delivery := range []Delivery{ExactlyOnce, AtLeastOnce} {
		t.Run(string(delivery), func(t *testing.T) {
			tiny(t, func(t *testing.T, w *world) {
				w.topic("in", 2, nil)
				w.topic("out", 2, nil)
				w.graph(in().Select("id").To("out"))
				done := make(chan error, 1)
				go func() {
					done <- w.runFor(50*time.Second, func(cfg *Config) { cfg.Delivery, cfg.Commit = delivery, 4*time.Second })
				}()
				time.Sleep(10 * time.Second)
				cl := w.client(kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.ConsumeTopics("out"), kgo.FetchMaxWait(10*time.Millisecond))
				defer cl.Close()
				var ages []time.Duration
				for i := range 5 {
					sent := time.Now()
					w.put("in", fmt.Sprintf(`{"id":%d}`, i))
					for cl.PollFetches(t.Context()).NumRecords() == 0 {
					}
					ages = append(ages, time.Since(sent))
					time.Sleep(time.Second)
				}
				if err := <-done; err != nil {
					t.Fatal(err)
				}
				slices.Sort(ages)
				t.Logf("ages %v", ages)
				if atOnce := ages[2] < 100*time.Millisecond; atOnce != (delivery == AtLeastOnce) {
					t.Errorf("rows are seen after %v", ages)
				}
			})
		})
	}
}
