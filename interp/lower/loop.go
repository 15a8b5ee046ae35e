package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"strconv"
	"strings"
)

// forLoop writes a for loop. If its variables are captured they are copied for each turn, as the language says.
func (e *emitter) forLoop(s *ast.ForStmt, label string) string {
	vars := e.loopVars(s.Init)
	if e.setsInterface(s.Init) || e.setsInterface(s.Post) {
		return e.headless(s, label, vars)
	}
	if len(vars) == 0 || !e.captured(s, vars) {
		condition, inner := e.forReach(s)
		in := inner.push(frame{kind: inLoop, label: label})
		head := strings.TrimSuffix(e.headerStmt(s.Init), "; ") + "; "
		head += condition.loopCondition(s)
		head += "; " + strings.TrimSuffix(e.guarding(nil).headerStmt(s.Post), "; ")
		return labelText(label) + "for " + head + " {" + e.turn(s.Body) + in.stmts(s.Body.List) + "\n}"
	}
	return e.copyingLoop(s, label, vars)
}

// copyingLoop counts with some variables and copies them to others in each turn, and back. Both have names that nothing
// in the body shadows.
func (e *emitter) copyingLoop(s *ast.ForStmt, label string, vars []*types.Var) string {
	outer, inner := *e, *e
	outer.rename, inner.rename = maps.Clone(e.rename), maps.Clone(e.rename)
	var in, out []string
	for _, v := range vars {
		counter, turn := e.fresh(v.Name()), e.fresh(v.Name())
		outer.rename[v], inner.rename[v] = counter, turn
		in, out = append(in, turn), append(out, counter)
	}
	names, counters := strings.Join(in, ", "), strings.Join(out, ", ")
	back := counters + " = " + names
	body := inner.push(frame{kind: inLoop, label: label, post: back})
	cond, post := outer.loopCondition(s), strings.TrimSuffix(outer.guarding(nil).headerStmt(s.Post), "; ")
	return fmt.Sprintf("%sfor %s%s; %s {%s\n%s := %s%s\n%s\n}", labelText(label), outer.headerStmt(s.Init), cond, post, e.turn(s.Body), names, counters, body.stmts(s.Body.List), back)
}

// loopCondition writes the condition of a loop. Without one the interpreter runs the loop's first statement in each turn.
func (e *emitter) loopCondition(s *ast.ForStmt) string {
	switch {
	case s.Cond != nil:
		return e.heading().condition(s.Cond)
	case s.Init != nil:
		return "true"
	}
	return ""
}

// loopVars are the variables that a loop's first statement defines.
func (e *emitter) loopVars(init ast.Stmt) []*types.Var {
	as, ok := init.(*ast.AssignStmt)
	if !ok || as.Tok != token.DEFINE {
		return nil
	}
	return e.definedBy(as.Lhs)
}

func (e *emitter) definedBy(list []ast.Expr) []*types.Var {
	var out []*types.Var
	for _, x := range list {
		if id, ok := x.(*ast.Ident); ok && id.Name != "_" {
			if v, ok := e.info.Defs[id].(*types.Var); ok {
				out = append(out, v)
			}
		}
	}
	return out
}

// captured reports whether a function literal or an address in n holds one of the variables.
func (e *emitter) captured(n ast.Node, vars []*types.Var) bool {
	found := false
	uses := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				for _, v := range vars {
					found = found || e.info.Uses[id] == types.Object(v)
				}
			}
			return !found
		})
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			uses(n)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				uses(n.X)
			}
		case *ast.SelectorExpr: // a method value or call may take the address
			if s := e.info.Selections[n]; s != nil && s.Kind() == types.MethodVal {
				uses(n.X)
			}
		case *ast.SliceExpr:
			uses(n.X)
		}
		return !found
	})
	return found
}

// rangeLoop writes a range over anything.
func (e *emitter) rangeLoop(s *ast.RangeStmt, label string) string {
	switch t := e.typeOf(s.X).Underlying().(type) {
	case *types.Basic:
		if t.Info()&types.IsInteger != 0 {
			return e.rangeInt(s, label)
		}
		return e.rangeString(s, label)
	case *types.Signature:
		return e.rangeOverFunc(s, label, t)
	case *types.Pointer: // to an array; there may be none if the language asks only for its length
		if array, ok := t.Elem().Underlying().(*types.Array); ok && e.plain(s.X) && unset(s.Value) {
			return e.countTo(s, label, types.Typ[types.Int], strconv.FormatInt(array.Len(), 10))
		}
		return e.rangeOver(s, label, "(*"+e.header(s.X)+")[:]") // by a pointer the interpreter writes over other variables
	case *types.Chan:
		return e.rangeChannel(s, label)
	case *types.Slice:
		if _, ok := t.Elem().Underlying().(*types.Chan); ok && s.Value != nil {
			return e.rangeIndex(s, label)
		}
	case *types.Map:
		if _, ok := t.Elem().Underlying().(*types.Chan); ok && s.Value != nil {
			return e.rangeIndex(s, label)
		}
	}
	if e.heldElement(s.X) && s.Value != nil {
		return e.rangeIndex(s, label)
	}
	return e.rangeOver(s, label, e.header(s.X))
}

