package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"strings"
)

// forLoop writes a for loop. If its variables are captured they are copied for each turn, as the language says.
func (e *emitter) forLoop(s *ast.ForStmt, label string) string {
	vars := e.loopVars(s.Init)
	if len(vars) == 0 || !e.captured(s, vars) {
		condition, inner := e.forReach(s)
		in := inner.push(frame{kind: inLoop, label: label})
		head := strings.TrimSuffix(e.headerStmt(s.Init), "; ") + "; "
		if s.Cond != nil {
			head += condition.heading().condition(s.Cond)
		}
		head += "; " + strings.TrimSuffix(e.guarding(nil).headerStmt(s.Post), "; ")
		return labelText(label) + "for " + head + " {" + e.turn(s.Body) + in.stmts(s.Body.List) + "\n}"
	}
	return e.copyingLoop(s, label, vars)
}

// copyingLoop counts with variables of other names and copies them in and out of each turn.
func (e *emitter) copyingLoop(s *ast.ForStmt, label string, vars []*types.Var) string {
	outer := *e
	outer.rename = maps.Clone(e.rename)
	var in, out []string
	for _, v := range vars {
		n := e.fresh(v.Name())
		outer.rename[v] = n
		in, out = append(in, v.Name()), append(out, n)
	}
	names, counters := strings.Join(in, ", "), strings.Join(out, ", ")
	back := counters + " = " + names
	body := e.push(frame{kind: inLoop, label: label, post: back})
	cond, post := "", strings.TrimSuffix(outer.guarding(nil).headerStmt(s.Post), "; ")
	if s.Cond != nil {
		cond = outer.heading().condition(s.Cond)
	}
	return fmt.Sprintf("%sfor %s%s; %s {%s\n%s := %s%s\n%s\n}", labelText(label), outer.headerStmt(s.Init), cond, post, e.turn(s.Body), names, counters, body.stmts(s.Body.List), back)
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
	in := e.rangeReach(s).push(frame{kind: inLoop, label: label})
	key, value, first := e.rangeVars(s)
	head := ""
	if key != "" {
		head = key
		if value != "" {
			head += ", " + value
		}
		head += " " + s.Tok.String() + " "
	}
	return labelText(label) + "for " + head + "range " + e.header(s.X) + " {" + e.turn(s.Body) + in.after(first, s.Body) + "\n}"
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
		if id, ok := v.(*ast.Ident); v == nil || ok && id.Name == "_" {
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
		if id, ok := v.(*ast.Ident); v == nil || ok && id.Name == "_" {
			continue
		}
		first += "\n" + e.expr(v) + " " + s.Tok.String() + " " + []string{places, runes}[i] + "[" + k + "]"
	}
	return fmt.Sprintf("{\n%s, %s := %s(string(%s))\n_ = %s\n%sfor %s := range %s {%s%s\n}\n}", places, runes, e.rt("Runes"), e.expr(s.X), places,
		labelText(label), k, runes, e.turn(s.Body), in.after(first, s.Body))
}

// rangeVars writes key and value, and the copies at the head of the body when they are captured.
func (e *emitter) rangeVars(s *ast.RangeStmt) (key, value, first string) {
	if s.Key != nil {
		key = e.expr(s.Key)
	}
	if s.Value != nil {
		value = e.expr(s.Value)
	}
	if s.Tok != token.DEFINE {
		return key, value, ""
	}
	vars := e.definedBy([]ast.Expr{s.Key, s.Value})
	if len(vars) > 0 && e.captured(s.Body, vars) {
		var names []string
		for _, v := range vars {
			names = append(names, v.Name())
		}
		list := strings.Join(names, ", ")
		first = "\n" + list + " := " + list
	}
	return key, value, first
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
	i, n, text := e.fresh("i"), e.fresh("n"), e.typeText(t)
	first := ""
	if id, ok := s.Key.(*ast.Ident); s.Key != nil && (!ok || id.Name != "_") {
		first = "\n" + e.expr(s.Key) + " " + s.Tok.String() + " " + i
	}
	in := e.rangeReach(s).push(frame{kind: inLoop, label: label})
	return fmt.Sprintf("%sfor %s, %s := %s(0), %s(%s); %s < %s; %s++ {%s%s\n}", labelText(label), i, n, text, text, e.header(s.X), i, n, i,
		e.turn(s.Body), in.after(first, s.Body))
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
