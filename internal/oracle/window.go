package oracle

import (
	"cmp"
	"math"
	"math/big"
	"slices"
)

// Windows say how rows are cut and when windows give their rows. Times are in µs.
type Windows struct {
	Kind      string // "tumbling", "hopping", "sliding", "session", "count", "running"
	Size, Hop int64  // Size is the gap of sessions
	Grace     int64
	N         int    // rows of a "count"
	Emit      string // "final", "current", "each"
	Every     int64  // of "each"
	Zone      string // whose days windows are of; Size and Hop are multiples of 24 hours then
	By        Key
}

// instance is a window of one key with the rows that are in it.
type instance struct {
	start, end int64
	key        string
	rows       Log
	joined     Log  // of a session: the rows as its parts were joined, the earlier part first
	changed    bool // since the last tick
}

func (w Windows) aligned() bool { return w.Kind == "tumbling" || w.Kind == "hopping" }
func (w Windows) timed() bool   { return w.aligned() || w.Kind == "sliding" || w.Kind == "session" }

// Rows are what the windows give in each of n partitions, in order; with all, also what time alone would give yet.
func (w Windows) Rows(l Log, n int, all bool) [][]Row {
	out := make([][]Row, n)
	ordered := w.By.Released(l, n, all)
	for p := range n {
		wm := w.By.feeding(l, p).Time()
		if all {
			wm = math.MaxInt64
		}
		if w.Emit == "final" && (w.aligned() || w.Kind == "sliding") {
			out[p] = w.closed(w.By.In(l, p, n), wm)
			continue
		}
		r := &replay{Windows: w, now: never}
		for _, e := range ordered[p] {
			r.take(e)
		}
		r.move(wm)
		out[p] = r.out
	}
	return out
}

// onTime says whether a window takes a row.
func (w Windows) onTime(e *Event, start, end int64) bool {
	if w.Kind == "sliding" {
		return e.Time > start && e.Time <= end && e.Mark <= e.Time+w.Grace
	}
	return e.Time >= start && e.Time < end && e.Mark < end+w.Grace
}

// closed are the rows of windows that do not depend on the order of rows: every window that a row gives rise to, with
// every row that it takes.
func (w Windows) closed(in Log, wm int64) (out []Row) {
	var found []*instance
	for _, e := range in {
		key, _ := w.By.Of(e)
		for _, span := range w.spans(e.Time) {
			if w.onTime(e, span[0], span[1]) && !slices.ContainsFunc(found, func(i *instance) bool { return i.key == key && [2]int64{i.start, i.end} == span }) {
				found = append(found, &instance{start: span[0], end: span[1], key: key})
			}
		}
	}
	slices.SortFunc(found, func(a, b *instance) int {
		return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.start, b.start), cmp.Compare(a.key, b.key))
	})
	for _, i := range found {
		for _, e := range in {
			if key, _ := w.By.Of(e); key == i.key && w.onTime(e, i.start, i.end) {
				i.rows = append(i.rows, e)
			}
		}
		switch {
		case w.Kind == "sliding" && i.end+w.Grace < wm:
			out = append(out, w.row(i, i.end))
		case w.Kind != "sliding" && i.end+w.Grace <= wm:
			out = append(out, w.row(i, i.end-1))
		}
	}
	return out
}

// Late are the rows that no window takes, in each of n partitions as they come.
func (w Windows) Late(l Log, n int, all bool) [][]Row {
	out := make([][]Row, n)
	for p, events := range w.By.Released(l, n, all) {
		for _, e := range events {
			late := w.Kind == "session" && e.Time+w.Size+w.Grace <= e.Mark
			if w.aligned() || w.Kind == "sliding" {
				late = !slices.ContainsFunc(w.spans(e.Time), func(s [2]int64) bool { return w.onTime(e, s[0], s[1]) })
			}
			if late {
				key, _ := w.By.Of(e)
				out[p] = append(out[p], Row{key, map[string]any{"car": e.Column("car"), "gear": e.Column("gear"), "num": e.Column("num"), "speed": e.Column("speed"), "text": e.Column("text"), "ts": e.Time}})
			}
		}
	}
	return out
}

// spans are the windows that hold a time, the latest first: those that start at multiples of the hop, or the one that ends there.
func (w Windows) spans(t int64) (out [][2]int64) {
	if w.Kind == "sliding" {
		return [][2]int64{{t - w.Size, t}}
	}
	if w.Zone != "" {
		return w.days(t)
	}
	first, _ := new(big.Int).DivMod(big.NewInt(t-w.Size), big.NewInt(w.Hop), new(big.Int))
	for s := first.Int64() * w.Hop; s <= t; s += w.Hop {
		if t < s+w.Size {
			out = append(out, [2]int64{s, s + w.Size})
		}
	}
	slices.Reverse(out)
	return out
}

// replay takes rows one by one.
type replay struct {
	Windows
	now  int64
	open []*instance
	seen Log // rows that were on time, of a sliding window
	out  []Row
}

