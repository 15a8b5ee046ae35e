package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

func (e *emitter) assign(s *ast.AssignStmt) string {
	tok := s.Tok
	if tok == token.DEFINE && e.hoisted(s.Lhs) {
		tok = token.ASSIGN
	}
	if e.mixed(s) {
		return e.apart(s, tok)
	}
	if text, ok := e.unpack(s, tok); ok {
		return text
	}
	lhs := e.placing().exprs(s.Lhs)
	switch tok {
	case token.SHL_ASSIGN, token.SHR_ASSIGN:
		return lhs + " " + tok.String() + " " + e.shift(s.Rhs[0])
	case token.DEFINE, token.ASSIGN:
	default:
		return lhs + " " + tok.String() + " " + e.side(s.Rhs[0], s.Lhs[0])
	}
	rhs := e.values(s.Rhs, s.Lhs)
	if _, literal := s.Rhs[0].(*ast.CompositeLit); literal && tok == token.ASSIGN && len(s.Rhs) == 1 {
		rhs = "(" + rhs + ")" // of a bare literal the interpreter makes another variable, and pointers keep the first
	}
	if tok == token.DEFINE && len(s.Lhs) == 1 {
		return e.define(s, lhs, rhs)
	}
	return lhs + " " + tok.String() + " " + rhs
}

// unpack writes the assignment of a call's results of which some become interfaces.
func (e *emitter) unpack(s *ast.AssignStmt, tok token.Token) (string, bool) {
	if e.inHeader() || len(s.Rhs) != 1 || len(s.Lhs) < 2 || tok != token.ASSIGN && tok != token.DEFINE {
		return "", false
	}
	from, ok := e.typeOf(s.Rhs[0]).(*types.Tuple)
	if _, call := ast.Unparen(s.Rhs[0]).(*ast.CallExpr); !ok || !call {
		return "", false
	}
	names, after, changed := make([]string, len(s.Lhs)), "", false
	for i, l := range s.Lhs {
		names[i] = e.fresh("v")
		text, to := names[i], e.keyType(l)
		if to != nil {
			text = e.convert(text, from.At(i).Type(), to)
		}
		changed = changed || text != names[i]
		if id, ok := l.(*ast.Ident); ok && tok == token.DEFINE && id.Name != "_" && e.info.Defs[id] != nil {
			after += "; var " + e.expr(l) + " " + e.typeText(to) + " = " + text
		} else {
			after += "; " + e.target(l) + " = " + text
		}
	}
	return strings.Join(names, ", ") + " := " + e.expr(s.Rhs[0]) + after, changed
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
