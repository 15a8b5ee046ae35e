//go:build synctests

package stream

import (
	"fmt"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// lockstep is what the plan gives in memory, one record after the other.
func (w *world) lockstep() ledger.Rows {
	w.t.Helper()
	topics := map[string]int{ledger.Cars: w.shape.Partitions, ledger.GPS: w.shape.Partitions, ledger.Drivers: w.shape.Partitions}
	d, err := exec.NewDriver(exec.Cut(w.plan), exec.DriverConfig{Topics: topics})
	if err != nil {
		w.t.Fatal(err)
	}
	for i := range w.recs {
		if err := d.Feed(w.recs[i : i+1]); err != nil {
			w.t.Fatal(err)
		}
	}
	rows, err := ledger.Read(d.Sent())
	if err != nil {
		w.t.Fatal(err)
	}
	return rows
}

// heldBack is four writers, one of them ten minutes behind.
var heldBack = ledger.Shape{Partitions: 4, Cars: 4, Rows: 500, HeldBack: 600_000}

// TestTimeIsThatOfTheSlowest has the same rows from every key, byte for byte,
// however transactions are cut and processes die.
func TestTimeIsThatOfTheSlowest(t *testing.T) {
	for i := range uint64(max(*seeds/2, 1)) {
		seed := *first + i
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			inWorld(t, seed, heldBack, func(w *world) {
				w.crashes, w.want = 8, w.lockstep()
				w.control.interval = func() time.Duration { return time.Duration(1+w.intn(2000)) * time.Millisecond }
				if report, err := w.run(); err != nil || !report.OK() || report.Rows < 900 {
					t.Errorf("%v\nerror: %v", report, err)
				}
			})
		})
	}
}

func TestTimeOfTheFastestIsFoundOut(t *testing.T) {
	inWorld(t, *first, heldBack, func(w *world) {
		w.want, w.control.eagerTime = w.lockstep(), true
		if report, _ := w.run(); report.OK() {
			t.Errorf("time by the writer that is furthest, and nothing was found: %v", report)
		}
	})
}

// TestSilence has rows end without anything that moves time on: the program
// closes what is open after the time given, and no sooner.
func TestSilence(t *testing.T) {
	inWorld(t, *first, ledger.Shape{Partitions: 3, Cars: 5, Rows: 200}, func(w *world) {
		w.recs = w.recs[:len(w.recs)-2*w.shape.Partitions] // without those that close
		w.idle = 60 * time.Second
		report, err := w.run()
		if err != nil || !report.OK() || w.silences.Load() == 0 {
			t.Errorf("%v\nerror: %v, %d tasks closed for silence", report, err, w.silences.Load())
		}
	})
	inWorld(t, *first, ledger.Shape{Partitions: 3, Cars: 5, Rows: 200}, func(w *world) {
		w.recs = w.recs[:len(w.recs)-2*w.shape.Partitions]
		report, err := w.run()
		if err != nil || report.Lost == 0 || report.Doubled+report.Wrong+report.Reordered > 0 {
			t.Errorf("without the rule for silence: %v\nerror: %v, want windows that stay open", report, err)
		}
	})
}
