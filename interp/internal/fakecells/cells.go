// Package fakecells stands for package cells in tests: a small language, verbs that do nothing, a collector of roots.
package fakecells

import "github.com/riffle-stream/riffle/interp/internal/fakecells/frame"

// Frame is a table.
type Frame = frame.Frame

// Chart is a frame with a look.
type Chart struct {
	Frame Frame
	X, Y  string
}

// Option is an option of a verb.
type Option struct{ Text string }

// Topic starts a frame.
func Topic(name string) Frame { return frame.Topic(name) }

// Line draws a frame.
func Line(f Frame, x, y string) Chart { return Chart{f, x, y} }

// For bounds a run.
func For(d string) Option { return Option{d} }

// Show is a verb.
func Show(v any) {}

// Collect is a verb with a value.
func Collect(f Frame) []string { return nil }

// Export is a verb.
func Export(f Frame, dir string) { Live(f) }

var roots *[]Frame

// Live is a verb; while Roots runs, it adds the frames of v.
func Live(v any, options ...Option) {
	if roots == nil {
		return
	}
	switch v := v.(type) {
	case Frame:
		*roots = append(*roots, v)
	case Chart:
		*roots = append(*roots, v.Frame)
	}
}

// Roots gives the frames that f calls Live with.
func Roots(f func()) []Frame {
	var out []Frame
	roots = &out
	f()
	roots = nil
	return out
}
