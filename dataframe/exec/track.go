package exec

import (
	"slices"
)

// track is the rows of a key in order of time, and what is known of the window
// that was computed last: when windows are asked for in order of time, each row
// is added once and leaves once, however many windows hold it.
//
// That is a queue of two stacks: what came last is one sum, and of what came
// before there is for each row the sum from it up to there.
type track struct {
	rows   []*moment
	far    int64 // end of the window that is known; noTime: none
	before []sumFrom
	after  []accumulator
	late   []*moment // those in after
}

// sumFrom is the sum of the rows from a time on.
type sumFrom struct {
	time int64
	acc  []accumulator
}

func (t *track) put(m *moment) {
	at := len(t.rows)
	if at > 0 && byMoment(t.rows[at-1], m) > 0 {
		at, _ = slices.BinarySearchFunc(t.rows, m, byMoment)
	}
	t.rows = slices.Insert(t.rows, at, m)
	if m.end <= t.far {
		t.far = noTime // what is known lacks the row
	}
}

// from is the place of the first row after a time.
func (t *track) from(time int64) int {
	at, _ := slices.BinarySearchFunc(t.rows, time, func(m *moment, time int64) int {
		if m.end <= time {
			return -1
		}
		return 1
	})
	return at
}

// windows are those that end in [from, to), each by the first row of its time.
func (t *track) windows(from, to int64) []*moment {
	var out []*moment
	for _, m := range t.rows[t.from(from-1):] {
		if m.end >= to {
			break
		}
		if len(out) == 0 || out[len(out)-1].end != m.end {
			out = append(out, m)
		}
	}
	return out
}

// sum adds the rows of window c to it. Aggregates that are not small, or that
// round, are added row by row.
func (t *track) sum(c *cell, small bool, empty func() []accumulator) {
	if !small || c.end < t.far {
		for _, m := range t.rows[t.from(c.start):t.from(c.end)] {
			c.merge(&m.cell)
		}
		return
	}
	if t.far == noTime {
		t.before, t.late, t.after = nil, nil, empty()
		t.far = c.start
	}
	for _, m := range t.rows[t.from(t.far):t.from(c.end)] {
		t.late = append(t.late, m)
		mergeAll(t.after, m.acc)
	}
	t.far = c.end
	t.leave(c.start, empty)
	if n := len(t.before); n > 0 {
		mergeAll(c.acc, t.before[n-1].acc)
	}
	mergeAll(c.acc, t.after)
}

// leave lets go of rows up to a time.
func (t *track) leave(to int64, empty func() []accumulator) {
	for len(t.before) > 0 && t.before[len(t.before)-1].time <= to {
		t.before = t.before[:len(t.before)-1]
	}
	if len(t.before) > 0 || len(t.late) == 0 || t.late[0].end > to {
		return
	}
	sum := empty()
	for _, m := range slices.Backward(t.late) {
		if m.end <= to {
			break
		}
		next := empty()
		mergeAll(next, m.acc)
		mergeAll(next, sum)
		t.before, sum = append(t.before, sumFrom{m.end, next}), next
	}
	t.late, t.after = nil, empty()
}

func mergeAll(to, from []accumulator) {
	for i := range to {
		to[i].merge(from[i])
	}
}
