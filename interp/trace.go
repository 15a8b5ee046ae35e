package interp

import (
	"fmt"
	"strings"
	"sync"

	"github.com/riffle-stream/riffle/interp/lower"
)

// A trace collects what the interpreter writes to its standard error while a panic unwinds: a line for each of its
// functions, innermost first, "305:3: panic: main.f(...)".
type trace struct {
	mu    sync.Mutex
	calls []traced
}

// A traced call is one such line.
type traced struct {
	cell, line int
	fn         string // in the interpreter
}

// maxTrace bounds what is kept of a deep stack: its innermost calls.
const maxTrace = 100

// Write takes one line.
func (t *trace) Write(b []byte) (int, error) {
	var line, column int
	var fn string
	if _, err := fmt.Sscanf(string(b), "%d:%d: panic: %s", &line, &column, &fn); err != nil {
		return len(b), nil
	}
	cell, n := lower.PlaceOf(line)
	fn = strings.TrimSuffix(strings.TrimPrefix(fn, "main."), "(...)")
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.calls) < maxTrace {
		t.calls = append(t.calls, traced{cell, n, fn})
	}
	return len(b), nil
}

func (t *trace) reset() { t.take() }

// take returns the calls, innermost first, and forgets them.
func (t *trace) take() []traced {
	t.mu.Lock()
	defer t.mu.Unlock()
	calls := t.calls
	t.calls = nil
	return calls
}
