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
	head, before, truth := "", "", ""
	switch {
	case s.Tag == nil:
	case isBool(e.typeOf(s.Tag)), e.computes(s.Body.List):
		truth = e.fresh("t")
		before = fmt.Sprintf("var %s %s = %s\n", truth, e.typ(types.Default(e.typeOf(s.Tag))), e.guarding(nil).expr(s.Tag))
	default:
		head = e.header(s.Tag) + " "
	}
	text := e.clauses(s.Body.List, head, label, func(list []ast.Expr) string { return e.cases(s.Tag, list, truth) })
	if before != "" {
		return "{\n" + before + text + "\n}"
	}
	return text
}

// clauses writes a switch of which test writes the expressions of a case. The interpreter changes the places of the
// default and the last case, so where they differ the cases set a number, and a switch over that is in their order.
func (e *emitter) clauses(list []ast.Stmt, head, label string, test func([]ast.Expr) string) string {
	in := e.push(frame{kind: inSwitch, label: label})
	fall := slices.IndexFunc(list, func(s ast.Stmt) bool { return s.(*ast.CaseClause).List == nil })
	ordered := fall < 0 || fall == len(list)-1
	var tests, bodies strings.Builder
	n := ""
	if !ordered {
		n = e.fresh("n")
	}
	for i, c := range list {
		clause := c.(*ast.CaseClause)
		switch {
		case !ordered && i != fall:
			fmt.Fprintf(&tests, "\ncase %s: %s = %d", test(clause.List), n, i)
			fallthrough
		case !ordered:
			fmt.Fprintf(&bodies, "\ncase %d:", i)
		case i == fall:
			bodies.WriteString("\ndefault:")
		default:
			bodies.WriteString("\ncase " + test(clause.List) + ":")
		}
		bodies.WriteString(in.clause(clause.Body))
	}
	if ordered {
		return labelText(label) + "switch " + head + "{" + bodies.String() + "\n}"
	}
	return fmt.Sprintf("{\n%s := %d\nswitch %s{%s\n}\n%sswitch %s {%s\n}\n}", n, fall, head, tests.String(), labelText(label), n, bodies.String())
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// computes reports whether a case of several expressions has one that is no constant: the interpreter evaluates the first
// of them alone.
func (e *emitter) computes(clauses []ast.Stmt) bool {
	return slices.ContainsFunc(clauses, func(s ast.Stmt) bool {
		list := s.(*ast.CaseClause).List
		return len(list) > 1 && slices.ContainsFunc(list, func(x ast.Expr) bool { return e.info.Types[x].Value == nil })
	})
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
			out[i] = truth + " == " + e.guarding(nil).untyped(x, e.typeOf(tag)) // without parentheses, in which the interpreter loses a name
			if hasLiteral(x) {
				out[i] = "func() bool { return " + out[i] + " }()"
			}
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
	v := e.fresh("t")
	any := types.NewInterfaceType(nil, nil)
	text := e.clauses(s.Body.List, "", label, func(list []ast.Expr) string {
		tests := make([]string, len(list))
		for i, x := range list {
			tests[i] = fmt.Sprintf("%s(%s, %s)", e.rt("Equal"), v, e.guarding(nil).as(x, any))
		}
		return strings.Join(tests, " || ")
	})
	return fmt.Sprintf("{\nvar %s interface{} = %s\n%s\n}", v, e.as(s.Tag, any), text)
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
	return fmt.Sprintf("\nvar %s %s = %s\n_ = %s", local(name), e.typ(o.Type()), text, local(name))
}
