package exec

import (
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// remembering computes columns, or a condition, by expressions that remember
// something of the earlier rows of each key. Its rows come in order.
type remembering struct {
	stateless
	task    *Task
	step    *plan.Step
	columns []computed
	cond    *expr.Program // instead of columns
	places  expr.Places
	keys    recent[*expr.Memory]

	keep []int32
	of   []*expr.Memory // by row of the current batch
}

func newRunning(t *Task, s *plan.Step) (*remembering, error) {
	op, in := s.Op.(*plan.Running), s.In[0].Schema
	r := &remembering{task: t, step: s}
	r.keys = recent[*expr.Memory]{room: t.cfg.Room, now: map[string]*recalled[*expr.Memory]{}, decode: r.places.Read,
		encode: func(m **expr.Memory) []byte { return (*m).Append([]byte{}) }}
	if op.Cond != nil {
		p, err := expr.CompileRunning(*op.Cond, in, &r.places)
		r.cond = p
		return r, err
	}
	for _, c := range op.Columns {
		p, err := expr.CompileRunning(c.Expr, in, &r.places)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		in = in.With(row.Field{Name: c.Name, Kind: p.Kind()})
		r.columns = append(r.columns, computed{p, in, in.Index(c.Name)})
	}
	return r, nil
}

func (r *remembering) process(_ int, b *row.Batch, out emit) error {
	b = r.task.withKey(r.step, b, &r.keep)
	if r.keys.store != nil {
		if err := r.recall(b); err != nil {
			return err
		}
	}
	if r.cond != nil {
		r.keep = trues(r.cond.EvalRunning(b, r.of), r.keep[:0])
		return out(b.Gather(r.keep))
	}
	for _, c := range r.columns {
		b = b.WithCols(c.schema, put(b.Cols, c.at, *c.program.EvalRunning(b, r.of)))
	}
	return out(b)
}

// recall finds what is kept of the key of each row.
func (r *remembering) recall(b *row.Batch) error {
	r.of = r.of[:0]
	for i := range b.Len() {
		of, made, err := r.keys.get(b.Key.Strs[i])
		if err != nil {
			return err
		}
		if made {
			of.value = r.places.New()
		}
		r.keys.change(of)
		r.of = append(r.of, of.value)
	}
	return nil
}

func (r *remembering) save() error { return r.keys.save() }

func (r *remembering) load() error {
	if r.keys.store == nil { // no expression remembers anything
		return nil
	}
	return r.keys.load(nil)
}

// withKey leaves out the rows that have no key, and counts them; keep is room for the others.
func (t *Task) withKey(s *plan.Step, b *row.Batch, keep *[]int32) *row.Batch {
	*keep = (*keep)[:0]
	for i := range b.Len() {
		if !b.Key.IsNull(i) {
			*keep = append(*keep, int32(i))
		}
	}
	if len(*keep) == b.Len() {
		return b
	}
	t.Counts.NullKey[s.ID] += int64(b.Len() - len(*keep))
	return b.Gather(*keep)
}

func (r *remembering) programs() []*expr.Program {
	if r.cond != nil {
		return []*expr.Program{r.cond}
	}
	var out []*expr.Program
	for _, c := range r.columns {
		out = append(out, c.program)
	}
	return out
}
