package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

func (e *emitter) assign(s *ast.AssignStmt) string {
	tok := s.Tok
	if tok == token.DEFINE && e.hoisted(s.Lhs) {
		tok = token.ASSIGN
	}
	if e.oneByOne(s) {
		return e.apart(s, tok)
	}
	if text, ok := e.unpack(s, tok); ok {
		return text
	}
	if tok != token.DEFINE && tok != token.ASSIGN {
		amount := e.amount(s)
		return e.placing().expr(s.Lhs[0]) + " " + tok.String() + " " + amount
	}
	rhs := e.values(s.Rhs, s.Lhs)
	lhs := e.placing().exprs(s.Lhs)
	if _, literal := s.Rhs[0].(*ast.CompositeLit); literal && tok == token.ASSIGN && len(s.Rhs) == 1 {
		rhs = "(" + rhs + ")" // of a bare literal the interpreter makes another variable, and pointers keep the first
	}
	if tok == token.DEFINE && len(s.Lhs) == 1 {
		return e.define(s, lhs, rhs)
	}
	return lhs + " " + tok.String() + " " + rhs
}

// amount writes the right side of an operation on a variable.
func (e *emitter) amount(s *ast.AssignStmt) string {
	if s.Tok == token.SHL_ASSIGN || s.Tok == token.SHR_ASSIGN {
		return e.shift(s.Rhs[0])
	}
	return e.side(s.Rhs[0], s.Lhs[0])
}

// unpack writes the assignment of a call's results to parts of something, or of which some become interfaces.
func (e *emitter) unpack(s *ast.AssignStmt, tok token.Token) (string, bool) {
	if e.inHeader() || len(s.Rhs) != 1 || len(s.Lhs) < 2 || tok != token.ASSIGN && tok != token.DEFINE {
		return "", false
	}
	from, ok := e.typeOf(s.Rhs[0]).(*types.Tuple)
	if _, call := ast.Unparen(s.Rhs[0]).(*ast.CallExpr); !ok || !call {
		return "", false
	}
	h, in := e.holding()
	lhs := h.settle(s.Lhs, in)
	names, values, changed := make([]string, len(lhs)), make([]string, len(lhs)), slices.ContainsFunc(s.Lhs, isPlace)
	for i, l := range s.Lhs {
		names[i] = e.fresh("v")
		values[i] = names[i]
		if to := e.keyType(l); to != nil {
			values[i] = e.convert(names[i], from.At(i).Type(), to)
		}
		changed = changed || values[i] != names[i]
	}
	return h.before.String() + strings.Join(names, ", ") + " := " + e.expr(s.Rhs[0]) + "; " + in.set(s.Lhs, lhs, values, tok), changed
}

// define writes x := v so that x has its static type in the interpreter too.
func (e *emitter) define(s *ast.AssignStmt, lhs, rhs string) string {
	id, ok := s.Lhs[0].(*ast.Ident)
	if !ok || e.info.Defs[id] == nil || id.Name == "_" {
		return lhs + " := " + rhs
	}
	if types.IsInterface(e.subst(e.info.Defs[id].Type())) && !e.inHeader() {
		return "var " + lhs + " " + e.typ(e.info.Defs[id].Type()) + " = " + rhs
	}
	return lhs + " := " + rhs
}

// hoisted reports whether a definition is of a cell's variables, which are declared already.
func (e *emitter) hoisted(lhs []ast.Expr) bool {
	for _, x := range lhs {
		if id, ok := x.(*ast.Ident); ok && id.Name != "_" {
			return e.global(e.object(id))
		}
	}
	return true
}
