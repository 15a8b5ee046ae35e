package interp

import "strings"

// Recovered implements Engine.
func (e *engine) Recovered(text string) *Error {
	r := e.runs.of()
	if r == nil {
		r = newRun(0)
	}
	return &Error{Message: "panic: " + goText(strings.TrimPrefix(text, "panic: ")), Frames: e.frames(r)}
}
