package stream

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// askEvery is how often a silent task's inputs are looked at.
const askEvery = time.Second

// idle closes what is open in tasks whose inputs are silent: no row for the
// time given, all committed rows read, and no transaction open in them. A task
// that reads what other tasks moved waits for those to say so, and no longer.
func (s *session) idle(ctx context.Context) error {
	if s.cfg.Idle < 0 || s.txn.doubt != nil {
		return nil
	}
	for _, t := range s.tasks {
		wait := s.cfg.Idle
		if t.moved() {
			wait = 0
		}
		if t.store == nil || t.idle || time.Since(t.active) < wait || time.Since(t.asked) < askEvery || !t.run.Silent() {
			continue
		}
		t.asked = time.Now()
		silent, err := s.silent(ctx, t)
		if err != nil {
			return err
		}
		if silent {
			if err := s.silence(ctx, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// moved says whether all that the task reads was moved there by other tasks.
func (t *task) moved() bool {
	for _, in := range t.part.sub.Inputs {
		if !in.Repartition {
			return false
		}
	}
	return true
}

// silence lets the task close what is open, in a transaction.
func (s *session) silence(ctx context.Context, t *task) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	s.touch(t)
	t.idle = true
	for i, in := range t.part.sub.Inputs {
		if !in.Repartition {
			t.run.Rest(i)
		}
	}
	closed, err := t.run.Idle()
	if err == nil && closed {
		s.cfg.Events.Idle(t.id)
	}
	return err
}

// silent asks the broker whether anything is left to come to a task.
func (s *session) silent(ctx context.Context, t *task) (bool, error) {
	var topics []string
	for _, in := range t.of {
		topics = append(topics, in.topic)
	}
	ends, err := s.admin.ListEndOffsets(ctx, topics...)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		return false, fmt.Errorf("ends of %v: %w", topics, err)
	}
	decided, err := s.admin.ListCommittedOffsets(ctx, topics...)
	if err == nil {
		err = decided.Error()
	}
	if err != nil {
		return false, fmt.Errorf("ends of %v: %w", topics, err)
	}
	for i, in := range t.of {
		end, _ := ends.Lookup(in.topic, in.partition)
		stable, _ := decided.Lookup(in.topic, in.partition)
		if stable.Offset < end.Offset {
			return false, nil
		}
		rows, err := s.rows(ctx, in, t.next[i], end.Offset)
		if err != nil || rows {
			return false, err
		}
	}
	return true, nil
}

// rows says whether a partition has rows from an offset up to its end: what is
// there may be no more than the marks of transactions.
func (s *session) rows(ctx context.Context, t tp, from, end int64) (bool, error) {
	if from >= end {
		return false, nil
	}
	cl, err := kgo.NewClient(append(s.client(), kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{t.topic: {t.partition: kgo.NewOffset().At(from)}}),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(), kgo.ConsumeResetOffset(kgo.NoResetOffset()), kgo.FetchMaxWait(100*time.Millisecond))...)
	if err != nil {
		return false, fmt.Errorf("end of %s: %w", t, err)
	}
	defer cl.Close()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	for from < end {
		fetches := cl.PollFetches(ctx)
		if ctx.Err() != nil {
			return false, nil // nothing came: there is nothing
		}
		if err := s.pollError(ctx, fetches); err != nil {
			return false, err
		}
		for _, r := range fetches.Records() {
			if !r.Attrs.IsControl() {
				return true, nil
			}
			from = r.Offset + 1
		}
	}
	return false, nil
}
