package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/format"
	"go/parser"
	"go/scanner"
	"go/token"
)

// CodeHash names the code of a program, so that two processes can say that they
// run the same: the first 32 hex digits of the SHA-256 over the tokens of the
// slice, the engine's go.mod, and the modules from the user's folders. Comments, spaces, and where the program lies do not matter.
func (w *Workshop) CodeHash(p Program) (string, error) {
	text := p.Slice.File("main", p.Slice.Free("pipeline"), cellsPath)
	tokens, err := normal([]byte(text))
	if err != nil {
		return "", fmt.Errorf("hash of the program: %w", err)
	}
	h := sha256.New()
	h.Write(tokens)
	h.Write(w.mod)
	for _, o := range w.owned {
		h.Write([]byte(o.files.digest()))
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// normal is a Go file as go/format prints it without comments, then one token
// a line: a printer keeps the line breaks of its source.
func normal(text []byte) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := format.Node(&b, fset, file); err != nil {
		return nil, err
	}
	src := b.Bytes()
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(src)), src, nil, 0)
	var out []byte
	held := "" // a token that means nothing before a closing bracket
	for {
		_, tok, lit := s.Scan()
		switch tok {
		case token.EOF:
			return out, nil
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
