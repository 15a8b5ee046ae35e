package formula

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/vector"
)

// block reads statements as far as a row comes.
func (b *body) block(list []ast.Stmt) {
	for _, s := range list {
		b.unless(func() { b.stmt(s) })
	}
}

func (b *body) stmt(s ast.Stmt) {
	if b.f.Len() > maxOps {
		b.refuse(s, "is too long")
	}
	switch s := s.(type) {
	case nil, *ast.EmptyStmt:
	case *ast.BlockStmt:
		b.block(s.List)
	case *ast.ReturnStmt:
		b.leave(s)
	case *ast.IfStmt:
		b.stmt(s.Init)
		b.branch(b.expr(s.Cond).value, func() { b.block(s.Body.List) }, func() { b.stmt(s.Else) })
	case *ast.SwitchStmt:
		b.choice(s)
	case *ast.AssignStmt:
		b.assign(s)
	case *ast.IncDecStmt:
		b.step(s)
	case *ast.DeclStmt:
		b.declare(s)
	case *ast.ExprStmt:
		b.effect(s)
	case *ast.ForStmt:
		b.loop(s)
	case *ast.RangeStmt:
		b.ranged(s)
	case *ast.BranchStmt:
		b.jump(s)
	default:
		b.refuse(s, "%s", whyNot(s))
	}
}

// whyNot says what a statement is that functions of columns do not have.
func whyNot(s ast.Stmt) string {
	switch s := s.(type) {
	case *ast.DeferStmt:
		return "defers a call"
	case *ast.GoStmt:
		return "starts a goroutine"
	case *ast.TypeSwitchStmt:
		return "has a type switch"
	case *ast.SelectStmt, *ast.SendStmt:
		return "has a channel"
	case *ast.BranchStmt:
		return "has a " + s.Tok.String()
	}
	return "has a label"
}

// leave reads a return: it gives its values for the rows that are here.
func (b *body) leave(s *ast.ReturnStmt) {
	var values []operand
	switch {
	case len(s.Results) == 0:
		for _, o := range b.named {
			values = append(values, b.vars[o])
		}
	default:
		values = b.values(s.Results)
	}
	if b.results == nil {
		b.results = values
	} else {
		results := make([]operand, len(values))
		for i, v := range values {
			results[i] = b.choose(b.live, v, b.results[i])
		}
		b.results = results
	}
	b.live = b.f.Const(false)
}

// values are those of a list, which one call with several results may stand for.
func (b *body) values(list []ast.Expr) []operand {
	if len(list) == 1 {
		switch x := ast.Unparen(list[0]).(type) {
		case *ast.CallExpr:
			if b.info.Types[x].Value == nil {
				return b.call(x)
			}
		case *ast.IndexExpr:
			if _, two := b.info.TypeOf(x).(*types.Tuple); two {
				return b.index(x, true)
			}
		}
	}
	out := make([]operand, len(list))
	for i, x := range list {
		out[i] = b.expr(x)
	}
	return out
}

func (b *body) assign(s *ast.AssignStmt) {
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
		op := token.ADD + (s.Tok - token.ADD_ASSIGN)
		b.set(s.Lhs[0], b.binary(s, op, s.Lhs[0], s.Rhs[0]))
		return
	}
	for i, v := range b.values(s.Rhs) {
		b.set(s.Lhs[i], v)
	}
}

// step reads x++ or x--.
func (b *body) step(s *ast.IncDecStmt) {
	b.kind(s.X, b.info.TypeOf(s.X))
	x, by := b.expr(s.X).value, b.f.Const(int64(1))
	if b.f.Kind(x) == row.Float {
		by = b.f.Const(1.0)
	}
	tok := map[token.Token]token.Token{token.INC: token.ADD, token.DEC: token.SUB}[s.Tok]
	b.set(s.X, operand{value: b.f.Binary(tok, x, by, b.live)})
}

// set gives a variable of the function's own another value.
func (b *body) set(x ast.Expr, v operand) {
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		b.refuse(x, "sets %s", types.ExprString(x))
	}
	if id.Name == "_" {
		return
	}
	o := b.info.ObjectOf(id)
	_, own := b.vars[o]
	if _, outer := b.outer[o]; outer || !own && b.info.Defs[id] == nil {
		b.refuse(x, "sets %s, which is not its own", id.Name)
	}
	if v.fn != nil && b.info.Defs[id] == nil { // it may hold variables of a turn that is over when it is called
		b.refuse(x, "sets %s to another function", id.Name)
	}
	if v.value != vector.None {
		b.kind(x, o.Type())
	}
	b.vars[o] = v
}

func (b *body) declare(s *ast.DeclStmt) {
	g, ok := s.Decl.(*ast.GenDecl)
	if !ok || g.Tok != token.VAR {
		return // constants are in the tree as their values
	}
	for _, spec := range g.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		var values []operand
		if len(v.Values) > 0 {
			values = b.values(v.Values)
		}
		for i, n := range v.Names {
			if o := b.info.Defs[n]; o != nil && values == nil {
				b.vars[o] = b.zero(n, o.Type())
			} else if values != nil {
				b.set(n, values[i])
			}
		}
	}
}

// effect reads a statement that is an expression: only a panic is one.
func (b *body) effect(s *ast.ExprStmt) {
	c, ok := ast.Unparen(s.X).(*ast.CallExpr)
	if ok {
		if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok && id.Name == "panic" && b.info.Types[c.Fun].IsBuiltin() {
			b.f.Fault(b.live)
			b.live = b.f.Const(false)
			return
		}
	}
	b.refuse(s, "calls %s for what it does", types.ExprString(c.Fun))
}

// choice reads a switch as the ifs that it stands for.
func (b *body) choice(s *ast.SwitchStmt) {
	b.stmt(s.Init)
	var tag vector.Value
	if s.Tag != nil {
		tag = b.expr(s.Tag).value
	}
	var fallback []ast.Stmt
	var clauses []*ast.CaseClause
	for _, c := range s.Body.List {
		clause, ok := c.(*ast.CaseClause)
		if !ok {
			continue
		}
		if clause.List == nil {
			fallback = clause.Body
			continue
		}
		clauses = append(clauses, clause)
	}
	b.within(false, func(*exit) { b.clauses(s, tag, clauses, fallback) })
}

// clauses reads the cases from the first on.
func (b *body) clauses(s *ast.SwitchStmt, tag vector.Value, list []*ast.CaseClause, fallback []ast.Stmt) {
	if len(list) == 0 {
		b.block(fallback)
		return
	}
	live := b.live
	cond := b.f.Const(false)
	for _, x := range list[0].List {
		b.live = b.f.And(live, b.f.Not(cond))
		v := b.expr(x).value
		if s.Tag != nil {
			v = b.f.Binary(token.EQL, tag, v, b.live)
		}
		cond = b.f.Or(cond, v)
	}
	b.live = live
	b.branch(cond, func() { b.block(list[0].Body) }, func() { b.clauses(s, tag, list[1:], fallback) })
}