// rangeOver writes a range over what the interpreter ranges over as Go does.
func (e *emitter) rangeOver(s *ast.RangeStmt, label, over string) string {
	in := e.rangeReach(s).push(frame{kind: inLoop, label: label})
	head, first := e.rangeVars(s)
	return labelText(label) + "for " + head + "range " + over + " {" + e.turn(s.Body) + in.after(first, s.Body) + "\n}"
}

// rangeIndex writes a range by keys, over a slice or map of channels, for whose values the interpreter takes what is ranged
// over, or one that holds itself.
func (e *emitter) rangeIndex(s *ast.RangeStmt, label string) string {
	in := e.push(frame{kind: inLoop, label: label})
	x, k, first := e.fresh("x"), e.fresh("i"), ""
	item := x + "[" + k + "]"
	if elem, ok := looped(e.typeOf(s.X)); ok {
		item = e.unheld(item, elem)
	}
	for i, v := range []ast.Expr{s.Key, s.Value} {
		if unset(v) {
			continue
		}
		first += "\n" + e.expr(v) + " " + s.Tok.String() + " " + []string{k, item}[i]
	}
	return fmt.Sprintf("{\n%s := %s\n%sfor %s := range %s {%s%s\n}\n}", x, e.expr(s.X), labelText(label), k, x, e.turn(s.Body), in.after(first, s.Body))
}

// rangeString writes a range over a string by what the host finds in it: the interpreter takes each byte that is no part
// of a letter for three.
func (e *emitter) rangeString(s *ast.RangeStmt, label string) string {
	in := e.rangeReach(s).push(frame{kind: inLoop, label: label})
	places, runes, k, first := e.fresh("i"), e.fresh("r"), e.fresh("k"), ""
	for i, v := range []ast.Expr{s.Key, s.Value} {
		if unset(v) {
			continue
		}
		first += "\n" + e.expr(v) + " " + s.Tok.String() + " " + []string{places, runes}[i] + "[" + k + "]"
	}
	return fmt.Sprintf("{\n%s, %s := %s(string(%s))\n_ = %s\n%sfor %s := range %s {%s%s\n}\n}", places, runes, e.rt("Runes"), e.expr(s.X), places,
		labelText(label), k, runes, e.turn(s.Body), in.after(first, s.Body))
}

// rangeVars writes what a range sets, and what stands at the head of the body: copies of variables that are captured, and
// the setting of places, which the interpreter only does for variables.
func (e *emitter) rangeVars(s *ast.RangeStmt) (head, first string) {
	tok, captured := s.Tok, false
	if tok == token.DEFINE {
		vars := e.definedBy([]ast.Expr{s.Key, s.Value})
		captured = len(vars) > 0 && e.captured(s.Body, vars)
	} else if isPlace(s.Key) || isPlace(s.Value) {
		tok = token.DEFINE
	}
	var set, to, from []string
	for _, x := range []ast.Expr{s.Key, s.Value} {
		switch {
		case x == nil:
			continue
		case unset(x):
			set = append(set, "_")
			continue
		case tok != s.Tok:
			set, to = append(set, e.fresh("v")), append(to, e.placing().expr(x))
		default:
			set, to = append(set, e.expr(x)), append(to, e.expr(x))
		}
		from = append(from, set[len(set)-1])
	}
	if len(set) > 0 {
		head = strings.Join(set, ", ") + " " + tok.String() + " "
	}
	if captured || tok != s.Tok && len(to) > 0 {
		first = "\n" + strings.Join(to, ", ") + " " + s.Tok.String() + " " + strings.Join(from, ", ")
	}
	return head, first
}

// after writes a loop's body after what gives its variables their values; in a block of its own, since it may define
// the same names.
func (e *emitter) after(first string, b *ast.BlockStmt) string {
	if first == "" {
		return e.stmts(b.List)
	}
	return first + "\n" + e.block(b)
}

// rangeInt writes a range over an integer: the bound is evaluated once, each turn has its own variable.
func (e *emitter) rangeInt(s *ast.RangeStmt, label string) string {
	t := types.Default(e.typeOf(s.X))
	if s.Key != nil {
		if kt := e.keyType(s.Key); kt != nil {
			t = kt
		}
	}
	return e.countTo(s, label, t, e.header(s.X))
}

// countTo writes a range up to a number of type t.
func (e *emitter) countTo(s *ast.RangeStmt, label string, t types.Type, number string) string {
	i, n, text := e.fresh("i"), e.fresh("n"), e.typeText(t)
	first := ""
	if !unset(s.Key) {
		first = "\n" + e.expr(s.Key) + " " + s.Tok.String() + " " + i
	}
	in := e.rangeReach(s).push(frame{kind: inLoop, label: label})
	return fmt.Sprintf("%sfor %s, %s := %s(0), %s(%s); %s < %s; %s%s {%s%s\n}", labelText(label), i, n, text, text, number, i, n, i, e.step(t, token.INC),
		e.turn(s.Body), in.after(first, s.Body))
}

// unset reports whether a range sets no variable with x.
func unset(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return x == nil || ok && id.Name == "_"
}

func (e *emitter) keyType(x ast.Expr) types.Type {
	if id, ok := x.(*ast.Ident); ok {
		if id.Name == "_" {
			return nil
		}
		if o := e.object(id); o != nil {
			return e.subst(o.Type())
		}
	}
	return e.typeOf(x)
}
