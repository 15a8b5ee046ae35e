package dataframe

import (
	"fmt"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/window"
)

// Tumbling cuts time into windows of one size, back to back.
func (g Group) Tumbling(size string) Windowed {
	return g.timed("Tumbling", window.NewTumbling, size)
}

// Hopping cuts time into windows of one size that start every hop and overlap.
func (g Group) Hopping(size, hop string) Windowed {
	h, err := ParseDuration(hop)
	if err != nil {
		return Windowed{frame: g.frame.fail("Hopping", hop, err)}
	}
	return g.timed("Hopping", func(d time.Duration) (window.Spec, error) { return window.NewHopping(d, h) }, size)
}

// Sliding gives each row's window: the rows of its key from so long before it,
// that moment left out, up to its own time. Rows of one time have one window.
func (g Group) Sliding(size string) Windowed {
	return g.timed("Sliding", window.NewSliding, size)
}

// Session gives windows of the rows that follow each other: one ends when none came for the gap.
func (g Group) Session(gap string) Windowed {
	return g.timed("Session", window.NewSession, gap)
}

// EveryN gives windows of n rows, in the order in which they come; their span is from the earliest of them to the latest.
func (g Group) EveryN(n int) Windowed {
	spec, err := window.NewCount(n)
	return g.windowed("EveryN", "", spec, err)
}

// Running aggregates all rows so far. Its rows have no span of time, and come after each row, or as Emit(Each("1s")) says.
func (g Group) Running() Windowed {
	w := g.windowed("Running", "", window.NewRunning(), nil)
	w.op.Emit = plan.Current
	return w
}

// timed are windows by a span of time.
func (g Group) timed(op string, spec func(time.Duration) (window.Spec, error), text string) Windowed {
	d, err := ParseDuration(text)
	if err != nil {
		return Windowed{frame: g.frame.fail(op, text, err)}
	}
	s, err := spec(d)
	return g.windowed(op, text, s, err)
}

func (g Group) windowed(op, text string, spec window.Spec, err error) Windowed {
	if err != nil {
		return Windowed{frame: g.frame.fail(op, text, err)}
	}
	return Windowed{frame: g.frame, op: plan.Window{Spec: spec, Keys: g.keys, TTL: g.ttl}}
}

// Windowed is a group cut into windows, on the way to its aggregates.
type Windowed struct {
	frame Frame
	op    plan.Window
}

// fail is the windows with an error, if they have none yet.
func (w Windowed) fail(op, text string, err error) Windowed {
	w.frame = w.frame.fail(op, text, err)
	return w
}

// Emit says when a window gives its row; see [Each] for the third way.
type Emit string

// When a window gives its row.
const (
	Final   Emit = "final"   // once, when it closes; the default
	Current Emit = "current" // after each row that it takes
)

// Each gives a window's row at the ticks of event time, such as each second:
// at each after which the window changed, and when it closes if it changed since.
func Each(d string) Emit { return Emit("each:" + d) }

// Emit says when the windows give their rows: Final, Current or Each("1s").
func (w Windowed) Emit(e Emit) Windowed {
	text, periodic := strings.CutPrefix(string(e), "each:")
	switch {
	case periodic:
		d, err := ParseDuration(text)
		if err == nil && d < time.Microsecond {
			err = fmt.Errorf("ticks are %s apart, want more than 0", d)
		}
		if err != nil {
			return w.fail("Each", text, err)
		}
		w.op.Emit, w.op.Every = plan.Periodic, d
	case e == Final:
		w.op.Emit = plan.Final
	case e == Current:
		w.op.Emit = plan.Current
	default:
		return w.fail("Emit", string(e), fmt.Errorf("is not a way to emit, want Final, Current or Each(\"1s\")"))
	}
	return w
}

// Grace is how long after its end a window still takes rows. Without it the
// grace fits the disorder of the sample.
func (w Windowed) Grace(d string) Windowed {
	g, err := ParseDuration(d)
	if err == nil && g < 0 {
		err = fmt.Errorf("grace is %s, want 0 or more", g)
	}
	if err == nil && !w.op.Spec.Timed() {
		err = fmt.Errorf("no row is late for %s, which takes rows as they come", w.op.Spec)
	}
	if err != nil {
		return w.fail("Grace", d, err)
	}
	w.op.Grace = &g
	return w
}

// TZ makes windows of days, such as Tumbling("1d"), those of a time zone: TZ("America/New_York").
func (w Windowed) TZ(zone string) Windowed {
	spec, err := w.op.Spec.In(zone)
	if err != nil {
		return w.fail("TZ", zone, err)
	}
	w.op.Spec = spec
	return w
}

// OnLate calls a function for each row that comes too late for its windows.
func (w Windowed) OnLate(fn func(Row)) Windowed {
	if fn == nil {
		return w.fail("OnLate", "", fmt.Errorf("has no function"))
	}
	w.op.OnLate = fn
	return w
}

// LateTo sends the rows that come too late for their windows to a topic, as JSON.
func (w Windowed) LateTo(topic string) Windowed {
	if err := CheckTopic(topic); err != nil {
		return w.fail("LateTo", topic, err)
	}
	w.op.LateTo = topic
	return w
}

// Folding is an aggregate of your own; see [Fold].
type Folding = plan.Fold

// Fold is an aggregate of your own, as functions of a state of a type S that
// you choose: init func() S is the state of no rows, step func(s S, a A, ...) S
// that with one more row, merge func(a, b S) S that of the rows of both, and
// result func(s S) R what the window gives. S is made of numbers, strings,
// bools, times, durations, and lists, maps and structs with exported fields of
// these: it goes into the program's state.
func Fold(init, step, merge, result any) Folding {
	return Folding{Init: init, Step: step, Merge: merge, Result: result}
}

// Fold adds an aggregate of your own, in front of those of Agg. Its Step gets
// the values of the expressions; a row of which one is null is left out.
func (w Windowed) Fold(name string, f Folding, values ...string) Windowed {
	a := plan.Aggregate{Name: name, Fold: &f}
	for _, v := range values {
		e, err := expr.Parse(v)
		if err != nil {
			return w.fail("Fold", v, err)
		}
		a.Args = append(a.Args, e)
	}
	if _, _, _, err := f.State(); err != nil {
		return w.fail("Fold", name, err)
	}
	w.op.Aggs = append(w.op.Aggs[:len(w.op.Aggs):len(w.op.Aggs)], a)
	return w
}

// Reduce makes one row of the rows of each window, two at a time: the second
// came later. Its rows are the group's columns, window_start, window_end and all
// other columns of the row that is left.
func (w Windowed) Reduce(fn func(a, b Row) Row) Frame {
	if fn == nil {
		return w.frame.fail("Reduce", "", fmt.Errorf("has no function"))
	}
	if len(w.op.Aggs) > 0 {
		return w.frame.fail("Reduce", "", fmt.Errorf("stands beside a Fold, want Agg, or one of the two alone"))
	}
	op := w.op
	op.Reduce = fn
	return w.frame.then(&op)
}

// Agg computes aggregates of each window: "avg = mean(kmh)", "max(kmh)",
// "n = count()", or over some of the rows "mean(kmh, gear == 8)". Its rows are
// the group's columns, window_start, window_end and the aggregates.
func (w Windowed) Agg(aggregates ...string) Frame {
	op := w.op
	op.Aggs = append([]plan.Aggregate(nil), w.op.Aggs...)
	for _, src := range aggregates {
		a, err := plan.ParseAggregate(src)
		if err != nil {
			return w.frame.failed(err)
		}
		op.Aggs = append(op.Aggs, a)
	}
	return w.frame.then(&op)
}
