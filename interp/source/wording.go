package source

import (
	"go/token"
	"regexp"
	"strings"
)

// SyntaxError says in the words of the Go compiler what go/parser says in its own.
func SyntaxError(msg string) string {
	if text := lexical(msg); text != msg {
		return text
	}
	m := expectation.FindStringSubmatch(msg)
	if m == nil {
		return "syntax error: " + strings.Replace(msg, "expecting {", "expected {", 1)
	}
	want, found := unquote(m[1]), lexemeName(m[2])
	switch want {
	case ";", "statement":
		return "syntax error: unexpected " + found + " at end of statement"
	case "operand":
		want = "expression"
	case "IDENT":
		want = "name"
	}
	return "syntax error: unexpected " + found + ", expected " + lexemeName(want)
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
	{"expected boolean expression, found assignment (missing parentheses around composite literal?)", "syntax error: cannot use assignment as value"},
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
