package formula

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/vector"
)

// expr reads an expression.
func (b *body) expr(x ast.Expr) operand {
	if tv := b.info.Types[x]; tv.Value != nil {
		return operand{value: b.constant(x, tv.Value, tv.Type)}
	}
	switch x := x.(type) {
	case *ast.ParenExpr:
		return b.expr(x.X)
	case *ast.Ident:
		return b.variable(x)
	case *ast.UnaryExpr:
		return b.unary(x)
	case *ast.BinaryExpr:
		return b.binary(x, x.Op, x.X, x.Y)
	case *ast.CallExpr:
		values := b.call(x)
		if len(values) != 1 {
			b.refuse(x, "calls %s", types.ExprString(x.Fun))
		}
		return values[0]
	case *ast.SliceExpr:
		return b.slice(x)
	case *ast.FuncLit:
		return b.literal(x)
	case *ast.CompositeLit:
		return b.composite(x)
	case *ast.SelectorExpr:
		return b.selected(x)
	case *ast.IndexExpr:
		if values := b.index(x, false); len(values) == 1 {
			return values[0]
		}
	}
	b.refuse(x, "%s", unlike(x))
	return operand{}
}

// unlike says what an expression is that functions of columns do not have.
func unlike(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.IndexExpr:
		return "looks into " + types.ExprString(x.X)
	case *ast.CompositeLit:
		return "makes a value of type " + types.ExprString(x.Type)
	case *ast.SelectorExpr:
		return "uses " + types.ExprString(x)
	case *ast.StarExpr:
		return "follows a pointer"
	case *ast.TypeAssertExpr:
		return "asks for a type"
	}
	return "has " + types.ExprString(x)
}

// variable is what a name stands for: the function's own variable, one of a function around it, or one of a cell.
func (b *body) variable(x *ast.Ident) operand {
	o := b.info.Uses[x]
	if v, ok := b.vars[o]; ok {
		return v
	}
	v, ok := o.(*types.Var)
	if !ok {
		b.refuse(x, "uses %s", x.Name)
	}
	if b.Session.Global(v) && !simple(v.Type()) {
		return b.container(x, v)
	}
	b.kind(x, v.Type())
	b.fixed(x, v)
	if b.Session.Global(v) {
		now, ok := b.Global(v)
		if !ok {
			b.refuse(x, "uses %s, whose value is not known", x.Name)
		}
		return operand{value: b.value(x, now, v.Type())}
	}
	if now, ok := b.locals[v]; ok {
		return operand{value: b.value(x, now, v.Type())}
	}
	b.refuse(x, "uses %s, whose value is not known", x.Name)
	return operand{}
}

func (b *body) unary(x *ast.UnaryExpr) operand {
	switch x.Op {
	case token.AND:
		b.refuse(x, "takes an address")
	case token.ARROW:
		b.refuse(x, "has a channel")
	}
	b.kind(x, b.info.TypeOf(x))
	return operand{value: b.f.Unary(x.Op, b.expr(x.X).value)}
}

// binary reads l op r, which n stands for.
func (b *body) binary(n ast.Node, op token.Token, l, r ast.Expr) operand {
	switch op {
	case token.LAND, token.LOR:
		return b.shortcut(op, l, r)
	case token.SHL, token.SHR:
		b.kind(n, b.info.TypeOf(l))
		return operand{value: b.f.Binary(op, b.expr(l).value, b.places(r), b.live)}
	}
	if b.info.Types[l].IsNil() {
		l, r = r, l
	}
	if b.info.Types[r].IsNil() {
		return b.whether(n, op, l)
	}
	b.kind(l, b.info.TypeOf(l))
	b.kind(r, b.info.TypeOf(r))
	return operand{value: b.f.Binary(op, b.expr(l).value, b.expr(r).value, b.live)}
}

// shortcut reads && or ||, whose right side counts only where the left does not decide.
func (b *body) shortcut(op token.Token, l, r ast.Expr) operand {
	x, live := b.expr(l).value, b.live
	decides, join := b.f.Not(x), b.f.And
	if op == token.LOR {
		decides, join = x, b.f.Or
	}
	b.live = b.f.And(live, b.f.Not(decides))
	y := x
	b.unless(func() { y = b.expr(r).value })
	b.live = live
	return operand{value: join(x, y)}
}

// places is the right operand of a shift, which may be a constant of any type.
func (b *body) places(x ast.Expr) vector.Value {
	if tv := b.info.Types[x]; tv.Value != nil {
		return b.constant(x, tv.Value, types.Typ[types.Int])
	}
	if b.kind(x, b.info.TypeOf(x)) != row.Int {
		b.refuse(x, "has a value of type %s", typeName(b.info.TypeOf(x)))
	}
	return b.expr(x).value
}

// slice reads s[low:high] of a string.
func (b *body) slice(x *ast.SliceExpr) operand {
	if k, ok := kindOf(b.info.TypeOf(x.X)); !ok || k != row.String {
		b.refuse(x, "cuts a slice")
	}
	text, low, high := b.expr(x.X).value, b.f.Const(int64(0)), vector.None
	if x.Low != nil {
		b.kind(x.Low, b.info.TypeOf(x.Low))
		low = b.expr(x.Low).value
	}
	if x.High != nil {
		b.kind(x.High, b.info.TypeOf(x.High))
		high = b.expr(x.High).value
	}
	return operand{value: b.f.Slice(text, low, high, b.live)}
}
