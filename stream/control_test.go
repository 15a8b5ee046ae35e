//go:build synctests

package stream

import (
	"errors"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/riffle-stream/riffle/internal/ledger"
)

// A control breaks one part of the protocol. The ledger has to find it out, or
// it would find nothing out.
func TestControlsAreFoundOut(t *testing.T) {
	for name, breaks := range map[string]func(w *world){
		"no guard": func(w *world) {
			w.use(ledger.Stateless, ledger.Plain)
			w.control.noGuard = true
			w.answer = func() int { return w.intn(4) }
		},
		"eager state": func(w *world) {
			w.control.eagerState, w.control.trustPosition, w.dirs, w.crashes = true, true, true, 20
		},
		"no position": func(w *world) {
			w.control.noPosition, w.crashes = true, 10
		},
		"default reset": func(w *world) {
			w.use(ledger.Stateless, ledger.Plain)
			w.control.defaultReset, w.control.noGuard = true, true
			w.loseLog()
		},
		"waiting rows not kept": func(w *world) {
			w.control.noHeld, w.crashes = true, 20
		},
		"time by the furthest": func(w *world) {
			w.control.eagerTime = true
		},
	} {
		t.Run(name, func(t *testing.T) {
			found := 0
			for seed := range uint64(3) {
				shape := small
				shape.HeldBack = 20_000
				inWorld(t, *first+seed, shape, func(w *world) {
					breaks(w)
					report, err := w.run()
					t.Logf("seed %d: %d lost, %d doubled, %d wrong; error: %v", seed, report.Lost, report.Doubled, report.Wrong, err)
					if !report.OK() || err != nil {
						found++
					}
				})
			}
			if found == 0 {
				t.Error("three runs with the protocol broken, and nothing was found")
			}
		})
	}
}

// loseLog has the brokers say now and then that a log has shrunk.
func (w *world) loseLog() {
	n := 0
	w.brokers.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Topic: ledger.Cars, Err: kerr.OffsetOutOfRange, Count: 10,
		When: func(kmsg.Request) bool { n++; return n > 20 && n%3 == 0 }})
}

// TestLostLogStops is the same without the control: the program stops and says
// what is missing, and what it wrote is right. The rows of a car lie in several
// partitions, so their order is not promised.
func TestLostLogStops(t *testing.T) {
	inWorld(t, 1, small, func(w *world) {
		w.use(ledger.Stateless, ledger.Plain)
		w.loseLog()
		report, err := w.run()
		if !errors.Is(err, ErrGone) || report.Doubled+report.Wrong > 0 {
			t.Errorf("%v\nerror: %v, want one of rows that are gone", report, err)
		}
	})
}

// TestUncommittedIsFoundOut reads what aborted transactions left.
func TestUncommittedIsFoundOut(t *testing.T) {
	inWorld(t, 1, small, func(w *world) {
		n := 0
		w.brokers.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.EndTxn}, TopLevel: true, Err: kerr.TransactionAbortable, Count: 10,
			When: func(kmsg.Request) bool { n++; return n > 60 && n%10 == 0 }})
		if report, err := w.run(); err != nil || !report.OK() {
			t.Fatalf("%v\nerror: %v", report, err)
		}
		if report := w.check(kgo.ReadUncommitted()); report.OK() {
			t.Errorf("a reader of uncommitted rows saw nothing wrong after %d aborts: %v", w.aborts.Load(), report)
		}
	})
}
