package exec

import (
	"slices"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// joined joins each row of its first input with rows of its second that are of
// the same key and lie in a span of time around it: with one of them, or with all.
//
// A row of either side is late by its own mark, beyond the grace; a row of the
// first side waits until the time of both sides is beyond its span by the grace.
// Then no row can come that is its partner, so what it finds does not depend on
// which side was read first.
type joined struct {
	task   *Task
	step   *plan.Step
	store  state.Store
	left   *row.Schema
	right  *row.Schema
	taken  []int // places of the second side's columns that the join adds
	from   int64 // where the span of a row begins, from its time; below zero is before it
	to     int64 // where it ends
	ahead  int64 // how far it reaches beyond the row
	grace  int64
	outer  bool                                // rows without a partner are kept
	choose func(h *held, rows []*held) []*held // of those in the span, in order of time

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

func newJoined(t *Task, s *plan.Step, store state.Store) *joined {
	op, spans := plan.Joined(s.Op), s.Op.(plan.Spanning)
	from, to := spans.Span()
	a := &joined{
		task: t, step: s, store: store, left: s.In[0].Schema, right: s.In[1].Schema, choose: choice(s.Op),
		from: from.Microseconds(), to: to.Microseconds(), ahead: max(to, 0).Microseconds(), grace: op.Grace.Microseconds(),
		outer: op.Left, history: map[string][]*held{},
	}
	a.taken = op.Taken(a.right)
	a.rows, a.partners = emptyBatch(a.left), emptyBatch(a.right)
	return a
}

// choice is which of the rows in its span a row is joined with.
func choice(op plan.Op) func(h *held, rows []*held) []*held {
	a, ok := op.(*plan.AsOf)
	switch {
	case !ok:
		return every
	case a.Toward == plan.Forward:
		return first
	case a.Toward == plan.Nearest:
		return nearest
	}
	return last
}

// every takes all partners.
func every(_ *held, rows []*held) []*held { return rows }

// last takes the latest, of several at one time the one that came last.
func last(_ *held, rows []*held) []*held { return rows[len(rows)-1:] }

// first takes the earliest, of several at one time the one that came last.
func first(_ *held, rows []*held) []*held {
	n := 1
	for n < len(rows) && rows[n].time == rows[0].time {
		n++
	}
	return rows[n-1 : n]
}

// nearest takes the one nearest in time, of two as near the earlier.
func nearest(h *held, rows []*held) []*held {
	at, _ := slices.BinarySearchFunc(rows, h.time, after)
	if at > 0 && (at == len(rows) || h.time-rows[at-1].time <= rows[at].time-h.time) {
		return last(h, rows[:at])
	}
	return first(h, rows[at:])
}

// after finds the first row that is later than a time.
func after(r *held, t int64) int {
	if r.time <= t {
		return -1
	}
	return 1
}

// The sides, as prefixes in the store.
const (
	leftSide  = 'l'
	rightSide = 'r'
)

func (a *joined) process(in int, b *row.Batch, _ emit) error {
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
func (a *joined) remember(h *held) {
	rows := a.history[h.key]
	at, _ := slices.BinarySearchFunc(rows, h, byTime)
	a.history[h.key] = slices.Insert(rows, at, h)
	a.oldest.push(h)
}

// advance gives the rows whose partners are certain, in order of time.
func (a *joined) advance(wm int64, out emit) (int64, error) {
	if wm < noTime+a.grace+a.ahead-min(a.from, 0) {
		return wm, nil
	}
	empty(&a.rows)
	empty(&a.partners)
	for len(a.wait) > 0 && a.wait[0].time+a.grace+a.ahead < wm {
		h := a.wait.pop()
		if err := a.match(h); err != nil {
			return wm, err
		}
	}
	if err := a.evict(wm - a.grace - a.ahead + a.from); err != nil {
		return wm, err
	}
	return wm - a.grace - a.ahead, out(a.beside())
}

// match appends a row once for each of its partners, or with nulls if there is none and the join keeps such rows.
func (a *joined) match(h *held) error {
	if err := h.forget(a.store, leftSide); err != nil {
		return err
	}
	partners := a.partnersOf(h)
	if len(partners) == 0 && a.outer {
		partners = []*held{nil}
	}
	for _, p := range partners {
		if err := a.pair(h, p); err != nil {
			return err
		}
	}
	return nil
}

// pair appends a row and a partner of it, or nulls.
func (a *joined) pair(h, p *held) error {
	if err := h.give(&a.rows, false); err != nil {
		return err
	}
	a.rows.Mark, a.rows.Seq = append(a.rows.Mark, h.time), append(a.rows.Seq, a.nextID)
	a.nextID++
	if p != nil {
		return p.give(&a.partners, false)
	}
	for i := range a.partners.Cols {
		if err := a.partners.Cols[i].Append(nil); err != nil {
			return err
		}
	}
	return nil
}

// partnersOf are the rows of the second side that h is joined with.
func (a *joined) partnersOf(h *held) []*held {
	rows := a.history[h.key]
	end, _ := slices.BinarySearchFunc(rows, h.time+a.to, after)
	begin, _ := slices.BinarySearchFunc(rows[:end], h.time+a.from-1, after)
	if begin == end {
		return nil
	}
	return a.choose(h, rows[begin:end])
}

// evict forgets rows of the second side that are too old for any row to come.
func (a *joined) evict(before int64) error {
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

// beside puts the partners' columns beside the rows'.
func (a *joined) beside() *row.Batch {
	cols := append([]row.Vec(nil), a.rows.Cols...)
	for _, c := range a.taken {
		cols = append(cols, a.partners.Cols[c])
	}
	return a.rows.WithCols(a.step.Schema, cols)
}

func (a *joined) horizon() int64 {
	end := int64(noTime)
	for _, h := range a.wait {
		end = max(end, h.time+a.grace+a.ahead+1)
	}
	return end
}

func (a *joined) save() error {
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

func (a *joined) load() error {
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
