package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/state"
)

// tombstones is how long deletions stay in a changelog; state that was saved
// longer ago may have missed some.
const tombstones = 24 * time.Hour

// reconcile makes the tasks those that the group gave to this process. A
// partition that went and came back begins anew.
func (s *session) reconcile(ctx context.Context) error {
	given := s.assignment.tasks()
	for id, t := range s.tasks {
		if !same(given[id], t.starts) {
			s.drop(t)
		}
	}
	var fresh []*task
	for id, starts := range given {
		if s.tasks[id] != nil {
			continue
		}
		t, err := s.newTask(id, starts)
		if err != nil {
			return err
		}
		fresh = append(fresh, t)
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := s.restore(ctx, fresh); err != nil {
		return err
	}
	if err := s.readTables(ctx, fresh); err != nil {
		return err
	}
	return s.anchor(ctx, fresh)
}

func same(a, b []start) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].serial != b[i].serial {
			return false
		}
	}
	return true
}

// drop ends a task that is no longer this process's. If it is in the open
// transaction, that one cannot be committed.
func (s *session) drop(t *task) {
	if t.touched {
		s.doubt(fmt.Errorf("task %v was given to another process", t.id))
	}
	s.resume(t)
	t.close()
	delete(s.tasks, t.id)
	for i, o := range s.txn.touched {
		if o == t {
			s.txn.touched = append(s.txn.touched[:i:i], s.txn.touched[i+1:]...)
			break
		}
	}
	s.cfg.Events.Revoked(t.id)
}

func (s *session) newTask(id TaskID, starts []start) (*task, error) {
	t := &task{id: id, part: s.layout.parts[id.Sub], of: s.layout.of(id), starts: starts}
	if t.part.changelog == "" {
		return t, nil
	}
	known := len(s.db.Incidents())
	store, err := s.db.Partition(fmt.Sprint(id.Sub), id.Partition)
	if err != nil {
		return nil, err
	}
	for _, i := range s.db.Incidents()[known:] {
		s.cfg.Events.Damaged(i.Err())
	}
	t.store = store
	return t, nil
}

// restore brings tasks to where the group's offsets stand. State that does not
// stand there is dropped and read again from the beginning; if even then it
// does not, somebody moved the offsets.
func (s *session) restore(ctx context.Context, tasks []*task) error {
	full := false
	for try := 0; ; try++ {
		off, err := s.replay(ctx, tasks, full)
		if err != nil || len(off) == 0 {
			return err
		}
		changed, err := s.refresh(ctx, off)
		switch {
		case err != nil:
			return err
		case changed && try < 5:
		case full || changed:
			return s.moved(off[0])
		default:
			full = true
		}
		tasks = off
	}
}

// moved says what can be done about offsets that are not those of the state.
func (s *session) moved(t *task) error {
	return fmt.Errorf("%w: task %v: %s: if that was meant, delete %s and the state folder, or start with a new --group", ErrMoved, t.id, s.apart(t), t.part.changelog)
}

// apart says where the state of a task stands, and where the group does.
func (s *session) apart(t *task) string {
	pos, ok := t.store.Position()
	at := "the state stands nowhere"
	if ok {
		at = fmt.Sprintf("the state stands at %v", pos.Inputs)
	}
	group := map[string]int64{}
	for i, in := range t.of {
		if t.starts[i].committed {
			group[in.String()] = t.starts[i].offset
		}
	}
	return fmt.Sprintf("%s, group %s at %v", at, s.cfg.Group, group)
}

// replay reads the changelogs of tasks up to their ends and builds the tasks.
// It gives those whose state does not stand at the group's offsets.
func (s *session) replay(ctx context.Context, tasks []*task, full bool) ([]*task, error) {
	logs, err := s.logs(ctx, tasks, full)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := s.tail(ctx, logs); err != nil {
		return nil, err
	}
	var off []*task
	for _, t := range tasks {
		r := Restored{Task: t.id, Took: time.Since(began)}
		var pos state.Position
		ok := true
		if l := logs[tp{t.part.changelog, t.id.Partition}]; l != nil {
			if pos, ok, err = l.finish(); err != nil {
				return nil, err
			}
			r.Records, r.Full = l.records, l.full
			if err := t.part.same(pos.Topics); err != nil {
				return nil, err
			}
			if !t.stands(pos) && !s.cfg.control.trustPosition {
				off = append(off, t)
				continue
			}
		}
		if ok {
			if err := s.match(t, pos.Code); err != nil {
				return nil, err
			}
		}
		if err := s.ready(t, pos, ok); err != nil {
			return nil, err
		}
		s.cfg.Events.Assigned(r)
	}
	return off, nil
}

