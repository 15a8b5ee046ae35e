package exec

import (
	"cmp"
	"fmt"

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
	rows rewriter
	fn   func(row.Row, *row.State) row.Row
	keys recent[row.State]
	keep []int32
	ends reminders // of values
	mark int64     // of the last row
}

func newKeeping(t *Task, s *plan.Step, store state.Store) *keeping {
	op := s.Op.(*plan.ApplyState)
	keys := recent[row.State]{store: store, encode: encodeState, decode: decodeState, room: t.cfg.Room, now: map[string]*recalled[row.State]{}}
	return &keeping{mark: noTime, rows: newRewriter(t, s, op.Adds), fn: op.Func, keys: keys}
}

func (k *keeping) process(_ int, b *row.Batch, out emit) error {
	b = k.rows.task.withKey(k.rows.step, b, &k.keep)
	var failed error
	err := k.rows.rewrite(b, func(r row.Row) row.Row {
		of, err := k.keys.get(r.Key())
		if err != nil {
			failed = err
			return r
		}
		s := &of.value
		s.Discard() // what a row before this one set and then panicked
		k.mark = b.Mark[k.rows.at]
		s.At(b.Time[k.rows.at], k.mark)
		r = k.fn(r, s)
		k.rows.check(r.Changes()) // before its state is kept
		if s.Keep() {
			k.changed(of)
		}
		return r
	}, func(b *row.Batch) error {
		if failed != nil {
			return failed
		}
		return out(b)
	})
	return cmp.Or(failed, err)
}

// changed notes that the state of a key is to be saved, and when something of it ends.
func (k *keeping) changed(of *recalled[row.State]) {
	k.keys.change(of)
	k.await(of)
}

// await notes when something of a state ends, unless that was noted: then the
// key comes up, at the latest, when the time that was noted is over.
func (k *keeping) await(of *recalled[row.State]) {
	if end, ok := of.value.NextEnd(); ok {
		k.ends.note(end, of.key)
	}
}

// advance takes out what is gone.
func (k *keeping) advance(wm int64, _ emit) (int64, error) {
	for key, due := k.ends.next(k.mark); due; key, due = k.ends.next(k.mark) {
		of, err := k.keys.find(key)
		if err != nil {
			return wm, err
		}
		if of == nil {
			continue // it is gone already
		}
		of.value.Discard()
		of.value.At(k.mark, k.mark)
		if of.value.Expire() {
			k.changed(of)
		}
		k.await(of)
	}
	return wm, nil
}

func (k *keeping) save() error { return k.keys.save() }

func (k *keeping) load() error { return k.keys.load(k.await) }

// encodeState is the values of a state and, if some have, when they end; nil if there are none.
func encodeState(s *row.State) []byte {
	if len(s.Values()) == 0 {
		return nil
	}
	out := row.AppendValue(nil, s.Values())
	if ends := s.Ends(); ends != nil {
		out = row.AppendValue(out, ends)
	}
	return out
}

func decodeState(b []byte) (row.State, error) {
	var parts []row.Object
	for len(b) > 0 {
		v, rest, err := row.ReadValue(b)
		o, ok := v.(row.Object)
		if err != nil || !ok {
			return row.State{}, fmt.Errorf("%w: %v", row.ErrEncoding, err)
		}
		parts, b = append(parts, o), rest
	}
	if len(parts) == 0 || len(parts) > 2 {
		return row.State{}, fmt.Errorf("%d parts: %w", len(parts), row.ErrEncoding)
	}
	s := row.NewState(parts[0])
	if len(parts) == 2 && !s.Ending(parts[1]) {
		return row.State{}, fmt.Errorf("ends are no times: %w", row.ErrEncoding)
	}
	return *s, nil
}
