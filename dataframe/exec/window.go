package exec

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/window"
	"github.com/riffle-stream/riffle/state"
)

// windowed aggregates the rows of each key in each aligned span of time.
//
// A row is late for a window by its own mark, and a window closes by the
// task's time, which is never ahead of a row's mark: so it does not matter
// where a batch was cut or how far the other writers are.
//
// Windows that overlap share their rows by panes, which are as long as a hop:
// a row is added once, to its pane, and a window is the sum of its panes. A row
// that is late for some of its windows is added to each of the others alone.
type windowed struct {
	teller
	late  *late
	store state.Store
	spec  window.Spec
	grace int64

	paned   bool
	panes   spans   // what counts in all windows of a pane
	alone   spans   // what counts in one window
	open    []int64 // starts of the open windows, ascending
	closed  int64   // start of the last window that closed
	changed dirt

	found map[string]*cell // groups of the window that closes
	order []string         // their keys
	sums  []*cell          // those that are made of several cells, used again
	used  int              // of the sums
	rows  row.Batch        // that are given
}

func newWindowed(t *Task, s *plan.Step, store state.Store) (*windowed, error) {
	op := s.Op.(*plan.Window)
	g, err := newAggregates(t, s)
	if err != nil {
		return nil, err
	}
	l, err := newLate(t, s, op)
	w := &windowed{teller: newTeller(g, op), late: l, store: store, spec: op.Spec, grace: op.Grace.Microseconds(), panes: newSpans(paneMark), alone: newSpans(aloneMark), closed: noTime, found: map[string]*cell{}, rows: emptyBatch(s.Schema)}
	w.paned = op.Emit == plan.Final && op.Spec.Size%op.Spec.Hop == 0 && g.exact
	return w, err
}

func (w *windowed) numbers() []*int64 { return append(w.teller.numbers(), &w.closed) }

func (w *windowed) process(_ int, b *row.Batch, out emit) error {
	w.eval(b)
	for i := range b.Len() {
		if b.Key.IsNull(i) {
			w.task.Counts.NullKey[w.step.ID]++
			continue
		}
		if err := w.row(b, i, out); err != nil {
			return err
		}
	}
	if err := w.report(b); err != nil {
		return err
	}
	return w.late.give(b)
}

// row adds one row to every window that holds its time and has not closed for it.
func (w *windowed) row(b *row.Batch, i int, out emit) error {
	t, late := b.Time[i], true
	last := w.spec.Last(t)
	if w.paned && w.openFor(w.first(last), b.Mark[i]) {
		w.add(&w.panes, last, b, i)
		return nil
	}
	if w.emit == plan.Periodic {
		if err := w.reach(b.Mark[i], out); err != nil {
			return err
		}
	}
	for start := last; w.spec.End(start) > t; start = w.spec.Before(start) {
		if !w.openFor(start, b.Mark[i]) {
			break // and so are those before it
		}
		late = false
		if err := w.teller.changed(w.add(&w.alone, start, b, i), b, i, out); err != nil {
			return err
		}
	}
	if late {
		w.late.row(i)
	}
	return nil
}

// openFor says whether a window takes a row of that mark.
func (w *windowed) openFor(start, mark int64) bool { return w.spec.End(start)+w.grace > mark }

// first is the earliest window that holds the pane that starts at start.
func (w *windowed) first(start int64) int64 {
	if w.spec.Zone == "" {
		return start - w.spec.Size + w.spec.Hop
	}
	for n := w.spec.Size/w.spec.Hop - 1; n > 0; n-- {
		start = w.spec.Before(start)
	}
	return start
}

// add takes row i into its group in a span, and gives the group.
func (w *windowed) add(s *spans, start int64, b *row.Batch, i int) *cell {
	sp := w.span(s, start)
	c := sp.cells[b.Key.Strs[i]]
	if c == nil {
		c = w.cell(b, i, w.before(s, start).cells[b.Key.Strs[i]])
		w.place(c, s, start)
		sp.cells[c.key] = c
	}
	w.changed.add(c)
	c.add(w.list, b, i)
	return c
}

// before is the span before one, where there mostly are the same groups.
func (w *windowed) before(s *spans, start int64) *span {
	if sp := s.at[w.spec.Before(start)]; sp != nil {
		return sp
	}
	return &span{}
}

// place says where a cell is.
func (w *windowed) place(c *cell, s *spans, start int64) {
	c.name, c.start, c.end = cellName(s.mark, start, c.key), start, w.spec.End(start)
}

// span is the one with that start; if it is new, the windows that it is part of are open from now on.
func (w *windowed) span(s *spans, start int64) *span {
	sp, fresh := s.get(start)
	if !fresh {
		return sp
	}
	first := start
	if s.mark == paneMark {
		first = w.first(start)
	}
	for at := first; at <= start; at = w.spec.After(at) {
		if i, found := slices.BinarySearch(w.open, at); !found && at > w.closed {
			w.open = slices.Insert(w.open, i, at)
		}
	}
	return sp
}

