package source

import (
	"fmt"
	"strings"

	"github.com/mattn/go-runewidth"
)

// A Position is a place in a cell; lines and columns count from 1, columns in bytes as Go does.
type Position struct {
	Cell, Line, Column int
}

func (p Position) String() string {
	if p.Line == 0 {
		return fmt.Sprintf("cell %d", p.Cell)
	}
	if p.Column == 0 {
		return fmt.Sprintf("cell %d:%d", p.Cell, p.Line)
	}
	return fmt.Sprintf("cell %d:%d:%d", p.Cell, p.Line, p.Column)
}

// An Error is something wrong at a place in a cell.
type Error struct {
	Cell, Line, Column int
	Message            string
	Source             string // the line of the cell, without its newline
}

// Error shows place and message on the first line, then the source line with a caret below.
func (e *Error) Error() string {
	head := fmt.Sprintf("%s: %s", e.Position(), e.Message)
	if e.Source == "" {
		return head
	}
	return head + "\n" + Caret(e.Source, e.Column)
}

// Position is where the error is.
func (e *Error) Position() Position { return Position{e.Cell, e.Line, e.Column} }

// Caret shows a source line, indented, and a caret under column (bytes, from 1); tabs and wide characters keep their
// width.
func Caret(line string, column int) string {
	if column < 1 {
		return "    " + line
	}
	before := line[:min(column-1, len(line))]
	pad := strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return r
		case runewidth.RuneWidth(r) == 2:
			return '\u3000' // a space as wide
		case runewidth.RuneWidth(r) == 0:
			return -1
		}
		return ' '
	}, before)
	return "    " + line + "\n    " + pad + "^"
}

// An ErrorList is every error of a cell, in order of place.
type ErrorList []*Error

func (l ErrorList) Error() string {
	texts := make([]string, len(l))
	for i, e := range l {
		texts[i] = e.Error()
	}
	return strings.Join(texts, "\n")
}

// Incomplete says that the cell ends inside something open: a user in a console would go on typing.
type Incomplete struct{ At Error }

func (i *Incomplete) Error() string { return i.At.Error() }

// Unwrap gives the place.
func (i *Incomplete) Unwrap() error { return &i.At }
