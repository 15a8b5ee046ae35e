package exec

import (
	"slices"
	"strings"

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
	taken  []int // places of the second side's columns that the join adds
	from   int64 // where the span of a row begins, from its time; below zero is before it
	to     int64 // where it ends
	ahead  int64 // how far it reaches beyond the row
	grace  int64
	outer  bool                                              // rows without a partner are kept
	choose func(a *joined, time int64, rows []int32) []int32 // of those in the span, in order of time

	waits   *shelf             // the first side
	wait    []int32            // its rows, in order of time
	past    *shelf             // the second
	oldest  []int32            // its rows, in order of time
	history map[string]*series // the same rows, by key; and keys of rows that wait
	nextID  int64

	pairs   [2][]int32 // rows that belong together, to be given
	given   row.Batch
	columns []row.Vec
}

func newJoined(t *Task, s *plan.Step, store state.Store) *joined {
	op, spans := plan.Joined(s.Op), s.Op.(plan.Spanning)
	from, to := spans.Span()
	a := &joined{
		task: t, step: s, store: store, choose: choice(s.Op),
		from: from.Microseconds(), to: to.Microseconds(), ahead: max(to, 0).Microseconds(), grace: op.Grace.Microseconds(),
		outer: op.Left, history: map[string]*series{}, waits: newShelf(s.In[0].Schema, leftSide, s.In[0].Keep), past: newShelf(s.In[1].Schema, rightSide, 0),
	}
	a.taken = op.Taken(s.In[1].Schema)
	a.columns = make([]row.Vec, s.In[0].Schema.Len()+len(a.taken))
	return a
}

// choice is which of the rows in its span a row is joined with.
func choice(op plan.Op) func(a *joined, time int64, rows []int32) []int32 {
	a, ok := op.(*plan.AsOf)
	switch {
	case !ok:
		return (*joined).every
	case a.Toward == plan.Forward:
		return (*joined).first
	case a.Toward == plan.Nearest:
		return (*joined).nearest
	}
	return (*joined).last
}

// every takes all partners.
func (*joined) every(_ int64, rows []int32) []int32 { return rows }

// last takes the latest, of several at one time the one that came last.
func (*joined) last(_ int64, rows []int32) []int32 { return rows[len(rows)-1:] }

// first takes the earliest, of several at one time the one that came last.
func (a *joined) first(_ int64, rows []int32) []int32 {
	times, n := a.past.rows.Time, 1
	for n < len(rows) && times[rows[n]] == times[rows[0]] {
		n++
	}
	return rows[n-1 : n]
}

// nearest takes the one nearest in time, of two as near the earlier.
func (a *joined) nearest(time int64, rows []int32) []int32 {
	times, at := a.past.rows.Time, a.after(time, rows)
	if at > 0 && (at == len(rows) || time-times[rows[at-1]] <= times[rows[at]]-time) {
		return a.last(time, rows[:at])
	}
	return a.first(time, rows[at:])
}

// after finds the first row of the second side that is later than a time.
func (a *joined) after(time int64, rows []int32) int {
	times := a.past.rows.Time
	at, _ := slices.BinarySearchFunc(rows, time, func(r int32, t int64) int {
		if times[r] <= t {
			return -1
		}
		return 1
	})
	return at
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
			at, err := a.waits.put(b, i, a.series(b.Key.Strs[i]))
			if err != nil {
				return err
			}
			a.wait = a.waits.insert(a.wait, at)
		default:
			at, err := a.past.put(b, i, a.series(b.Key.Strs[i]))
			if err != nil {
				return err
			}
			a.remember(at)
		}
	}
	return nil
}

// series is that of a key, made if it is new.
func (a *joined) series(key string) *series {
	s := a.history[key]
	if s == nil {
		s = &series{key: strings.Clone(key)}
		a.history[s.key] = s
	}
	return s
}

// remember puts a row of the second side in its place.
func (a *joined) remember(i int32) {
	of := a.past.of[i]
	of.rows = a.past.insert(of.rows, i)
	a.oldest = a.past.insert(a.oldest, i)
}

