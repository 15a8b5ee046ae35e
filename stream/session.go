package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// session is one membership in the group, from joining to leaving. All of it
// but the assignment belongs to the goroutine that runs it.
type session struct {
	*process
	group      *kgo.GroupTransactSession
	plain      *kgo.Client // for rows that are seen before their transaction ends; nil: none are
	assignment *assignment
	tasks      map[TaskID]*task
	txn        transaction
	interval   time.Duration // between commits
	committed  bool          // a transaction was
	futile     int           // aborts in a row that an error was the reason of
	audited    time.Time     // when the group was last asked whose the tasks are
	records    slab          // to be sent
	polled     []row.Record  // of one partition
}

// transaction is what is open.
type transaction struct {
	open    bool
	doubt   error // a reason not to commit
	began   time.Time
	rows    int
	bytes   int
	touched []*task
	bad     []*exec.BadRow // left out

	inside, outside *outgoing // the ways of the program's own records, and of rows for others
	alone           bool      // each is sent when the one before has arrived
	sent            int
}

// open joins the group. First it fences: a transaction that an earlier process
// of this instance left open is aborted at once, and nobody waits for it.
func (p *process) open(ctx context.Context) (*session, error) {
	s := &session{process: p, tasks: map[TaskID]*task{}, interval: leastCommit, audited: time.Now()}
	if p.cfg.Commit > 0 {
		s.interval = p.cfg.Commit
	}
	s.assignment = newAssignment(p.layout, p.cfg.From, p.admin)
	group, err := kgo.NewGroupTransactSession(append(p.client(), s.member()...)...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	s.group = group
	if err := s.beside(); err != nil {
		group.Close()
		return nil, err
	}
	if _, _, err := group.Client().ProducerID(ctx); err != nil {
		s.close()
		return nil, fmt.Errorf("transactional id %s: %w", p.identity(), err)
	}
	return s, nil
}

// identity names this process to the group and to the transaction coordinator.
func (p *process) identity() string { return p.cfg.Group + "-" + p.cfg.Instance }

// member are the options of a member of the group.
func (s *session) member() []kgo.Opt {
	isolation, reset := kgo.ReadCommitted(), kgo.NoResetOffset()
	if s.cfg.control.defaultReset {
		reset = kgo.NewOffset().AtStart()
	}
	return []kgo.Opt{
		kgo.ConsumerGroup(s.cfg.Group),
		kgo.ConsumeTopics(s.layout.inputs()...),
		kgo.TransactionalID(s.identity()),
		kgo.InstanceID(s.identity()),
		kgo.TransactionTimeout(transactionTimeout),
		kgo.SessionTimeout(s.cfg.SessionTimeout),
		kgo.FetchIsolationLevel(isolation),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()),
		kgo.ConsumeResetOffset(reset),
		kgo.Balancers(&balancer{layout: s.layout, told: s.assignment.keep}),
		kgo.AdjustFetchOffsetsFn(s.assignment.adjust),
		kgo.OnPartitionsRevoked(s.revoked),
		kgo.OnPartitionsLost(func(_ context.Context, _ *kgo.Client, gone map[string][]int32) { s.assignment.take(gone) }),
		kgo.RecordPartitioner(partitioner{kgo.StickyKeyPartitioner(nil)}),
		kgo.MaxBufferedBytes(buffered),
		kgo.FetchMaxBytes(fetchSize),
		kgo.FetchMaxPartitionBytes(s.layout.portion()),
		kgo.MaxConcurrentFetches(2),
		kgo.FetchMaxWait(250 * time.Millisecond),
	}
}

// revoked is called when the group takes partitions away, before this process
// asks the group to give them to others.
func (s *session) revoked(_ context.Context, _ *kgo.Client, gone map[string][]int32) {
	s.assignment.take(gone)
	if len(gone) > 0 {
		s.cfg.Failpoint("revoked")
	}
}

// partitioner leaves a record where it was put, and puts others by their keys.
type partitioner struct{ kgo.Partitioner }

func (p partitioner) ForTopic(topic string) kgo.TopicPartitioner {
	return topicPartitioner{p.Partitioner.ForTopic(topic)}
}

type topicPartitioner struct{ kgo.TopicPartitioner }

func (p topicPartitioner) RequiresConsistency(r *kgo.Record) bool {
	return r.Partition >= 0 || p.TopicPartitioner.RequiresConsistency(r)
}

func (p topicPartitioner) Partition(r *kgo.Record, n int) int {
	if r.Partition >= 0 {
		return int(r.Partition)
	}
	return p.TopicPartitioner.Partition(r, n)
}

// run reads, computes and commits until ctx ends or something fails.
func (s *session) run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := s.step(ctx); err != nil {
			return err
		}
	}
	if !s.txn.open {
		return nil
	}
	return s.commit(ctx)
}

