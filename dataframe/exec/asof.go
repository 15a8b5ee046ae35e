package exec

import (
	"slices"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// asof joins each row of its first input with the latest row of its second
// that is of the same key and not later.
//
// A row of either side is late by its own mark, beyond the grace; a row of the
// first side waits until the time of both sides is beyond its own by the grace.
// Then no row can come that changes its partner, so what it finds does not
// depend on which side was read first.
type asof struct {
	task   *Task
	step   *plan.Step
	store  state.Store
	left   *row.Schema
	right  *row.Schema
	taken  []int // places of the second side's columns that the join adds
	within int64
	grace  int64
	outer  bool // rows without a partner are kept

	wait    timeline           // of the first side
	history map[string][]*held // of the second, by key, in order of time
	oldest  timeline           // the same rows
	nextID  int64

	rows, partners row.Batch // that are given
}

// timeline is rows in order of time, for rows that mostly come in that order.
type timeline []*held

func (t *timeline) push(h *held) {
	rows := *t
	if n := len(rows); n == 0 || byTime(rows[n-1], h) <= 0 {
		*t = append(rows, h)
		return
	}
	at, _ := slices.BinarySearchFunc(rows, h, byTime)
	*t = slices.Insert(rows, at, h)
}

// pop takes the earliest.
func (t *timeline) pop() *held {
	h := (*t)[0]
	(*t)[0] = nil
	*t = (*t)[1:]
	return h
}

func newAsof(t *Task, s *plan.Step, store state.Store) *asof {
	op := s.Op.(*plan.AsOf)
	a := &asof{
		task: t, step: s, store: store, left: s.In[0].Schema, right: s.In[1].Schema,
		within: op.Within.Microseconds(), grace: op.Grace.Microseconds(), outer: op.Left,
		history: map[string][]*held{},
	}
	a.taken = op.Taken(a.right)
	a.rows, a.partners = emptyBatch(a.left), emptyBatch(a.right)
	return a
}

// The sides, as prefixes in the store.
const (
	leftSide  = 'l'
	rightSide = 'r'
)

func (a *asof) process(in int, b *row.Batch, _ emit) error {
	for i := range b.Len() {
		switch {
		case b.Key.IsNull(i):
			a.task.Counts.NullKey[a.step.ID]++
		case b.Time[i]+a.grace < b.Mark[i]:
			a.task.Counts.Late[a.step.ID]++
		case in == 0:
			a.wait.push(hold(b, i, false))
		default:
			a.remember(hold(b, i, false))
		}
	}
	return nil
}

// remember puts a row of the second side in its place.
func (a *asof) remember(h *held) {
	rows := a.history[h.key]
	at, _ := slices.BinarySearchFunc(rows, h, byTime)
	a.history[h.key] = slices.Insert(rows, at, h)
	a.oldest.push(h)
}

// advance gives the rows whose partner is certain, in order of time.
func (a *asof) advance(wm int64, out emit) (int64, error) {
	if wm < noTime+a.grace+a.within {
		return wm, nil
	}
	rows, partners := &a.rows, &a.partners
	empty(rows)
	empty(partners)
	for len(a.wait) > 0 && a.wait[0].time+a.grace < wm {
		h := a.wait.pop()
		if err := a.match(h, rows, partners); err != nil {
			return wm, err
		}
	}
	if err := a.evict(wm - a.grace - a.within); err != nil {
		return wm, err
	}
	return wm - a.grace, out(a.join(rows, partners))
}

// match appends a row and its partner, which is null if there is none and the join keeps such rows.
func (a *asof) match(h *held, rows, partners *row.Batch) error {
	if err := h.forget(a.store, leftSide); err != nil {
		return err
	}
	p := a.partner(h)
	if p == nil && !a.outer {
		return nil
	}
	if err := h.give(rows, false); err != nil {
		return err
	}
	rows.Mark, rows.Seq = append(rows.Mark, h.time), append(rows.Seq, a.nextID)
	a.nextID++
	if p != nil {
		return p.give(partners, false)
	}
	for i := range partners.Cols {
		if err := partners.Cols[i].Append(nil); err != nil {
			return err
		}
	}
	return nil
}

// partner is the latest row of the second side that is not after h, and not older than within; or nil.
func (a *asof) partner(h *held) *held {
	rows := a.history[h.key]
	// The first row after h's time: all at its time or before are below.
	at, _ := slices.BinarySearchFunc(rows, h.time, func(r *held, t int64) int {
		if r.time <= t {
			return -1
		}
		return 1
	})
	if at == 0 || rows[at-1].time < h.time-a.within {
		return nil
	}
	return rows[at-1]
}

// evict forgets rows of the second side that are too old for any row to come.
func (a *asof) evict(before int64) error {
	for len(a.oldest) > 0 && a.oldest[0].time < before {
		h := a.oldest.pop()
		if err := h.forget(a.store, rightSide); err != nil {
			return err
		}
		if rows := a.history[h.key][1:]; len(rows) > 0 {
			a.history[h.key] = rows
		} else {
			delete(a.history, h.key)
		}
	}
	return nil
}

// join puts the partners' columns beside the rows'.
func (a *asof) join(rows, partners *row.Batch) *row.Batch {
	cols := append([]row.Vec(nil), rows.Cols...)
	for _, c := range a.taken {
		cols = append(cols, partners.Cols[c])
	}
	return rows.WithCols(a.step.Schema, cols)
}

func (a *asof) horizon() int64 {
	end := int64(noTime)
	for _, h := range a.wait {
		end = max(end, h.time+a.grace+1)
	}
	return end
}

func (a *asof) save() error {
	for _, h := range a.wait {
		if err := h.save(a.store, leftSide); err != nil {
			return err
		}
	}
	for _, h := range a.oldest {
		if err := h.save(a.store, rightSide); err != nil {
			return err
		}
	}
	return nil
}

func (a *asof) load() error {
	err := a.store.Scan([]byte{leftSide}, func(key, value []byte) error {
		h, err := decodeHeld(key, value)
		if err == nil {
			a.wait.push(h)
		}
		return err
	})
	if err != nil {
		return err
	}
	return a.store.Scan([]byte{rightSide}, func(key, value []byte) error {
		h, err := decodeHeld(key, value)
		if err == nil {
			a.remember(h)
		}
		return err
	})
}