// advance gives the rows whose partners are certain, in order of time.
func (a *joined) advance(wm int64, out emit) (int64, error) {
	if wm < noTime+a.grace+a.ahead-min(a.from, 0) {
		return wm, nil
	}
	for len(a.wait) > 0 && a.waits.rows.Time[a.wait[0]]+a.grace+a.ahead < wm {
		i := a.wait[0]
		a.wait = a.wait[1:]
		a.match(i)
		if err := a.release(a.waits, i); err != nil {
			return wm, err
		}
		if len(a.pairs[0]) >= batchRows {
			if err := a.give(out); err != nil {
				return wm, err
			}
		}
	}
	if err := a.give(out); err != nil {
		return wm, err
	}
	if err := a.evict(wm - a.grace - a.ahead + a.from); err != nil {
		return wm, err
	}
	a.tidy()
	return wm - a.grace - a.ahead, nil
}

// match pairs a row with each of its partners, or with none if the join keeps such rows.
func (a *joined) match(i int32) {
	partners := a.partnersOf(i)
	if len(partners) == 0 && a.outer {
		partners = []int32{-1}
	}
	for _, p := range partners {
		a.pairs[0], a.pairs[1] = append(a.pairs[0], i), append(a.pairs[1], p)
	}
}

// partnersOf are the rows of the second side that a row of the first is joined with.
func (a *joined) partnersOf(i int32) []int32 {
	time, rows := a.waits.rows.Time[i], a.waits.of[i].rows
	rows = rows[:a.after(time+a.to, rows)]
	if rows = rows[a.after(time+a.from-1, rows):]; len(rows) == 0 {
		return nil
	}
	return a.choose(a, time, rows)
}

// give gives the pairs, as rows.
func (a *joined) give(out emit) error {
	rows, partners := a.pairs[0], a.pairs[1]
	left := len(a.waits.rows.Cols)
	for c := range left {
		a.columns[c].Take(&a.waits.rows.Cols[c], rows)
	}
	for k, c := range a.taken {
		a.columns[left+k].Take(&a.past.rows.Cols[c], partners)
	}
	b := &a.given
	b.Schema, b.Cols = a.step.Schema, a.columns
	b.Key.Kind = row.String
	b.Key.Resize(len(rows))
	b.Time, b.Seq = sized(b.Time, len(rows)), sized(b.Seq, len(rows))
	for k, i := range rows {
		b.Time[k], b.Key.Strs[k], b.Seq[k] = a.waits.rows.Time[i], a.waits.of[i].key, a.nextID
		a.nextID++
	}
	b.Mark = b.Time
	a.waits.origins(rows, b)
	a.pairs[0], a.pairs[1] = rows[:0], partners[:0]
	return out(b)
}

// release lets go of a row of either side, and of its key with the last one.
func (a *joined) release(s *shelf, i int32) error {
	if of := s.of[i]; of.uses == 1 {
		delete(a.history, of.key)
	}
	return s.forget(i, a.store)
}

// evict forgets rows of the second side that are too old for any row to come.
func (a *joined) evict(before int64) error {
	for len(a.oldest) > 0 && a.past.rows.Time[a.oldest[0]] < before {
		i := a.oldest[0]
		a.oldest = a.oldest[1:]
		a.past.of[i].rows = a.past.of[i].rows[1:]
		if err := a.release(a.past, i); err != nil {
			return err
		}
	}
	return nil
}

// tidy makes room on the shelves.
func (a *joined) tidy() {
	a.waits.tidy(a.wait)
	moved := a.past.tidy(a.oldest)
	if moved == nil {
		return
	}
	for _, of := range a.history {
		for k, i := range of.rows {
			of.rows[k] = moved[i]
		}
	}
}

func (a *joined) horizon() int64 {
	end := int64(noTime)
	if n := len(a.wait); n > 0 {
		end = a.waits.rows.Time[a.wait[n-1]] + a.grace + a.ahead + 1
	}
	return end
}

func (a *joined) save() error {
	if err := a.waits.save(a.wait, a.store); err != nil {
		return err
	}
	return a.past.save(a.oldest, a.store)
}

func (a *joined) load() error {
	err := a.scan(a.waits, func(i int32) { a.wait = a.waits.insert(a.wait, i) })
	if err != nil {
		return err
	}
	return a.scan(a.past, a.remember)
}

// scan brings back the rows of a side.
func (a *joined) scan(s *shelf, add func(int32)) error {
	return a.store.Scan([]byte{s.prefix}, func(key, value []byte) error {
		h, err := decodeHeld(key, value)
		if err != nil {
			return err
		}
		i, err := s.take(h, a.series(h.key))
		if err == nil {
			add(i)
		}
		return err
	})
}
