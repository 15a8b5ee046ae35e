package exec

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// keeping calls a user's function for each row with the state of the row's key.
type keeping struct {
	stateless
	rows  rewriter
	store state.Store
	fn    func(row.Row, *row.State) row.Row
	keys  map[string]*row.State
	dirty map[string]bool
	keep  []int32
}

func newKeeping(t *Task, s *plan.Step, store state.Store) *keeping {
	op := s.Op.(*plan.ApplyState)
	return &keeping{rows: newRewriter(t, s, op.Adds), store: store, fn: op.Func, keys: map[string]*row.State{}, dirty: map[string]bool{}}
}

func (k *keeping) process(_ int, b *row.Batch, out emit) error {
	b = k.rows.task.withKey(k.rows.step, b, &k.keep)
	return k.rows.rewrite(b, func(r row.Row) row.Row {
		key := r.Key()
		s := k.state(key)
		s.Discard() // what a row before this one set and then panicked
		r = k.fn(r, s)
		k.rows.check(r.Changes()) // before its state is kept
		if s.Keep() && !k.dirty[key] {
			k.dirty[strings.Clone(key)] = true
		}
		return r
	}, out)
}

// state is that of a key, made if it is new.
func (k *keeping) state(key string) *row.State {
	s := k.keys[key]
	if s == nil {
		s = row.NewState(nil)
		k.keys[strings.Clone(key)] = s
	}
	return s
}

func (k *keeping) save() error {
	for key := range k.dirty {
		values := k.keys[key].Values()
		var err error
		if len(values) == 0 {
			err = k.store.Delete([]byte(key))
			delete(k.keys, key)
		} else {
			err = k.store.Put([]byte(key), row.AppendValue(nil, values))
		}
		if err != nil {
			return err
		}
	}
	clear(k.dirty)
	return nil
}

func (k *keeping) load() error {
	return k.store.Scan(nil, func(key, value []byte) error {
		v, rest, err := row.ReadValue(value)
		values, ok := v.(row.Object)
		if err != nil || !ok || len(rest) != 0 {
			return fmt.Errorf("state of key %q does not decode: was it written by another program? (%v)", key, err)
		}
		k.keys[string(key)] = row.NewState(values)
		return nil
	})
}
