package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// setsInterface reports whether a statement in a header sets a variable that is an interface: the interpreter takes it there
// for one of what it holds.
func (e *emitter) setsInterface(s ast.Stmt) bool {
	as, ok := s.(*ast.AssignStmt)
	return ok && slices.ContainsFunc(as.Lhs, func(x ast.Expr) bool {
		t := e.keyType(x)
		return t != nil && types.IsInterface(t)
	})
}

// headless writes a for loop whose head cannot be one: what it says stands before the body.
func (e *emitter) headless(s *ast.ForStmt, label string, vars []*types.Var) string {
	outer, inner := *e, e.push(frame{kind: inLoop, label: label})
	enter, leave := "", ""
	if len(vars) > 0 && e.captured(s, vars) {
		outer.rename = maps.Clone(e.rename)
		inner.rename = maps.Clone(e.rename)
		for _, v := range vars {
			counter, turn := e.fresh(v.Name()), e.fresh(v.Name())
			outer.rename[v], inner.rename[v] = counter, turn
			enter += fmt.Sprintf("\nvar %s %s = %s", turn, e.typ(v.Type()), counter)
			leave += fmt.Sprintf("\n%s = %s", counter, turn)
		}
		inner.frames[len(inner.frames)-1].post = strings.TrimPrefix(leave, "\n")
	}
	first, again, check := e.fresh("first"), outer.guarding(nil), ""
	if s.Cond != nil {
		check = "\nif !(" + again.condition(s.Cond) + ") { break }"
	}
	return fmt.Sprintf("{\n%s\n%s := true\n%sfor {\nif %s { %s = false } else { %s }%s%s%s\n%s%s\n}\n}", again.simple(s.Init), first, labelText(label),
		first, first, again.simple(s.Post), check, e.turn(s.Body), enter, inner.block(s.Body), leave)
}
