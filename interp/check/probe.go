package check

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"

	"github.com/riffle-stream/riffle/interp/source"
)

// A Probe is what stands at a place of a cell that is being written.
type Probe struct {
	// Operand is the type left of the dot, if the place is after one; Package is the package left of it.
	Operand types.Type
	Package *types.Package
	// Object is what the name at the place means, or nil.
	Object types.Object
	// Scope is the innermost scope around the place, and Pos the place in it.
	Scope *types.Scope
	Pos   token.Pos
}

// placeholder stands for a name that is not written yet.
const placeholder = "hereᐧ"

// Probe looks at byte offset of code as far as it can be understood. It changes nothing that a later Check sees.
func (s *Session) Probe(code string, offset int) Probe {
	offset = min(max(offset, 0), len(code))
	if offset == 0 || !isName(code[offset-1]) {
		code = code[:offset] + placeholder + code[offset:]
	}
	cell := source.Cell{Text: closed(code)}
	p, err := s.readLoose(cell)
	if err != nil {
		return Probe{}
	}
	a := &attempt{Session: s, cell: cell, parts: p, given: map[string]types.Object{}, dotted: map[string]types.Object{}, left: map[string]string{}, again: map[string]bool{}}
	// What does not resolve is what the user is still writing.
	_ = a.bind()
	for _, d := range p.decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body == nil {
			continue
		}
		a.units = append(a.units, &unit{name: declName(d), node: d, tree: p.dtree, recv: receiver(d)})
	}
	a.outline()
	a.checkBodies()
	return a.look(offset)
}

func isName(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// closed ends the brackets that are open at the end of the code.
func closed(code string) string {
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), func(token.Position, string) {}, 0)
	var open []byte
	for {
		switch _, tok, _ := s.Scan(); tok {
		case token.LPAREN:
			open = append(open, ')')
		case token.LBRACE:
			open = append(open, '}')
		case token.LBRACK:
			open = append(open, ']')
		case token.RPAREN, token.RBRACE, token.RBRACK:
			open = open[:max(len(open)-1, 0)]
		case token.EOF:
			for i := len(open) - 1; i >= 0; i-- {
				code += string(open[i])
			}
			return code
		}
	}
}

// readLoose is read for text with syntax errors.
func (s *Session) readLoose(cell source.Cell) (*parts, error) {
	chunks, err := cell.Split()
	if err != nil {
		return nil, err
	}
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

// look finds the name at an offset of the cell's text in either tree.
func (a *attempt) look(offset int) Probe {
	var out Probe
	visit := func(n ast.Node, info *types.Info, t *tree) {
		pos := t.tfile.Pos(min(t.head+offset, t.tfile.Size()))
		ast.Inspect(n, func(n ast.Node) bool {
			if n == nil || pos < n.Pos() || pos > n.End() {
				return n != nil && n.Pos() <= pos
			}
			if scope := info.Scopes[n]; scope != nil {
				out.Scope, out.Pos = scope, pos
			}
			switch n := n.(type) {
			case *ast.FuncDecl:
				out.Scope, out.Pos = info.Scopes[n.Type], pos
			case *ast.FuncLit:
				out.Scope, out.Pos = info.Scopes[n.Type], pos
			case *ast.SelectorExpr:
				if n.Sel.Pos() <= pos && pos <= n.Sel.End() {
					out.take(n, info)
				}
			case *ast.Ident:
				if o := info.Uses[n]; o != nil {
					out.Object = o
				} else if o := info.Defs[n]; o != nil {
					out.Object = o
				}
			}
			return true
		})
	}
	visit(a.parts.body, a.info, a.parts.stree)
	for _, u := range a.units {
		if u.plain != nil {
			visit(u.plain, a.bodies, a.parts.dtree)
		} else {
			visit(u.node, a.info, a.parts.dtree)
		}
	}
	return out
}

func (p *Probe) take(n *ast.SelectorExpr, info *types.Info) {
	if id, ok := n.X.(*ast.Ident); ok {
		if pkg, ok := info.Uses[id].(*types.PkgName); ok {
			p.Package = pkg.Imported()
			return
		}
	}
	p.Operand = info.Types[n.X].Type
}
