package exec

import (
	"container/heap"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// concat gives the rows of several inputs. If what comes after it depends on
// their order, it merges them by mark, input and number, which is the same
// whatever the interleaving: a row waits until no other input can give one that
// sorts before it. Else they go on as they come. Either way they know which
// stream of which input they are from, for aggregates that are kept apart by it.
type concat struct {
	step   *plan.Step
	in     []*node // the inputs
	from   [][]int // by input: the place of each column, or -1
	merges bool
	width  int // sources that an input has at most
	store  state.Store
	next   []int64 // by input: the number of its next row
	wait   queue
}

func newConcat(s *plan.Step, merges bool, width int, store state.Store) *concat {
	c := &concat{step: s, merges: merges, width: width, store: store, next: make([]int64, len(s.In))}
	for _, before := range s.In {
		var from []int
		for _, n := range s.Schema.Names() {
			from = append(from, before.Schema.Index(n))
		}
		c.from = append(c.from, from)
	}
	return c
}

func (c *concat) numbers() []*int64 {
	out := make([]*int64, len(c.next))
	for i := range c.next {
		out[i] = &c.next[i]
	}
	return out
}

func (c *concat) process(in int, b *row.Batch, out emit) error {
	b, err := c.alike(in, b)
	if err != nil {
		return err
	}
	b.Source += in * c.width
	if !c.merges {
		return out(b)
	}
	for i := range b.Len() {
		heap.Push(&c.wait, c.hold(in, b, i))
	}
	return nil
}

// alike is the rows of an input with the columns of the result.
func (c *concat) alike(in int, b *row.Batch) (*row.Batch, error) {
	cols := make([]row.Vec, c.step.Schema.Len())
	for i, at := range c.from[in] {
		kind := c.step.Schema.At(i).Kind
		if at >= 0 && b.Cols[at].Kind == kind {
			cols[i] = b.Cols[at]
			continue
		}
		cols[i] = row.MakeVec(kind, b.Len())
		for k := range b.Len() {
			var v any
			if at >= 0 {
				v = b.Cols[at].Value(k)
			}
			if err := cols[i].Set(k, v); err != nil {
				return nil, fmt.Errorf("column %q %w", c.step.Schema.At(i).Name, err)
			}
		}
	}
	return b.WithCols(c.step.Schema, cols), nil
}

// keep is what a row that waits has of its record: where it lies, so that a later step can name it and see that it lies as its key says.
func (c *concat) keep() plan.Keep { return c.step.Keep | plan.KeepPlace }

// hold copies row i of an input, with its key and what is kept of its record.
func (c *concat) hold(in int, b *row.Batch, i int) *held {
	h := &held{at: place{mark: b.Mark[i], source: in, seq: c.next[in], time: b.Time[i]}, time: b.Time[i]}
	c.next[in]++
	has := byte(0)
	if !b.Key.IsNull(i) && b.Key.Len() > 0 {
		h.key, has = strings.Clone(b.Key.Strs[i]), 1
	}
	h.row = binary.AppendUvarint(append(h.row, has), uint64(b.Source))
	h.row = row.AppendRow(appendRecord(h.row, b.Record(i), c.keep()), b, i)
	return h
}

// advance gives the rows that nothing can come before any more.
func (c *concat) advance(wm int64, out emit) (int64, error) {
	if err := c.give(wm, out); err != nil {
		return wm, err
	}
	if len(c.wait) > 0 {
		return min(wm, c.wait[0].at.mark), nil
	}
	return wm, nil
}

// give gives the rows that are free, those of one source that follow each other as a batch.
func (c *concat) give(wm int64, out emit) error {
	rows := emptyBatch(c.step.Schema)
	for len(c.wait) > 0 && c.free(c.wait[0].at, wm) {
		h := heap.Pop(&c.wait).(*held)
		if err := h.forget(c.store, 'c'); err != nil {
			return err
		}
		r := varints{b: h.row}
		has, source := r.byte(), int(r.uvarint())
		if rows.Len() > 0 && source != rows.Source {
			if err := out(&rows); err != nil {
				return err
			}
			rows = emptyBatch(c.step.Schema)
		}
		rows.Source = source
		if err := c.release(h, has, r, &rows); err != nil {
			return err
		}
	}
	return out(&rows)
}

// release appends a row that waited to a batch.
func (c *concat) release(h *held, has byte, r varints, b *row.Batch) error {
	if err := h.decode(r, b, c.keep()); err != nil {
		return err
	}
	b.Time, b.Mark, b.Seq = append(b.Time, h.time), append(b.Mark, h.at.mark), append(b.Seq, h.at.seq)
	var key any
	if has&1 != 0 {
		key = h.key
	}
	return b.Key.Append(key)
}

// free says whether no other input can give a row that sorts before this place.
func (c *concat) free(at place, wm int64) bool {
	if at.mark < wm {
		return true
	}
	for i, n := range c.in {
		if i == at.source || n.rests() || n.wm > at.mark || n.wm == at.mark && i > at.source {
			continue
		}
		return false
	}
	return true
}

// drain gives all rows that wait, in their order: nothing comes any more.
func (c *concat) drain(out emit) error {
	_, err := c.advance(math.MaxInt64, out)
	return err
}

func (c *concat) horizon() int64 {
	end := int64(noTime)
	for _, h := range c.wait {
		end = max(end, h.at.mark+1)
	}
	return end
}

func (c *concat) save() error {
	for _, h := range c.wait {
		if err := h.save(c.store, 'c'); err != nil {
			return err
		}
	}
	return nil
}

func (c *concat) load() error {
	return c.store.Scan([]byte{'c'}, func(key, value []byte) error {
		h, err := decodeHeld(key, value)
		if err == nil {
			heap.Push(&c.wait, h)
		}
		return err
	})
}