// step is one poll and what follows from it.
func (s *session) step(ctx context.Context) error {
	fetches := s.poll(ctx)
	if err := s.pollError(ctx, fetches); err != nil {
		return err
	}
	if ctx.Err() != nil && fetches.NumRecords() == 0 {
		return nil
	}
	if err := s.reconcile(ctx); err != nil {
		return err
	}
	if err := s.feedAll(ctx, fetches); err != nil {
		return err
	}
	if err := s.releaseTables(ctx); err != nil {
		return err
	}
	if err := s.idle(ctx); err != nil {
		return err
	}
	if err := s.emit(ctx); err != nil {
		return err
	}
	s.audit(ctx)
	if s.txn.open && s.due() {
		if err := s.commit(ctx); err != nil {
			return err
		}
	}
	if !s.txn.open {
		s.tell()
	}
	return nil
}

// poll waits for rows, no longer than until the open transaction is due.
func (s *session) poll(ctx context.Context) kgo.Fetches {
	wait := mostCommit
	if s.txn.open {
		wait = max(time.Millisecond, s.interval-time.Since(s.txn.began))
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return s.group.PollRecords(ctx, pollRows)
}

// due says whether the open transaction should end.
func (s *session) due() bool {
	return s.txn.doubt != nil || time.Since(s.txn.began) >= s.interval || s.txn.rows >= txnRows || s.txn.bytes+s.pending() >= txnBytes
}

// pending is the bytes of state changed in the open transaction.
func (s *session) pending() int {
	n := 0
	for _, t := range s.txn.touched {
		if t.store != nil {
			n += t.store.Size()
		}
	}
	return n
}

// begin opens a transaction, if none is.
func (s *session) begin(ctx context.Context) error {
	if s.txn.open {
		return nil
	}
	if err := s.space(ctx); err != nil {
		return err
	}
	if err := s.group.Begin(); err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	s.txn = transaction{open: true, began: time.Now()}
	s.outgoing()
	return nil
}

// bad notes a row that was left out. It is told of when the transaction is
// committed, for until then it may come again.
func (s *session) bad(b *exec.BadRow) { s.txn.bad = append(s.txn.bad, b) }

// touch puts a task into the open transaction.
func (s *session) touch(t *task) {
	if !t.touched {
		t.touched = true
		s.txn.touched = append(s.txn.touched, t)
	}
}

// space waits while the disk is full.
func (s *session) space(ctx context.Context) error {
	err := s.db.Space()
	if err == nil {
		return nil
	}
	s.cfg.Events.Paused(err)
	for ; errors.Is(err, state.ErrDiskFull); err = s.db.Space() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Second):
		}
	}
	s.cfg.Events.Paused(nil)
	return err
}

// feedAll gives polled rows to their tasks.
func (s *session) feedAll(ctx context.Context, fetches kgo.Fetches) error {
	var failed error
	for _, tables := range []bool{true, false} {
		fetches.EachPartition(func(p kgo.FetchTopicPartition) {
			if failed == nil && len(p.Records) > 0 && s.layout.isTable(p.Topic) == tables {
				failed = s.feed(ctx, tp{p.Topic, p.Partition}, p.Records, p.HighWatermark)
			}
		})
	}
	return failed
}

// feed gives polled rows of a partition, which ends at an offset, to its task. If there is none, the
// rows came just before the partition went: then they must not be committed.
func (s *session) feed(ctx context.Context, from tp, polled []*kgo.Record, end int64) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	id, input, _ := s.layout.task(from)
	t := s.tasks[id]
	if t == nil {
		s.doubt(fmt.Errorf("rows of %s came, which is no longer this process's", from))
		return nil
	}
	if t.held(input) {
		return nil // they are read again
	}
	s.touch(t)
	recs := s.polled[:0] // no task keeps them
	for _, r := range polled {
		recs = append(recs, cluster.Record(r))
		s.txn.bytes += len(r.Key) + len(r.Value)
	}
	s.polled = recs
	if s.cfg.control.eagerTime && t.part.sub.Inputs[input].Repartition {
		hurry(recs)
	}
	recs = t.take(input, recs, !s.cfg.control.noGuard)
	s.txn.rows += len(recs)
	t.active[input], t.idle = time.Now(), false
	t.behind[input] = end - polled[len(polled)-1].Offset - 1
	return t.run.Process(input, recs)
}

// doubt makes the open transaction end without commit.
func (s *session) doubt(err error) {
	if s.txn.doubt == nil {
		s.txn.doubt = err
	}
}

// close leaves without a word: a static member keeps its tasks until the
// session times out, and a restarted process gets them back at once.
func (s *session) close() {
	s.group.Close()
	if s.plain != nil {
		s.plain.Close()
	}
	for _, t := range s.tasks {
		t.close()
	}
}

func (t *task) close() {
	if t.store != nil {
		t.store.Close()
	}
}
