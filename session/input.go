package session

import (
	"io"
	"strconv"
	"sync"

	"github.com/riffle-stream/riffle/export"
)

// input asks whoever runs the cell.
func (s *Session) input(prompt string) string {
	line := s.ask(prompt, false)
	s.gives(export.Given{Verb: "Input", Literal: strconv.Quote(line)})
	return line
}

func (s *Session) password(prompt string) string { return s.ask(prompt, true) }

func (s *Session) ask(prompt string, hidden bool) string {
	c := s.current()
	line, err := c.out.Input(c.ctx, prompt, hidden)
	s.must(err)
	return line
}

// A keyboard is the standard input of cells: each line that they read is asked for.
type keyboard struct {
	session *Session

	mu   sync.Mutex
	cell *running // that the rest was typed for
	rest []byte
}

// Read gives what is left of a line, or asks for the next. A line is not kept for another cell.
func (k *keyboard) Read(b []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c := k.session.current()
	if k.cell != c {
		k.cell, k.rest = c, nil
	}
	if len(k.rest) == 0 && len(b) > 0 {
		line, err := c.out.Input(c.ctx, "", false)
		if err != nil {
			return 0, err
		}
		k.rest = append([]byte(line), '\n')
	}
	n := copy(b, k.rest)
	k.rest = k.rest[n:]
	return n, nil
}

var _ io.Reader = (*keyboard)(nil)
