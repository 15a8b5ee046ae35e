package session

import (
	"go/scanner"
	"go/token"
	"strings"
)

// openQuote is where the string begins in which the end of Go code stands, or -1.
func openQuote(code string) int {
	for i := 0; i < len(code); i++ {
		switch {
		case strings.HasPrefix(code[i:], "//"):
			i = skip(code, i+2, "\n")
		case strings.HasPrefix(code[i:], "/*"):
			i = skip(code, i+2, "*/")
		case code[i] == '`':
			end := strings.IndexByte(code[i+1:], '`')
			if end < 0 {
				return i
			}
			i += end + 1
		case code[i] == '"' || code[i] == '\'':
			end := closing(code, i)
			if end < 0 && code[i] == '"' {
				return i
			}
			i = max(end, i)
		}
	}
	return -1
}

// skip is the last byte of what follows from and ends a comment.
func skip(code string, from int, end string) int {
	if n := strings.Index(code[from:], end); n >= 0 {
		return from + n + len(end) - 1
	}
	return len(code)
}

// closing is where the literal ends that begins at a quote: at its like, or at the end of the line. It is -1 if the
// code ends first.
func closing(code string, at int) int {
	for i := at + 1; i < len(code); i++ {
		switch code[i] {
		case '\\':
			i++
		case code[at], '\n':
			return i
		}
	}
	return -1
}

// openCall is a call whose bracket is still open.
type openCall struct {
	name     string // of the function or method
	receiver string // the expression before the method, or ""
	first    string // the first argument, if it is complete
	start    int    // where the call begins
}

// lexeme is a token of Go code and where it stands.
type lexeme struct {
	at, end int
	tok     token.Token
	lit     string
}

func lexemes(code string) (out []lexeme) {
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), nil, 0)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return out
		}
		if tok == token.SEMICOLON && lit != ";" {
			continue // the end of a line, or of the code
		}
		if lit == "" {
			lit = tok.String()
		}
		at := file.Offset(pos)
		out = append(out, lexeme{at, at + len(lit), tok, lit})
	}
}

// callsAround are the calls whose arguments the end of code is among, the innermost first.
func callsAround(code string) (out []openCall) {
	all := lexemes(code)
	depth := 0
	for i := len(all) - 1; i > 0; i-- {
		switch all[i].tok {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if depth--; depth >= 0 {
				continue
			}
			depth = 0
			if all[i].tok == token.LPAREN && all[i-1].tok == token.IDENT {
				out = append(out, callAt(code, all, i))
			}
		}
	}
	return out
}

// callAt is the call whose bracket is token i.
func callAt(code string, all []lexeme, i int) openCall {
	c := openCall{name: all[i-1].lit, start: all[i-1].at}
	if i >= 3 && all[i-2].tok == token.PERIOD {
		from := primary(all, i-3)
		c.receiver, c.start = code[all[from].at:all[i-2].at], all[from].at
	}
	depth := 0
	for _, l := range all[i+1:] {
		switch l.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.COMMA:
			if depth == 0 {
				c.first = code[all[i].end:l.at]
				return c
			}
		}
	}
	return c
}

// primary is the token at which the operand begins that ends at token i: a name with what is called on it.
func primary(all []lexeme, i int) int {
	for {
		if all[i].tok == token.RPAREN || all[i].tok == token.RBRACK {
			for depth := 0; i > 0; i-- {
				switch all[i].tok {
				case token.RPAREN, token.RBRACK, token.RBRACE:
					depth++
				case token.LPAREN, token.LBRACK, token.LBRACE:
					depth--
				}
				if depth == 0 {
					break
				}
			}
			if i == 0 || all[i-1].tok != token.IDENT {
				return i
			}
			i--
		}
		if i < 2 || all[i-1].tok != token.PERIOD {
			return i
		}
		i -= 2
	}
}
