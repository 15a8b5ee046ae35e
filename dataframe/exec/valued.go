package exec

import (
	"errors"
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// valued keeps the rows that have a value in each of some columns.
type valued struct {
	stateless
	at   []int
	keep []int32
}

func newValued(columns []string, in *row.Schema) *valued {
	v := &valued{}
	for _, c := range columns {
		v.at = append(v.at, in.Index(c))
	}
	return v
}

func (v *valued) process(_ int, b *row.Batch, out emit) error {
	v.keep = v.keep[:0]
	for i := range b.Len() {
		if v.full(b, i) {
			v.keep = append(v.keep, int32(i))
		}
	}
	if len(v.keep) == b.Len() {
		return out(b)
	}
	return out(b.Gather(v.keep))
}

func (v *valued) full(b *row.Batch, i int) bool {
	for _, c := range v.at {
		if b.Cols[c].IsNull(i) {
			return false
		}
	}
	return true
}

// requiring hands on the rows that have what is asked of them; the others are bad rows.
type requiring struct {
	stateless
	task       *Task
	step       *plan.Step
	conditions []*expr.Program
	keep       []int32
}

func newRequiring(t *Task, s *plan.Step) (*requiring, error) {
	r := &requiring{task: t, step: s}
	for _, c := range s.Op.(*plan.Require).Conditions {
		p, err := expr.Compile(c.Condition(), s.In[0].Schema)
		if err != nil {
			return nil, err
		}
		r.conditions = append(r.conditions, p)
	}
	return r, nil
}

func (r *requiring) programs() []*expr.Program { return r.conditions }

func (r *requiring) process(_ int, b *row.Batch, out emit) error {
	lacks := make([]error, b.Len()) // the first that each row lacks
	for k, p := range r.conditions {
		v := p.Eval(b)
		met := make([]bool, b.Len())
		for _, i := range trues(v, nil) {
			met[i] = true
		}
		for i, ok := range met {
			if !ok && lacks[i] == nil {
				lacks[i] = r.lack(k, v, i)
			}
		}
	}
	r.keep = r.keep[:0]
	for i, err := range lacks {
		if err == nil {
			r.keep = append(r.keep, int32(i))
			continue
		}
		if err := r.task.bad(Lack, r.step, b.Record(i), err); err != nil {
			return err
		}
	}
	if len(r.keep) == b.Len() {
		return out(b)
	}
	return out(b.Gather(r.keep))
}

// lack says what a row does not have.
func (r *requiring) lack(k int, v *row.Vec, i int) error {
	c := r.step.Op.(*plan.Require).Conditions[k]
	is := "null"
	if !v.IsNull(i) {
		is = "false"
	}
	if name, column := c.Expr.Column(); column {
		return fmt.Errorf("%s is null, and it is required", name)
	}
	return errors.New(c.Expr.String() + " is " + is + ", and it is required")
}
