package code

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"slices"
)

// Hash names the code of a function: 32 hex digits of the SHA-256 over the
// tokens of its text and of all that it reaches in its package. Comments, spaces
// and the order of declarations do not matter. It is "" for a function of another package.
func (s *Source) Hash(fn any) string { return s.hash(placeOf(fn)) }

func (s *Source) hash(p place) string {
	f := s.find(p)
	if len(f.nodes) == 0 {
		return ""
	}
	var texts []string
	for n := range s.reached(f) {
		texts = append(texts, s.tokens(n))
	}
	slices.Sort(texts)
	h := sha256.New()
	for _, t := range slices.Compact(texts) {
		fmt.Fprintf(h, "%d\n%s", len(t), t)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// tokens is the text of a node, one token a line, whatever its line breaks.
func (s *Source) tokens(n ast.Node) string {
	pos, end := s.fset.Position(n.Pos()), s.fset.Position(n.End())
	src := s.texts[pos.Filename][pos.Offset:min(end.Offset, len(s.texts[pos.Filename]))]
	var scan scanner.Scanner
	scan.Init(token.NewFileSet().AddFile("", -1, len(src)), src, nil, 0)
	var out []byte
	held := "" // a token that means nothing before a closing bracket or the end
	for {
		_, tok, lit := scan.Scan()
		switch tok {
		case token.EOF:
			return string(out)
		case token.SEMICOLON, token.COMMA:
			held = tok.String() + "\n"
			continue
		case token.RBRACE, token.RPAREN, token.RBRACK:
			held = ""
		}
		out = fmt.Appendf(out, "%s%s %s\n", held, tok, lit)
		held = ""
	}
}
