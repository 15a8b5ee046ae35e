package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// Channel operations may block, so the runtime does them and waits for the end of the cell's run as well. The
// interpreter's own select would not do: all goroutines at one select share its list of channels.

// receive writes <-c as a call that gives the value.
func (e *emitter) receive(c ast.Expr) string {
	t := e.typeOf(c)
	return e.helper("recv", t, "(c T) "+e.typeText(elemOf(t))+" { var v "+e.typeText(elemOf(t))+"; "+e.rt("Receive")+"(c, &v); return v }") + "(" + e.expr(c) + ")"
}

// receiver is the function that receives from channels of a type, with the second value.
func (e *emitter) receiver(t types.Type) string {
	elem := e.typeText(elemOf(t))
	return e.helper("recvok", t, "(c T) ("+elem+", bool) { var v "+elem+"; ok := "+e.rt("Receive")+"(c, &v); return v, ok }")
}

// made writes make(t, sizes...). The interpreter makes no channels of one direction.
func (e *emitter) made(t types.Type, sizes []string) string {
	c, ok := t.Underlying().(*types.Chan)
	if ok && c.Dir() != types.SendRecv {
		return "(" + e.typeText(t) + ")(" + e.made(types.NewChan(types.SendRecv, c.Elem()), sizes) + ")"
	}
	return "make(" + strings.Join(append([]string{e.typeText(t)}, sizes...), ", ") + ")"
}

func elemOf(t types.Type) types.Type { return t.Underlying().(*types.Chan).Elem() }

func (e *emitter) send(s *ast.SendStmt) string {
	t := e.typeOf(s.Chan)
	elem := e.typeText(elemOf(t))
	return e.helper("send", t, "(c T, v "+elem+") { "+e.rt("Send")+"(c, &v) }") + "(" + e.expr(s.Chan) + ", " + e.as(s.Value, elemOf(t)) + ")"
}

// received is the channel of an expression <-c, or nil.
func received(x ast.Expr) ast.Expr {
	if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return u.X
	}
	return nil
}

// values writes the right side of an assignment to lhs.
func (e *emitter) values(list, lhs []ast.Expr) string {
	if len(list) == 1 && len(lhs) == 2 {
		if c := received(list[0]); c != nil {
			return e.receiver(e.typeOf(c)) + "(" + e.expr(c) + ")"
		}
		return e.guarding(nil).parallel(list, lhs)
	}
	return e.parallel(list, lhs)
}

// rangeChannel writes a range over a channel as receives until it is closed.
func (e *emitter) rangeChannel(s *ast.RangeStmt, label string) string {
	in := e.push(frame{kind: inLoop, label: label})
	v, ok, held := e.fresh("v"), e.fresh("ok"), e.fresh("c")
	first := "\n_ = " + v
	if id, isName := s.Key.(*ast.Ident); s.Key != nil && (!isName || id.Name != "_") {
		first = "\n" + e.expr(s.Key) + " " + s.Tok.String() + " " + v
	}
	receive := e.receiver(e.typeOf(s.X))
	return "{\n" + held + " := " + e.expr(s.X) + "\n" + labelText(label) + "for {\n" + v + ", " + ok + " := " + receive + "(" + held + ")\nif !" + ok + " { break }" + first + in.stmts(s.Body.List) + "\n}\n}"
}

// selectStmt writes a select as a call of the runtime and a switch over the case that it chose.
func (e *emitter) selectStmt(s *ast.SelectStmt, label string) string {
	in := e.push(frame{kind: inSwitch, label: label})
	n, ok := e.fresh("case"), e.fresh("ok")
	var before, cases strings.Builder
	var args []string
	wait := "true"
	for _, c := range s.Body.List {
		clause := c.(*ast.CommClause)
		if clause.Comm == nil {
			wait = "false"
			cases.WriteString("\ncase -1:")
		} else {
			fmt.Fprintf(&cases, "\ncase %d:", len(args)/3)
			arg, first := e.communication(clause.Comm, &before, ok)
			args = append(args, arg...)
			cases.WriteString(first)
		}
		cases.WriteString(in.stmts(clause.Body))
	}
	call := e.rt("Select") + "(" + strings.Join(append([]string{wait}, args...), ", ") + ")"
	return fmt.Sprintf("{\n%s%s, %s := %s\n_ = %s\n%sswitch %s {%s\n}\n}", before.String(), n, ok, call, ok, labelText(label), n, cases.String())
}

// communication writes a case of a select: its direction, channel and place of the value for the runtime, and the
// assignment at the head of the case's body.
func (e *emitter) communication(s ast.Stmt, before *strings.Builder, ok string) (args []string, first string) {
	v := e.fresh("v")
	if s, isSend := s.(*ast.SendStmt); isSend {
		c := e.fresh("c")
		fmt.Fprintf(before, "%s := %s\nvar %s %s = %s\n", c, e.expr(s.Chan), v, e.typeText(elemOf(e.typeOf(s.Chan))), e.as(s.Value, elemOf(e.typeOf(s.Chan))))
		return []string{"true", c, "&" + v}, ""
	}
	var x ast.Expr
	if a, isAssign := s.(*ast.AssignStmt); isAssign {
		x = received(a.Rhs[0])
		first = "\n" + e.expr(a.Lhs[0]) + " " + a.Tok.String() + " " + v
		if len(a.Lhs) == 2 {
			first = "\n" + e.exprs(a.Lhs) + " " + a.Tok.String() + " " + v + ", " + ok
		}
	} else {
		x = received(s.(*ast.ExprStmt).X)
	}
	fmt.Fprintf(before, "var %s %s\n", v, e.typeText(elemOf(e.typeOf(x))))
	return []string{"false", e.expr(x), "&" + v}, first
}
