package exec

import (
	"encoding/binary"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// spans are stretches of time of one length, by their start.
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

// cell is one group in one span.
type cell struct {
	name  []byte // in the store
	group []byte // the group's columns, encoded
	acc   []accumulator
	dirty bool // changed since it was saved
	saved bool // in the store
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
		c.dirty = false
		if !c.saved {
			continue
		}
		if err := store.Delete(c.name); err != nil {
			return err
		}
	}
	delete(s.at, start)
	s.last = nil
	return nil
}

// name is a cell's key in the store: mark, start, then the group's key. Starts sort as numbers.
func (s *spans) name(start int64, key string) []byte {
	out := make([]byte, 1, 9+len(key))
	out[0] = s.mark
	return append(binary.BigEndian.AppendUint64(out, uint64(start)^1<<63), key...)
}

// parse reads what name wrote.
func (s *spans) parse(name []byte) (start int64, key string, ok bool) {
	if len(name) < 9 || name[0] != s.mark {
		return 0, "", false
	}
	return int64(binary.BigEndian.Uint64(name[1:]) ^ 1<<63), string(name[9:]), true
}

// add takes row i into every aggregate of the group.
func (c *cell) add(aggs []aggregate, b *row.Batch, i int) {
	at := place{b.Mark[i], b.Source, b.Seq[i]}
	for j := range aggs {
		a := &aggs[j]
		if a.filter != nil && !a.keep[i] || a.values != nil && a.values.IsNull(i) {
			continue
		}
		c.acc[j].add(a.values, i, at)
	}
}

// merge takes in all that another cell of the group has taken.
func (c *cell) merge(o *cell) {
	for j := range c.acc {
		c.acc[j].merge(o.acc[j])
	}
}

func (c *cell) encode() []byte {
	out := appendBytes(nil, c.group)
	for _, a := range c.acc {
		out = a.append(out)
	}
	return out
}

// decode reads what encode wrote, and says whether it could.
func (c *cell) decode(value []byte) bool {
	r := varints{b: value}
	c.group = slices.Clone(r.bytes())
	for _, a := range c.acc {
		a.read(&r)
	}
	return !r.bad && len(r.b) == 0
}
