// Package source reads the text of cells: it cuts a cell into declarations and statements, and finds and shows places
// in it. Its nouns are Cell, Chunk, Position and Literal.
package source

import (
	"fmt"
	"go/scanner"
	"go/token"
	"strings"
)

// MaxBytes bounds the text of one cell; the parser's memory grows with it.
const MaxBytes = 4 << 20

// A Cell is a numbered piece of Go text.
type Cell struct {
	Number int
	Text   string
}

// A Chunk is one top-level declaration or statement: the bytes [From, To) of its cell.
type Chunk struct {
	Kind     token.Token // IMPORT, PACKAGE, TYPE, CONST, FUNC; ILLEGAL for a statement
	From, To int
}

// Declares reports whether the chunk stands outside functions in a Go file.
func (c Chunk) Declares() bool { return c.Kind != token.ILLEGAL }

// A lexeme is one token and its offset.
type lexeme struct {
	offset int
	tok    token.Token
}

// Split cuts the cell at the semicolons outside all brackets. Its error is an ErrorList, or Incomplete when brackets
// or a raw string are still open at the end.
func (c Cell) Split() ([]Chunk, error) {
	if len(c.Text) > MaxBytes {
		return nil, &Error{Cell: c.Number, Message: fmt.Sprintf("the cell has %d bytes, more than the limit of %d", len(c.Text), MaxBytes)}
	}
	lexemes, err := c.scan()
	if err != nil {
		return nil, err
	}
	depth := 0
	for i, l := range lexemes {
		if depth += l.nests(); depth < 0 {
			return nil, c.errorAt(l.offset, unopened(l.tok, lexemes[:i]))
		}
	}
	if depth > 0 {
		return nil, &Incomplete{*c.errorAt(len(c.Text), "syntax error: unexpected end of cell, a bracket is still open")}
	}
	return cut(lexemes), nil
}

// SplitLoose is Split for text that is still being written, whatever is wrong with it.
func (c Cell) SplitLoose() []Chunk {
	lexemes, _, _ := c.lexemes()
	return cut(lexemes)
}

// nests is by how much the token changes the depth of brackets.
func (l lexeme) nests() int {
	switch l.tok {
	case token.LPAREN, token.LBRACE, token.LBRACK:
		return 1
	case token.RPAREN, token.RBRACE, token.RBRACK:
		return -1
	}
	return 0
}

// cut makes chunks of what stands between the semicolons outside all brackets.
func cut(lexemes []lexeme) []Chunk {
	var chunks []Chunk
	depth, first := 0, -1
	for i, l := range lexemes {
		depth = max(depth+l.nests(), 0)
		ends := l.tok == token.EOF || l.tok == token.SEMICOLON && depth == 0
		switch {
		case ends && first >= 0:
			chunks = append(chunks, Chunk{kind(lexemes[first:i]), lexemes[first].offset, l.offset})
			first = -1
		case !ends && first < 0:
			first = i
		}
	}
	return chunks
}

// Dangles tells whether the cell ends where Go goes on in the next line: behind an operator, a comma, a keyword.
func (c Cell) Dangles() bool {
	lexemes, err := c.scan()
	last := len(lexemes) - 2 // before EOF
	return err == nil && last >= 0 && lexemes[last].tok != token.SEMICOLON
}

// unopened is what the compiler says of a bracket that closes nothing.
func unopened(tok token.Token, before []lexeme) string {
	wanted := ", expected expression"
	if len(before) > 0 {
		switch last := before[len(before)-1].tok; {
		case last.IsLiteral(), last == token.RPAREN, last == token.RBRACK, last == token.RBRACE:
			wanted = " at end of statement"
		}
	}
	return fmt.Sprintf("syntax error: unexpected %s%s", tok, wanted)
}

func (c Cell) scan() ([]lexeme, error) {
	out, first, open := c.lexemes()
	if open {
		return nil, &Incomplete{*first}
	}
	if first != nil {
		return nil, first
	}
	return out, nil
}

// lexemes are the tokens, the first error among them, and whether a raw string or a comment is still open at the end.
func (c Cell) lexemes() (out []lexeme, first *Error, open bool) {
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(c.Text))
	var s scanner.Scanner
	s.Init(file, []byte(c.Text), func(p token.Position, msg string) {
		if first == nil {
			first = &Error{Cell: c.Number, Line: p.Line, Column: p.Column, Message: lexical(msg), Source: c.Line(p.Line)}
			open = strings.Contains(msg, "raw string literal not terminated") || strings.Contains(msg, "comment not terminated")
		}
	}, 0)
	for {
		pos, tok, _ := s.Scan()
		out = append(out, lexeme{file.Offset(pos), tok})
		if tok == token.EOF {
			return out, first, open
		}
	}
}

// kind tells a declaration from a statement by its first tokens. A var is a statement: it runs in order.
func kind(l []lexeme) token.Token {
	switch l[0].tok {
	case token.IMPORT, token.PACKAGE, token.TYPE, token.CONST:
		return l[0].tok
	case token.FUNC:
		if len(l) > 1 && (l[1].tok == token.IDENT || l[1].tok == token.LPAREN && method(l[1:])) {
			return token.FUNC
		}
	}
	return token.ILLEGAL
}

// method reports whether a parameter list is a receiver: a name and another list follow it.
func method(l []lexeme) bool {
	depth := 0
	for i, x := range l {
		switch x.tok {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			if depth--; depth == 0 {
				return i+2 < len(l) && l[i+1].tok == token.IDENT && l[i+2].tok == token.LPAREN
			}
		}
	}
	return false
}

// Line returns line n of the cell, counted from 1, or "".
func (c Cell) Line(n int) string {
	lines := strings.Split(c.Text, "\n")
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimRight(lines[n-1], "\r")
}

// PositionAt returns the place of a byte offset.
func (c Cell) PositionAt(offset int) Position {
	before := c.Text[:min(max(offset, 0), len(c.Text))]
	line := strings.Count(before, "\n")
	return Position{Cell: c.Number, Line: line + 1, Column: len(before) - strings.LastIndexByte(before, '\n')}
}

func (c Cell) errorAt(offset int, msg string) *Error {
	p := c.PositionAt(offset)
	return &Error{Cell: c.Number, Line: p.Line, Column: p.Column, Message: msg, Source: c.Line(p.Line)}
}

// Only returns the cell's text with every chunk that keep rejects blanked out, so that places stay where they are.
func (c Cell) Only(chunks []Chunk, keep func(Chunk) bool) string {
	b := []byte(c.Text)
	for n, k := range chunks {
		if keep(k) {
			continue
		}
		next := len(b)
		if n+1 < len(chunks) {
			next = chunks[n+1].From
		}
		for i := k.From; i < next; i++ {
			if i < k.To && b[i] != '\n' || b[i] == ';' {
				b[i] = ' '
			}
		}
	}
	return string(b)
}
