package check

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/riffle-stream/riffle/interp/source"
)

// entries makes statements of the functions init and main of a cell: calls of literals, which nothing else can name. As in
// a program, init runs when the variables have their values, and main at the end.
func (s *Session) entries(cell source.Cell, p *parts) error {
	var decls []ast.Decl
	var mains []ast.Stmt
	for _, d := range p.decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv != nil || f.Body == nil || f.Name.Name != "main" && f.Name.Name != "init" {
			decls = append(decls, d)
			continue
		}
		if err := s.entryError(cell, f); err != nil {
			return err
		}
		lit := &ast.FuncLit{Type: f.Type, Body: f.Body}
		call := &ast.ExprStmt{X: &ast.CallExpr{Fun: lit, Lparen: f.Body.Rbrace, Rparen: f.Body.Rbrace}}
		p.entries[call] = f.Name
		if f.Name.Name == "main" {
			mains = append(mains, call)
		} else {
			p.stmts = slices.Insert(slices.Clip(p.stmts), p.ready(f), ast.Stmt(call))
		}
	}
	p.decls, p.stmts = decls, append(slices.Clip(p.stmts), mains...)
	return nil
}

// entryError is what is wrong with the form of such a function, or nil.
func (s *Session) entryError(cell source.Cell, f *ast.FuncDecl) error {
	var at token.Pos
	var what string
	switch {
	case f.Type.TypeParams != nil:
		at, what = f.Type.TypeParams.Pos(), "no type parameters"
	case f.Type.Params.NumFields() > 0 || f.Type.Results.NumFields() > 0:
		at, what = f.Name.Pos(), "no arguments and no return values"
	default:
		return nil
	}
	p := s.position(at)
	return &source.Error{Cell: cell.Number, Line: p.Line, Column: p.Column, Message: "func " + f.Name.Name + " must have " + what, Source: cell.Line(p.Line)}
}

// ready is the place among the statements where init runs: behind those that stand before it, and behind every variable.
func (p *parts) ready(f *ast.FuncDecl) int {
	at := 0
	for i, st := range p.stmts {
		if vars(st) != nil || p.treeOf(st).offset(st.Pos()) < p.dtree.offset(f.Pos()) {
			at = i + 1
		}
	}
	return at
}
