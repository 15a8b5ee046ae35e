package session

import (
	"fmt"
	"sync"
	"time"

	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/kernel"
)

// A work is what takes long, such as a build: it has a place below its cell that says what it is at and since when, until its end.
type work struct {
	label string
	place func(display.Bundle)
	began time.Time
	over  chan struct{}

	mu    sync.Mutex
	at    string // what is done now
	ended bool
}

// placeBelow is a place of its own below a cell: what is shown there comes in the stead of what was.
func placeBelow(out kernel.Output, id string) func(display.Bundle) {
	id, shown := fmt.Sprintf("%s-%d", id, time.Now().UnixNano()), false
	return func(b display.Bundle) {
		out.Show(kernel.Display{Bundle: kernel.Bundle(b), ID: id, Update: shown})
		shown = true
	}
}

// startWork begins a work; nothing is shown until it says something. Its end must be told.
func startWork(label string, place func(display.Bundle)) *work {
	w := &work{label: label, place: place, began: time.Now(), over: make(chan struct{})}
	go w.tick()
	return w
}

// tick shows how long it has been, whether or not there is news.
func (w *work) tick() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-w.over:
			return
		case <-t.C:
			w.mu.Lock()
			if w.at != "" {
				w.progress()
			}
			w.mu.Unlock()
		}
	}
}

// say shows what is going on, in the place of what was shown before.
func (w *work) say(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = what
	w.progress()
}

func (w *work) progress() {
	w.show(display.Progress{Label: w.label, Note: w.at, Elapsed: w.elapsed()}.Bundle())
}

func (w *work) show(b display.Bundle) {
	if !w.ended {
		w.place(b)
	}
}

// done shows what came of it, which stays.
func (w *work) done(b display.Bundle) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.show(b)
	w.close()
}

// end is for all ways out. A work that is not done leaves where it ended, and no bar that moves for ever.
func (w *work) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.at != "" {
		w.show(display.Text(fmt.Sprintf("%s ended after %s: %s", w.label, quick(w.elapsed()), w.at)))
	}
	w.close()
}

// leave ends it where something else is shown in its place.
func (w *work) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.close()
}

func (w *work) close() {
	if !w.ended {
		w.ended = true
		close(w.over)
	}
}

func (w *work) elapsed() time.Duration { return time.Since(w.began) }
