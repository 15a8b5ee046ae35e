package interp

import (
	"fmt"
	"sync"

	"github.com/riffle-stream/riffle/interp/lower"
)

// A trace collects what the interpreter writes to its standard error while a panic unwinds: a line for each of its
// functions, innermost first, "305:3: panic: main.f(...)". The number of the line is that of the function, which keeps
// the place it is at in a variable.
type trace struct {
	mu    sync.Mutex
	spots map[int]*int
	calls map[int64][]call // by goroutine
	last  int64            // the goroutine that wrote last
}

// A call is one function on the stack of a panic: its number, and the place it was at.
type call struct {
	spot int
	at   Position
}

// maxTrace bounds what is kept of a deep stack: its innermost calls; maxTraces of how many goroutines, whose panics
// compiled code recovered and nobody asked for.
const (
	maxTrace  = 100
	maxTraces = 100
)

func newTrace() *trace { return &trace{spots: map[int]*int{}, calls: map[int64][]call{}} }

// spot is told where a function keeps its place.
func (t *trace) spot(id int, at *int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.spots[id] = at
}

// at is where a function is.
func (t *trace) at(id int) (at Position) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.spots[id]; p != nil {
		at.Cell, at.Line = lower.PlaceOf(*p)
	}
	return at
}

// Write takes one line.
func (t *trace) Write(b []byte) (int, error) {
	var id int
	if _, err := fmt.Sscanf(string(b), "%d:", &id); err != nil {
		return len(b), nil
	}
	g := goroutine()
	t.mu.Lock()
	defer t.mu.Unlock()
	at := t.spots[id]
	if at == nil {
		return len(b), nil
	}
	if len(t.calls) > maxTraces {
		clear(t.calls)
	}
	cell, line := lower.PlaceOf(*at)
	c := call{id, Position{Cell: cell, Line: line}}
	calls := t.calls[g]
	if n := len(calls); n < maxTrace && (n == 0 || calls[n-1] != c) { // a long recursion is one
		t.calls[g] = append(calls, c)
	}
	t.last = g
	return len(b), nil
}

func (t *trace) reset() { t.take() }

// take returns the calls of the goroutine's panic, innermost first, and forgets them. If it had none, they are those of
// the last panic: compiled code may have recovered it in another goroutine.
func (t *trace) take() []call {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.calls) == 0 { // as nearly always: see goroutine
		return nil
	}
	g := goroutine()
	calls, ok := t.calls[g]
	if !ok {
		g = t.last
		calls = t.calls[g]
	}
	delete(t.calls, g)
	return calls
}
