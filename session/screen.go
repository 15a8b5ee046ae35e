package session

import (
	"fmt"
	"time"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/chart"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/sampler"
	"github.com/riffle-stream/riffle/stream/live"
)

// specNone takes the sample that is pinned, or the last rows.
var specNone = sampler.Spec{}

// screen is what a live run shows: a chart of all points, or the last rows.
type screen struct {
	mode     string // "live", or how a sample is replayed
	of       int    // the rows that there are to read; 0: nobody knows
	plan     *plan.Plan
	schema   *row.Schema
	spec     *chart.Spec
	ring     *chart.Ring
	rows     *row.Table // the last ones
	total    int
	limit    int
	keep     int // the rows that a table shows, the newest
	span     time.Duration
	progress live.Progress
	dropped  int
	idle     []bool // of the rows: given because nothing came any more
	bad      []*live.Bad
	begun    bool
}

func newScreen(v any, p *plan.Plan, limit int) (*screen, error) {
	s := &screen{mode: "live", plan: p, schema: p.Roots[0].Schema, limit: limit, keep: lastRows}
	if view, ok := v.(cells.View); ok && view.Rows > 0 {
		s.keep = min(view.Rows, lastRows)
	}
	c, ok := v.(cells.Chart)
	if !ok {
		s.rows = row.NewTable(s.schema)
		return s, nil
	}
	spec, err := specOfChart(c)
	if err != nil {
		return nil, err
	}
	if _, err := spec.Check(s.schema); err != nil {
		return nil, err
	}
	s.spec, s.ring = &spec, chart.NewRing(spec, 0)
	return s, nil
}

// lastRows is how many rows a table of a live run keeps.
const lastRows = display.MaxRows

// opens says whether windows that are still open are shown: as the dashed end of a line, or bars.
func (s *screen) opens() bool {
	return s.spec != nil && (s.spec.Mark == chart.Line || s.spec.Mark == chart.Bar)
}

// add takes rows of the run.
func (s *screen) add(r *live.Rows) error {
	if left := s.limit - s.total; s.limit > 0 && !r.Open && len(r.Times) > max(left, 0) {
		r.First(max(left, 0)) // rows come many at once, and those behind the limit were not asked for
	}
	b, err := r.Batch(s.schema)
	if err != nil {
		return err
	}
	return s.put(b, r.Open, r.Dropped, r.Idle)
}

// put takes rows: of windows that are open, or behind some that were dropped. Idle says which silence gave; nil: none.
func (s *screen) put(b *row.Batch, open bool, dropped int, idle []bool) error {
	if open {
		return s.ring.AddBatch(b, true, nil)
	}
	s.total += b.Len() + dropped
	s.dropped += dropped
	if s.ring != nil {
		return s.ring.AddBatch(b, false, nil)
	}
	s.rows.Add(b)
	s.rows.KeepLast(s.keep)
	if idle == nil {
		idle = make([]bool, b.Len())
	}
	s.idle = append(s.idle, idle...)
	s.idle = s.idle[len(s.idle)-s.rows.Len():]
	return nil
}

// full says whether the rows that were asked for have come.
func (s *screen) full() bool { return s.limit > 0 && s.total >= s.limit }

// bundle is what the screen shows now; final adds the picture that stays in the notebook.
func (s *screen) bundle(final bool) (display.Bundle, error) {
	if s.ring != nil {
		return picture(*s.spec, s.ring, final)
	}
	mode := s.mode
	if final {
		mode += ", ended"
	}
	t := display.Table{Source: topicsOf(s.plan.Roots[0]), Mode: mode, Notes: s.notes(), Marked: s.idle}
	t = cut(t, s.rows, 0, s.rows.Len())
	t.Total, t.Tail = s.total, s.rows.Len()
	return t.Bundle(), nil
}

// notes say how the run goes.
func (s *screen) notes() []string {
	out := []string{fmt.Sprintf("%s read, %s behind", count(int(s.progress.Read), "row"), count(int(s.progress.Lag), "row"))}
	switch {
	case s.of > 0:
		out[0] = fmt.Sprintf("%s of %s read", number(int(s.progress.Read)), count(s.of, "row"))
	case s.full() && s.progress.Read == 0: // it ended before it told
		out[0] = "ended at the " + count(s.limit, "row") + " of Limit"
	}
	if wm := s.progress.Watermark; wm > 0 && wm < 1<<62 {
		out[0] += ", time " + time.UnixMicro(wm).UTC().Format("15:04:05")
	}
	if s.progress.Late > 0 {
		out = append(out, count(int(s.progress.Late), "row")+" came too late")
	}
	if n := s.progress.Over; n > 0 {
		out = append(out, fmt.Sprintf("%s did not fit 64 bits and %s null; floats hold more: float(x) * y", count(int(n), "int"), was(n)))
	}
	if n := s.progress.Misfit; n > 0 {
		out = append(out, misfitNote(n, ""))
	}
	if n := s.progress.Idle; n > 0 {
		out = append(out, fmt.Sprintf("%s closed by idleness (%s): nothing came any more, so time alone would not have closed their windows", count(int(n), "row"), display.Mark))
	}
	if s.progress.Bad > 0 {
		out = append(out, count(int(s.progress.Bad), "row")+" could not be taken")
	}
	if s.dropped > 0 {
		out = append(out, count(s.dropped, "row")+" came faster than they could be shown")
	}
	return out
}
