package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Channel operations may block, so they wait for the end of the cell's run as well: each is a select with the run's
// channel.

// receive writes <-c as a call that gives the value.
func (e *emitter) receive(c ast.Expr) string {
	t := e.typeOf(c)
	elem := e.typeText(elemOf(t))
	done := e.rt("Done")
	return e.helper("recv", t, "(c T) (v "+elem+") { select { case v = <-c: return v; case <-"+done+"(): "+e.rt("Poll")+"() }; return v }") + "(" + e.expr(c) + ")"
}

// receiveOK writes <-c where the second value is wanted.
func (e *emitter) receiveOK(c ast.Expr) string {
	return e.receiver(e.typeOf(c)) + "(" + e.expr(c) + ")"
}

func (e *emitter) receiver(t types.Type) string {
	return e.helper("recvok", t, "(c T) (v "+e.typeText(elemOf(t))+", ok bool) { select { case v, ok = <-c: return v, ok; case <-"+e.rt("Done")+"(): "+e.rt("Poll")+"() }; return v, ok }")
}

func elemOf(t types.Type) types.Type { return t.Underlying().(*types.Chan).Elem() }

func (e *emitter) send(s *ast.SendStmt) string {
	t := e.typeOf(s.Chan)
	elem := e.typeText(elemOf(t))
	done := e.rt("Done")
	return e.helper("send", t, "(c T, v "+elem+") { select { case c <- v: case <-"+done+"(): "+e.rt("Poll")+"() } }") + "(" + e.expr(s.Chan) + ", " + e.expr(s.Value) + ")"
}

// received is the channel of an expression <-c, or nil.
func received(x ast.Expr) ast.Expr {
	if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return u.X
	}
	return nil
}

// values writes the right side of an assignment to n variables.
func (e *emitter) values(list []ast.Expr, n int) string {
	if len(list) == 1 && n == 2 {
		if c := received(list[0]); c != nil {
			return e.receiveOK(c)
		}
	}
	return e.parallel(list)
}

// rangeChannel writes a range over a channel as receives until it is closed.
func (e *emitter) rangeChannel(s *ast.RangeStmt, label string) string {
	in := e.push(frame{kind: inLoop, label: label})
	v, ok, held := e.fresh("v"), e.fresh("ok"), e.fresh("c")
	t := e.typeOf(s.X)
	first := "\n_ = " + v
	if id, isName := s.Key.(*ast.Ident); s.Key != nil && (!isName || id.Name != "_") {
		first = "\n" + e.expr(s.Key) + " " + s.Tok.String() + " " + v
	}
	receive := e.receiver(t)
	return "{\n" + held + " := " + e.expr(s.X) + "\n" + labelText(label) + "for {\n" + v + ", " + ok + " := " + receive + "(" + held + ")\nif !" + ok + " { break }" + first + in.stmts(s.Body.List) + "\n}\n}"
}

// communication writes the operation of a case of a select.
func (e *emitter) communication(s ast.Stmt) string {
	switch s := s.(type) {
	case *ast.SendStmt:
		return e.expr(s.Chan) + " <- " + e.expr(s.Value)
	case *ast.ExprStmt:
		return "<-" + e.operand(received(s.X))
	case *ast.AssignStmt:
		return e.exprs(s.Lhs) + " " + s.Tok.String() + " <-" + e.operand(received(s.Rhs[0]))
	}
	fail("the case %T of a select", s)
	return ""
}
