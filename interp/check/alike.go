package check

import (
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
)

// settle leaves out the types that the cell declares just as they are: a cell that runs again must not make the values
// that others hold into values of another type. Their methods are given to the types that are there.
func (a *attempt) settle() {
	alike := a.alike()
	a.units = slices.DeleteFunc(a.units, func(u *unit) bool {
		if !alike[u] || !u.declares(token.TYPE) {
			return false
		}
		a.kept = append(a.kept, u)
		return true
	})
}

// unsettle declares the types anew that settle had left out, those that need not be left out again. It reports whether
// there are any with that name.
func (a *attempt) unsettle(name string) bool {
	if !slices.ContainsFunc(a.kept, func(u *unit) bool { return declared([]ast.Decl{u.node})[name] }) {
		return false
	}
	a.anew[name] = true
	a.units, a.kept = append(a.units, a.kept...), nil
	a.settle()
	a.bringMethods()
	return true
}

// alike are the units of types and constants that say what earlier ones say, in words that mean the same.
func (a *attempt) alike() map[*unit]bool {
	by, out := map[string]*unit{}, map[*unit]bool{}
	for _, u := range a.units {
		for name := range declared([]ast.Decl{u.node}) {
			by[name] = u
		}
		if old := a.decls[u.name]; old != nil && old.Node != nil && u.old == nil && a.sameWords(u, old) {
			out[u] = true
		}
	}
	for again := true; again; {
		again = false
		for u := range out {
			if !a.sameMeaning(u, a.decls[u.name], func(name string) (bool, bool) { return by[name] != nil, out[by[name]] }) {
				delete(out, u)
				again = true
			}
		}
	}
	return out
}

func (u *unit) declares(tok token.Token) bool {
	g, ok := u.node.(*ast.GenDecl)
	return ok && g.Tok == tok
}

// sameWords compares the texts of two declarations, without comments, spaces and the ends of lines that mean nothing.
func (a *attempt) sameWords(u *unit, old *Decl) bool {
	if !u.declares(token.TYPE) && !u.declares(token.CONST) {
		return false
	}
	for name := range declared([]ast.Decl{u.node}) {
		if a.anew[name] {
			return false
		}
	}
	return slices.Equal(words(a.span(u).Text()), words(old.Src.Text()))
}

func words(text string) (out []string) {
	fset := token.NewFileSet()
	var s scanner.Scanner
	s.Init(fset.AddFile("", fset.Base(), len(text)), []byte(text), func(token.Position, string) {}, 0)
	for {
		_, tok, lit := s.Scan()
		if last := len(out) - 1; last >= 0 && out[last] == ";" && (tok == token.RBRACE || tok == token.RPAREN || tok == token.EOF) {
			out = out[:last]
		}
		switch tok {
		case token.EOF:
			return out
		case token.SEMICOLON:
			out = append(out, ";")
		default:
			out = append(out, tok.String()+" "+lit)
		}
	}
}

// sameMeaning reports whether every name in a declaration means what it meant in the earlier one. own tells whether the
// cell declares a name, and whether it does so alike.
func (a *attempt) sameMeaning(u *unit, old *Decl, own func(name string) (declares, alike bool)) bool {
	now, before := names(u.node), names(old.Node)
	if len(now) != len(before) {
		return false
	}
	for i, id := range now {
		o := old.Info.Uses[before[i]]
		if o == nil {
			o = old.Info.Defs[before[i]]
			if o == nil || !a.Global(o) {
				continue
			}
		}
		if declares, alike := own(id.Name); declares {
			if !alike {
				return false
			}
			continue
		}
		if !a.meansStill(id.Name, o) {
			return false
		}
	}
	return true
}

// meansStill reports whether a name that the cell does not declare stands for o.
func (a *attempt) meansStill(name string, o types.Object) bool {
	now := a.given[name]
	if now == nil {
		now = a.Lookup(name)
	}
	switch o := o.(type) {
	case *types.PkgName:
		p, ok := now.(*types.PkgName)
		return ok && p.Imported() == o.Imported()
	case *types.TypeName:
		if _, param := o.Type().(*types.TypeParam); param {
			return true
		}
	}
	if o.Parent() == types.Universe {
		return now == nil
	}
	return now != nil && a.Canon(now) == a.Canon(o)
}

// names are the identifiers of a declaration that stand by themselves, in order.
func names(n ast.Node) (out []*ast.Ident) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			out = append(out, names(n.X)...)
			return false
		case *ast.Field:
			out = append(out, names(n.Type)...)
			return false
		case *ast.Ident:
			out = append(out, n)
		}
		return true
	})
	return out
}
