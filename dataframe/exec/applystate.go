package exec

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// keeping calls a user's function for each row with the state of the row's key.
//
// Whether a row sees a value that has a time to live depends on the row's own
// times. Rows come in order of their marks, and beyond some mark none can see the
// value: so it does not show when that is taken out of the store.
type keeping struct {
	rows   rewriter
	store  state.Store
	fn     func(row.Row, *row.State) row.Row
	keys   map[string]*keyState
	dirty  []*keyState
	keep   []int32
	ends   ends            // of values, a key once
	ending map[string]bool // the keys in ends
	mark   int64           // of the last row
}

// keyState is the state of a key.
type keyState struct {
	row.State
	key   string
	dirty bool // changed since it was saved
}

func newKeeping(t *Task, s *plan.Step, store state.Store) *keeping {
	op := s.Op.(*plan.ApplyState)
	return &keeping{mark: noTime, rows: newRewriter(t, s, op.Adds), store: store, fn: op.Func, keys: map[string]*keyState{}, ending: map[string]bool{}}
}

func (k *keeping) process(_ int, b *row.Batch, out emit) error {
	b = k.rows.task.withKey(k.rows.step, b, &k.keep)
	return k.rows.rewrite(b, func(r row.Row) row.Row {
		s := k.state(r.Key())
		s.Discard() // what a row before this one set and then panicked
		k.mark = b.Mark[k.rows.at]
		s.At(b.Time[k.rows.at], k.mark)
		r = k.fn(r, &s.State)
		k.rows.check(r.Changes()) // before its state is kept
		if s.Keep() {
			k.changed(s)
		}
		return r
	}, out)
}

// changed notes that the state of a key is to be saved, and when something of it ends.
func (k *keeping) changed(s *keyState) {
	if !s.dirty {
		s.dirty = true
		k.dirty = append(k.dirty, s)
	}
	k.await(s)
}

// await notes when something of a state ends, unless that was noted: then the
// key comes up, at the latest, when the time that was noted is over.
func (k *keeping) await(s *keyState) {
	if end, ok := s.NextEnd(); ok && !k.ending[s.key] {
		k.ending[s.key] = true
		k.ends.push(end, s.key)
	}
}

// advance takes out what is gone.
func (k *keeping) advance(wm int64, _ emit) (int64, error) {
	for len(k.ends) > 0 && k.ends[0].at <= k.mark {
		key := k.ends.pop()
		delete(k.ending, key)
		s := k.keys[key]
		if s == nil {
			continue
		}
		s.Discard()
		s.At(k.mark, k.mark)
		if s.Expire() {
			k.changed(s)
		}
		k.await(s)
	}
	return wm, nil
}

// state is that of a key, made if it is new.
func (k *keeping) state(key string) *keyState {
	s := k.keys[key]
	if s == nil {
		s = &keyState{key: strings.Clone(key)}
		k.keys[s.key] = s
	}
	return s
}

func (k *keeping) save() error {
	for _, s := range k.dirty {
		s.dirty = false
		var err error
		if len(s.Values()) == 0 {
			err = k.store.Delete([]byte(s.key))
			delete(k.keys, s.key)
		} else {
			err = k.store.Put([]byte(s.key), encodeState(&s.State))
		}
		if err != nil {
			return err
		}
	}
	k.dirty = k.dirty[:0]
	return nil
}

func (k *keeping) load() error {
	return k.store.Scan(nil, func(key, value []byte) error {
		s, err := decodeState(value)
		if err != nil {
			return fmt.Errorf("state of key %q does not decode: was it written by another program? (%w)", key, err)
		}
		of := &keyState{key: string(key), State: *s}
		k.keys[of.key] = of
		k.await(of)
		return nil
	})
}

// encodeState is the values of a state and, if some have, when they end.
func encodeState(s *row.State) []byte {
	out := row.AppendValue(nil, s.Values())
	if ends := s.Ends(); ends != nil {
		out = row.AppendValue(out, ends)
	}
	return out
}

func decodeState(b []byte) (*row.State, error) {
	var parts []row.Object
	for len(b) > 0 {
		v, rest, err := row.ReadValue(b)
		o, ok := v.(row.Object)
		if err != nil || !ok {
			return nil, fmt.Errorf("%w: %v", row.ErrEncoding, err)
		}
		parts, b = append(parts, o), rest
	}
	if len(parts) == 0 || len(parts) > 2 {
		return nil, fmt.Errorf("%d parts: %w", len(parts), row.ErrEncoding)
	}
	s := row.NewState(parts[0])
	if len(parts) == 2 && !s.Ending(parts[1]) {
		return nil, fmt.Errorf("ends are no times: %w", row.ErrEncoding)
	}
	return s, nil
}
