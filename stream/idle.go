package stream

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/dataframe/exec"
)

// askEvery is how often the inputs of a task that may be silent are looked at.
const askEvery = time.Second

// idle lets inputs rest that are silent, so that the others of their task no
// longer wait for them, and closes what is open in tasks all of whose inputs
// rest. What rests is part of the task's position, so a restart agrees.
//
// An input is silent if it gave no row for the time given, all its committed
// rows are read, and no transaction is open in it. One that other tasks write
// rests when those say so, and no sooner.
func (s *session) idle(ctx context.Context) error {
	if s.cfg.Idle < 0 || s.txn.doubt != nil {
		return nil
	}
	for _, t := range s.tasks {
		if t.store == nil || t.idle || time.Since(t.asked) < askEvery {
			continue
		}
		if err := s.rest(ctx, t); err != nil {
			return err
		}
		if !t.run.Silent() {
			continue
		}
		if err := s.silence(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// rest lets the inputs of a task rest that are silent.
func (s *session) rest(ctx context.Context, t *task) error {
	for i, in := range t.part.sub.Inputs {
		if in.Repartition || t.run.Rests(i) || time.Since(t.active[i]) < s.cfg.Idle {
			continue
		}
		silent, err := s.silent(ctx, t, i)
		if err != nil {
			return err
		}
		if !silent {
			continue
		}
		if err := s.begin(ctx); err != nil {
			return err
		}
		s.touch(t)
		t.run.Rest(i)
		s.cfg.Events.Rests(Rests{t.id, t.of[i].topic})
	}
	return nil
}

// silence closes what is open in a task whose inputs all rest, in a
// transaction, unless rows have come meanwhile.
func (s *session) silence(ctx context.Context, t *task) error {
	for i := range t.of {
		if silent, err := s.silent(ctx, t, i); err != nil || !silent {
			return err
		}
	}
	if err := s.begin(ctx); err != nil {
		return err
	}
	s.touch(t)
	t.idle = true
	before := exec.Sum(t.run.Counts.Idle)
	closed, err := t.run.Idle()
	if err == nil && closed {
		s.cfg.Events.Idle(Silence{t.id, exec.Sum(t.run.Counts.Idle) - before})
	}
	return err
}

// silent asks the broker whether anything is left to come to an input of a task.
func (s *session) silent(ctx context.Context, t *task, input int) (bool, error) {
	t.asked = time.Now()
	in := t.of[input]
	ends, err := s.admin.ListEndOffsets(ctx, in.topic)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		return false, fmt.Errorf("end of %s: %w", in, err)
	}
	decided, err := s.admin.ListCommittedOffsets(ctx, in.topic)
	if err == nil {
		err = decided.Error()
	}
	if err != nil {
		return false, fmt.Errorf("end of %s: %w", in, err)
	}
	end, _ := ends.Lookup(in.topic, in.partition)
	stable, _ := decided.Lookup(in.topic, in.partition)
	if stable.Offset < end.Offset {
		return false, nil
	}
	rows, err := s.rows(ctx, in, t.next[input], end.Offset)
	return !rows && err == nil, err
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
