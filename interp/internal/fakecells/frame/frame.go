// Package frame stands for the language of frames in tests.
package frame

import (
	"strconv"
	"strings"
)

// A Frame is a list of what was done to a topic.
type Frame struct{ steps []string }

// Topic starts a frame.
func Topic(name string) Frame { return Frame{[]string{"topic " + name}} }

func (f Frame) then(step string) Frame {
	return Frame{append(append([]string(nil), f.steps...), step)}
}

// With adds columns.
func (f Frame) With(columns ...string) Frame { return f.then("with " + strings.Join(columns, ", ")) }

// Where filters.
func (f Frame) Where(cond string) Frame { return f.then("where " + cond) }

// Map adds a column by a function; what it gives for 2.5 stands for it.
func (f Frame) Map(name string, fn func(float64) float64, column string) Frame {
	return f.then(name + " = f(" + column + ")").value(fn(2.5))
}

func (f Frame) value(v float64) Frame { return f.then(strconv.FormatFloat(v, 'g', -1, 64)) }

// String shows the steps.
func (f Frame) String() string { return strings.Join(f.steps, "; ") }
