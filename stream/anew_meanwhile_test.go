//go:build !synctests

package stream

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// TestInputMadeAnewMeanwhile has a topic deleted and made anew, with more rows
// than it had, under a process that runs. It is not in virtual time, which stands
// still while a client asks for a topic that is gone.
func TestInputMadeAnewMeanwhile(t *testing.T) {
	b := kafkatest.Fake(t, ledger.Cars+":2", ledger.GPS+":2", ledger.Drivers+":2")
	plan, err := ledger.Pipeline(2)
	if err != nil {
		t.Fatal(err)
	}
	pour(t, b, ledger.Input(ledger.Shape{Partitions: 2, Cars: 2, Rows: 100}))
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	committed := make(chan struct{}, 1000)
	var anew sync.WaitGroup
	anew.Go(func() {
		<-committed
		time.Sleep(2 * time.Second)
		if _, err := b.Admin(t).DeleteTopics(ctx, ledger.Cars); err != nil {
			t.Error(err)
		}
		if _, err := b.Admin(t).CreateTopic(ctx, 2, 1, nil, ledger.Cars); err != nil {
			t.Error(err)
		}
		pour(t, b, ledger.Input(ledger.Shape{Partitions: 2, Cars: 2, Rows: 300}))
	})
	err = Run(ctx, plan, Config{Cluster: cluster.Config{Brokers: b.Addrs}, Group: "anew", Idle: -1, Events: Events{
		Committed: func(Committed) { committed <- struct{}{} },
	}})
	anew.Wait()
	if !errors.Is(err, ErrGone) && !errors.Is(err, ErrTopic) {
		t.Errorf("ended with %v, want that topic %s is another", err, ledger.Cars)
	}
}
