package tables

import (
	"go/types"
	"maps"
	"slices"
)

// mentioned are the paths of the packages whose types stand in the exported declarations of a package.
func mentioned(p *types.Package) []string {
	m := mentions{packages: map[string]bool{}, seen: map[types.Type]bool{}}
	m.exports(p)
	delete(m.packages, p.Path())
	return slices.Sorted(maps.Keys(m.packages))
}

// mentions walks types and notes where those with names are from.
type mentions struct {
	packages map[string]bool
	seen     map[types.Type]bool
}

// exports visits the exported declarations of a package.
func (m *mentions) exports(p *types.Package) {
	for _, name := range p.Scope().Names() {
		if o := p.Scope().Lookup(name); o.Exported() {
			m.visit(o.Type())
			m.declared(o.Type())
		}
	}
}

// declared visits what the declaration of a type says: what it is made of, and its methods.
func (m *mentions) declared(t types.Type) {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return
	}
	m.visit(named.Underlying())
	for f := range named.Methods() {
		if f.Exported() {
			m.visit(f.Type())
		}
	}
}

func (m *mentions) visit(t types.Type) {
	if t == nil || m.seen[t] {
		return
	}
	m.seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		m.visit(types.Unalias(t))
	case *types.Named:
		if t.Obj().Pkg() != nil {
			m.packages[t.Obj().Pkg().Path()] = true
		}
		for a := range t.TypeArgs().Types() {
			m.visit(a)
		}
	case *types.Map:
		m.visit(t.Key())
		m.visit(t.Elem())
	case interface{ Elem() types.Type }:
		m.visit(t.Elem())
	case *types.Signature:
		for v := range t.Params().Variables() {
			m.visit(v.Type())
		}
		for v := range t.Results().Variables() {
			m.visit(v.Type())
		}
	case *types.Struct:
		for f := range t.Fields() {
			if f.Exported() || f.Embedded() {
				m.visit(f.Type())
			}
		}
	case *types.Interface:
		for f := range t.Methods() {
			m.visit(f.Type())
		}
	}
}
