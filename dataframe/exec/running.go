package exec

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// remembering computes columns, or a condition, by expressions that remember
// something of the earlier rows of each key. Its rows come in order.
type remembering struct {
	stateless
	task    *Task
	step    *plan.Step
	store   state.Store // nil if no expression remembers anything
	columns []computed
	cond    *expr.Program // instead of columns
	places  expr.Places
	keys    map[string]*remembered
	changed []*remembered // since the last save

	keep []int32
	of   []*expr.Memory // by row of the current batch
}

// remembered is what is kept of one key.
type remembered struct {
	key    string
	memory *expr.Memory
	dirty  bool
}

func newRunning(t *Task, s *plan.Step) (*remembering, error) {
	op, in := s.Op.(*plan.Running), s.In[0].Schema
	r := &remembering{task: t, step: s, keys: map[string]*remembered{}}
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
	if r.store != nil {
		r.recall(b)
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
func (r *remembering) recall(b *row.Batch) {
	r.of = r.of[:0]
	for i := range b.Len() {
		k := r.keys[b.Key.Strs[i]]
		if k == nil {
			k = &remembered{key: strings.Clone(b.Key.Strs[i]), memory: r.places.New()}
			r.keys[k.key] = k
		}
		if !k.dirty {
			k.dirty = true
			r.changed = append(r.changed, k)
		}
		r.of = append(r.of, k.memory)
	}
}

func (r *remembering) save() error {
	for _, k := range r.changed {
		k.dirty = false
		if err := r.store.Put([]byte(k.key), k.memory.Append(nil)); err != nil {
			return err
		}
	}
	r.changed = r.changed[:0]
	return nil
}

func (r *remembering) load() error {
	if r.store == nil {
		return nil
	}
	return r.store.Scan(nil, func(key, value []byte) error {
		m, err := r.places.Read(value)
		if err != nil {
			return fmt.Errorf("state of key %q %w: was it written by another program?", key, err)
		}
		r.keys[string(key)] = &remembered{key: string(key), memory: m}
		return nil
	})
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
