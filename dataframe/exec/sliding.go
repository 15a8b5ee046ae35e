package exec

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// sliding gives, for each time at which a key has a row, what is in the window
// that ends there: the rows of the key after its start, up to that time.
//
// Each row is a cell of its own; a window is the sum of those in it. A row is
// late by its own mark, beyond the grace; a window is final when the task's time
// is beyond its end by the grace, since then no row can come that is in it.
type sliding struct {
	teller
	late    *late
	store   state.Store
	size    int64
	grace   int64
	keys    map[string]*track
	wait    moments // that are not final
	old     moments // all, until no window that is to come holds them
	changed dirt
}

// moment is a row. The first of several rows of a key and a time stands for the
// window that ends there.
type moment struct {
	cell // [start, end] is the window that ends at the row
	at   place
}

// moments are rows by time, key and place, which mostly come in that order.
type moments []*moment

func byMoment(a, b *moment) int {
	return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.key, b.key), a.at.compare(b.at))
}

func (m *moments) push(x *moment) {
	at := len(*m)
	if at > 0 && byMoment((*m)[at-1], x) > 0 {
		at, _ = slices.BinarySearchFunc(*m, x, byMoment)
	}
	*m = slices.Insert(*m, at, x)
}

func (m *moments) pop() *moment {
	x := (*m)[0]
	(*m)[0] = nil
	*m = (*m)[1:]
	return x
}

func newSliding(t *Task, s *plan.Step, store state.Store) (*sliding, error) {
	op := s.Op.(*plan.Window)
	g, err := newAggregates(t, s)
	if err != nil {
		return nil, err
	}
	l, err := newLate(t, s, op)
	w := &sliding{teller: newTeller(g, op), late: l, store: store, size: op.Spec.Size, grace: op.Grace.Microseconds(), keys: map[string]*track{}}
	w.whole = w.sum
	return w, err
}

func (w *sliding) process(_ int, b *row.Batch, out emit) error {
	w.eval(b)
	for i := range b.Len() {
		switch {
		case b.Key.IsNull(i):
			w.task.Counts.NullKey[w.step.ID]++
		case b.Time[i]+w.grace < b.Mark[i]:
			w.late.row(i)
		default:
			if err := w.row(b, i, out); err != nil {
				return err
			}
		}
	}
	if err := w.report(b); err != nil {
		return err
	}
	return w.late.give(b)
}

// row takes a row, and tells of the windows that it is in.
func (w *sliding) row(b *row.Batch, i int, out emit) error {
	if w.emit == plan.Periodic { // else now is the time up to which windows were given
		if err := w.reach(b.Mark[i], out); err != nil {
			return err
		}
	}
	m := &moment{cell: *w.cell(b, i, nil), at: placeOf(b, i)}
	w.place(m)
	m.add(w.list, b, i)
	w.changed.add(&m.cell)
	w.put(m)
	if w.emit == plan.Final {
		w.wait.push(m)
		return nil
	}
	for _, x := range w.keys[m.key].windows(m.end, m.end+w.size) {
		if err := w.teller.changed(&x.cell, b, i, out); err != nil {
			return err
		}
		if w.emit == plan.Periodic {
			w.changed.add(&x.cell)
		}
	}
	return nil
}

// place sets what follows from a row's place.
func (w *sliding) place(m *moment) {
	m.start, m.end = m.at.time-w.size, m.at.time
	m.name = cellName('m', m.at.time, "")
	m.name = binary.BigEndian.AppendUint64(m.name, uint64(m.at.mark)^1<<63)
	m.name = binary.BigEndian.AppendUint32(m.name, uint32(m.at.source))
	m.name = append(binary.BigEndian.AppendUint64(m.name, uint64(m.at.seq)^1<<63), m.key...)
}

func (w *sliding) put(m *moment) {
	t := w.keys[m.key]
	if t == nil {
		t = &track{far: noTime}
		w.keys[m.key] = t
	}
	t.put(m)
	w.old.push(m)
}

// sum is a window in full.
func (w *sliding) sum(c *cell) *cell {
	out := &cell{key: c.key, start: c.start, end: c.end, group: c.group, acc: w.empty()}
	w.keys[c.key].sum(out, w.small, w.empty)
	return out
}

// advance gives the windows that are final, in order of their end and then their key.
func (w *sliding) advance(wm int64, out emit) (int64, error) {
	if wm < noTime+w.grace+w.size {
		return wm, nil
	}
	if err := w.reach(wm, out); err != nil {
		return wm, err
	}
	rows := emptyBatch(w.step.Schema)
	for len(w.wait) > 0 && w.wait[0].end+w.grace < wm {
		m := w.wait.pop()
		for len(w.wait) > 0 && w.wait[0].end == m.end && w.wait[0].key == m.key {
			w.wait.pop()
		}
		if err := w.final(&rows, &m.cell, m.end); err != nil {
			return wm, err
		}
	}
	if err := w.evict(w.earliest(wm-w.grace) - w.size); err != nil {
		return wm, err
	}
	if w.emit != plan.Final {
		return wm, out(&rows)
	}
	return wm - w.grace, out(&rows)
}

// earliest is the end of the first window that may still be given, if none of those to come ends before to.
func (w *sliding) earliest(to int64) int64 {
	for _, c := range w.untold {
		if c.untold {
			to = min(to, c.end)
		}
	}
	return to
}

// evict forgets rows up to a time, which no window that is to come holds.
func (w *sliding) evict(to int64) error {
	for len(w.old) > 0 && w.old[0].end <= to {
		m := w.old.pop()
		if err := m.forget(w.store); err != nil {
			return err
		}
		if t := w.keys[m.key]; len(t.rows) > 1 {
			t.rows = t.rows[1:]
		} else {
			delete(w.keys, m.key)
		}
	}
	return nil
}

// reach lets time come to a mark.
func (w *sliding) reach(to int64, out emit) error {
	if at, due := w.due(); due && at <= to {
		if err := w.tick(at, out, w.changed.add); err != nil {
			return err
		}
	}
	w.now = max(w.now, to)
	return nil
}

func (w *sliding) horizon() int64 {
	if len(w.wait) > 0 {
		return w.wait[len(w.wait)-1].end + w.grace + 1
	}
	at, due := w.due()
	if !due {
		return noTime
	}
	return at
}

func (w *sliding) save() error {
	return w.changed.save(w.store, func(c *cell) []byte { return c.encode(w.emit == plan.Periodic) })
}

// nameLength is that of a row's entry before its key.
const nameLength = 1 + 8 + 8 + 4 + 8

func (w *sliding) load() error {
	return w.store.Scan(nil, func(name, value []byte) error {
		if len(name) < nameLength {
			return fmt.Errorf("entry %x of a sliding window has no place: was the state written by another program?", name)
		}
		at := place{
			time:   int64(binary.BigEndian.Uint64(name[1:]) ^ 1<<63),
			mark:   int64(binary.BigEndian.Uint64(name[9:]) ^ 1<<63),
			source: int(binary.BigEndian.Uint32(name[17:])),
			seq:    int64(binary.BigEndian.Uint64(name[21:]) ^ 1<<63),
		}
		m := &moment{cell: cell{key: string(name[nameLength:]), acc: w.empty(), saved: true}, at: at}
		w.place(m)
		if !m.decode(value, w.emit == plan.Periodic) {
			return fmt.Errorf("entry %x of a sliding window does not decode: was the state written by another program?", name)
		}
		if w.put(m); m.untold {
			w.untold = append(w.untold, &m.cell)
		}
		if w.emit == plan.Final && m.end+w.grace >= w.now {
			w.wait.push(m)
		}
		return nil
	})
}
