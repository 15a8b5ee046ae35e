package exec

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/window"
	"github.com/riffle-stream/riffle/state"
)

// newWindow makes the operator of a kind of windows.
func newWindow(t *Task, s *plan.Step, store state.Store) (processor, error) {
	switch spec := s.Op.(*plan.Window).Spec; spec.Kind {
	case window.Tumbling, window.Hopping:
		return newWindowed(t, s, store)
	case window.Sliding:
		return newSliding(t, s, store)
	case window.Session:
		return newSessions(t, s, store)
	case window.Count, window.Running:
		return newCounted(t, s, store)
	default:
		return nil, fmt.Errorf("no operator for %s", spec)
	}
}

// teller gives the rows of groups when their windows say: once when they are
// final, after each row that changed them, or at the ticks of event time.
//
// A tick gives what was changed by rows whose mark is before it. Marks do not
// fall in the order in which such an operator sees its rows, so what a tick
// gives does not depend on where a batch was cut.
type teller struct {
	*aggregates
	emit   plan.Emit
	every  int64   // µs between ticks
	now    int64   // the latest mark or watermark that it knows of
	nextID int64   // number of the next row given
	untold []*cell // changed since the last tick
	// whole is a group with all that its window holds, if that is not in the group itself.
	whole func(*cell) *cell
}

func newTeller(g *aggregates, op *plan.Window) teller {
	return teller{aggregates: g, emit: op.Emit, every: op.Every.Microseconds(), now: noTime}
}

func (t *teller) numbers() []*int64 { return []*int64{&t.nextID, &t.now} }

// changed tells of a group that row i changed, now or at the next tick.
func (t *teller) changed(c *cell, b *row.Batch, i int, out emit) error {
	switch t.emit {
	case plan.Current:
		return t.update(c, b, i, out)
	case plan.Periodic:
		t.remember(c)
	}
	return nil
}

func (t *teller) remember(c *cell) {
	if !c.untold {
		c.untold = true
		t.untold = append(t.untold, c)
	}
}

// update gives the group's row as it stands now, in the place of the row that changed it.
func (t *teller) update(c *cell, b *row.Batch, i int, out emit) error {
	rows := emptyBatch(t.step.Schema)
	if ok, err := t.append(&rows, c); !ok || err != nil {
		return err
	}
	rows.Source = b.Source
	rows.Time, rows.Mark, rows.Seq = b.Time[i:i+1], b.Mark[i:i+1], b.Seq[i:i+1]
	return out(&rows)
}

// append appends a group's row; ok is false if a user's function failed, and then the row is bad.
func (t *teller) append(rows *row.Batch, c *cell) (ok bool, err error) {
	failed := call(func() {
		if t.whole != nil {
			c = t.whole(c)
		}
		if c.cut() {
			t.task.Counts.Cut[t.step.ID]++
		}
		err = t.give(rows, c)
	})
	if failed != nil {
		return false, t.task.bad(User, t.step, nil, failed)
	}
	return true, err
}

// final appends the last row of a group.
func (t *teller) final(rows *row.Batch, c *cell, at int64) error {
	c.untold = false
	if ok, err := t.append(rows, c); !ok || err != nil {
		return err
	}
	rows.Time, rows.Mark, rows.Seq = append(rows.Time, at), append(rows.Mark, at), append(rows.Seq, t.nextID)
	t.nextID++
	if t.task.idling {
		t.task.Counts.Idle[t.step.ID]++
	}
	return nil
}

// due is when the next tick gives something: the first after what is known, or ok is false.
func (t *teller) due() (at int64, ok bool) {
	if len(t.untold) == 0 || t.now == noTime {
		return 0, false
	}
	return (row.FloorDiv(t.now, t.every) + 1) * t.every, true
}

// tick gives what changed before it, by the ends of windows and then by keys.
func (t *teller) tick(at int64, out emit, told func(*cell)) error {
	t.now = at
	slices.SortFunc(t.untold, func(a, b *cell) int {
		return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.start, b.start), cmp.Compare(a.key, b.key))
	})
	rows := emptyBatch(t.step.Schema)
	for _, c := range t.untold {
		if !c.untold {
			continue // its window closed
		}
		if err := t.final(&rows, c, at); err != nil {
			return err
		}
		told(c)
	}
	t.untold = t.untold[:0]
	return out(&rows)
}
