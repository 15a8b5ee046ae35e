package session

import (
	"slices"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/interp/source"
)

// words is a part of a string literal, by bytes of its value.
type words struct {
	literal  source.Literal
	from, to int
}

// find looks for a literal whose value the test takes: in the statement of an origin, in its cell, then in the other
// cells, the newest first.
func (s *Session) find(at origin, is func(value string) bool) (cell *running, l source.Literal, ok bool) {
	all := at.cell.source().Literals()
	from, to := at.cell.statement(at.at)
	for _, within := range []bool{true, false} {
		for _, l := range all {
			if o := at.cell.offset(l.At); is(l.Value) && within == (o >= from && o < to) {
				return at.cell, l, true
			}
		}
	}
	s.mu.Lock()
	cells := slices.Clone(s.ran)
	s.mu.Unlock()
	for _, c := range slices.Backward(cells) {
		for _, l := range c.source().Literals() {
			if c != at.cell && is(l.Value) {
				return c, l, true
			}
		}
	}
	return nil, l, false
}

// spells says whether a literal is a text as written, one whose canonical form the text is, or a field of that name.
func spells(text string) func(value string) bool {
	return func(value string) bool {
		if value == text {
			return true
		}
		if a, err := plan.ParseAggregate(value); err == nil && a.Text() == text {
			return true
		}
		if f, err := row.ParseField(value); err == nil && f.Name == text {
			return true
		}
		name, e, err := expr.ParseColumn(value)
		return err == nil && (e.String() == text || name+" = "+e.String() == text)
	}
}

// mark puts the place of words into a failure.
func (c *running) mark(f *display.Failure, w words) {
	start := c.offset(w.literal.At)
	from, to := start+sourceOffset(c.text[start:], w, w.from), start+sourceOffset(c.text[start:], w, w.to)
	at := c.source().PositionAt(from)
	if end := strings.IndexByte(c.text[from:to], '\n'); end >= 0 {
		to = from + end
	}
	f.Where, f.Source = c.name(), c.text
	f.Line, f.Column, f.Length = at.Line, at.Column, to-from
}

// sourceOffset is where byte n of a literal's value stands in its source, which begins behind the quote.
func sourceOffset(text string, w words, n int) int {
	if w.literal.Raw {
		return min(n, len(text))
	}
	rest := text
	for done := 0; done < n && rest != ""; {
		r, multibyte, tail, err := strconv.UnquoteChar(rest, '"')
		if err != nil {
			break
		}
		rest = tail
		if done++; multibyte {
			done += len(string(r)) - 1
		}
	}
	return len(text) - len(rest)
}

// source is the cell's Go, for the interpreter's reader.
func (c *running) source() source.Cell { return source.Cell{Number: c.number, Text: c.code} }

// statement is where the top-level statement at a position begins and ends.
func (c *running) statement(at interp.Position) (from, to int) {
	here := c.offset(at)
	chunks, err := c.source().Split()
	if err != nil {
		return here, len(c.text)
	}
	for _, k := range chunks {
		if here >= k.From && here < k.To {
			return k.From, k.To
		}
	}
	return here, len(c.text)
}

// offset is the byte of the cell's text at a position.
func (c *running) offset(at interp.Position) int {
	n := 0
	for line := 1; line < at.Line; line++ {
		end := strings.IndexByte(c.text[n:], '\n')
		if end < 0 {
			break
		}
		n += end + 1
	}
	return min(n+max(at.Column-1, 0), len(c.text))
}