func (r *replay) take(e *Event) {
	r.move(e.Mark)
	for _, i := range r.homes(e) {
		if i.rows = append(i.rows, e); r.Kind == "sliding" {
			i.rows = r.within(i)
		}
		i.joined = append(i.joined, e)
		i.changed = true
		full := r.Kind == "count" && len(i.rows) == r.N
		switch {
		case full && r.Emit == "each":
			r.give(i, r.now)
		case full || r.Emit == "current":
			r.give(i, e.Time)
		}
		if full {
			r.drop(i)
		}
	}
}

// homes are the windows that a row goes to, with their spans as they are with it.
func (r *replay) homes(e *Event) (out []*instance) {
	key, _ := r.By.Of(e)
	switch r.Kind {
	case "tumbling", "hopping":
		for _, s := range r.spans(e.Time) {
			if r.onTime(e, s[0], s[1]) {
				out = append(out, r.find(key, s[0], s[1]))
			}
		}
	case "sliding":
		if e.Mark > e.Time+r.Grace {
			return nil
		}
		r.seen = append(r.seen, e)
		r.find(key, e.Time-r.Size, e.Time)
		for _, i := range r.open {
			if i.key == key && e.Time > i.start && e.Time <= i.end {
				out = append(out, i)
			}
		}
		slices.SortFunc(out, func(a, b *instance) int { return cmp.Compare(a.end, b.end) })
	case "session":
		if e.Time+r.Size+r.Grace <= e.Mark {
			return nil
		}
		out = append(out, r.session(key, e))
	default:
		i := r.find(key, 0, 0)
		if len(i.rows) == 0 {
			i.start, i.end = e.Time, e.Time
		}
		i.start, i.end = min(i.start, e.Time), max(i.end, e.Time)
		out = append(out, i)
	}
	return out
}

// find is the window of a key, made if there is none; the span tells those apart that are aligned.
func (r *replay) find(key string, start, end int64) *instance {
	for _, i := range r.open {
		if i.key == key && (!r.timed() || i.start == start && i.end == end) {
			return i
		}
	}
	r.open = append(r.open, &instance{start: start, end: end, key: key})
	return r.open[len(r.open)-1]
}

// session joins all open sessions within the gap of a row.
func (r *replay) session(key string, e *Event) *instance {
	all := &instance{start: e.Time, end: e.Time + r.Size, key: key}
	open := slices.Clone(r.open)
	slices.SortFunc(open, func(a, b *instance) int { return cmp.Compare(a.start, b.start) })
	for _, i := range open {
		if i.key == key && i.start < e.Time+r.Size && e.Time < i.end {
			all.start, all.end = min(all.start, i.start), max(all.end, i.end)
			all.rows, all.joined = append(all.rows, i.rows...), append(all.joined, i.joined...)
			r.drop(i)
		}
	}
	slices.SortFunc(all.rows, byPlace)
	r.open = append(r.open, all)
	return all
}

// within are the rows of a sliding window so far.
func (r *replay) within(i *instance) (out Log) {
	for _, e := range r.seen {
		if key, _ := r.By.Of(e); key == i.key && e.Time > i.start && e.Time <= i.end {
			out = append(out, e)
		}
	}
	return out
}

func (r *replay) drop(i *instance) {
	r.open = slices.DeleteFunc(r.open, func(o *instance) bool { return o == i })
}

func (r *replay) give(i *instance, at int64) {
	i.changed = false
	r.out = append(r.out, r.row(i, at))
}

// move lets time come to a mark: at each tick what changed is given, and windows close.
func (r *replay) move(to int64) {
	for {
		slices.SortFunc(r.open, func(a, b *instance) int {
			return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.start, b.start), cmp.Compare(a.key, b.key))
		})
		tick, closes := r.tick(), r.closes()
		switch {
		case tick <= min(to, closes) && tick < math.MaxInt64:
			r.now = tick
			for _, i := range r.open {
				if i.changed {
					r.give(i, tick)
				}
			}
		case closes <= to && closes < math.MaxInt64:
			r.close(closes)
		default:
			r.now = max(r.now, to)
			return
		}
	}
}

// tick is when something is given next by the clock.
func (r *replay) tick() int64 {
	if r.Emit != "each" || r.now == never || !slices.ContainsFunc(r.open, func(i *instance) bool { return i.changed }) {
		return math.MaxInt64
	}
	next, _ := new(big.Int).DivMod(big.NewInt(r.now), big.NewInt(r.Every), new(big.Int))
	return (next.Int64() + 1) * r.Every
}

// closes is when the first window closes. Time closes no sliding one, of which each tick gives what changed.
func (r *replay) closes() int64 {
	if !r.timed() || r.Kind == "sliding" || len(r.open) == 0 {
		return math.MaxInt64
	}
	return r.open[0].end + r.Grace
}

func (r *replay) close(at int64) {
	order := slices.Clone(r.open)
	slices.SortFunc(order, func(a, b *instance) int {
		return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.key, b.key), cmp.Compare(a.start, b.start))
	})
	for _, i := range order {
		if i.end+r.Grace != at {
			break
		}
		switch {
		case r.Emit == "each" && i.changed:
			r.give(i, at)
		case r.Emit == "final":
			r.give(i, i.end-r.Size)
		}
		r.drop(i)
	}
}
