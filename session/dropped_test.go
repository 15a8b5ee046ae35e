package session

import (
	"testing"

	"github.com/riffle-stream/riffle/interp/slice"
	"github.com/riffle-stream/riffle/interp/source"
)

// What an export leaves out is told in a line, however much it is.
func TestWhatIsLeftOutIsOneLine(t *testing.T) {
	note := func(cell int, text string) slice.Note {
		return slice.Note{At: source.Position{Cell: cell, Line: 1, Column: 1}, Text: text}
	}
	show, write := note(3, "Show(cars)"), note(8, "Write(Rows(`{}\n{}`), \"t\")")
	for want, dropped := range map[string][]slice.Note{
		"": nil,
		"\nleft out, as the graph does not need it: cell 3: Show(cars)":                  {show},
		"\nleft out, as the graph does not need it: cell 8: Write(Rows(`{} {}`), \"t\")": {write},
		"\nleft out, as the graph does not need them: 2 statements of cell 3":            {show, show},
		"\nleft out, as the graph does not need them: 3 statements of cells 3, 8":        {show, write, show},
	} {
		if got := leftOut(dropped); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
}
