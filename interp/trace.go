package interp

import (
	"fmt"
	"slices"
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
	deep  []call           // those that went too deep, innermost last; whose they are is not asked, since it costs a walk of the stack
	last  int64            // the goroutine that wrote last
}

// A call is one function on the stack of a panic: its number, and the place it was at. more are the calls outside it that
// are left out: a recursion is told once.
type call struct {
	spot int
	at   Position
	more int
}

// maxTrace bounds what is kept of a deep stack: its innermost calls; maxTraces of how many goroutines, whose panics
// compiled code recovered and nobody asked for; maxDeeper how many calls are looked at of a recursion without end.
const (
	maxTrace  = 100
	maxTraces = 100
	maxDeeper = 4
)

func newTrace() *trace { return &trace{spots: map[int]*int{}, calls: map[int64][]call{}} }

// outside adds to calls, innermost first, the one outside them.
func outside(calls []call, c call) []call {
	known := slices.ContainsFunc(calls, func(k call) bool { return k.spot == c.spot && k.at == c.at })
	if known || len(calls) == maxTrace {
		calls[len(calls)-1].more++
		return calls
	}
	return append(calls, c)
}

// deeper notes a call that goes too deep. When enough of them are known it gives them, innermost first, each once.
func (t *trace) deeper(id int) (calls []call, enough bool) {
	c := call{spot: id, at: t.at(id)}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.deep = append(t.deep, c)
	if len(t.deep) < maxDeeper {
		return nil, false
	}
	for _, c := range slices.Backward(t.deep) {
		calls = outside(calls, c)
	}
	t.deep = nil
	return calls, true
}

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
	t.calls[g] = outside(t.calls[g], call{spot: id, at: Position{Cell: cell, Line: line}})
	t.last = g
	return len(b), nil
}

func (t *trace) reset() {
	t.take()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.deep = nil
}

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
