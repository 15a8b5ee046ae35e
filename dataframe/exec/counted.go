package exec

import (
	"encoding/binary"
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// counted aggregates the rows of a key in the order in which they come: so many
// of them at a time, or all of them. Time closes nothing, and no row is late.
type counted struct {
	teller
	store   state.Store
	most    int64 // rows of a window; 0: it never ends
	cells   map[string]*cell
	changed dirt
	lapse   lapse // by the end of a window's span, which is its latest row
}

func newCounted(t *Task, s *plan.Step, store state.Store) (*counted, error) {
	op := s.Op.(*plan.Window)
	g, err := newAggregates(t, s)
	if err != nil {
		return nil, err
	}
	return &counted{teller: newTeller(g, op), store: store, most: op.Spec.Rows, cells: map[string]*cell{}, lapse: newLapse(op.TTL.Microseconds())}, nil
}

func (w *counted) process(_ int, b *row.Batch, out emit) error {
	w.eval(b)
	for i := range b.Len() {
		if b.Key.IsNull(i) {
			w.task.Counts.NullKey[w.step.ID]++
			continue
		}
		if err := w.reach(b.Mark[i], out); err != nil {
			return err
		}
		if err := w.row(b, i, out); err != nil {
			return err
		}
	}
	return w.report(b)
}

// row takes a row into the window of its key, whose span is from its earliest row to its latest.
func (w *counted) row(b *row.Batch, i int, out emit) error {
	c := w.cells[b.Key.Strs[i]]
	w.lapse.mark = b.Mark[i]
	if c != nil && w.lapse.over(c.end, b.Time[i], b.Mark[i]) {
		if err := w.forget(c.key); err != nil {
			return err
		}
		c = nil
	}
	if c == nil {
		c = w.cell(b, i, nil)
		c.name, c.start, c.end = []byte(c.key), b.Time[i], b.Time[i]
		w.cells[c.key] = c
	}
	c.start, c.end, c.rows = min(c.start, b.Time[i]), max(c.end, b.Time[i]), c.rows+1
	c.add(w.list, b, i)
	w.changed.add(c)
	w.lapse.await(c.key, c.end)
	if c.rows != w.most {
		return w.teller.changed(c, b, i, out)
	}
	if err := w.forget(c.key); err != nil {
		return err
	}
	if w.emit != plan.Periodic {
		return w.update(c, b, i, out)
	}
	rows := emptyBatch(w.step.Schema)
	if err := w.final(&rows, c, w.now); err != nil {
		return err
	}
	return out(&rows)
}

// reach lets time come to a mark.
func (w *counted) reach(to int64, out emit) error {
	if at, due := w.due(); due && at <= to {
		if err := w.tick(at, out, w.changed.add); err != nil {
			return err
		}
	}
	w.now = max(w.now, to)
	return nil
}

// forget ends what is kept of a key.
func (w *counted) forget(key string) error {
	c := w.cells[key]
	delete(w.cells, key)
	return c.forget(w.store)
}

func (w *counted) advance(wm int64, out emit) (int64, error) {
	if err := w.reach(wm, out); err != nil {
		return wm, err
	}
	return wm, w.lapse.pass(func(key string) (int64, bool, error) {
		c := w.cells[key]
		if c == nil {
			return 0, false, nil // it was full
		}
		return c.end, true, nil
	}, w.forget)
}

func (w *counted) horizon() int64 {
	at, due := w.due()
	if !due {
		return noTime
	}
	return at
}

func (w *counted) save() error {
	return w.changed.save(w.store, func(c *cell) []byte {
		out := binary.AppendVarint(binary.AppendVarint(binary.AppendVarint(nil, c.start), c.end), c.rows)
		return append(out, c.encode(w.emit == plan.Periodic)...)
	})
}

func (w *counted) load() error {
	return w.store.Scan(nil, func(name, value []byte) error {
		r := varints{b: value}
		c := &cell{name: append([]byte(nil), name...), key: string(name), start: r.varint(), end: r.varint(), rows: r.varint(), acc: w.empty(), saved: true}
		if r.bad || !c.decode(r.b, w.emit == plan.Periodic) {
			return fmt.Errorf("entry of key %q does not decode: was the state written by another program?", name)
		}
		w.lapse.await(c.key, c.end)
		if w.cells[c.key] = c; c.untold {
			w.untold = append(w.untold, c)
		}
		return nil
	})
}
