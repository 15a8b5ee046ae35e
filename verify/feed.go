package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// inputs are the topics that flow.
var inputs = []string{ledger.Cars, ledger.GPS}

const (
	feederID = "verify-feeder" // its transactional id
	piece    = 10_000          // rows in one of its transactions
)

// feeder writes rows, each once: in transactions, since a producer that is only idempotent writes some twice when brokers are killed.
type feeder struct {
	addrs []string
	recs  []row.Record
	pace  int // rows a second; 0 is as fast as they are done
	// passed is called behind a piece, with how many rows there are so far; it holds the feeder up.
	passed func(ctx context.Context, fed int) error
	fed    atomic.Int64
	cl     *kgo.Client
}

func (f *feeder) run(ctx context.Context) error {
	defer func() {
		if f.cl != nil {
			f.cl.Close()
		}
	}()
	size := piece
	if f.pace > 0 {
		size = f.pace / 10
	}
	for at := 0; at < len(f.recs); {
		end := at
		for end < min(at+size, len(f.recs)) && ledger.Table(f.recs[end]) == ledger.Table(f.recs[at]) {
			end++
		}
		if err := f.put(ctx, f.recs[at:end]); err != nil {
			return fmt.Errorf("feed: %w", err)
		}
		f.fed.Store(int64(end))
		if err := f.passed(ctx, end); err != nil {
			return err
		}
		at = end
		if f.pace > 0 && !pause(ctx, time.Second/10) {
			return ctx.Err()
		}
	}
	return nil
}

// put writes a piece, however long that takes.
func (f *feeder) put(ctx context.Context, recs []row.Record) error {
	for {
		before, err := f.end(ctx, recs[0])
		if err == nil {
			if err = f.once(ctx, recs); err == nil {
				return nil
			}
			if there, err := f.landed(ctx, recs[0], before); there || err != nil {
				return err
			}
		}
		if !pause(ctx, time.Second) {
			return errors.Join(ctx.Err(), err)
		}
	}
}

// client is the producer, which decides what one before it left open.
func (f *feeder) client(ctx context.Context) (*kgo.Client, error) {
	if f.cl != nil {
		return f.cl, nil
	}
	cl, err := kgo.NewClient(kgo.SeedBrokers(f.addrs...), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.TransactionalID(feederID))
	if err != nil {
		return nil, err
	}
	if _, _, err := cl.ProducerID(ctx); err != nil {
		cl.Close()
		return nil, err
	}
	f.cl = cl
	return cl, nil
}

// once writes a piece. After an error the outcome is open.
func (f *feeder) once(ctx context.Context, recs []row.Record) (err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cl, err := f.client(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.cl.Close()
			f.cl = nil
		}
	}()
	if err := cl.BeginTransaction(); err != nil {
		return err
	}
	first := kgo.AbortingFirstErrPromise(cl)
	for _, r := range recs {
		cl.Produce(ctx, &kgo.Record{Topic: r.Topic, Partition: r.Partition, Key: r.Key, Value: r.Value, Timestamp: time.UnixMilli(r.Time)}, first.Promise())
	}
	if err := first.Err(); err != nil {
		return err
	}
	return cl.EndTransaction(ctx, kgo.TryCommit)
}

// end is behind the last committed row of the partition of a row.
func (f *feeder) end(ctx context.Context, r row.Record) (int64, error) {
	cl, err := f.client(ctx)
	if err != nil {
		return 0, err
	}
	ends, err := kadm.NewClient(cl).ListCommittedOffsets(ctx, r.Topic)
	if err == nil {
		err = ends.Error()
	}
	at, _ := ends.Lookup(r.Topic, r.Partition)
	return at.Offset, err
}

// landed says whether a piece, whose outcome was open, is committed: then its first row is where the partition ended before.
func (f *feeder) landed(ctx context.Context, r row.Record, before int64) (bool, error) {
	for pause(ctx, time.Second) {
		end, err := f.end(ctx, r) // by a new client, whose start has decided the transaction
		if err != nil {
			continue
		}
		n := 0
		err = scan(ctx, f.addrs, kgo.ReadCommitted(), span{r.Topic, r.Partition, before, end}, func(*kgo.Record) { n++ })
		return n > 0, err
	}
	return false, ctx.Err()
}
