package exec

import (
	"cmp"
	"container/heap"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// sessions give the rows of a key that follow each other within a gap: a row
// counts for [time, time+gap), and rows whose spans overlap are one session,
// those of two that it joins included.
//
// Rows come in one order, by marks that do not fall. A session closes when a
// mark reaches its end and the grace, so that no later row joins it; a row is
// late if the session of it alone would be closed.
type sessions struct {
	teller
	late    *late
	store   state.Store
	gap     int64
	grace   int64
	keys    map[string][]*cell // open, by start
	ends    closings
	changed dirt
}

// closing is when a session was to end when it was put into the heap; it may last longer by now.
type closing struct {
	end int64
	of  *cell
}

// closings are a heap; each open session is in it once.
type closings []closing

func (e closings) Len() int { return len(e) }
func (e closings) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(e[i].end, e[j].end), cmp.Compare(e[i].of.key, e[j].of.key), cmp.Compare(e[i].of.start, e[j].of.start)) < 0
}
func (e closings) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *closings) Push(x any)   { *e = append(*e, x.(closing)) }

func (e *closings) Pop() any {
	last := len(*e) - 1
	x := (*e)[last]
	*e = (*e)[:last]
	return x
}

// gone is the end of a session that became part of another, or closed.
const gone = noTime

func newSessions(t *Task, s *plan.Step, store state.Store) (*sessions, error) {
	op := s.Op.(*plan.Window)
	g, err := newAggregates(t, s)
	if err != nil {
		return nil, err
	}
	l, err := newLate(t, s, op)
	return &sessions{teller: newTeller(g, op), late: l, store: store, gap: op.Spec.Size, grace: op.Grace.Microseconds(), keys: map[string][]*cell{}}, err
}

func (w *sessions) process(_ int, b *row.Batch, out emit) error {
	w.eval(b)
	for i := range b.Len() {
		if b.Key.IsNull(i) {
			w.task.Counts.NullKey[w.step.ID]++
			continue
		}
		if err := w.reach(b.Mark[i], out); err != nil {
			return err
		}
		if b.Time[i]+w.gap+w.grace <= b.Mark[i] {
			w.late.row(i)
			continue
		}
		c, err := w.session(b, i)
		if err != nil {
			return err
		}
		c.add(w.list, b, i)
		w.changed.add(c)
		if err := w.teller.changed(c, b, i, out); err != nil {
			return err
		}
	}
	if err := w.report(b); err != nil {
		return err
	}
	return w.late.give(b)
}

// session is the one that row i belongs to, with its span: a new one, or of
// those that the row's span overlaps the first, with the others in it.
func (w *sessions) session(b *row.Batch, i int) (*cell, error) {
	from, to := b.Time[i], b.Time[i]+w.gap
	open := w.keys[b.Key.Strs[i]]
	first := slices.IndexFunc(open, func(c *cell) bool { return c.start < to && from < c.end })
	if first < 0 {
		c := w.cell(b, i, nil)
		c.start, c.end = from, to
		w.insert(c)
		return c, nil
	}
	c := open[first]
	for first+1 < len(open) && open[first+1].start < to {
		other := open[first+1]
		c.merge(other)
		c.end = max(c.end, other.end)
		if err := other.forget(w.store); err != nil {
			return nil, err
		}
		other.end = gone
		open = slices.Delete(open, first+1, first+2)
		w.keys[c.key] = open
	}
	c.end = max(c.end, to)
	if from < c.start {
		return c, w.begin(c, from)
	}
	return c, nil
}

// begin moves the start of a session, which is part of its name.
func (w *sessions) begin(c *cell, start int64) error {
	if c.saved {
		if err := w.store.Delete(c.name); err != nil {
			return err
		}
	}
	c.start, c.saved = start, false
	c.name = cellName('s', start, c.key)
	return nil
}

// insert puts a session among the open ones.
func (w *sessions) insert(c *cell) {
	c.name = cellName('s', c.start, c.key)
	open := w.keys[c.key]
	at, _ := slices.BinarySearchFunc(open, c, func(a, b *cell) int { return cmp.Compare(a.start, b.start) })
	w.keys[c.key] = slices.Insert(open, at, c)
	heap.Push(&w.ends, closing{c.end, c})
}

// next is the session that ends first, or nil.
func (w *sessions) next() *cell {
	for len(w.ends) > 0 {
		switch e := &w.ends[0]; {
		case e.of.end == gone:
			heap.Pop(&w.ends)
		case e.of.end != e.end:
			e.end = e.of.end
			heap.Fix(&w.ends, 0)
		default:
			return e.of
		}
	}
	return nil
}

// reach lets time come to a mark: sessions close and ticks fall, in their order.
func (w *sessions) reach(to int64, out emit) error {
	for {
		closes, c := int64(math.MaxInt64), w.next()
		if c != nil {
			closes = c.end + w.grace
		}
		tick, due := w.due()
		switch {
		case due && tick <= min(closes, to):
			if err := w.tick(tick, out, w.changed.add); err != nil {
				return err
			}
		case closes <= to:
			if err := w.close(c, closes, out); err != nil {
				return err
			}
		default:
			w.now = max(w.now, to)
			return nil
		}
	}
}

// close gives the row of a session, in the place of its last row, and forgets it.
func (w *sessions) close(c *cell, at int64, out emit) error {
	rows := emptyBatch(w.step.Schema)
	if w.emit == plan.Final {
		at = c.end - w.gap
	}
	if w.emit == plan.Final || w.emit == plan.Periodic && c.untold {
		if err := w.final(&rows, c, at); err != nil {
			return err
		}
	}
	heap.Pop(&w.ends)
	if open := slices.DeleteFunc(w.keys[c.key], func(o *cell) bool { return o == c }); len(open) > 0 {
		w.keys[c.key] = open
	} else {
		delete(w.keys, c.key)
	}
	c.end = gone
	if err := c.forget(w.store); err != nil {
		return err
	}
	return out(&rows)
}

func (w *sessions) advance(wm int64, out emit) (int64, error) {
	if err := w.reach(wm, out); err != nil {
		return wm, err
	}
	if w.emit != plan.Final || wm < noTime+w.gap+w.grace {
		return wm, nil
	}
	return wm - w.gap - w.grace, nil
}

func (w *sessions) horizon() int64 {
	end := int64(noTime)
	for _, open := range w.keys {
		for _, c := range open {
			end = max(end, c.end+w.grace)
		}
	}
	return end
}

func (w *sessions) save() error {
	return w.changed.save(w.store, func(c *cell) []byte {
		return append(binary.AppendVarint(nil, c.end), c.encode(w.emit == plan.Periodic)...)
	})
}

func (w *sessions) load() error {
	return w.store.Scan(nil, func(name, value []byte) error {
		start, key, ok := parseCell(name)
		r := varints{b: value}
		c := &cell{key: key, start: start, end: r.varint(), acc: w.empty(), saved: true}
		if !ok || r.bad || !c.decode(r.b, w.emit == plan.Periodic) {
			return fmt.Errorf("session entry %x does not decode: was the state written by another program?", name)
		}
		if w.insert(c); c.untold {
			w.untold = append(w.untold, c)
		}
		return nil
	})
}
