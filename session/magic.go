package session

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/interp/source"
)

// A line is a magic and where a cell calls it.
type line struct {
	magic
	source.Magic
}

// A script is what a cell has besides Go, while it runs.
type script struct {
	lines []line         // that have not run, in order
	over  []func() error // runs when the statement is over
	ends  []func() error // runs when the cell has ended well
}

// magicNamed finds a magic.
func magicNamed(name string) (magic, bool) {
	for _, m := range magics() {
		if m.name == name {
			return m, true
		}
	}
	return magic{}, false
}

// goCode is a cell's text without its magics, and these. Completion and its like use it, too.
func goCode(number int, text string) (source.Cell, []source.Magic) {
	return source.Cell{Number: number, Text: text}.Magics(func(name string) bool {
		m, ok := magicNamed(name)
		return ok && m.goes
	})
}

// readMagics takes the magics out of a cell and runs those that come first.
func (s *Session) readMagics(c *running) error {
	code, found := goCode(c.number, c.text)
	c.code = code.Text
	for _, f := range found {
		m, ok := magicNamed(f.Name)
		if !ok {
			return c.refuse(f, unknownMagic(f.Name))
		}
		if m.first && strings.TrimSpace(comments.ReplaceAllString(c.code[:f.From], "")) != "" {
			return c.refuse(f, fmt.Sprintf("%%%s comes before the Go of its cell: put it above the first statement, or into a cell of its own", f.Name))
		}
		c.script.lines = append(c.script.lines, line{m, f})
	}
	rest := c.script.lines[:0:0]
	for _, l := range c.script.lines {
		if !l.first {
			rest = append(rest, l)
		} else if err := s.call(c, l); err != nil {
			return err
		}
	}
	c.script.lines = rest
	return nil
}

var comments = regexp.MustCompile(`//.*|(?s:/\*.*?\*/)`)

func unknownMagic(name string) string {
	if name == "" {
		return "% has no name behind it, want such as %time; %help lists them"
	}
	var names []string
	for _, m := range magics() {
		names = append(names, m.name)
	}
	if meant := near.Name(name, names); meant != "" {
		return fmt.Sprintf("no magic %%%s, did you mean %%%s?", name, meant)
	}
	return fmt.Sprintf("no magic %%%s (there are %%%s)", name, strings.Join(names, ", %"))
}

// refuse is the error of a cell that cannot run because of one of its magics.
func (c *running) refuse(m source.Magic, text string) error {
	return &source.Error{Cell: c.number, Line: m.At.Line, Column: m.At.Column, Message: text, Source: c.source().Line(m.At.Line)}
}

// call runs a magic.
func (s *Session) call(c *running, l line) error {
	s.mu.Lock()
	c.at = l.At
	s.mu.Unlock()
	return c.note(l.run(s, c, l.Args))
}

// note keeps an error as what ended the cell.
func (c *running) note(err error) error {
	if err != nil {
		c.failed = &failure{err, origin{c, c.at}}
	}
	return err
}

// advance ends the statement that ran, and runs the magics above the next; without one all that are left.
func (s *Session) advance(c *running, next *interp.Position) error {
	over := c.script.over
	c.script.over = nil
	for _, f := range over {
		if err := c.note(f()); err != nil {
			return err
		}
	}
	for len(c.script.lines) > 0 {
		l := c.script.lines[0]
		if next != nil && (l.At.Line > next.Line || l.At.Line == next.Line && l.At.Column > next.Column) {
			return nil
		}
		c.script.lines = c.script.lines[1:]
		if err := s.call(c, l); err != nil {
			return err
		}
	}
	return nil
}

// finish runs what a cell does when its statements have run.
func (s *Session) finish(c *running) error {
	if err := s.advance(c, nil); err != nil {
		return err
	}
	for _, f := range append(c.script.over, c.script.ends...) {
		if err := c.note(f()); err != nil {
			return err
		}
	}
	return nil
}

// describe is what help says of a magic.
func (m magic) describe() string {
	text := strings.TrimSpace("%"+m.name+" "+m.args) + "\n" + m.help
	if m.more != "" {
		text += "\n\n" + m.more
	}
	return text
}
