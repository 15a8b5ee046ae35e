package check

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/interp/source"
)

// maxMends bounds how many lines are left out to make a text readable.
const maxMends = 10

// mended is code as Split takes it. Up to cursor every byte stays in its place, and nothing comes before others.
func mended(code string, cursor int) string {
	code = balanced(code, cursor)
	for range maxMends {
		next := omitted(code, cursor)
		if next == code {
			break
		}
		code = balanced(next, cursor)
	}
	return code
}

var closers = map[token.Token]token.Token{token.LPAREN: token.RPAREN, token.LBRACE: token.RBRACE, token.LBRACK: token.RBRACK}

// balanced blanks brackets that close nothing, closes those that are open at the end, and gives up a declaration
// that is still open where the next begins.
func balanced(code string, cursor int) string {
	b := []byte(code)
	var open []token.Token // the brackets that will close what is open
	var start int          // of what is open
	all := tokens(code)
	for i, l := range all {
		switch {
		case l.tok == token.FUNC && len(open) > 0 && atMargin(code, l.at) && i+1 < len(all) && all[i+1].tok == token.IDENT:
			if cursor < l.at {
				return balanced(string(b[:l.at])+text(open)+";"+code[l.at:], cursor)
			}
			blank(b[start:l.at])
			open = nil
		case closers[l.tok] != token.ILLEGAL:
			if len(open) == 0 {
				start = lineStart(code, l.at)
			}
			open = append(open, closers[l.tok])
		case l.tok == token.RPAREN || l.tok == token.RBRACE || l.tok == token.RBRACK:
			if len(open) == 0 || open[len(open)-1] != l.tok {
				b[l.at] = ' '
				continue
			}
			open = open[:len(open)-1]
		}
	}
	return unquoted(string(b)) + text(open)
}

// text is the brackets that end what is open, the innermost first.
func text(open []token.Token) string {
	var b strings.Builder
	for _, t := range slices.Backward(open) {
		b.WriteString(t.String())
	}
	return b.String()
}

// unquoted ends a string or comment that is open at the end.
func unquoted(code string) string {
	var s scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(code))
	s.Init(file, []byte(code), func(at token.Position, msg string) {
		switch {
		case strings.Contains(msg, "raw string literal not terminated"):
			code += "`"
		case strings.Contains(msg, "comment not terminated"):
			code += "*/"
		}
	}, 0)
	for {
		if _, tok, _ := s.Scan(); tok == token.EOF {
			return code
		}
	}
}

// omitted leaves out what the parser does not understand and the cursor is not in: a whole chunk, or a line of the
// cursor's chunk but for its brackets.
func omitted(code string, cursor int) string {
	chunks := source.Cell{Text: code}.SplitLoose()
	b := []byte(code)
	for _, c := range chunks {
		head := "package main;"
		if !c.Declares() {
			head += "func _() {"
		}
		tail := map[bool]string{true: "", false: "\n}"}[c.Declares()]
		at, ok := firstError(head, code[c.From:c.To], tail)
		switch {
		case !ok:
		case cursor < c.From || cursor > c.To+len(placeholder):
			blank(b[c.From:c.To])
		default:
			from := lineStart(code, c.From+at)
			to := from + strings.IndexByte(code[from:]+"\n", '\n')
			if cursor < from || cursor > to {
				blankWords(b[from:to])
			}
		}
	}
	return string(b)
}

// firstError is where the parser stops to understand a text.
func firstError(head, text, tail string) (offset int, ok bool) {
	_, err := parser.ParseFile(token.NewFileSet(), "", head+text+tail, parser.SkipObjectResolution)
	list, ok := err.(scanner.ErrorList)
	if !ok || len(list) == 0 {
		return 0, false
	}
	return min(max(list[0].Pos.Offset-len(head), 0), len(text)), true
}

func lineStart(code string, at int) int { return strings.LastIndexByte(code[:at], '\n') + 1 }

func atMargin(code string, at int) bool { return at == 0 || code[at-1] == '\n' }

func blank(b []byte) {
	for i := range b {
		if b[i] != '\n' {
			b[i] = ' '
		}
	}
}

// blankWords leaves brackets.
func blankWords(b []byte) {
	for i := range b {
		if !strings.ContainsRune("(){}[]\n", rune(b[i])) {
			b[i] = ' '
		}
	}
}

// A lexeme is a token and where it stands.
type lexeme struct {
	at  int
	tok token.Token
}

func tokens(code string) (out []lexeme) {
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), func(token.Position, string) {}, 0)
	for {
		pos, tok, _ := s.Scan()
		if tok == token.EOF {
			return out
		}
		out = append(out, lexeme{file.Offset(pos), tok})
	}
}

// readLoose is read for text with syntax errors.
func (s *Session) readLoose(cell source.Cell) (*parts, error) {
	chunks := cell.SplitLoose()
	p := &parts{chunks: chunks}
	p.imports, _ = s.imports(cell, chunks)
	text := cell.Only(chunks, func(c source.Chunk) bool { return !c.Declares() })
	p.stree = s.parseLoose(cell, "package main;func _() {", text, "\n}")
	if f, ok := firstFunc(p.stree.file); ok {
		p.body, p.stmts = f, f.Body.List
	}
	text = cell.Only(chunks, func(c source.Chunk) bool {
		return c.Declares() && c.Kind != token.PACKAGE && c.Kind != token.IMPORT
	})
	p.dtree = s.parseLoose(cell, "package main;", text, "")
	p.decls = p.dtree.file.Decls
	if p.body == nil {
		return nil, &source.Error{Message: "no statements"}
	}
	return p, nil
}

func firstFunc(f *ast.File) (*ast.FuncDecl, bool) {
	if len(f.Decls) == 0 {
		return nil, false
	}
	d, ok := f.Decls[0].(*ast.FuncDecl)
	return d, ok && d.Body != nil
}

func (s *Session) parseLoose(cell source.Cell, head, text, tail string) *tree {
	f, _ := parser.ParseFile(s.fset, "probe", head+text+tail, parser.SkipObjectResolution|parser.AllErrors)
	return &tree{cell: cell, file: f, tfile: s.fset.File(f.FileStart), head: len(head)}
}
