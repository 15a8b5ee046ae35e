package exec

import (
	"encoding/binary"
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// remembering computes columns, or a condition, by expressions that remember
// something of the earlier rows of each key. Its rows come in order.
type remembering struct {
	task    *Task
	step    *plan.Step
	columns []computed
	cond    *expr.Program // instead of columns
	places  expr.Places
	keys    recent[remembered]
	lapse   lapse

	keep []int32
	of   []*expr.Memory // by row of the current batch
}

// remembered is what is kept of one key; without a memory, the key is forgotten.
type remembered struct {
	memory *expr.Memory
	last   int64 // the time of its latest row, if that matters
}

func newRunning(t *Task, s *plan.Step) (*remembering, error) {
	op, in := s.Op.(*plan.Running), s.In[0].Schema
	r := &remembering{task: t, step: s, lapse: newLapse(op.TTL.Microseconds())}
	r.keys = recent[remembered]{room: t.cfg.Room, now: map[string]*recalled[remembered]{}, decode: r.decode, encode: r.encode}
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
		of, err := r.keys.get(b.Key.Strs[i])
		if err != nil {
			return err
		}
		if of.value.memory == nil || r.lapse.over(of.value.last, b.Time[i], b.Mark[i]) {
			of.value = remembered{r.places.New(), b.Time[i]}
		}
		if r.lapse.after > 0 {
			r.lapse.mark, of.value.last = b.Mark[i], max(of.value.last, b.Time[i])
			r.await(of)
		}
		r.keys.change(of)
		r.of = append(r.of, of.value.memory)
	}
	return nil
}

// await notes when the key is over.
func (r *remembering) await(of *recalled[remembered]) { r.lapse.await(of.key, of.value.last) }

// advance forgets keys of which no row came for long.
func (r *remembering) advance(wm int64, _ emit) (int64, error) {
	return wm, r.lapse.pass(func(key string) (int64, bool, error) {
		of, err := r.keys.find(key)
		if of == nil || err != nil {
			return 0, false, err
		}
		return of.value.last, of.value.memory != nil, nil
	}, func(key string) error {
		of, err := r.keys.get(key)
		if err != nil {
			return err
		}
		of.value = remembered{}
		r.keys.change(of)
		return nil
	})
}

// encode is what is kept of a key, behind the time of its latest row if that matters.
func (r *remembering) encode(k *remembered) []byte {
	switch {
	case k.memory == nil:
		return nil
	case r.lapse.after == 0:
		return k.memory.Append([]byte{})
	}
	return k.memory.Append(binary.AppendVarint([]byte{}, k.last))
}

func (r *remembering) decode(value []byte) (k remembered, err error) {
	if r.lapse.after > 0 {
		v := varints{b: value}
		k.last, value = v.varint(), v.b
	}
	k.memory, err = r.places.Read(value)
	return k, err
}

// holds is the text of its store.
func (r *remembering) holds() string {
	if r.lapse.after == 0 {
		return r.places.Text()
	}
	return "time of the latest row\n" + r.places.Text()
}

func (r *remembering) save() error { return r.keys.save() }

func (r *remembering) load() error {
	if r.keys.store == nil { // no expression remembers anything
		return nil
	}
	if r.lapse.after == 0 {
		return r.keys.load(nil)
	}
	return r.keys.load(r.await)
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
