package hand

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// commitEvery is how long a transaction lasts.
const commitEvery = 100 * time.Millisecond

// Run reads topic IN from its beginning, gives each record to job, and writes what job emits to OUT, exactly once,
// until SIGTERM. With suffixes it reads a topic for each: IN and the suffix. BOOTSTRAP, IN, OUT and GROUP come from the environment.
func Run(job func(r *kgo.Record, emit func(key, value []byte)) error, suffixes ...string) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, job, topics(os.Getenv("IN"), suffixes)); err != nil {
		log.Fatal(err)
	}
}

func topics(in string, suffixes []string) []string {
	if len(suffixes) == 0 {
		return []string{in}
	}
	var out []string
	for _, s := range suffixes {
		out = append(out, in+s)
	}
	return out
}

func run(ctx context.Context, job func(*kgo.Record, func(key, value []byte)) error, topics []string) error {
	s, err := kgo.NewGroupTransactSession(
		kgo.SeedBrokers(strings.Split(os.Getenv("BOOTSTRAP"), ",")...),
		kgo.ConsumerGroup(os.Getenv("GROUP")),
		kgo.ConsumeTopics(topics...),
		kgo.DefaultProduceTopic(os.Getenv("OUT")),
		kgo.TransactionalID(os.Getenv("GROUP")+"-0"),
		kgo.InstanceID(os.Getenv("GROUP")+"-0"),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()),
		kgo.ConsumeResetOffset(kgo.NoResetOffset()),
		kgo.RequireStableFetchOffsets(),
		kgo.FetchMaxBytes(8<<20),
		kgo.MaxConcurrentFetches(2),
	)
	if err != nil {
		return err
	}
	defer s.Close()
	for ctx.Err() == nil {
		if err := transaction(ctx, s, job); err != nil {
			return err
		}
	}
	return nil
}

// transaction is the work of 100 ms.
func transaction(ctx context.Context, s *kgo.GroupTransactSession, job func(*kgo.Record, func(key, value []byte)) error) error {
	fetches := s.PollRecords(ctx, 2000)
	if fetches.NumRecords() == 0 {
		return failure(fetches)
	}
	if err := s.Begin(); err != nil {
		return err
	}
	first := kgo.AbortingFirstErrPromise(s.Client())
	emit := func(key, value []byte) {
		s.Produce(context.Background(), &kgo.Record{Key: key, Value: value}, first.Promise())
	}
	due, cancel := context.WithTimeout(ctx, commitEvery)
	defer cancel()
	for fetches.NumRecords() > 0 {
		var bad error
		fetches.EachRecord(func(r *kgo.Record) {
			if err := job(r, emit); err != nil && bad == nil {
				bad = fmt.Errorf("%s %d@%d: %w", r.Topic, r.Partition, r.Offset, err)
			}
		})
		if bad == nil {
			bad = failure(fetches)
		}
		if bad != nil {
			_, _ = s.End(context.Background(), kgo.TryAbort)
			return bad
		}
		if due.Err() != nil {
			break
		}
		fetches = s.PollRecords(due, 2000)
	}
	committed, err := s.End(context.Background(), kgo.TransactionEndTry(first.Err() == nil))
	if err == nil && !committed {
		err = errors.New("transaction was aborted, and the state in memory is ahead of it")
	}
	return err
}

// failure is what a poll brought beside rows, but for the end of its time.
func failure(f kgo.Fetches) error {
	err := f.Err()
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}
