package formula

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/riffle-stream/riffle/interp/check"
)

// A census is where the variables of cells are set.
type census struct {
	session *check.Session
	homes   map[types.Object]ast.Node // the function that a local variable belongs to
	writes  map[types.Object][]write
}

// A write sets a variable, or makes it possible from anywhere.
type write struct {
	at     ast.Node
	in     ast.Node // the function; nil: a cell's own statements
	shared bool     // its address is taken
}

// counted is the census of all cells so far.
func (s *Source) counted() *census {
	if s.census != nil {
		return s.census
	}
	c := &census{session: s.Session, homes: map[types.Object]ast.Node{}, writes: map[types.Object][]write{}}
	for _, cell := range s.Session.Cells() {
		for _, st := range cell.Stmts {
			c.walk(st.Node, cell.Info, nil)
		}
		for _, d := range cell.Decls {
			if d.Func != nil {
				c.walk(d.Func.Node, d.Info, d.Func.Node)
			}
		}
	}
	s.census = c
	return c
}

// walk notes what n writes, as part of the function in.
func (c *census) walk(n ast.Node, info *types.Info, in ast.Node) {
	note := func(x ast.Expr, shared bool) { c.note(x, info, in, shared) }
	ast.Inspect(n, func(m ast.Node) bool {
		switch m := m.(type) {
		case *ast.FuncLit:
			if m != n {
				c.walk(m, info, m)
				return false
			}
		case *ast.Ident:
			if o, ok := info.Defs[m].(*types.Var); ok {
				c.homes[o] = in
				if c.session.Global(o) {
					note(m, false)
				}
			}
		case *ast.AssignStmt:
			for _, l := range m.Lhs {
				note(l, false)
			}
		case *ast.IncDecStmt:
			note(m.X, false)
		case *ast.RangeStmt:
			note(m.Key, false)
			note(m.Value, false)
		case *ast.UnaryExpr:
			if m.Op == token.AND {
				note(m.X, true)
			}
		case *ast.SelectorExpr:
			if s := info.Selections[m]; s != nil && s.Kind() == types.MethodVal && byAddress(s) {
				note(m.X, true)
			}
		}
		return true
	})
}

// byAddress says whether a method takes the address of its receiver.
func byAddress(s *types.Selection) bool {
	f, ok := s.Obj().(*types.Func)
	if !ok || f.Signature().Recv() == nil {
		return true
	}
	_, ptr := f.Signature().Recv().Type().Underlying().(*types.Pointer)
	return ptr
}

// note adds a write of the variable that x is, if it is one.
func (c *census) note(x ast.Expr, info *types.Info, in ast.Node, shared bool) {
	if x == nil {
		return
	}
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return
	}
	o := info.Uses[id]
	if o == nil && c.session.Global(info.Defs[id]) {
		o = info.Defs[id]
	}
	if v, ok := o.(*types.Var); ok {
		o = c.session.Canon(v)
		c.writes[o] = append(c.writes[o], write{id, in, shared})
	}
}

// sets says whether a statement of a cell sets a variable.
func (c *census) sets(v types.Object, st ast.Node) bool {
	for _, w := range c.writes[v] {
		if w.at.Pos() >= st.Pos() && w.at.Pos() < st.End() {
			return true
		}
	}
	return false
}

// fixed refuses a variable that may change while rows flow: one that is set in a function other than that which it
// belongs to. The statements of that one, or of a cell, do not run then.
func (s *Source) fixed(x ast.Node, v *types.Var) {
	c := s.counted()
	home := c.homes[v]
	if s.Session.Global(v) {
		home = nil
	}
	for _, w := range c.writes[s.Session.Canon(v)] {
		if w.shared || w.in != home {
			s.refuse(w.at, "uses %s, which may change while rows flow: it is set in a function", v.Name())
		}
	}
}
