package exec

import (
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// late is what happens to the rows that come too late for their windows: they
// are counted, and given to who asked for them.
type late struct {
	task *Task
	step *plan.Step
	fn   func(row.Row)
	to   *sink
	rows []int32 // of the current batch, if somebody asked
}

func newLate(t *Task, s *plan.Step, op *plan.Window) (*late, error) {
	l := &late{task: t, step: s, fn: op.OnLate}
	if op.LateTo == "" {
		return l, nil
	}
	var err error
	l.to, err = sinkOf(t, s, &plan.Sink{Topic: op.LateTo, Format: "json"}, s.In[0].Schema)
	return l, err
}

func (l *late) row(i int) {
	l.task.Counts.Late[l.step.ID]++
	if l.fn != nil || l.to != nil {
		l.rows = append(l.rows, int32(i))
	}
}

// give hands over the late rows of a batch.
func (l *late) give(b *row.Batch) error {
	if len(l.rows) == 0 {
		return nil
	}
	late := b.Gather(l.rows)
	l.rows = l.rows[:0]
	for i := 0; l.fn != nil && i < late.Len(); i++ {
		if err := call(func() { l.fn(row.NewRow(late, i)) }); err != nil {
			if err := l.task.bad(User, l.step, late.Record(i), err); err != nil {
				return err
			}
		}
	}
	if l.to == nil {
		return nil
	}
	return l.to.process(0, late, func(*row.Batch) error { return nil })
}
