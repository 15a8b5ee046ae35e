package session

import (
	"crypto/rand"
	"sync"
	"time"

	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/kernel"
)

// beat is how often a bar moves at most: a page that redraws more often does nothing else.
const beat = 100 * time.Millisecond

// bars are those of a cell. A loop inside another has one place for all its turns.
type bars struct {
	mu     sync.Mutex
	places []*place // by depth
}

// A place is where a bar is shown. What is newer than what it shows is pending.
type place struct {
	id      string // of the display, not to be met in a notebook again
	shown   time.Time
	made    bool // something has been shown
	pending *display.Progress
	bar     *bar // that moves in it, or nil
}

// A bar is one loop.
type bar struct {
	cell  *running
	place *place
	depth int
	began time.Time
	now   display.Progress
}

// progress counts, and shows how far.
func (s *Session) progress(n int, label ...string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		b := s.current().startBar(n, label)
		note := "stopped" // by a panic, by return, or by an interrupt
		defer func() { b.end(note) }()
		for i := range n {
			if !yield(i) || b.cell.ctx.Err() != nil { // a body that calls nothing does not look by itself
				return
			}
			b.move(int64(i + 1))
		}
		note = ""
	}
}

func (c *running) startBar(n int, label []string) *bar {
	c.bars.mu.Lock()
	defer c.bars.mu.Unlock()
	b := &bar{cell: c, began: time.Now(), now: display.Progress{Total: int64(n)}}
	for _, l := range label {
		b.now.Label = l
	}
	for b.depth < len(c.bars.places) && c.bars.places[b.depth].bar != nil {
		b.depth++
	}
	if b.depth == 0 {
		c.bars.places = nil
	}
	if b.depth == len(c.bars.places) {
		c.bars.places = append(c.bars.places, &place{id: "progress-" + rand.Text(), shown: time.Now()})
	}
	b.place = c.bars.places[b.depth]
	b.place.bar = b
	return b
}

// move shows that so many turns are done, unless something was shown just now.
func (b *bar) move(done int64) {
	b.cell.bars.mu.Lock()
	defer b.cell.bars.mu.Unlock()
	b.now.Done, b.now.Elapsed = done, time.Since(b.began)
	b.keep()
	if time.Since(b.place.shown) >= beat {
		b.place.flush(b.cell.out)
	}
}

func (b *bar) keep() {
	now := b.now
	b.place.pending = &now
}

// end leaves the bar as it is. The outermost shows what the others have left.
func (b *bar) end(note string) {
	b.cell.bars.mu.Lock()
	defer b.cell.bars.mu.Unlock()
	if note != "" && b.cell.ctx.Err() != nil {
		note = "interrupted"
	}
	b.now.Note, b.now.Elapsed = note, time.Since(b.began)
	b.keep()
	b.place.bar = nil
	if b.depth > 0 && b.cell.bars.places[0].bar != nil {
		return
	}
	for _, p := range append(b.cell.bars.places, b.place) {
		p.flush(b.cell.out)
	}
}

// flush shows what is pending.
func (p *place) flush(out kernel.Output) {
	if p.pending == nil {
		return
	}
	out.Show(kernel.Display{Bundle: kernel.Bundle(p.pending.Bundle()), ID: p.id, Update: p.made})
	p.pending, p.made, p.shown = nil, true, time.Now()
}
