package stream

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// holding is a task that reads its tables first.
type holding struct {
	ends  map[int]int64 // of tables that are not read up to there, by input
	asked time.Time
}

// readTables makes tasks that begin read their tables up to where they end now
// before anything else: a row must not be looked up in half a table.
func (s *session) readTables(ctx context.Context, tasks []*task) error {
	for _, t := range tasks {
		for i, in := range t.part.sub.Inputs {
			if !in.Table() || t.run == nil || s.cfg.control.tablesMeanwhile {
				continue
			}
			end, err := s.endOf(ctx, t.of[i])
			if err != nil {
				return err
			}
			rows, err := s.rows(ctx, t.of[i], t.next[i], end)
			if err != nil {
				return err
			}
			if rows {
				t.hold(i, end)
			}
		}
		if t.holding != nil {
			s.pause(t)
		}
	}
	return nil
}

func (t *task) hold(input int, end int64) {
	if t.holding == nil {
		t.holding = &holding{ends: map[int]int64{}, asked: time.Now()}
	}
	t.holding.ends[input] = end
}

// held says whether an input waits for tables.
func (t *task) held(input int) bool { return t.holding != nil && !t.part.sub.Inputs[input].Table() }

// endOf is behind the last committed row of a partition.
func (s *session) endOf(ctx context.Context, t tp) (int64, error) {
	ends, err := s.admin.ListCommittedOffsets(ctx, t.topic)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		return 0, fmt.Errorf("end of %s: %w", t, err)
	}
	o, _ := ends.Lookup(t.topic, t.partition)
	return o.Offset, nil
}

// pause stops reading what waits, and goes back to where the task stands: rows
// of it may have been polled already.
func (s *session) pause(t *task) {
	waits, back := map[string][]int32{}, map[string]map[int32]kgo.EpochOffset{}
	for i, in := range t.of {
		if t.held(i) {
			waits[in.topic] = append(waits[in.topic], in.partition)
			back[in.topic] = map[int32]kgo.EpochOffset{in.partition: reread(t.next[i])}
		}
	}
	s.group.Client().PauseFetchPartitions(waits)
	s.group.Client().SetOffsets(back)
}

// releaseTables lets tasks go on whose tables are read.
func (s *session) releaseTables(ctx context.Context) error {
	for _, t := range s.tasks {
		if t.holding == nil || time.Since(t.holding.asked) < 50*time.Millisecond {
			continue
		}
		t.holding.asked = time.Now()
		for i, end := range t.holding.ends {
			rows, err := s.rows(ctx, t.of[i], t.next[i], end)
			if err != nil {
				return err
			}
			if !rows {
				delete(t.holding.ends, i)
			}
		}
		if len(t.holding.ends) == 0 {
			s.resume(t)
		}
	}
	return nil
}

// resume reads on what waited.
func (s *session) resume(t *task) {
	if t.holding == nil {
		return
	}
	waits := map[string][]int32{}
	for i, in := range t.of {
		if t.held(i) {
			waits[in.topic] = append(waits[in.topic], in.partition)
		}
	}
	t.holding = nil
	s.group.Client().ResumeFetchPartitions(waits)
}

// isTable says whether a topic is a table of the plan.
func (l *layout) isTable(topic string) bool {
	r, ok := l.reader[topic]
	return ok && l.parts[r.sub].sub.Inputs[r.input].Table()
}
