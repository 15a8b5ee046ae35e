package session

import (
	"strings"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/kernel"
)

// inString proposes what may stand in an expression: the columns of the
// pinned samples and the functions. It answers where the cursor is in a string.
func (s *Session) inString(code string, cursor int) (kernel.Completion, bool) {
	if cursor > len(code) || !quoted(code[:cursor]) {
		return kernel.Completion{}, false
	}
	start := cursor
	for start > 0 && isWord(code[start-1]) {
		start--
	}
	out := kernel.Completion{Start: start, End: cursor}
	word := code[start:cursor]
	for _, f := range s.samples.columns() {
		if strings.HasPrefix(f.Name, word) {
			out.Candidates = append(out.Candidates, kernel.Candidate{Text: f.Name, Type: "column", Signature: f.Kind.String()})
		}
	}
	for _, f := range expr.Functions() {
		if word != "" && strings.HasPrefix(f.Name, word) {
			out.Candidates = append(out.Candidates, kernel.Candidate{Text: f.Name, Type: "function", Signature: f.Signature})
		}
	}
	return out, len(out.Candidates) > 0
}

// quoted says whether the end of Go code stands inside a string literal.
func quoted(code string) bool {
	in := byte(0)
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case in == 0 && (c == '"' || c == '`'):
			in = c
		case in == '"' && c == '\\':
			i++
		case c == in, in == '"' && c == '\n':
			in = 0
		}
	}
	return in != 0
}

func isWord(c byte) bool {
	return c == '_' || c == '.' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
