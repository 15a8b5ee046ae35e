package exec

import (
	"encoding/binary"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// spans are stretches of time, by their start.
type spans struct {
	mark byte // in front of their names in the store
	at   map[int64]*span
	last *span // the one that was asked for last
}

// The marks of spans in the store.
const (
	paneMark  = 'p'
	aloneMark = 'w'
)

// span is the groups that have rows in a stretch of time.
type span struct {
	start int64
	cells map[string]*cell // by key
}

// cell is one group in one window, or in a part of it.
type cell struct {
	name       []byte // in the store
	key        string
	start, end int64  // of the window, µs
	rows       int64  // in a window of so many rows
	group      []byte // the group's columns, encoded
	acc        []accumulator
	dirty      bool // changed since it was saved
	saved      bool // in the store
	untold     bool // changed since the last tick
}

func newSpans(mark byte) spans { return spans{mark: mark, at: map[int64]*span{}} }

// get is the span with that start, and whether it was made now.
func (s *spans) get(start int64) (sp *span, fresh bool) {
	if s.last != nil && s.last.start == start {
		return s.last, false
	}
	sp = s.at[start]
	if fresh = sp == nil; fresh {
		sp = &span{start, map[string]*cell{}}
		s.at[start] = sp
	}
	s.last = sp
	return sp, fresh
}

// drop forgets a span, if there is one with that start.
func (s *spans) drop(start int64, store state.Store) error {
	sp := s.at[start]
	if sp == nil {
		return nil
	}
	for _, c := range sp.cells {
		if err := c.forget(store); err != nil {
			return err
		}
	}
	delete(s.at, start)
	s.last = nil
	return nil
}

// forget takes the cell out of the store, if it is there.
func (c *cell) forget(store state.Store) error {
	c.dirty, c.untold = false, false
	if !c.saved {
		return nil
	}
	c.saved = false
	return store.Delete(c.name)
}

// cellName is a cell's key in the store: mark, start, then the group's key. Starts sort as numbers.
func cellName(mark byte, start int64, key string) []byte {
	out := make([]byte, 1, 9+len(key))
	out[0] = mark
	return append(binary.BigEndian.AppendUint64(out, uint64(start)^1<<63), key...)
}

// parseCell reads what cellName wrote.
func parseCell(name []byte) (start int64, key string, ok bool) {
	if len(name) < 9 {
		return 0, "", false
	}
	return int64(binary.BigEndian.Uint64(name[1:]) ^ 1<<63), string(name[9:]), true
}

// add takes row i into every aggregate of the group.
func (c *cell) add(aggs []aggregate, b *row.Batch, i int) {
	at := placeOf(b, i)
	for j := range aggs {
		a := &aggs[j]
		if a.filter != nil && !a.keep[i] || a.values != nil && a.values.IsNull(i) {
			continue
		}
		c.acc[j].add(a.values, i, at)
	}
}

// placeOf is that of row i.
func placeOf(b *row.Batch, i int) place {
	return place{mark: b.Mark[i], source: b.Source, seq: b.Seq[i], time: b.Time[i]}
}

// merge takes in all that another cell of the group has taken.
func (c *cell) merge(o *cell) {
	for j := range c.acc {
		c.acc[j].merge(o.acc[j])
	}
}

// cut says whether an aggregate holds less than there was.
func (c *cell) cut() bool {
	return slices.ContainsFunc(c.acc, func(a accumulator) bool {
		b, ok := a.(bounded)
		return ok && b.cut()
	})
}

// encode is the cell as an entry of the store; with told, it says whether it waits for a tick.
func (c *cell) encode(told bool) []byte {
	out := appendBytes(nil, c.group)
	for _, a := range c.acc {
		out = a.append(out)
	}
	if told {
		out = append(out, flag(c.untold))
	}
	return out
}

// decode reads what encode wrote, and says whether it could.
func (c *cell) decode(value []byte, told bool) bool {
	r := varints{b: value}
	c.group = slices.Clone(r.bytes())
	for _, a := range c.acc {
		a.read(&r)
	}
	if told {
		c.untold = r.byte() == 1
	}
	return !r.bad && len(r.b) == 0
}

// dirt is the cells that changed since the last save.
type dirt struct{ cells []*cell }

func (d *dirt) add(c *cell) {
	if !c.dirty {
		c.dirty = true
		d.cells = append(d.cells, c)
	}
}

func (d *dirt) save(store state.Store, encode func(*cell) []byte) error {
	for _, c := range d.cells {
		if !c.dirty {
			continue // it closed
		}
		if err := store.Put(c.name, encode(c)); err != nil {
			return err
		}
		c.dirty, c.saved = false, true
	}
	d.cells = d.cells[:0]
	return nil
}
