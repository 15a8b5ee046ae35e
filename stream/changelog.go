package stream

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/state"
)

// log is the changelog of one task while it is read.
type log struct {
	task    *task
	into    *state.Restore
	next    int64 // to read
	end     int64 // where it ended when the reading began
	pos     state.Position
	ok      bool // there is a position
	records int
	full    bool
}

// logs prepares the reading of tasks' changelogs. Their ends are asked for
// after the group's offsets are known, so they hold all that belongs to those;
// records of transactions that are still open count.
func (s *session) logs(ctx context.Context, tasks []*task, full bool) (map[tp]*log, error) {
	var topics []string
	for _, t := range tasks {
		if t.store != nil {
			topics = append(topics, t.part.changelog)
		}
	}
	if len(topics) == 0 {
		return nil, nil
	}
	starts, err := s.admin.ListStartOffsets(ctx, topics...)
	if err == nil {
		err = starts.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("changelogs: %w", err)
	}
	ends, err := s.admin.ListEndOffsets(ctx, topics...)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("changelogs: %w", err)
	}
	out := map[tp]*log{}
	for _, t := range tasks {
		if t.store == nil {
			continue
		}
		at := tp{t.part.changelog, t.id.Partition}
		first, _ := starts.Lookup(at.topic, at.partition)
		last, ok := ends.Lookup(at.topic, at.partition)
		if !ok && int(t.id.Partition) >= t.part.tasks {
			return nil, fmt.Errorf("%w: the topics that the program reads got more partitions than the %d that its state lies in, and state does not move between partitions: start with a new --group", ErrTopic, t.part.tasks)
		}
		if !ok {
			return nil, fmt.Errorf("%w: %s is not there, though the program made it: was it deleted?", ErrTopic, at)
		}
		if out[at], err = s.log(t, first.Offset, last.Offset, full); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// log prepares one changelog. State that the changelog no longer leads to is dropped.
func (s *session) log(t *task, first, end int64, full bool) (*log, error) {
	pos, ok := t.store.Position()
	if err := t.part.same(pos.Topics); err != nil {
		return nil, err
	}
	why := ""
	switch {
	case full:
		why = s.apart(t)
	case !ok:
		full = true
	case pos.Changelog < first:
		why = fmt.Sprintf("its changelog begins at %d, past %d", first, pos.Changelog)
	case pos.Changelog > end:
		why = fmt.Sprintf("its changelog ends at %d, before %d: was the topic made anew?", end, pos.Changelog)
	case !t.store.Saved().IsZero() && time.Since(t.store.Saved()) > tombstones-time.Hour:
		why = "it is older than the deletions in its changelog"
	}
	if why != "" {
		full, ok = true, false
		s.cfg.Log.Warn("saved state is dropped, and read again from the beginning of its changelog", "task", t.id, "changelog", fmt.Sprintf("%s/%d", t.part.changelog, t.id.Partition), "because", why)
		if err := t.store.Wipe(); err != nil {
			return nil, err
		}
	}
	if full && first > 0 && t.starts[0].committed {
		return nil, fmt.Errorf("%w: %s/%d begins at %d, and the state cannot be built without its beginning; nothing but this program may delete there: start with a new --group", ErrGone, t.part.changelog, t.id.Partition, first)
	}
	l := &log{task: t, into: t.store.Restore(), next: pos.Changelog, end: end, pos: pos, ok: ok, full: full}
	if full {
		l.next, l.pos = first, state.Position{}
	}
	return l, nil
}

// tail reads changelogs to their ends. It waits for transactions that are open
// in them: those of a process that had the task before are decided soon.
func (s *session) tail(ctx context.Context, logs map[tp]*log) error {
	from := map[string]map[int32]kgo.Offset{}
	for t, l := range logs {
		if l.next < l.end {
			if from[t.topic] == nil {
				from[t.topic] = map[int32]kgo.Offset{}
			}
			from[t.topic][t.partition] = kgo.NewOffset().At(l.next)
		}
	}
	if len(from) == 0 {
		return nil
	}
	cl, err := kgo.NewClient(append(s.client(), kgo.ConsumePartitions(from), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.KeepControlRecords(), kgo.ConsumeResetOffset(kgo.NoResetOffset()), kgo.FetchMaxWait(100*time.Millisecond))...)
	if err != nil {
		return fmt.Errorf("changelogs: %w", err)
	}
	defer cl.Close()
	return s.drain(ctx, cl, logs)
}

func (s *session) drain(ctx context.Context, cl *kgo.Client, logs map[tp]*log) error {
	moved := time.Now()
	told := restoring{began: moved, last: moved, from: left(logs)}
	for !complete(logs) {
		poll, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
		fetches := cl.PollFetches(poll)
		cancel()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := s.apply(ctx, fetches, logs); err != nil {
			return err
		}
		if fetches.NumRecords() > 0 {
			moved = time.Now()
			told.tell(moved, left(logs), s.cfg.Events.Restoring)
			continue
		}
		if err := s.skip(ctx, cl, logs); err != nil {
			return err
		}
		if wait := time.Since(moved); wait > settleTimeout {
			return fmt.Errorf("changelogs: a transaction in them is open for %v, want it decided within %v", wait, transactionTimeout)
		}
	}
	return nil
}

// restoring tells each second how far changelogs are read.
type restoring struct {
	began, last time.Time
	from        int64 // records to read
}

func (r *restoring) tell(now time.Time, left int64, event func(Restoring)) {
	if now.Sub(r.last) < time.Second {
		return
	}
	r.last = now
	event(Restoring{Records: r.from - left, Of: r.from, Took: now.Sub(r.began)})
}

// left is how many records of changelogs are not read yet.
func left(logs map[tp]*log) int64 {
	n := int64(0)
	for _, l := range logs {
		n += max(0, l.end-l.next)
	}
	return n
}

func complete(logs map[tp]*log) bool {
	for _, l := range logs {
		if l.next < l.end {
			return false
		}
	}
	return true
}

// apply puts changelog records into the stores.
func (s *session) apply(ctx context.Context, fetches kgo.Fetches, logs map[tp]*log) error {
	if err := s.pollError(ctx, fetches); err != nil {
		return fmt.Errorf("changelogs: %w", err)
	}
	var failed error
	fetches.EachRecord(func(r *kgo.Record) {
		l := logs[tp{r.Topic, r.Partition}]
		if l == nil || failed != nil || l.next >= l.end {
			return
		}
		l.next = r.Offset + 1
		if r.Attrs.IsControl() {
			return
		}
		l.records++
		s.cfg.Failpoint("mid-restore")
		failed = l.take(r)
	})
	return failed
}

func (l *log) take(r *kgo.Record) error {
	if string(r.Key) != state.PositionKey {
		return l.into.Apply(r.Key, r.Value)
	}
	if err := l.pos.UnmarshalBinary(r.Value); err != nil {
		return fmt.Errorf("%w: %s %d@%d: %w", ErrLayout, r.Topic, r.Partition, r.Offset, err)
	}
	l.ok = true
	return nil
}

// finish commits what was read.
func (l *log) finish() (state.Position, bool, error) {
	if !l.ok {
		return state.Position{}, false, nil
	}
	pos := l.pos
	if pos.Changelog == l.end && l.records == 0 {
		return pos, true, nil // the store stands there already
	}
	pos.Changelog = l.end
	return pos, true, l.into.Finish(pos)
}
