package interp

import "strings"

// Recovered implements Engine.
func (e *engine) Recovered(text string) *Error {
	return &Error{Message: "panic: " + goText(strings.TrimPrefix(text, "panic: ")), Frames: e.frames()}
}
