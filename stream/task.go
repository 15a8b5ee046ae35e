package stream

import (
	"fmt"
	"time"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// task is a task of this process, with its state.
type task struct {
	id      TaskID
	part    *part
	run     *exec.Task
	store   *state.Partition // nil if the task keeps nothing
	of      []tp             // by input
	starts  []start          // by input: as the group gave them, and moved by commits
	next    []int64          // by input: the next offset to take
	touched bool             // in the open transaction
	begun   bool             // each input has a committed offset
	changed bool             // its state is not as it was saved: steps begin without, or go on with that of another function
	fresh   map[string]bool  // the ids of stores whose steps begin without
	behind  []int64          // by input: rows of the topic past those that came last
	late    int64            // rows counted in transactions before
	over    int64            // ints, likewise
	keyless int64            // rows, likewise

	active []time.Time // by input: when rows last came, or the task was given
	asked  time.Time   // when the broker was last asked whether an input is silent
	idle   bool        // closed for silence, and no row since

	holding *holding // nil if nothing waits for tables
}

// build makes the running task from what is in the store.
func (s *session) build(t *task, position []byte) error {
	cfg := exec.Config{Partition: t.id.Partition, Writers: t.part.writers, Widths: s.layout.widths, OnBad: s.bad, Fresh: t.fresh, Room: s.room()}
	if t.store != nil {
		cfg.Store = t.store
		if s.cfg.control.noHeld {
			cfg.Store = forgetful{t.store}
		}
	}
	run, err := exec.NewTask(s.layout.topo, t.id.Sub, cfg, position)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrLayout, err)
	}
	for i, in := range t.part.sub.Inputs {
		if s.cfg.Idle < 0 && !in.Repartition {
			run.Wake(i) // it rested in a run that let it
		}
	}
	t.run, t.touched, t.late, t.over, t.keyless = run, false, 0, 0, 0
	return nil
}

// take is rows of one input that are new to the task; the guard drops those
// below the next offset, which a transaction of unknown outcome may have committed.
func (t *task) take(input int, recs []row.Record, guard bool) []row.Record {
	for guard && len(recs) > 0 && recs[0].Offset < t.next[input] {
		recs = recs[1:]
	}
	if len(recs) > 0 {
		t.next[input] = recs[len(recs)-1].Offset + 1
	}
	return recs
}

// position is where the task stands; it goes into the changelog and the store.
func (t *task) position() state.Position {
	pos := state.Position{Inputs: map[string]int64{}, Task: t.run.Position(), Code: t.part.marks(), Topics: t.part.ids}
	for i, in := range t.of {
		pos.Inputs[in.String()] = t.next[i]
	}
	return pos
}

// stands says whether a position is that of the group's offsets. No position is
// that of a group that has none.
func (t *task) stands(pos state.Position) bool {
	for i, in := range t.of {
		at, has := pos.Inputs[in.String()]
		if s := t.starts[i]; has != s.committed || has && at != s.offset {
			return false
		}
	}
	return true
}
