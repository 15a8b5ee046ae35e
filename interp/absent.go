package interp

import (
	"cmp"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/interp/symbols"
)

// importable lists the packages that cells may import, but for those of the prelude; of two with one name that with the
// shorter path comes first.
func (e *engine) importable() []symbols.Package {
	var out []symbols.Package
	for _, set := range e.sets {
		for _, path := range set.Paths() {
			if _, ours := e.config.Prelude.Set.Lookup(path); ours {
				continue
			}
			p, _ := set.Lookup(path)
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b symbols.Package) int {
		return cmp.Or(len(a.Path)-len(b.Path), strings.Compare(a.Path, b.Path))
	})
	return out
}

// unimported is the package that a name would most likely mean if it were imported, or nil.
func (e *engine) unimported(name string) *types.Package {
	for _, p := range e.importable() {
		if p.Name != name {
			continue
		}
		if pkg, err := e.session.Import(p.Path); err == nil {
			return pkg
		}
	}
	return nil
}

// absentItems are the packages that could be imported, by name.
func (e *engine) absentItems() []Completion {
	var out []Completion
	for _, p := range e.importable() {
		out = append(out, Completion{Text: p.Name, Kind: "package", Type: p.Path, rank: elsewhere})
	}
	return out
}

// pathItems are the packages that can be imported, by path.
func (e *engine) pathItems() []Completion {
	var out []Completion
	for _, p := range e.importable() {
		out = append(out, Completion{Text: p.Path, Kind: "package", Type: p.Name, rank: ofValue})
	}
	return out
}

// Importing reports whether pos stands in a path of an import declaration.
func Importing(code string, pos int) bool {
	_, ok := importing(code, min(max(pos, 0), len(code)))
	return ok
}

// importing is where the path begins in which pos stands, if that is in an import declaration.
func importing(code string, pos int) (from int, ok bool) {
	line := code[strings.LastIndexByte(code[:pos], '\n')+1 : pos]
	quote := strings.LastIndexAny(line, "\"`")
	if quote < 0 || strings.Count(line, line[quote:quote+1])%2 == 0 {
		return 0, false
	}
	from = pos - len(line) + quote + 1
	before := lexed(code[:from-1])
	for len(before) > 0 { // of a group, with the paths before
		last := before[len(before)-1]
		switch last {
		case token.IMPORT:
			return from, true
		case token.LPAREN:
			return from, len(before) > 1 && before[len(before)-2] == token.IMPORT
		case token.STRING, token.IDENT, token.PERIOD, token.SEMICOLON:
			before = before[:len(before)-1]
		default:
			return 0, false
		}
		if last == token.SEMICOLON && !slices.Contains(before, token.LPAREN) {
			return 0, false
		}
	}
	return 0, false
}

// lexed are the kinds of the tokens of a text.
func lexed(code string) (out []token.Token) {
	var s scanner.Scanner
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", fset.Base(), len(code)), []byte(code), func(token.Position, string) {}, 0)
	for {
		_, tok, _ := s.Scan()
		if tok == token.EOF {
			return out
		}
		out = append(out, tok)
	}
}

// inCode reports whether a place is in none of the comments and literals of a text.
func inCode(code string, pos int) bool {
	var s scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(code))
	s.Init(file, []byte(code), func(token.Position, string) {}, scanner.ScanComments)
	for {
		at, tok, lit := s.Scan()
		from := file.Offset(at)
		switch {
		case tok == token.EOF || from >= pos:
			return true
		case tok == token.STRING && pos < from+len(lit), tok == token.CHAR && pos < from+len(lit):
			return false
		case tok == token.COMMENT && (pos < from+len(lit) || pos == from+len(lit) && strings.HasPrefix(lit, "//")):
			return false
		}
	}
}
