package exec

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/window"
	"github.com/riffle-stream/riffle/state"
)

// windowed aggregates the rows of each key in each span of time.
//
// A row is late for a window by its own mark, and a window closes by the
// task's time, which is never ahead of a row's mark: so it does not matter
// where a batch was cut or how far the other writers are.
//
// Windows that overlap share their rows by panes, which are as long as a hop:
// a row is added once, to its pane, and a window is the sum of its panes. A row
// that is late for some of its windows is added to each of the others alone.
type windowed struct {
	task  *Task
	step  *plan.Step
	store state.Store
	spec  window.Spec
	grace int64
	emit  plan.Emit
	keys  []int // the group's columns in the rows before
	aggs  []aggregate

	paned   bool
	panes   spans   // what counts in all windows of a pane
	alone   spans   // what counts in one window
	open    []int64 // starts of the open windows, ascending
	closed  int64   // start of the last window that closed
	nextID  int64   // number of the next row given
	changed []*cell // since the last save
}

// aggregate computes the values that an aggregate takes from a batch.
type aggregate struct {
	fn     string
	kind   row.Kind
	arg    *expr.Program // nil: count()
	filter *expr.Program // nil: every row
	values *row.Vec      // of the current batch
	keep   []bool        // of the current batch, by the filter
}

func newWindowed(t *Task, s *plan.Step, store state.Store) (*windowed, error) {
	op, in := s.Op.(*plan.Window), s.In[0].Schema
	w := &windowed{task: t, step: s, store: store, spec: op.Spec, grace: op.Grace.Microseconds(), emit: op.Emit, panes: newSpans(paneMark), alone: newSpans(aloneMark), closed: noTime}
	w.paned = op.Emit == plan.Final && op.Spec.Size%op.Spec.Hop == 0
	for _, k := range op.Keys {
		w.keys = append(w.keys, in.Index(k))
	}
	for _, a := range op.Aggs {
		c := aggregate{fn: a.Func}
		for _, e := range []struct {
			from *expr.Expr
			to   **expr.Program
		}{{a.Arg, &c.arg}, {a.Filter, &c.filter}} {
			if e.from == nil {
				continue
			}
			p, err := expr.Compile(*e.from, in)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", a.Text(), err)
			}
			*e.to = p
		}
		if a.Arg != nil {
			c.kind, _ = a.Arg.Check(in)
		}
		w.aggs = append(w.aggs, c)
	}
	return w, nil
}

func (w *windowed) process(_ int, b *row.Batch, out emit) error {
	for i := range w.aggs {
		w.aggs[i].eval(b)
	}
	for i := range b.Len() {
		if b.Key.IsNull(i) {
			w.task.Counts.NullKey[w.step.ID]++
			continue
		}
		if err := w.row(b, i, out); err != nil {
			return err
		}
	}
	return nil
}

// eval computes the aggregate's values and which rows it takes.
func (a *aggregate) eval(b *row.Batch) {
	if a.arg != nil {
		a.values = a.arg.Eval(b)
	}
	if a.filter == nil {
		return
	}
	a.keep = slices.Grow(a.keep[:0], b.Len())[:b.Len()]
	clear(a.keep)
	for _, i := range trues(a.filter.Eval(b), nil) {
		a.keep[i] = true
	}
}

// row adds one row to every window that holds its time and has not closed for it.
func (w *windowed) row(b *row.Batch, i int, out emit) error {
	t, late := b.Time[i], true
	last := w.spec.Last(t)
	if first := last - w.spec.Size + w.spec.Hop; w.paned && first+w.spec.Size+w.grace > b.Mark[i] {
		w.add(&w.panes, last, b, i)
		return nil
	}
	for start := last; start+w.spec.Size > t; start -= w.spec.Hop {
		if start+w.spec.Size+w.grace <= b.Mark[i] {
			break // and so are those before it
		}
		late = false
		c := w.add(&w.alone, start, b, i)
		if w.emit == plan.Current {
			if err := w.update(start, c, b, i, out); err != nil {
				return err
			}
		}
	}
	if late {
		w.task.Counts.Late[w.step.ID]++
	}
	return nil
}

// add takes row i into its group in a span, and gives the group.
func (w *windowed) add(s *spans, start int64, b *row.Batch, i int) *cell {
	sp := w.span(s, start)
	c := sp.cells[b.Key.Strs[i]]
	if c == nil {
		key := strings.Clone(b.Key.Strs[i])
		c = &cell{name: s.name(start, key), group: w.group(b, i), acc: w.empty()}
		sp.cells[key] = c
	}
	if !c.dirty {
		c.dirty = true
		w.changed = append(w.changed, c)
	}
	c.add(w.aggs, b, i)
	return c
}

// span is the one with that start; if it is new, the windows that it is part of are open from now on.
func (w *windowed) span(s *spans, start int64) *span {
	sp, fresh := s.get(start)
	if !fresh {
		return sp
	}
	first := start
	if s.mark == paneMark {
		first -= w.spec.Size - w.spec.Hop
	}
	for at := first; at <= start; at += w.spec.Hop {
		if i, found := slices.BinarySearch(w.open, at); !found && at > w.closed {
			w.open = slices.Insert(w.open, i, at)
		}
	}
	return sp
}

