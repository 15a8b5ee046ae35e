package expr

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/riffle-stream/riffle/dataframe/near"
)

// Error is what is wrong with an expression, and where.
type Error struct {
	Src      string // the text of the expression
	Pos, Len int    // the part that is wrong, in bytes of Src
	Msg      string // what was seen and what was expected
	Hint     string // what to do, or ""
}

// Error is the message and the hint on one line.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Msg
	}
	return e.Msg + " (" + e.Hint + ")"
}

// Caret is the text and, on a second line, a mark below the part that is wrong.
func (e *Error) Caret() string {
	line := strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\r' {
			return ' '
		}
		return r
	}, e.Src)
	pos := min(max(e.Pos, 0), len(line))
	end := min(pos+max(e.Len, 1), len(line))
	wide := max(utf8.RuneCountInString(line[pos:end]), 1)
	return line + "\n" + strings.Repeat(" ", utf8.RuneCountInString(line[:pos])) + "^" + strings.Repeat("~", wide-1)
}

// fault is an error at a node; its text is added where it is known.
func fault(n *node, hint, format string, args ...any) *Error {
	return &Error{Pos: n.pos, Len: n.end - n.pos, Msg: fmt.Sprintf(format, args...), Hint: hint}
}

// listed is how many names an error shows.
const listed = 10

// offer is a hint of what there is and, if not "", what was perhaps meant.
func offer(have []string, meant string) string {
	shown, more := have, ""
	if len(have) > listed {
		shown, more = have[:listed], fmt.Sprintf(" and %d more", len(have)-listed)
	}
	hint := "have " + strings.Join(shown, ", ") + more
	if len(have) == 0 {
		hint = "there are none"
	}
	return hint + near.Meant(meant)
}
