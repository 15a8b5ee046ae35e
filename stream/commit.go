package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/state"
)

// commit ends the open transaction: what the tasks give, their state and their
// offsets, all or nothing. Then, and not before, the state goes into the folder.
func (s *session) commit(ctx context.Context) error {
	ctx, cancel := lasting(ctx)
	defer cancel()
	began, closing := s.txn.began, time.Now()
	b, err := s.collect()
	if err != nil {
		return err
	}
	if s.txn.doubt == nil {
		s.cfg.Failpoint("before-produce")
		if err := s.produce(ctx, b); err != nil {
			if err := s.hopeless(err); err != nil {
				return err
			}
			s.doubt(err)
		}
		s.cfg.Failpoint("after-produce")
	}
	s.doubtIf(s.agree())
	if s.cfg.control.eagerState {
		if err := s.save(b); err != nil {
			return err
		}
	}
	s.cfg.Failpoint("before-end")
	ended := time.Now()
	committed, err := s.end(ctx)
	if err != nil {
		return fmt.Errorf("end transaction of group %s: %w", s.cfg.Group, err)
	}
	if !committed {
		return s.recover(ctx)
	}
	s.cfg.Failpoint("after-end-before-badger")
	if err := s.save(b); err != nil {
		return err
	}
	s.pace(time.Since(ended), time.Since(closing))
	s.done(b, time.Since(began))
	return nil
}

// lasting is a context that outlives ctx by the time that a transaction may
// take to end: one that is cut off in the middle leaves its outcome open.
func lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(finishTimeout, cancel) })
	return out, func() { stop(); cancel() }
}

func (s *session) doubtIf(err error) {
	if err != nil {
		s.doubt(err)
	}
}

// mostFutile is how many transactions in a row may fail to be written.
const mostFutile = 5

// hopeless is the error to end with after records could not be written, or nil
// to run their rows again: what stands in the way may pass, a few times.
func (s *session) hopeless(err error) error {
	var bad *exec.BadRow
	if permanent(err) || errors.As(err, &bad) {
		return err
	}
	if isRefusal(err) {
		return nil // each finds one row more
	}
	if s.futile++; s.futile >= mostFutile {
		return fmt.Errorf("transactions cannot be written, %d in a row: %w", s.futile, err)
	}
	return nil
}

// agree says whether what the client would commit is what the tasks took: nil,
// or why the transaction must not commit.
func (s *session) agree() error {
	if s.cfg.control.noGuard {
		return nil
	}
	polled := s.group.Client().UncommittedOffsets()
	for _, t := range s.tasks { // those that were not touched, too: the client may have gone back to where they stand
		for i, in := range t.of {
			o, ok := polled[in.topic][in.partition]
			if ok && o.Offset != t.next[i] || !ok && t.next[i] != t.starts[i].offset {
				return fmt.Errorf("%s: rows up to %d were taken, those up to %d were polled", in, t.next[i], o.Offset)
			}
			delete(polled[in.topic], in.partition)
		}
	}
	for topic, rest := range polled {
		for p := range rest {
			return fmt.Errorf("%s/%d: rows were polled and no task took them", topic, p)
		}
	}
	return nil
}

// end decides the transaction. Offsets of every input of the touched tasks go
// with it, of those without new rows too: so a process that the group has given
// up cannot commit anything, and each input has an offset from the first commit on.
func (s *session) end(ctx context.Context) (bool, error) {
	ctx = kgo.PreTxnCommitFnContext(ctx, func(req *kmsg.TxnOffsetCommitRequest) error {
		for _, t := range s.txn.touched {
			for i, in := range t.of {
				addOffset(req, in, t.next[i])
			}
		}
		return nil
	})
	return s.group.End(ctx, kgo.TransactionEndTry(s.txn.doubt == nil))
}

// addOffset adds a partition to a request that does not have it.
func addOffset(req *kmsg.TxnOffsetCommitRequest, t tp, offset int64) {
	part := kmsg.NewTxnOffsetCommitRequestTopicPartition()
	part.Partition, part.Offset, part.Metadata = t.partition, offset, &req.MemberID
	for i := range req.Topics {
		if req.Topics[i].Topic != t.topic {
			continue
		}
		for _, have := range req.Topics[i].Partitions {
			if have.Partition == t.partition {
				return
			}
		}
		req.Topics[i].Partitions = append(req.Topics[i].Partitions, part)
		return
	}
	topic := kmsg.NewTxnOffsetCommitRequestTopic()
	topic.Topic, topic.Partitions = t.topic, append(topic.Partitions, part)
	req.Topics = append(req.Topics, topic)
}

// save puts what was committed into the stores.
func (s *session) save(b *batch) error {
	for _, t := range s.txn.touched {
		if t.store == nil {
			continue
		}
		pos := b.at[t]
		before, _ := t.store.Position()
		pos.Changelog = max(before.Changelog, b.logged[t])
		err := t.store.Commit(pos)
		for ; errors.Is(err, state.ErrDiskFull); err = t.store.Commit(pos) {
			s.cfg.Events.Paused(err)
			time.Sleep(time.Second)
		}
		if err != nil {
			return fmt.Errorf("after commit: %w", err)
		}
	}
	return nil
}

// pace sets the time until the next commit by what the last one took: its end
// alone, and all of it. Ending transactions takes a fifth of the time at most;
// or one lasts as long as the user wants, its end included.
func (s *session) pace(end, all time.Duration) {
	s.interval = min(max((3*s.interval+5*end)/4, leastCommit), mostCommit)
	if want := s.cfg.Commit; want > 0 {
		s.interval = max(want/2, want-all)
	}
	if s.cfg.control.interval != nil {
		s.interval = s.cfg.control.interval()
	}
}

// done tells of a commit and clears the way for the next transaction.
func (s *session) done(b *batch, took time.Duration) {
	e := Committed{Rows: s.txn.rows, Sent: s.txn.sent, Changes: len(b.changes), Took: took, Watermark: map[TaskID]int64{}, Behind: map[TaskID]int64{}, Entries: map[TaskID]int{}}
	for _, t := range s.txn.touched {
		for i := range t.of {
			t.starts[i].offset, t.starts[i].committed = t.next[i], true
			s.assignment.moved(t.of[i], t.starts[i])
		}
		e.Watermark[t.id] = t.run.Watermark()
		if t.store != nil {
			e.Entries[t.id] = t.store.Entries()
		}
		for _, n := range t.behind {
			e.Behind[t.id] += n
		}
		counts := t.run.Counted()
		late, over, keyless := exec.Sum(counts.Late), exec.Sum(counts.Over), exec.Sum(counts.NullKey)
		e.Late, e.Over, e.Keyless = e.Late+late-t.late, e.Over+over-t.over, e.Keyless+keyless-t.keyless
		t.late, t.over, t.keyless, t.touched = late, over, keyless, false
	}
	s.trim()
	txn := s.txn
	s.txn, s.committed, s.futile = transaction{}, true, 0
	s.taken()
	for _, bad := range txn.bad {
		s.cfg.Events.Bad(bad)
	}
	s.cfg.Events.Committed(e)
	if b.waiting {
		s.cfg.Failpoint("held")
	}
}
