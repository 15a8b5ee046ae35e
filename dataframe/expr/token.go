package expr

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser/lexer"
)

// tokens are the words of a source, with what the parser does not keep: the
// bytes where each begins and ends, how deep in brackets it is, and which
// bracket closes which.
type tokens struct {
	src   string
	list  []lexer.Token
	at    []int       // byte of each rune of src, and the length
	depth []int       // of each token
	match map[int]int // opening bracket to closing bracket, by index
	first map[int]int // rune where a token begins to its index
}

// foreign are words of the parser's language that ours leaves out, and what to write instead.
var foreign = map[string]string{
	"|":   "alternatives are written a or b",
	"&":   "conditions are joined with a and b",
	"^":   "powers are written a ** b",
	"=":   "equality is written ==, and name = only at the start",
	";":   "one expression stands alone",
	"let": "a column named let is written col('let')",
	"..":  "a range is written x >= a and x <= b",
	"?.":  "write a.b: a member of null is null",
	"::":  "functions are called by their name",
	"{":   "text and numbers only",
	"}":   "text and numbers only",
}

// scan reads the words of src and refuses those that are not of the language.
func scan(src string) (*tokens, *Error) {
	list, err := lexer.Lex(file.NewSource(src))
	t := &tokens{src: src, at: runeBytes(src)}
	if err != nil {
		return nil, t.fromParser(err)
	}
	t.list = list
	for i, tok := range list {
		if hint, ok := foreign[tok.Value]; ok && (tok.Kind == lexer.Operator || tok.Kind == lexer.Bracket) && !t.isMember(i) {
			return nil, t.wrong(i, hint, "%q is not part of an expression", tok.Value)
		}
	}
	if err := t.gaps(); err != nil {
		return nil, err
	}
	t.nest()
	return t, nil
}

func runeBytes(src string) []int {
	at := make([]int, 0, len(src)+1)
	for i := range src {
		at = append(at, i)
	}
	return append(at, len(src))
}

// isMember says whether the token is the name after a dot, where every word is allowed.
func (t *tokens) isMember(i int) bool { return i > 0 && t.list[i-1].Is(lexer.Operator, ".") }

// gaps refuses comments: in a // 2 the parser would drop the second half unseen.
func (t *tokens) gaps() *Error {
	end := 0
	for i, tok := range t.list {
		from := t.begin(i)
		if tok.Kind == lexer.EOF {
			from = len(t.src)
		}
		if gap := t.src[min(end, from):from]; strings.TrimSpace(gap) != "" {
			skip := len(gap) - len(strings.TrimSpace(gap))
			return &Error{Src: t.src, Pos: end + skip, Len: 2, Msg: "comments are not part of an expression", Hint: "integer division is div(a, b)"}
		}
		end = t.finish(i)
	}
	return nil
}

// nest finds the pairs of brackets.
func (t *tokens) nest() {
	t.depth, t.match, t.first = make([]int, len(t.list)), map[int]int{}, map[int]int{}
	var open []int
	for i, tok := range t.list {
		t.first[tok.From] = i
		if tok.Kind == lexer.Bracket && strings.Contains(")]", tok.Value) && len(open) > 0 {
			t.match[open[len(open)-1]] = i
			open = open[:len(open)-1]
		}
		t.depth[i] = len(open)
		if tok.Kind == lexer.Bracket && strings.Contains("([", tok.Value) {
			open = append(open, i)
		}
	}
}

// begin and finish are the bytes of a token.
func (t *tokens) begin(i int) int  { return t.at[min(t.list[i].From, len(t.at)-1)] }
func (t *tokens) finish(i int) int { return t.at[min(t.list[i].To, len(t.at)-1)] }

// starting and ending are the tokens that begin and end at a byte.
func (t *tokens) starting(pos int) int {
	return sort.Search(len(t.list)-1, func(i int) bool { return t.begin(i) >= pos })
}

func (t *tokens) ending(end int) int {
	return sort.Search(len(t.list)-1, func(i int) bool { return t.finish(i) >= end })
}

// is says whether token i is that operator or bracket.
func (t *tokens) is(i int, value string) bool {
	return i >= 0 && i < len(t.list) && t.list[i].Value == value &&
		(t.list[i].Kind == lexer.Operator || t.list[i].Kind == lexer.Bracket)
}

// last is the index of the last token before the end.
func (t *tokens) last() int { return len(t.list) - 2 }

func (t *tokens) wrong(i int, hint, format string, args ...any) *Error {
	return &Error{Src: t.src, Pos: t.begin(i), Len: t.finish(i) - t.begin(i), Msg: fmt.Sprintf(format, args...), Hint: hint}
}

// fromParser turns an error of the lexer or parser into ours.
func (t *tokens) fromParser(err error) *Error {
	var e *file.Error
	if !errors.As(err, &e) {
		return &Error{Src: t.src, Len: len(t.src), Msg: err.Error()}
	}
	from := t.at[min(max(e.From, 0), len(t.at)-1)]
	to := max(t.at[min(max(e.To, 0), len(t.at)-1)], from)
	out := &Error{Src: t.src, Pos: from, Len: to - from, Msg: e.Message}
	switch word := t.src[from:to]; {
	case strings.Contains(e.Message, "maximum allowed nodes"):
		return tooMany(t.src)
	case strings.HasPrefix(e.Message, "invalid") && strings.Contains(e.Message, "strconv"):
		return t.badNumber(from)
	case strings.HasPrefix(e.Message, "literal not terminated"):
		out.Msg, out.Hint = "the text is not closed", "a quote is missing at its end"
	case strings.HasPrefix(e.Message, "unexpected token EOF"), strings.HasPrefix(e.Message, "unexpected end"):
		out.Pos, out.Len, out.Msg = len(t.src), 0, "the expression ends too early"
	case strings.HasPrefix(e.Message, "unexpected token"):
		out.Msg, out.Hint = fmt.Sprintf("%q is not expected here", word), misplaced(word, t.src)
	case strings.HasPrefix(e.Message, "Operator ("):
		out.Msg, out.Hint = "?? cannot be mixed with other operators", "put a ?? b in parentheses"
	case strings.HasPrefix(e.Message, "expected at least"):
		out.Msg, out.Hint = "a list and a condition are expected", "such as any(tags, # > 3)"
	}
	return out
}

// badNumber is the error for the number before a byte.
func (t *tokens) badNumber(before int) *Error {
	i := t.last()
	for i > 0 && (t.list[i].Kind != lexer.Number || t.begin(i) > before) {
		i--
	}
	return t.wrong(i, "an int has at most 9223372036854775807; a float is written 1e20", "%s is not a number that fits", t.list[i].Value)
}

// misplaced explains words that people put where they cannot be.
func misplaced(word, src string) string {
	switch {
	case habits[word] != "":
		return habits[word]
	case negatable[word]:
		return fmt.Sprintf("written a %s b; a column of that name is col('%s')", word, word)
	case word == "div":
		return "integer division is div(a, b)"
	case word == "#":
		return "# is the element inside any, all, filter and map"
	case word == ">":
		return "not equal is written a != b"
	case word == "*" && strings.Contains(src, "count(*"):
		return "count() counts rows"
	case word != "" && plainName(word):
		return "an operator is missing before it, or a name with spaces is written col('a name')"
	}
	return ""
}
