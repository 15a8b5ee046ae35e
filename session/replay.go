package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/sampler"
)

// errEnough ends a replay that has run as long, or shown as many rows, as it should.
var errEnough = errors.New("enough")

// player runs a sample with the gaps between its rows, and moves what it shows.
type player struct {
	outcome
	cell   *running
	screen *screen
	replay *exec.Replay
	id     string // of the display
	speed  float64
	from   int64 // ms: what came before is fed at once

	began, woke, drew time.Time
	first             int64 // ms: what came when it began
	history           int64 // rows that were read before
	taken             []int // rows of each root that the screen has
	behind            time.Duration
	heap              uint64 // bytes, the most
}

// replayVerb shows what a frame, view or chart gives over its pinned sample, at the pace at which the rows came.
func (s *Session) replayVerb(v any, options ...cells.Option) {
	s.must(only("Replay", options, "Speed", "Burst", "For", "Limit"))
	if s.quiet {
		return
	}
	p, err := s.player(v, options)
	s.must(err)
	before := heapNow()
	err = p.drive(p.cell.ctx, s.engine.Recovered, p.run)
	if p.replay != nil {
		s.must(p.show(true))
	}
	if err != nil && !errors.Is(err, errEnough) && !errors.Is(err, context.Canceled) {
		s.must(err)
	}
	if p.from > 0 && !p.began.IsZero() {
		p.cell.out.Stream(kernel.Stdout, fmt.Sprintf("%s in %s, at most %s behind; the heap of the notebook's process grew from %d MiB to at most %d MiB\n",
			count(int(p.screen.progress.Read-p.history), "row"), quick(time.Since(p.began)), quick(p.behind), before>>20, max(before, p.heap)>>20))
	}
}

// player prepares a replay.
func (s *Session) player(v any, options []cells.Option) (*player, error) {
	c := s.current()
	frames, err := watchable("Replay", v)
	if err != nil {
		return nil, err
	}
	p := &player{cell: c, id: fmt.Sprintf("replay-%d-%d", c.number, time.Now().UnixNano())}
	if p.sample, _, err = s.samples.take(c.ctx, sampler.Spec{}, frames[0].Topics()); err != nil {
		return nil, err
	}
	roots := []*plan.Node{frames[0].Node()}
	if p.plan, err = s.samples.plan(c.ctx, roots); err != nil {
		return nil, err
	}
	if p.screen, err = newScreen(v, p.plan, limitOf(options)); err != nil {
		return nil, err
	}
	if p.screen.opens() {
		all, _ := plan.Open(roots)
		if p.plan, err = s.samples.plan(c.ctx, all); err != nil {
			return nil, err
		}
	}
	if now, ok := s.samples.held(frames[0].Topics()); ok {
		p.sample = now
	}
	for _, src := range p.plan.Sources() {
		p.screen.of += len(ofTopic(p.sample.Records, src.Op.(*plan.Source).Topic))
	}
	if p.screen.span, err = spanOf(options); err != nil {
		return nil, err
	}
	return p, p.paceOf(options)
}

// paceOf is how fast a replay goes: as the rows came, if nothing is said.
func (p *player) paceOf(options []cells.Option) error {
	p.speed, p.screen.mode = 1, "replay"
	for _, o := range options {
		if p.speed != 1 && (o.Name == "Speed" || o.Name == "Burst") {
			return fmt.Errorf("Replay takes one of Speed and Burst, got %s, too", o)
		}
		switch o.Name {
		case "Speed":
			if p.speed = float64(o.N); o.N < 1 {
				return fmt.Errorf("Speed(%d): want how many times as fast, 1 or more", o.N)
			}
		case "Burst":
			span, err := dataframe.ParseDuration(o.Text)
			if err != nil {
				return fmt.Errorf("%s: %w", o, err)
			}
			in, err := dataframe.ParseDuration(o.More)
			if err != nil {
				return fmt.Errorf("%s: %w", o, err)
			}
			if in <= 0 || span < in {
				return fmt.Errorf("%s: want a span of the sample, and a shorter time to squeeze it into", o)
			}
			p.speed = float64(span) / float64(in)
			for _, r := range p.sample.Records {
				p.from = max(p.from, r.Time+1-span.Milliseconds(), 1)
			}
		default:
			continue
		}
		p.screen.mode += " " + o.String()
	}
	return nil
}

// run is the replay of what the tasks are made for.
func (p *player) run(r *exec.Replay, ctx context.Context) error {
	p.replay, p.taken = r, make([]int, len(r.Tables))
	err := r.RunPaced(ctx, func(next int64) (int64, error) { return p.pace(ctx, next) })
	return cmp.Or(err, p.take())
}

// pace waits for the time of the next row and draws meanwhile. It gives the time, ms, up to which rows are due. It does not
// wake more often than a display moves.
func (p *player) pace(ctx context.Context, next int64) (due int64, err error) {
	if next < p.from {
		return p.from - 1, nil
	}
	if p.began.IsZero() {
		p.began, p.first, p.history = time.Now(), next, p.read(p.replay.Driver)
	}
	if time.Since(p.drew) >= redraw {
		if err := cmp.Or(p.take(), p.show(false)); err != nil {
			return 0, err
		}
	}
	if p.screen.full() || p.screen.span > 0 && time.Since(p.began) >= p.screen.span {
		return 0, errEnough
	}
	at := p.began.Add(time.Duration(float64(next-p.first) / p.speed * float64(time.Millisecond)))
	p.behind = max(p.behind, time.Since(at))
	if time.Now().Before(at) {
		if err := p.wait(ctx, max(time.Until(at), time.Until(p.woke.Add(redraw)))); err != nil {
			return 0, err
		}
	}
	return max(next, p.first+int64(time.Since(p.began).Seconds()*1000*p.speed)), nil
}

// wait waits, but no longer than the replay goes on.
func (p *player) wait(ctx context.Context, d time.Duration) error {
	left := time.Until(p.began.Add(p.screen.span))
	over := p.screen.span > 0 && left < d
	if over {
		d = left
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
	}
	p.woke = time.Now()
	if over {
		return errEnough
	}
	return nil
}

// take puts the rows that have come on the screen.
func (p *player) take() error {
	for i := len(p.taken) - 1; i >= 0; i-- { // windows that closed take the place of open ones
		rows := p.replay.Tables[i]
		n := rows.Len() - p.taken[i]
		if n == 0 {
			continue
		}
		p.taken[i] += n
		if err := p.screen.put(rows.Last(n), i > 0, 0, nil); err != nil {
			return err
		}
	}
	d := p.replay.Driver
	counts := d.Counts()
	p.screen.progress.Read, p.screen.progress.Bad = p.read(d), int64(len(p.bad))
	p.screen.progress.Watermark, p.screen.progress.Late = d.Watermark(), exec.Sum(counts.Late)
	return nil
}

// show draws the screen; final adds the picture that stays in the notebook.
func (p *player) show(final bool) error {
	b, err := p.screen.bundle(final)
	if err != nil {
		return err
	}
	p.drew, p.heap = time.Now(), max(p.heap, heapNow())
	p.cell.out.Show(kernel.Display{Bundle: kernel.Bundle(b), ID: p.id, Update: p.screen.begun})
	p.screen.begun = true
	return nil
}

// heapNow is what is allocated, in bytes.
func heapNow() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