// ready makes a task whose state stands where it should run.
func (s *session) ready(t *task, pos state.Position, ok bool) error {
	var at []byte
	if t.store != nil && ok {
		at = pos.Task
	}
	t.next, t.active, t.begun, t.idle = make([]int64, len(t.of)), make([]time.Time, len(t.of)), true, false
	t.behind = make([]int64, len(t.of))
	for i, st := range t.starts {
		t.next[i], t.active[i] = st.offset, time.Now()
		t.begun = t.begun && st.committed
	}
	if err := s.build(t, at); err != nil {
		return err
	}
	s.tasks[t.id] = t
	return nil
}

// anchor commits where tasks begin, for those that never committed: an offset
// that is only in memory would be another after a restart. So would be
// what was decided about the state of steps that were changed.
func (s *session) anchor(ctx context.Context, tasks []*task) error {
	for _, t := range tasks {
		if t.begun && !t.changed {
			continue
		}
		if err := s.begin(ctx); err != nil {
			return err
		}
		s.touch(t)
	}
	return nil
}

// refresh reads the group's offsets of tasks again, when no transaction on them
// is open any more. It says whether they are others than those known.
func (s *session) refresh(ctx context.Context, tasks []*task) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	got, err := s.stable(ctx)
	if err != nil {
		return false, err
	}
	changed := false
	for _, t := range tasks {
		for i, in := range t.of {
			o, ok := got.Lookup(in.topic, in.partition)
			if !ok || o.At < 0 || t.starts[i].committed && t.starts[i].offset == o.At {
				continue
			}
			changed = true
			t.starts[i].offset, t.starts[i].committed = o.At, true
			s.assignment.moved(in, t.starts[i])
		}
	}
	return changed, nil
}

// stable fetches the group's offsets once they are decided.
func (s *session) stable(ctx context.Context) (kadm.OffsetResponses, error) {
	for {
		got, err := s.admin.FetchOffsets(kadm.RequireStable(ctx), s.cfg.Group)
		if err == nil {
			err = got.Error()
		}
		if !errors.Is(err, kerr.UnstableOffsetCommit) {
			if err != nil {
				err = fmt.Errorf("committed offsets of group %s: %w", s.cfg.Group, err)
			}
			return got, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("committed offsets of group %s: a transaction on them stays open: %w", s.cfg.Group, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// recover goes back after a transaction that was not committed, as far as is
// known: it may have been, and only the answer was lost. So the group's offsets
// are read from the broker, and the tasks are built again from what stands there.
func (s *session) recover(ctx context.Context) error {
	s.cfg.Events.Aborted(Aborted{s.txn.rows, s.txn.doubt})
	tasks := s.txn.touched
	s.txn = transaction{}
	for _, t := range tasks {
		t.touched = false
		if t.store != nil {
			t.store.Discard()
		}
		delete(s.tasks, t.id)
	}
	if s.cfg.control.noGuard {
		return s.restore(ctx, tasks)
	}
	if _, err := s.refresh(ctx, tasks); err != nil {
		return err
	}
	s.rewind(tasks)
	if err := s.restore(ctx, tasks); err != nil {
		return err
	}
	if err := s.readTables(ctx, tasks); err != nil { // what was read of them may be gone
		return err
	}
	return s.anchor(ctx, tasks)
}

// reread is an offset for the client to go to. It has no epoch: that of a row before it may end before it, since the
// marker of a transaction has the epoch of its own leader, and would look like rows that were lost.
func reread(offset int64) kgo.EpochOffset { return kgo.EpochOffset{Epoch: -1, Offset: offset} }

// rewind makes the client read on from the group's offsets, where it believes otherwise.
func (s *session) rewind(tasks []*task) {
	believed := s.group.Client().CommittedOffsets()
	set := map[string]map[int32]kgo.EpochOffset{}
	for _, t := range tasks {
		for i, in := range t.of {
			st := t.starts[i]
			if b, ok := believed[in.topic][in.partition]; !ok || b.Offset == st.offset {
				continue
			}
			if set[in.topic] == nil {
				set[in.topic] = map[int32]kgo.EpochOffset{}
			}
			set[in.topic][in.partition] = reread(st.offset)
		}
	}
	s.group.Client().SetOffsets(set)
}
