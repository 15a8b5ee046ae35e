package source

import (
	"go/scanner"
	"go/token"
	"regexp"
	"strings"
)

// A Magic is a line of a cell that is not Go: "%name arguments", "!command", which is sh, or "name?", which is help.
type Magic struct {
	Name string
	Args string // without the spaces around it
	At   Position
	From int // where the line's mark stands, in bytes
	Body int // where the arguments begin, in bytes
	End  int // where the line ends, or the last that is joined to it
}

// Magics takes the lines out of the cell that are not Go, and puts spaces in their place, so that every place in the
// Go stays where it was. Such a line stands where a statement may begin, outside all brackets; a backslash at its end
// joins the next one to it. The arguments of names for which goes is true are Go themselves, and stay.
func (c Cell) Magics(goes func(name string) bool) (Cell, []Magic) {
	if !marked.MatchString(c.Text) || len(c.Text) > MaxBytes {
		return c, nil
	}
	text := []byte(c.Text)
	var out []Magic
	for from := 0; ; {
		start, end := nextMagic(text, from)
		if start < 0 {
			return Cell{Number: c.Number, Text: string(text)}, out
		}
		m := c.magic(start, end)
		if goes(m.Name) {
			end = m.Body
		}
		out = append(out, m)
		blank(text[start:end])
		from = end
	}
}

// marked finds texts that may have a magic.
var marked = regexp.MustCompile(`(?m)^[ \t]*[%!?]|\?[ \t\r]*$`)

// asked is a line that asks for help on a name.
var asked = regexp.MustCompile(`^(?:\?{1,2}[ \t]*([%\w.]*)|([%\w.]+)\?{1,2})[ \t\r]*$`)

// named is the beginning of a line with a magic's name.
var named = regexp.MustCompile(`^%{1,2}([\w-]*)[ \t]*`)

// nextMagic finds the next line of a magic in text: its bytes, or -1. A statement may begin at from.
func nextMagic(text []byte, from int) (start, end int) {
	file := token.NewFileSet().AddFile("", -1, len(text)-from)
	var s scanner.Scanner
	s.Init(file, text[from:], func(token.Position, string) {}, 0)
	depth, begins := 0, true
	for {
		pos, tok, _ := s.Scan()
		at := from + file.Offset(pos)
		if begins && depth == 0 && tok != token.EOF && startsLine(text, at) && isMagic(text[at:lineEnd(text, at)]) {
			return at, joinedEnd(text, at)
		}
		switch tok {
		case token.EOF:
			return -1, -1
		case token.LPAREN, token.LBRACE, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			depth = max(depth-1, 0)
		}
		begins = tok == token.SEMICOLON
	}
}

func isMagic(line []byte) bool { return line[0] == '%' || line[0] == '!' || asked.Match(line) }

// startsLine reports whether only space stands before a byte on its line.
func startsLine(text []byte, at int) bool {
	for at > 0 && (text[at-1] == ' ' || text[at-1] == '\t') {
		at--
	}
	return at == 0 || text[at-1] == '\n'
}

func lineEnd(text []byte, at int) int {
	for at < len(text) && text[at] != '\n' {
		at++
	}
	return at
}

// joinedEnd is the end of the line at a byte, and of those that backslashes join to it.
func joinedEnd(text []byte, at int) int {
	end := lineEnd(text, at)
	for end < len(text) && text[end-1] == '\\' {
		end = lineEnd(text, end+1)
	}
	return end
}

// magic reads the line between two bytes.
func (c Cell) magic(start, end int) Magic {
	line := c.Text[start:end]
	m := Magic{At: c.PositionAt(start), From: start, End: end}
	head := asked.FindStringSubmatch(line)
	switch {
	case head != nil:
		m.Name, m.Args, m.Body = "help", head[1]+head[2], end
		return m
	case line[0] == '!':
		m.Name, m.Body = "sh", start+1
	default:
		name := named.FindStringSubmatch(line)
		m.Name, m.Body = name[1], start+len(name[0])
	}
	m.Args = strings.TrimSpace(strings.ReplaceAll(c.Text[m.Body:end], "\\\n", "\n"))
	return m
}

// blank writes spaces over text, and leaves its lines.
func blank(text []byte) {
	for i, b := range text {
		if b != '\n' && b != '\r' {
			text[i] = ' '
		}
	}
}