// advance closes the windows whose time is over, in order of their end and then their keys.
func (w *windowed) advance(wm int64, out emit) (int64, error) {
	if w.emit == plan.Periodic {
		return wm, w.reach(wm, out)
	}
	for w.closes() <= wm {
		if err := w.close(out); err != nil {
			return wm, err
		}
	}
	if w.emit == plan.Current || wm < math.MinInt64+w.grace {
		return wm, nil
	}
	return wm - w.grace, nil
}

// reach lets time come to a mark: windows close and ticks fall, in their order.
func (w *windowed) reach(to int64, out emit) error {
	for {
		tick, due := w.due()
		switch closes := w.closes(); {
		case due && tick <= min(closes, to):
			if err := w.tick(tick, out, w.changed.add); err != nil {
				return err
			}
		case closes <= to:
			if err := w.close(out); err != nil {
				return err
			}
		default:
			w.now = max(w.now, to)
			return nil
		}
	}
}

// closes is when the next window closes.
func (w *windowed) closes() int64 {
	if len(w.open) == 0 {
		return math.MaxInt64
	}
	return w.spec.End(w.open[0]) + w.grace
}

// close gives the rows of the first open window and forgets what no later one needs.
func (w *windowed) close(out emit) error {
	at, start := w.closes(), w.open[0]
	w.closed, w.open = start, slices.Delete(w.open, 0, 1)
	empty(&w.rows)
	w.find(start)
	for _, k := range w.order {
		c, when := w.found[k], at
		switch {
		case w.emit == plan.Current || w.emit == plan.Periodic && !c.untold:
			continue
		case w.emit == plan.Final:
			// The last instant of the window: a window of the same size over these
			// rows holds them in the same span.
			when = w.spec.End(start) - 1
		}
		if err := w.final(&w.rows, c, when); err != nil {
			return err
		}
	}
	for _, s := range []*spans{&w.panes, &w.alone} {
		if err := s.drop(start, w.store); err != nil {
			return err
		}
	}
	return out(&w.rows)
}

// find finds the groups of a window: those of its own and of its panes together.
func (w *windowed) find(start int64) {
	clear(w.found)
	w.used = 0
	end := w.spec.End(start)
	w.take(w.alone.at[start], start, end)
	for at := start; w.paned && at < end; at = w.spec.After(at) {
		w.take(w.panes.at[at], start, end)
	}
	w.order = slices.AppendSeq(w.order[:0], maps.Keys(w.found))
	slices.Sort(w.order)
}

// take takes the cells of a span into the groups of a window.
func (w *windowed) take(sp *span, start, end int64) {
	if sp == nil {
		return
	}
	for k, c := range sp.cells {
		g := w.found[k]
		if g == nil && c.start == start && c.end == end {
			w.found[k] = c
			continue
		}
		if g == nil || g.name != nil { // a cell of the store, which stays as it is
			sum := w.sum(c, start, end)
			if g != nil {
				sum.merge(g)
			}
			w.found[k], g = sum, sum
		}
		g.merge(c)
	}
}

// sum is an empty group for what cells like this one hold together.
func (w *windowed) sum(like *cell, start, end int64) *cell {
	if w.used == len(w.sums) {
		w.sums = append(w.sums, &cell{})
	}
	c := w.sums[w.used]
	w.used++
	if c.acc == nil || !cleared(c.acc) {
		c.acc = w.empty()
	}
	c.key, c.group, c.start, c.end = like.key, like.group, start, end
	return c
}

func (w *windowed) horizon() int64 {
	if len(w.open) == 0 {
		return noTime
	}
	return w.spec.End(w.open[len(w.open)-1]) + w.grace
}

func (w *windowed) save() error {
	return w.changed.save(w.store, func(c *cell) []byte { return c.encode(w.emit == plan.Periodic) })
}

func (w *windowed) load() error {
	return w.store.Scan(nil, func(name, value []byte) error {
		s := &w.alone
		if len(name) > 0 && name[0] == paneMark {
			s = &w.panes
		}
		start, key, ok := parseCell(name)
		if !ok || name[0] != s.mark {
			return fmt.Errorf("window entry %x has no start: was the state written by another program?", name)
		}
		c := &cell{key: key, acc: w.empty(), saved: true}
		w.place(c, s, start)
		if !c.decode(value, w.emit == plan.Periodic) {
			return fmt.Errorf("window entry %x does not decode: was the state written by another program?", name)
		}
		if w.span(s, start).cells[key] = c; c.untold {
			w.untold = append(w.untold, c)
		}
		return nil
	})
}
