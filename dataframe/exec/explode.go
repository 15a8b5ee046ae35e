package exec

import (
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// numbered gives the rows that an operator makes of one row places of their own.
type numbered struct{ next int64 }

func (n *numbered) numbers() []*int64 { return []*int64{&n.next} }

// places numbers all rows of a batch.
func (n *numbered) places(b *row.Batch) {
	for i := range b.Seq {
		b.Seq[i] = n.next
		n.next++
	}
}

// exploding gives a row for each element of a list.
type exploding struct {
	stateless
	numbered
	task *Task
	step *plan.Step
	name string
	at   int
	kind row.Kind
	from []int32
}

func newExploding(t *Task, s *plan.Step) *exploding {
	op := s.Op.(*plan.Explode)
	return &exploding{task: t, step: s, name: op.Column, at: s.Schema.Index(op.Column), kind: op.Kind}
}

func (e *exploding) process(_ int, b *row.Batch, out emit) error {
	v := row.MakeVec(e.kind, 0)
	e.from = e.from[:0]
	for i := range b.Len() {
		list, err := e.elements(b.Cols[e.at].Value(i))
		if err != nil {
			if err := e.task.bad(Shape, e.step, b.Record(i), err); err != nil {
				return err
			}
			continue
		}
		for _, x := range list {
			if err := v.Append(x); err != nil {
				return fmt.Errorf("%s %w", e.name, err) // elements has seen to that
			}
			e.from = append(e.from, int32(i))
		}
	}
	rows := b.Gather(e.from)
	e.places(rows)
	return out(rows.WithCols(e.step.Schema, put(rows.Cols, e.at, v)))
}

// elements are the values that a row gives one row each for: those of its list,
// or a null if it has none.
func (e *exploding) elements(value any) ([]any, error) {
	list, ok := value.([]any)
	if !ok && value != nil {
		return nil, fmt.Errorf("%s is %s, want a list", e.name, row.Describe(value))
	}
	if len(list) == 0 {
		return []any{nil}, nil
	}
	for i, x := range list {
		if err := fits(x, e.kind); err != nil {
			return nil, fmt.Errorf("%s[%d] %w", e.name, i, err)
		}
	}
	return list, nil
}

// fits says what is wrong if a column of a kind does not take a value.
func fits(value any, kind row.Kind) error {
	if value == nil || kind == row.Any {
		return nil
	}
	v := row.MakeVec(kind, 1)
	return v.Set(0, value)
}
