package source

import (
	"go/token"
	"regexp"
	"strings"
)

// SyntaxError says in the words of the Go compiler what go/parser says in its own of a place in a cell, and at which
// column the compiler says it.
func SyntaxError(msg string, c Cell, line, column int) (string, int) {
	text := c.Line(line)
	before := text[:min(max(column-1, 0), len(text))]
	switch m := parserOnly.FindStringSubmatch(msg); {
	case m == nil:
	case m[1] == "type argument list" && strings.HasPrefix(text, "func ("):
		return "syntax error: method must have no type parameters", column
	case m[1] != "": // of a list
		return "syntax error: unexpected " + c.lexemeAt(line, column) + " in " + m[1] + "; possibly missing comma or " + closers[m[1]], column
	case m[2] != "": // go or defer
		i := strings.LastIndex(before, m[2]+" ")
		return msg, i + len(m[2]) + 2
	case m[3] != "": // dots
		return "can only use ... with final parameter", max(column, strings.Index(text, "...")+1)
	case m[4] != "": // variables of a range
		return "range clause permits at most two iteration variables", len(thirdName.FindString(text)) + 1
	}
	if rest := text[len(before):]; strings.HasSuffix(msg, "found assignment (missing parentheses around composite literal?)") {
		return "syntax error: " + assignmentAsValue(rest), column
	}
	if text := lexical(msg); text != msg {
		return text, column
	}
	return "syntax error: " + expected(msg, c.enclosing(line, column), strings.TrimSpace(before)), column
}

var (
	parserOnly = regexp.MustCompile(`^missing ',' in (composite literal|argument list|parameter list|type argument list)$|^expression in (go|defer) must be function call$|^can only use (\.\.\.) with final parameter|^(expected at most 2 expressions)$`)
	thirdName  = regexp.MustCompile(`^.*?for\s+[^,]*,[^,]*,\s*`)
	closers    = map[string]string{"composite literal": "}", "argument list": ")", "parameter list": ")", "type argument list": "]"}
)

// assignmentAsValue says that an assignment, with which the text begins, stands where a value should.
func assignmentAsValue(text string) string {
	text = strings.TrimSpace(strings.TrimPrefix(text, "for "))
	text, _, _ = strings.Cut(text, "{")
	text = strings.TrimSpace(text)
	comma, define := strings.Index(text, ","), strings.LastIndex(text, ":=")
	if first := strings.Index(text, ":="); comma > first && first >= 0 && define > first {
		return "unexpected :=, expected {"
	}
	if !strings.Contains(text, ":=") {
		text = "assignment " + text
	}
	return "cannot use " + text + " as value"
}

// expected says what was found in the place of what; in is what the place is inside of, and before the line up to it.
func expected(msg, in, before string) string {
	m := expectation.FindStringSubmatch(msg)
	if m == nil {
		return strings.Replace(msg, "expecting {", "expected {", 1)
	}
	want, found := unquote(m[1]), lexemeName(m[2])
	head, _, _ := strings.Cut(strings.TrimPrefix(before, "} else "), " ")
	switch {
	case want == "statement":
		return "unexpected " + found + ", expected }"
	case want == ";" && in != "":
		return "unexpected " + found + " in " + in + " type; possibly missing semicolon or newline or }"
	case want == ";" && head == "for" && found == "{":
		return "unexpected {, expected semicolon or newline"
	case want == ";" && (head == "if" || head == "switch" || head == "for") && !strings.Contains(before, "{"):
		return "unexpected " + found + ", expected {"
	case want == ";":
		return "unexpected " + found + " at end of statement"
	case want == "operand":
		want = "expression"
	case want == "IDENT":
		want = "name"
	case m[1] == "type":
		return "unexpected " + found + ", expected type"
	}
	return "unexpected " + found + ", expected " + lexemeName(want)
}

// lexical says in the words of the Go compiler what go/scanner says in its own.
func lexical(msg string) string {
	for _, s := range spoken {
		if rest, ok := strings.CutPrefix(msg, s.parser); ok {
			return s.compiler + rest
		}
	}
	return msg
}

var expectation = regexp.MustCompile(`^expected (.*), found (.*)$`)

// spoken are beginnings of messages that the compiler says otherwise.
var spoken = []struct{ parser, compiler string }{
	{"string literal not terminated", "newline in string"},
	{"raw string literal not terminated", "string not terminated"},
	{"illegal rune literal", "more than one character in rune literal"},
	{"unknown escape sequence", "unknown escape"},
	{"illegal character", "invalid character"},
	{"missing ',' before newline in composite literal", "syntax error: unexpected newline in composite literal; possibly missing comma or }"},
	{"missing ',' before newline in argument list", "syntax error: unexpected newline in argument list; possibly missing comma or )"},
	{"missing ',' before newline in parameter list", "syntax error: unexpected newline in parameter list; possibly missing comma or )"},
	{"expected statement, found 'else'", "syntax error: unexpected keyword else, expected }"},
}

func unquote(s string) string { return strings.Trim(s, "'") }

// lexemeName is how the compiler calls a piece of source that the parser shows quoted, if it is a token, or bare.
func lexemeName(s string) string {
	bare := unquote(s)
	switch {
	case s == "newline" || s == "EOF":
		return s
	case bare == ",":
		return "comma"
	case bare == ";":
		return "semicolon or newline"
	case token.IsKeyword(bare):
		return "keyword " + bare
	case s == bare && token.IsIdentifier(s) && s != "expression" && s != "name" && s != "type":
		return "name " + s
	case s == bare && strings.ContainsAny(s[:1], "0123456789\"'`"):
		return "literal " + s
	}
	return bare
}

// offsetOf is the place of a line and column in the text.
func (c Cell) offsetOf(line, column int) int {
	offset := 0
	for range line - 1 {
		i := strings.IndexByte(c.Text[offset:], '\n')
		if i < 0 {
			break
		}
		offset += i + 1
	}
	return min(offset+column-1, len(c.Text))
}

// lexemeAt is how the compiler calls what stands at a place.
func (c Cell) lexemeAt(line, column int) string {
	at := c.offsetOf(line, column)
	lexemes, _, _ := c.lexemes()
	for i, l := range lexemes {
		if l.offset < at || i+1 == len(lexemes) {
			continue
		}
		text := strings.TrimSpace(c.Text[l.offset:lexemes[i+1].offset])
		switch {
		case l.tok == token.SEMICOLON && text != ";":
			return "newline"
		case l.tok == token.SEMICOLON:
			return "semicolon"
		case l.tok.IsLiteral():
			return lexemeName(text)
		}
		return lexemeName("'" + l.tok.String() + "'")
	}
	return "EOF"
}

// enclosing is "struct" or "interface" if a place is directly inside the braces of such a type.
func (c Cell) enclosing(line, column int) string {
	at := c.offsetOf(line, column)
	lexemes, _, _ := c.lexemes()
	var open []string
	for i, l := range lexemes {
		switch {
		case l.offset >= at:
		case l.tok == token.LBRACE && i > 0 && (lexemes[i-1].tok == token.STRUCT || lexemes[i-1].tok == token.INTERFACE):
			open = append(open, lexemes[i-1].tok.String())
		case l.tok == token.LBRACE:
			open = append(open, "")
		case l.tok == token.RBRACE && len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	if len(open) == 0 {
		return ""
	}
	return open[len(open)-1]
}
