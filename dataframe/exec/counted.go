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
}

func newCounted(t *Task, s *plan.Step, store state.Store) (*counted, error) {
	op := s.Op.(*plan.Window)
	g, err := newAggregates(t, s)
	if err != nil {
		return nil, err
	}
	return &counted{teller: newTeller(g, op), store: store, most: op.Spec.Rows, cells: map[string]*cell{}}, nil
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
	if c == nil {
		c = w.cell(b, i, nil)
		c.name, c.start, c.end = []byte(c.key), b.Time[i], b.Time[i]
		w.cells[c.key] = c
	}
	c.start, c.end, c.rows = min(c.start, b.Time[i]), max(c.end, b.Time[i]), c.rows+1
	c.add(w.list, b, i)
	w.changed.add(c)
	if c.rows != w.most {
		return w.teller.changed(c, b, i, out)
	}
	delete(w.cells, c.key)
	if err := c.forget(w.store); err != nil {
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

func (w *counted) advance(wm int64, out emit) (int64, error) { return wm, w.reach(wm, out) }

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
		if w.cells[c.key] = c; c.untold {
			w.untold = append(w.untold, c)
		}
		return nil
	})
}
