package check

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/interp/source"
)

// A tree is the parsed text of a cell or of one old declaration.
type tree struct {
	cell  source.Cell
	base  int // the offset in the cell where its text begins
	file  *ast.File
	tfile *token.File
	head  int // bytes before the text
}

// offset is the place of pos in the cell's text.
func (t *tree) offset(pos token.Pos) int { return t.tfile.Offset(pos) - t.head + t.base }

// parse reads text, which stands in its cell at offset base, between head and tail.
func (s *Session) parse(cell source.Cell, base int, head, text, tail string) (*tree, error) {
	at := cell.PositionAt(base)
	head += fmt.Sprintf("/*line %s:%d:%d*/", fileName(cell.Number), at.Line, at.Column)
	f, err := parser.ParseFile(s.fset, fileName(cell.Number), head+text+tail, parser.ParseComments)
	if err != nil {
		return nil, syntaxError(cell, err)
	}
	return &tree{cell: cell, base: base, file: f, tfile: s.fset.File(f.FileStart), head: len(head)}, nil
}

func fileName(cell int) string { return fmt.Sprintf("cell %d", cell) }

func cellNumber(file string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(file, "cell "))
	if err != nil {
		return 0
	}
	return n
}

// syntaxError turns the parser's first error into the cell's.
func syntaxError(cell source.Cell, err error) error {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return &source.Error{Cell: cell.Number, Message: err.Error()}
	}
	// What follows the first is most often its consequence.
	line := min(list[0].Pos.Line, strings.Count(cell.Text, "\n")+1)
	text, column := source.SyntaxError(list[0].Msg, cell, line, list[0].Pos.Column)
	return &source.Error{Cell: cell.Number, Line: line, Column: column, Message: text, Source: cell.Line(line)}
}

// parts are the two trees of a cell: what it declares and what it does.
type parts struct {
	chunks  []source.Chunk
	imports []*ast.ImportSpec
	decls   []ast.Decl
	dtree   *tree
	stmts   []ast.Stmt
	stree   *tree
	entries map[ast.Stmt]*ast.Ident // those of stmts that stand for init and main, in dtree, and their names
	moved   []*tree                 // of the statements, each its own, if they were put in another order
	body    *ast.FuncDecl
}

// read splits and parses a cell. Statements come first, so that positions of variables precede those of functions.
func (s *Session) read(cell source.Cell) (*parts, error) {
	chunks, err := cell.Split()
	if err != nil {
		return nil, err
	}
	p := &parts{chunks: chunks, entries: map[ast.Stmt]*ast.Ident{}}
	text := cell.Only(chunks, func(c source.Chunk) bool { return !c.Declares() })
	if p.stree, err = s.parse(cell, 0, "package main;func _() {", text, "\n}"); err != nil {
		return nil, err
	}
	p.body = p.stree.file.Decls[0].(*ast.FuncDecl)
	p.stmts = p.body.Body.List
	if err := s.declarations(cell, p); err != nil {
		return nil, err
	}
	if err := s.inOrder(cell, p); err != nil {
		return nil, err
	}
	if err := s.entries(cell, p); err != nil {
		return nil, err
	}
	p.imports, err = s.imports(cell, chunks)
	return p, err
}

// declarations parses what stands at package level.
func (s *Session) declarations(cell source.Cell, p *parts) (err error) {
	text := cell.Only(p.chunks, func(c source.Chunk) bool { return c.Declares() && c.Kind != token.PACKAGE && c.Kind != token.IMPORT })
	if p.dtree, err = s.parse(cell, 0, "package main;", text, ""); err == nil {
		p.decls = p.dtree.file.Decls
	}
	return err
}

// imports parses each import declaration on its own: cells may import late, Go files may not.
func (s *Session) imports(cell source.Cell, chunks []source.Chunk) ([]*ast.ImportSpec, error) {
	var out []*ast.ImportSpec
	for _, c := range chunks {
		if c.Kind != token.IMPORT {
			continue
		}
		t, err := s.parse(cell, c.From, "package main;", cell.Text[c.From:c.To], "")
		if err != nil {
			return nil, err
		}
		out = append(out, t.file.Imports...)
	}
	return out, nil
}
