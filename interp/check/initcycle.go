package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/riffle-stream/riffle/interp/source"
)

// A referrer is a variable or function of a cell, with the names of the variables and functions that it mentions.
type referrer struct {
	at    token.Pos
	isVar bool
	names []string
}

// cycles are the errors of variables whose values need themselves: a package cannot be initialized so. Methods are left
// out, since which type they are of is not known yet, and so are variables that an earlier cell has.
func (s *Session) cycles(cell source.Cell, pieces []piece, m *mentions) source.ErrorList {
	all := map[string]*referrer{}
	var order []string
	for _, p := range pieces {
		if p.spec == nil {
			continue
		}
		for i, id := range p.spec.Names {
			order = append(order, id.Name)
			all[id.Name] = &referrer{id.Pos(), true, m.named(p.spec.Values, i, len(p.spec.Names))}
		}
	}
	for name, list := range m.functions {
		if f := list[0]; len(list) == 1 && f.Recv == nil {
			all[name] = &referrer{f.Name.Pos(), false, m.in(f.Body)}
		}
	}
	var out source.ErrorList
	told := map[string]bool{}
	for _, name := range order {
		if path := cycle(all, name); path != nil && !told[name] && !s.knows(path) {
			for _, n := range path {
				told[n] = true
			}
			out = append(out, s.cycleError(cell, all, path))
		}
	}
	return out
}

// named are the names that value i of a specification mentions.
func (m *mentions) named(values []ast.Expr, i, names int) []string {
	switch len(values) {
	case names:
		return m.in(values[i])
	case 1:
		return m.in(values[0])
	}
	return nil
}

// in are the names of variables and functions of the cell that a piece of code mentions.
func (m *mentions) in(n ast.Node) (out []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if _, isVar := m.variable(id); isVar || m.function(id) {
				out = append(out, id.Name)
			}
		}
		return true
	})
	return out
}

// cycle is a way from a name back to it, which begins with the name; nil if there is none.
func cycle(all map[string]*referrer, from string) []string {
	seen := map[string]bool{}
	var find func(name string) []string
	find = func(name string) []string {
		if all[name] == nil || seen[name] {
			return nil
		}
		seen[name] = true
		for _, next := range all[name].names {
			if next == from {
				return []string{name}
			}
			if rest := find(next); rest != nil {
				return append([]string{name}, rest...)
			}
		}
		return nil
	}
	return find(from)
}

// knows reports whether one of the names means something without the cell.
func (s *Session) knows(names []string) bool {
	for _, n := range names {
		if s.Lookup(n) != nil || types.Universe.Lookup(n) != nil {
			return true
		}
	}
	return false
}

func (s *Session) cycleError(cell source.Cell, all map[string]*referrer, path []string) *source.Error {
	at := s.position(all[path[0]].at)
	e := &source.Error{Cell: at.Cell, Line: at.Line, Column: at.Column, Source: cell.Line(at.Line)}
	if len(path) == 1 {
		e.Message = fmt.Sprintf("initialization cycle: %s refers to itself", path[0])
		return e
	}
	var b strings.Builder
	fmt.Fprintf(&b, "initialization cycle for %s", path[0])
	for i, n := range path {
		p := s.position(all[n].at)
		fmt.Fprintf(&b, "\n\tcell %d:%d:%d: %s refers to %s", p.Cell, p.Line, p.Column, n, path[(i+1)%len(path)])
	}
	e.Message = b.String()
	return e
}
