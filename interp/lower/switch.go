package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

func (e *emitter) switchStmt(s *ast.SwitchStmt, label string) string {
	if s.Init != nil { // the interpreter may lose the value that is switched over
		plain := *s
		plain.Init = nil
		return "{\n" + e.simple(s.Init) + "\n" + e.guarding(nil).switchStmt(&plain, label) + "\n}"
	}
	if s.Tag != nil && types.IsInterface(e.typeOf(s.Tag)) {
		return e.switchAny(s, label)
	}
	in := e.push(frame{kind: inSwitch, label: label})
	head, before, truth := "", "", ""
	switch {
	case s.Tag == nil:
	case isBool(e.typeOf(s.Tag)):
		truth = e.fresh("t")
		before = fmt.Sprintf("var %s bool = %s\n", truth, e.guarding(nil).expr(s.Tag))
	default:
		head = e.header(s.Tag) + " "
	}
	var b strings.Builder
	for _, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		if clause.List == nil {
			b.WriteString("\ndefault:")
		} else {
			b.WriteString("\ncase " + e.cases(s.Tag, clause.List, truth) + ":")
		}
		b.WriteString(in.clause(clause.Body))
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

// clause writes the statements of a case. The interpreter does not see labels among them, but in a block it does.
func (e *emitter) clause(list []ast.Stmt) string {
	if !slices.ContainsFunc(list, func(s ast.Stmt) bool { _, ok := s.(*ast.LabeledStmt); return ok }) {
		return e.stmts(list)
	}
	last := ""
	if b, ok := list[len(list)-1].(*ast.BranchStmt); ok && b.Tok == token.FALLTHROUGH {
		list, last = list[:len(list)-1], "\nfallthrough"
	}
	return "\n{" + e.stmts(list) + "\n}" + last
}

// cases writes the expressions of a case. Those of a switch without a tag are conditions, as are those of one over a
// truth, compared with it: the interpreter looks at the first of several alone, so they are one.
func (e *emitter) cases(tag ast.Expr, list []ast.Expr, truth string) string {
	out := make([]string, len(list))
	for i, x := range list {
		switch {
		case truth != "":
			out[i] = truth + " == (" + e.guarding(nil).expr(x) + ")"
		case tag == nil:
			out[i] = e.condition(x)
		default:
			out[i] = e.guarding(nil).untyped(x, e.typeOf(tag))
		}
		if len(list) > 1 && (tag == nil || truth != "") {
			out[i] = "(" + out[i] + ")"
		}
	}
	if tag != nil && truth == "" {
		return strings.Join(out, ", ")
	}
	return strings.Join(out, " || ")
}

// switchAny writes a switch over an interface value as one over comparisons.
func (e *emitter) switchAny(s *ast.SwitchStmt, label string) string {
	in := e.push(frame{kind: inSwitch, label: label})
	v := e.fresh("t")
	any := types.NewInterfaceType(nil, nil)
	var b strings.Builder
	for _, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		if clause.List == nil {
			b.WriteString("\ndefault:")
		} else {
			tests := make([]string, len(clause.List))
			for i, x := range clause.List {
				tests[i] = fmt.Sprintf("%s(%s, %s)", e.rt("Equal"), v, e.guarding(nil).as(x, any))
			}
			b.WriteString("\ncase " + strings.Join(tests, " || ") + ":")
		}
		b.WriteString(in.stmts(clause.Body))
	}
	return fmt.Sprintf("{\nvar %s interface{} = %s\n%sswitch {%s\n}\n}", v, e.as(s.Tag, any), labelText(label), b.String())
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
		cases.WriteString(e.bind(clause, bound, v, e.typeOf(x)))
		cases.WriteString(in.clause(clause.Body))
	}
	init := ""
	if s.Init != nil {
		init = e.simple(s.Init) + "\n"
	}
	value := e.expr(x)
	if native(e.typeOf(x)) {
		value = e.bare(value)
	}
	return fmt.Sprintf("{\n%svar %s interface{} = %s\n%s := 0\n%s%sswitch %s {%s\n}\n}", init, v, value, n, tests.String(), labelText(label), n, cases.String())
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
		fmt.Fprintf(&b, "if %s == 0 && %s != nil { if _, ok := %s(%s); ok { %s = %d } }\n", n, v, e.asserter(operand, e.info.Types[t].Type, true), v, n, number)
	}
	return b.String()
}

// bind defines the case's variable.
func (e *emitter) bind(c *ast.CaseClause, name, v string, from types.Type) string {
	o, ok := e.info.Implicits[c].(*types.Var)
	if !ok || name == "" {
		return ""
	}
	text := v
	if len(c.List) == 1 && !e.info.Types[c.List[0]].IsNil() {
		text = e.asserter(from, o.Type(), false) + "(" + v + ")"
	} else if native(from) {
		text = e.wrapper(from) + "(" + v + ")"
	}
	return fmt.Sprintf("\nvar %s %s = %s\n_ = %s", name, e.typ(o.Type()), text, name)
}
