package exec

import (
	"container/heap"
	"math"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// ordered brings the rows of several writers into one order, by mark, writer
// and number, which is the same whatever the interleaving: it merges streams
// that are each sorted by mark. A row waits until no other writer can give one
// that sorts before it.
type ordered struct {
	step    *plan.Step // whose rows it orders
	store   state.Store
	sources []*source // the writers
	wait    queue
}

// queue is a heap of held rows, the first by place on top.
type queue []*held

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return byPlace(q[i], q[j]) < 0 }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(*held)) }

func (q *queue) Pop() any {
	last := len(*q) - 1
	h := (*q)[last]
	*q = (*q)[:last]
	return h
}

func (o *ordered) process(_ int, b *row.Batch, _ emit) error {
	for i := range b.Len() {
		if !b.Key.IsNull(i) {
			heap.Push(&o.wait, hold(b, i, o.step.Keep))
		}
	}
	return nil
}

// advance gives the rows that nothing can come before any more.
func (o *ordered) advance(wm int64, out emit) (int64, error) {
	for len(o.wait) > 0 && o.free(o.wait[0].at, wm) {
		if err := o.give(wm, out); err != nil {
			return wm, err
		}
	}
	if len(o.wait) > 0 {
		return min(wm, o.wait[0].at.mark), nil
	}
	return wm, nil
}

// give gives the waiting rows of one writer that come first, as a batch.
func (o *ordered) give(wm int64, out emit) error {
	rows := emptyBatch(o.step.Schema)
	rows.Source = o.wait[0].at.source
	for len(o.wait) > 0 && o.wait[0].at.source == rows.Source && o.free(o.wait[0].at, wm) {
		h := heap.Pop(&o.wait).(*held)
		if err := h.forget(o.store, 'o'); err != nil {
			return err
		}
		if err := h.give(&rows, o.step.Keep); err != nil {
			return err
		}
		rows.Mark, rows.Seq = append(rows.Mark, h.at.mark), append(rows.Seq, h.at.seq)
	}
	return out(&rows)
}

// free says whether no other writer can give a row that sorts before this
// place. Time may have been moved on for writers that are all idle.
func (o *ordered) free(at place, wm int64) bool {
	if at.mark < wm {
		return true
	}
	for _, s := range o.sources {
		if s.id == at.source || s.idle || s.mark > at.mark || s.mark == at.mark && s.id > at.source {
			continue
		}
		return false
	}
	return true
}

// drain gives all rows that wait, in their order: nothing comes any more.
func (o *ordered) drain(out emit) error {
	_, err := o.advance(math.MaxInt64, out)
	return err
}

func (o *ordered) horizon() int64 {
	end := int64(noTime)
	for _, h := range o.wait {
		end = max(end, h.at.mark+1)
	}
	return end
}

func (o *ordered) save() error {
	for _, h := range o.wait {
		if err := h.save(o.store, 'o'); err != nil {
			return err
		}
	}
	return nil
}

func (o *ordered) load() error {
	return o.store.Scan([]byte{'o'}, func(key, value []byte) error {
		h, err := decodeHeld(key, value)
		if err == nil {
			heap.Push(&o.wait, h)
		}
		return err
	})
}