func (w *windowed) empty() []accumulator {
	acc := make([]accumulator, len(w.aggs))
	for i, a := range w.aggs {
		acc[i] = newAccumulator(a.fn, a.kind)
	}
	return acc
}

// group is the row's group columns, encoded.
func (w *windowed) group(b *row.Batch, i int) []byte {
	var out []byte
	for _, k := range w.keys {
		out = row.AppendValue(out, b.Cols[k].Value(i))
	}
	return out
}

// update gives the group's row as it stands now.
func (w *windowed) update(start int64, c *cell, b *row.Batch, i int, out emit) error {
	rows := emptyBatch(w.step.Schema)
	if err := w.give(&rows, start, b.Key.Strs[i], c); err != nil {
		return err
	}
	rows.Source = b.Source
	rows.Time, rows.Mark, rows.Seq = b.Time[i:i+1], b.Mark[i:i+1], b.Seq[i:i+1]
	return out(&rows)
}

// advance closes the windows whose time is over, in order of their end and then their keys.
func (w *windowed) advance(wm int64, out emit) (int64, error) {
	for len(w.open) > 0 && w.open[0]+w.spec.Size+w.grace <= wm {
		w.closed = w.open[0]
		if err := w.close(w.closed, out); err != nil {
			return wm, err
		}
		w.open = slices.Delete(w.open, 0, 1)
	}
	if w.emit == plan.Current || wm < math.MinInt64+w.grace {
		return wm, nil
	}
	return wm - w.grace, nil
}

// close gives the rows of a window and forgets what no later one needs.
func (w *windowed) close(start int64, out emit) error {
	rows := emptyBatch(w.step.Schema)
	if w.emit == plan.Final {
		groups := w.groups(start)
		for _, k := range slices.Sorted(maps.Keys(groups)) {
			if err := w.give(&rows, start, k, groups[k]); err != nil {
				return err
			}
			// The last instant of the window: a window of the same size over these
			// rows holds them in the same span.
			end := start + w.spec.Size - 1
			rows.Time, rows.Mark, rows.Seq = append(rows.Time, end), append(rows.Mark, end), append(rows.Seq, w.nextID)
			w.nextID++
		}
	}
	for _, s := range []*spans{&w.panes, &w.alone} {
		if err := s.drop(start, w.store); err != nil {
			return err
		}
	}
	return out(&rows)
}

// groups are the groups of a window: those of its own and of its panes together.
func (w *windowed) groups(start int64) map[string]*cell {
	out, sums := map[string]*cell{}, map[string]bool{}
	take := func(sp *span) {
		if sp == nil {
			return
		}
		for k, c := range sp.cells {
			if out[k] == nil {
				out[k] = c
				continue
			}
			if !sums[k] {
				sum := &cell{group: c.group, acc: w.empty()}
				sum.merge(out[k])
				out[k], sums[k] = sum, true
			}
			out[k].merge(c)
		}
	}
	take(w.alone.at[start])
	for at := start; w.paned && at < start+w.spec.Size; at += w.spec.Hop {
		take(w.panes.at[at])
	}
	return out
}

// give appends a group's row.
func (w *windowed) give(rows *row.Batch, start int64, key string, c *cell) error {
	rest, at := c.group, 0
	for range w.keys {
		v, r, err := row.ReadValue(rest)
		if err != nil {
			return fmt.Errorf("window state of key %q: %w", key, err)
		}
		rest = r
		if err := rows.Cols[at].Append(v); err != nil {
			return fmt.Errorf("window state of key %q: %w", key, err)
		}
		at++
	}
	values := append([]any{instant(start), instant(start + w.spec.Size)}, results(c.acc)...)
	for j, v := range values {
		if err := rows.Cols[at+j].Append(v); err != nil {
			return fmt.Errorf("window of key %q: %s %w", key, rows.Schema.At(at+j).Name, err)
		}
	}
	return rows.Key.Append(key)
}

func results(acc []accumulator) []any {
	out := make([]any, len(acc))
	for i, a := range acc {
		out[i] = a.result()
	}
	return out
}

func (w *windowed) horizon() int64 {
	if len(w.open) == 0 {
		return noTime
	}
	return w.open[len(w.open)-1] + w.spec.Size + w.grace
}

func (w *windowed) save() error {
	for _, c := range w.changed {
		if !c.dirty {
			continue // it closed
		}
		if err := w.store.Put(c.name, c.encode()); err != nil {
			return err
		}
		c.dirty, c.saved = false, true
	}
	w.changed = w.changed[:0]
	return nil
}

func (w *windowed) load() error {
	return w.store.Scan(nil, func(name, value []byte) error {
		s := &w.alone
		if len(name) > 0 && name[0] == paneMark {
			s = &w.panes
		}
		start, key, ok := s.parse(name)
		if !ok {
			return fmt.Errorf("window entry %x has no start: was the state written by another program?", name)
		}
		c := &cell{name: slices.Clone(name), acc: w.empty(), saved: true}
		if !c.decode(value) {
			return fmt.Errorf("window entry %x does not decode: was the state written by another program?", name)
		}
		w.span(s, start).cells[key] = c
		return nil
	})
}
