package exec

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sort"
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
type windowed struct {
	task  *Task
	step  *plan.Step
	store state.Store
	spec  window.Spec
	grace int64
	emit  plan.Emit
	keys  []int // the group's columns in the rows before
	aggs  []aggregate

	spans  map[int64]*span // open windows by start
	ends   []int64         // their starts, ascending
	last   *span           // the one that took the last row
	nextID int64           // number of the next row given
	buf    []byte
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

// span is one open window: the groups that have rows in it.
type span struct {
	start int64
	cells map[string]*cell
}

// cell is one group in one window.
type cell struct {
	group []byte // the group's columns, encoded
	acc   []accumulator
	dirty bool
}

func newWindowed(t *Task, s *plan.Step, store state.Store) (*windowed, error) {
	op, in := s.Op.(*plan.Window), s.In[0].Schema
	w := &windowed{task: t, step: s, store: store, spec: op.Spec, grace: op.Grace.Microseconds(), emit: op.Emit, spans: map[int64]*span{}}
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
	for start := w.spec.Last(t); start+w.spec.Size > t; start -= w.spec.Hop {
		if start+w.spec.Size+w.grace <= b.Mark[i] {
			break // and so are those before it
		}
		late = false
		c := w.cell(start, b, i)
		c.add(w.aggs, b, i)
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

// cell is the group of row i in a window, made if it is new.
func (w *windowed) cell(start int64, b *row.Batch, i int) *cell {
	s := w.last
	if s == nil || s.start != start {
		s = w.span(start)
	}
	key := b.Key.Strs[i]
	if c := s.cells[key]; c != nil {
		return c
	}
	c := &cell{group: w.group(b, i), acc: w.empty()}
	s.cells[strings.Clone(key)] = c
	return c
}

// span is the open window with that start, made if it is new.
func (w *windowed) span(start int64) *span {
	s := w.spans[start]
	if s == nil {
		s = &span{start, map[string]*cell{}}
		w.spans[start] = s
		at, _ := slices.BinarySearch(w.ends, start)
		w.ends = slices.Insert(w.ends, at, start)
	}
	w.last = s
	return s
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

// add takes row i into every aggregate of the group.
func (c *cell) add(aggs []aggregate, b *row.Batch, i int) {
	c.dirty = true
	at := place{b.Mark[i], b.Source, b.Seq[i]}
	for j := range aggs {
		a := &aggs[j]
		if a.filter != nil && !a.keep[i] || a.values != nil && a.values.IsNull(i) {
			continue
		}
		c.acc[j].add(a.values, i, at)
	}
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
	for len(w.ends) > 0 && w.ends[0]+w.spec.Size+w.grace <= wm {
		s := w.spans[w.ends[0]]
		if err := w.close(s, out); err != nil {
			return wm, err
		}
		delete(w.spans, s.start)
		w.ends, w.last = slices.Delete(w.ends, 0, 1), nil
	}
	if w.emit == plan.Current || wm < math.MinInt64+w.grace {
		return wm, nil
	}
	return wm - w.grace, nil
}

// close gives the rows of a window and forgets it.
func (w *windowed) close(s *span, out emit) error {
	keys := make([]string, 0, len(s.cells))
	for k := range s.cells {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	rows := emptyBatch(w.step.Schema)
	for _, k := range keys {
		if err := w.store.Delete(w.key(s.start, k)); err != nil {
			return err
		}
		if w.emit == plan.Current {
			continue
		}
		if err := w.give(&rows, s.start, k, s.cells[k]); err != nil {
			return err
		}
		// The last instant of the window: a window of the same size over these
		// rows holds them in the same span.
		end := s.start + w.spec.Size - 1
		rows.Time, rows.Mark, rows.Seq = append(rows.Time, end), append(rows.Mark, end), append(rows.Seq, w.nextID)
		w.nextID++
	}
	return out(&rows)
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
	if len(w.ends) == 0 {
		return noTime
	}
	return w.ends[len(w.ends)-1] + w.spec.Size + w.grace
}

// key is a cell's key in the store: start, then the group's key. Starts sort as numbers.
func (w *windowed) key(start int64, key string) []byte {
	w.buf = binary.BigEndian.AppendUint64(w.buf[:0], uint64(start)^1<<63)
	return append(w.buf, key...)
}

func (w *windowed) save() error {
	for _, start := range w.ends {
		for k, c := range w.spans[start].cells {
			if !c.dirty {
				continue
			}
			if err := w.store.Put(slices.Clone(w.key(start, k)), c.encode()); err != nil {
				return err
			}
			c.dirty = false
		}
	}
	return nil
}

func (c *cell) encode() []byte {
	out := appendBytes(nil, c.group)
	for _, a := range c.acc {
		out = a.append(out)
	}
	return out
}

func (w *windowed) load() error {
	return w.store.Scan(nil, func(key, value []byte) error {
		if len(key) < 8 {
			return fmt.Errorf("window key %x is shorter than 8 bytes", key)
		}
		c := &cell{acc: w.empty()}
		r := varints{b: value}
		c.group = slices.Clone(r.bytes())
		for _, a := range c.acc {
			a.read(&r)
		}
		if r.bad || len(r.b) != 0 {
			return fmt.Errorf("window entry %x does not decode: was the state written by another program?", key)
		}
		w.span(int64(binary.BigEndian.Uint64(key) ^ 1<<63)).cells[string(key[8:])] = c
		return nil
	})
}
