package source

import (
	"go/scanner"
	"go/token"
	"strconv"
)

// A Literal is a string literal of a cell: its value, and where its text between the quotes begins.
type Literal struct {
	Value string
	At    Position
	Raw   bool // in back quotes: offsets into Value are offsets into the source
}

// Literals lists the string literals of the cell in order. Text that does not scan gives those before it.
func (c Cell) Literals() []Literal {
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(c.Text))
	var s scanner.Scanner
	s.Init(file, []byte(c.Text), nil, 0)
	var out []Literal
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return out
		}
		if tok != token.STRING {
			continue
		}
		if v, err := strconv.Unquote(lit); err == nil {
			out = append(out, Literal{Value: v, At: c.PositionAt(file.Offset(pos) + 1), Raw: lit[0] == '`'})
		}
	}
}
