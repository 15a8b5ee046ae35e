//go:build synctests

package stream

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/riffle-stream/riffle/internal/ledger"
)

var small = ledger.Shape{Partitions: 3, Cars: 5, Rows: 600}

// each runs a test with many seeds; it must write exactly what is expected.
func each(t *testing.T, prepare func(w *world, seed uint64)) {
	for i := range uint64(*seeds) {
		seed := *first + i
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			inWorld(t, seed, small, func(w *world) {
				prepare(w, seed)
				report, err := w.run()
				if err != nil || !report.OK() {
					t.Errorf("%v\nerror: %v", report, err)
				}
				t.Logf("%d rows, %d commits, %d aborts, %d restores, killed at%s", report.Rows, w.commits.Load(), w.aborts.Load(), w.restores.Load(), w.points())
			})
		})
	}
}

func TestLedgerWithCrashes(t *testing.T) {
	each(t, func(w *world, seed uint64) { w.crashes, w.dirs = 12, seed%2 == 0 })
}

// TestLedgerWithLostAnswers has commits that the broker carried out and whose
// answer says otherwise, or never came.
func TestLedgerWithLostAnswers(t *testing.T) {
	each(t, func(w *world, seed uint64) {
		w.crashes = int64(seed%2) * 6
		w.answer = func() int { return w.intn(12) }
	})
}

// errors of each request that a broker may give at any time.
var faults = map[kmsg.Key][]*kerr.Error{
	kmsg.Produce:         {kerr.NotLeaderForPartition, kerr.NotEnoughReplicasAfterAppend, kerr.RequestTimedOut},
	kmsg.TxnOffsetCommit: {kerr.IllegalGeneration, kerr.UnknownMemberID, kerr.CoordinatorLoadInProgress, kerr.RequestTimedOut, kerr.UnstableOffsetCommit},
	kmsg.EndTxn:          {kerr.CoordinatorNotAvailable, kerr.NotCoordinator, kerr.ConcurrentTransactions, kerr.UnknownServerError, kerr.InvalidProducerEpoch, kerr.ProducerFenced, kerr.TransactionAbortable},
	kmsg.InitProducerID:  {kerr.CoordinatorNotAvailable, kerr.ConcurrentTransactions},
	kmsg.OffsetFetch:     {kerr.UnstableOffsetCommit, kerr.CoordinatorLoadInProgress},
	kmsg.Heartbeat:       {kerr.RebalanceInProgress, kerr.UnknownMemberID, kerr.IllegalGeneration},
	kmsg.JoinGroup:       {kerr.CoordinatorNotAvailable, kerr.UnknownMemberID},
	kmsg.SyncGroup:       {kerr.RebalanceInProgress, kerr.UnknownMemberID},
	kmsg.FindCoordinator: {kerr.CoordinatorNotAvailable},
	kmsg.ListOffsets:     {kerr.NotLeaderForPartition},
}

// fault installs errors that come now and then, a few of each.
func (w *world) fault() {
	for key, errs := range faults {
		for _, err := range errs {
			every, rnd := 20+w.intn(60), rand.New(rand.NewPCG(w.shape.Seed, uint64(key)))
			w.brokers.Fault(kfake.Fault{
				Keys: []kmsg.Key{key}, Err: err, Count: 2, TopLevel: key != kmsg.Produce && key != kmsg.TxnOffsetCommit && key != kmsg.ListOffsets,
				When: func(kmsg.Request) bool { return rnd.IntN(every) == 0 },
			})
		}
	}
}

func TestLedgerWithFaults(t *testing.T) {
	each(t, func(w *world, seed uint64) {
		w.crashes, w.dirs = 3, seed%3 == 0
		w.fault()
	})
}
