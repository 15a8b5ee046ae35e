package session

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/kernel"
)

// watched is a live run: a child process and the display that it moves.
type watched struct {
	session *Session
	cell    *running
	screen  screen
	stop    context.CancelFunc
	ended   chan struct{}
	err     error // why it ended badly; read after ended
	root    int   // which of the statement's roots it runs

	mu sync.Mutex
	id string // of the display
}

// liveVerb starts a live run. A call that stands alone is watched until it
// ends; one whose run is kept in a variable goes on behind the cell.
func (s *Session) liveVerb(v any, options ...cells.Option) *cells.Run {
	s.must(only("Live", options, "For", "Limit"))
	if s.quiet {
		return &cells.Run{}
	}
	l, err := s.startLive(v, options)
	s.must(err)
	if c := s.current(); c.alone("Live") {
		s.must(l.wait())
		if c.ctx.Err() == nil {
			c.held.Store(nil)
		}
	}
	return cells.NewRun(l.end, func() error { return l.await(s.current().ctx) })
}

// alone says whether the statement that runs is nothing but a call of a verb.
func (c *running) alone(verb string) bool {
	lines := strings.Split(c.text, "\n")
	if c.at.Line < 1 || c.at.Line > len(lines) {
		return false
	}
	line := lines[c.at.Line-1]
	return strings.HasPrefix(strings.TrimSpace(line[min(max(0, c.at.Column-1), len(line)):]), verb+"(")
}

func (s *Session) startLive(v any, options []cells.Option) (*watched, error) {
	c := s.current()
	frames, err := watchable("Live", v)
	if err != nil {
		return nil, err
	}
	if _, _, err := s.samples.take(c.ctx, specNone, frames[0].Topics()); err != nil {
		return nil, err
	}
	p, err := s.samples.bind(c.ctx, frames...)
	if err != nil {
		return nil, err
	}
	if err := refuseStill("Live", p); err != nil {
		return nil, err
	}
	screen, err := newScreen(v, p, limitOf(options))
	if err != nil {
		return nil, err
	}
	program, err := s.slice(interp.Root{Whole: true})
	if err != nil {
		return nil, fmt.Errorf("Live: %w", err)
	}
	if screen.span, err = spanOf(options); err != nil {
		return nil, err
	}
	parent := c.ctx
	if !c.alone("Live") { // it outlives the cell
		parent = context.Background()
	}
	ctx, stop := context.WithCancel(parent)
	s.mu.Lock()
	l := &watched{session: s, cell: c, screen: *screen, stop: stop, ended: make(chan struct{}), root: c.calls, id: fmt.Sprintf("live-%d-%d-%d", c.number, c.calls, time.Now().UnixNano())}
	c.calls += len(frames)
	s.lives[l] = true
	s.mu.Unlock()
	if c.alone("Live") {
		c.held.Store(l)
	}
	go l.run(ctx, program, p)
	return l, nil
}

// watchable are the frames of what moves when rows come.
func watchable(verb string, v any) ([]cells.Frame, error) {
	frames := cells.Frames(v)
	if len(frames) == 0 {
		return nil, fmt.Errorf("%s: %T is nothing to watch, want a frame, a view such as df.Head(5), or a chart", verb, v)
	}
	if frames[0].Err() != nil {
		return nil, frames[0].Err()
	}
	if several(frames[0]) {
		return nil, fmt.Errorf("%s: the frame has several ends: watch one of those that Outputs is given", verb)
	}
	return frames, nil
}

// limitOf is the number of rows after which a run ends, or 0.
func limitOf(options []cells.Option) int {
	for _, o := range options {
		if o.Name == "Limit" {
			return o.N
		}
	}
	return 0
}

// spanOf is how long a run goes on, or 0.
func spanOf(options []cells.Option) (time.Duration, error) {
	for _, o := range options {
		if o.Name == "For" {
			d, err := dataframe.ParseDuration(o.Text)
			if err != nil {
				return 0, fmt.Errorf("%s: %w", o, err)
			}
			return d, nil
		}
	}
	return 0, nil
}

// end stops the run and waits for it.
func (l *watched) end() {
	l.stop()
	<-l.ended
}

// letEnd waits a little until the run that an interrupted cell watched has drawn its last picture, which takes longer on a busy
// machine than the interpreter waits. It is false if there is none, or if it does not end.
func (c *running) letEnd() bool {
	l := c.held.Load()
	if l == nil {
		return false
	}
	select {
	case <-l.ended:
		return true
	case <-time.After(10 * time.Second):
		return false
	}
}

// wait waits for the end of the run; an interrupt ends it.
func (l *watched) wait() error {
	<-l.ended
	if errors.Is(l.err, context.Canceled) {
		return nil
	}
	return l.err
}

// await waits for the end of the run, which goes on if the cell that waits is interrupted.
func (l *watched) await(ctx context.Context) error {
	select {
	case <-l.ended:
		return l.wait()
	case <-ctx.Done():
		return nil // the cell ends at its next statement
	}
}

// stopAll ends every live run.
func (s *Session) stopAll() {
	s.mu.Lock()
	var all []*watched
	for l := range s.lives {
		all = append(all, l)
	}
	s.mu.Unlock()
	for _, l := range all {
		l.end()
	}
}

// show puts a bundle in the run's place below its cell.
func (l *watched) show(b display.Bundle) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := kernel.Display{Bundle: kernel.Bundle(b), ID: l.id, Update: l.screen.begun}
	l.screen.begun = true
	l.cell.out.Show(d)
}

// quick is a duration as a note says it.
func quick(d time.Duration) string { return d.Round(10 * time.Millisecond).String() }
