package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

func (e *emitter) switchStmt(s *ast.SwitchStmt, label string) string {
	in := e.push(frame{kind: inSwitch, label: label})
	head, before, truth := "", "", ""
	switch {
	case s.Tag == nil:
		head = e.headerStmt(s.Init)
	case isBool(e.typeOf(s.Tag)):
		truth = e.fresh("t")
		before = e.truth(s, truth)
	case s.Init == nil:
		head = e.header(s.Tag) + " "
	default:
		head = e.headerStmt(s.Init) + e.guarding(nil).header(s.Tag) + " "
	}
	var b strings.Builder
	for _, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		if clause.List == nil {
			b.WriteString("\ndefault:")
		} else {
			b.WriteString("\ncase " + e.cases(clause.List, s.Tag == nil, truth) + ":")
		}
		b.WriteString(in.stmts(clause.Body))
	}
	text := labelText(label) + "switch " + head + "{" + b.String() + "\n}"
	if before != "" {
		return "{\n" + before + text + "\n}"
	}
	return text
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// truth writes what comes before the cases of a switch over a truth, which gets a name.
func (e *emitter) truth(s *ast.SwitchStmt, name string) string {
	text := fmt.Sprintf("var %s %s = %s\n", name, e.typeText(types.Default(e.typeOf(s.Tag))), e.guarding(nil).expr(s.Tag))
	if s.Init == nil {
		return text
	}
	return e.simple(s.Init) + "\n" + text
}

// cases writes the expressions of a case. Those of a switch without a tag are conditions, as are those of one over a
// truth, compared with it: the interpreter looks at the first of several alone, so they are one.
func (e *emitter) cases(list []ast.Expr, conditions bool, truth string) string {
	if !conditions && truth == "" {
		return e.guarding(nil).exprs(list)
	}
	out := make([]string, len(list))
	for i, x := range list {
		if out[i] = e.condition(x); truth != "" {
			out[i] = truth + " == (" + e.guarding(nil).expr(x) + ")"
		}
		if len(list) > 1 {
			out[i] = "(" + out[i] + ")"
		}
	}
	return strings.Join(out, " || ")
}

// typeSwitch writes a type switch as assertions in order and a switch over the case that held: the interpreter's own
// takes no interface types, and no types of interpreted values behind them.
func (e *emitter) typeSwitch(s *ast.TypeSwitchStmt, label string) string {
	x, bound := typeSwitchParts(s)
	in := e.push(frame{kind: inSwitch, label: label})
	v, n := e.fresh("t"), e.fresh("c")
	var tests, cases strings.Builder
	for i, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		if clause.List == nil {
			cases.WriteString("\ndefault:")
		} else {
			tests.WriteString(e.typeTests(clause, e.typeOf(x), v, n, i+1))
			fmt.Fprintf(&cases, "\ncase %d:", i+1)
		}
		cases.WriteString(e.bind(clause, bound, v))
		cases.WriteString(in.stmts(clause.Body))
	}
	init := ""
	if s.Init != nil {
		init = e.simple(s.Init) + "\n"
	}
	return fmt.Sprintf("{\n%svar %s %s = %s\n%s := 0\n%s%sswitch %s {%s\n}\n}", init, v, e.typeText(e.typeOf(x)), e.expr(x), n, tests.String(), labelText(label), n, cases.String())
}

func typeSwitchParts(s *ast.TypeSwitchStmt) (x ast.Expr, bound string) {
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		return a.Rhs[0].(*ast.TypeAssertExpr).X, a.Lhs[0].(*ast.Ident).Name
	case *ast.ExprStmt:
		return a.X.(*ast.TypeAssertExpr).X, ""
	}
	return nil, ""
}

// typeTests sets n to the number of the case if v is of one of its types and no earlier case held.
func (e *emitter) typeTests(c *ast.CaseClause, operand types.Type, v, n string, number int) string {
	var b strings.Builder
	for _, t := range c.List {
		if e.info.Types[t].IsNil() {
			fmt.Fprintf(&b, "if %s == 0 && %s == nil { %s = %d }\n", n, v, n, number)
			continue
		}
		e.takesApart(operand, e.typeOf(t))
		fmt.Fprintf(&b, "if %s == 0 && %s != nil { if _, ok := %s.(%s); ok { %s = %d } }\n", n, v, v, e.typ(e.info.Types[t].Type), n, number)
	}
	return b.String()
}

// bind defines the case's variable.
func (e *emitter) bind(c *ast.CaseClause, name, v string) string {
	o, ok := e.info.Implicits[c].(*types.Var)
	if !ok || name == "" {
		return ""
	}
	text := v
	if len(c.List) == 1 && !e.info.Types[c.List[0]].IsNil() {
		text = v + ".(" + e.typ(o.Type()) + ")"
	}
	return fmt.Sprintf("\n%s := %s\n_ = %s", name, text, name)
}
