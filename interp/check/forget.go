package check

import (
	"go/types"
	"maps"
	"slices"
	"strings"
)

// Forget takes the names of cells away, all but those to keep and what the declarations of these mention. It returns
// the names that are left. What runs still goes on with what it uses.
func (s *Session) Forget(keep []string) []string {
	kept := map[string]bool{}
	for _, name := range keep {
		s.hold(name, kept)
	}
	maps.DeleteFunc(s.names, func(name string, _ types.Object) bool { return !kept[name] })
	maps.DeleteFunc(s.decls, func(name string, _ *Decl) bool { return !kept[owner(name)] })
	s.order = slices.DeleteFunc(slices.Clone(s.order), func(d *Decl) bool { return s.decls[d.Name] != d })
	return slices.Sorted(maps.Keys(s.names))
}

// hold adds a name to those that are kept, and what its declaration and methods mention.
func (s *Session) hold(name string, kept map[string]bool) {
	if kept[name] || s.names[name] == nil {
		return
	}
	kept[name] = true
	if v, ok := s.names[name].(*types.Var); ok {
		s.holdType(v.Type(), kept)
	}
	for _, d := range s.order {
		declares := owner(d.Name) == name || slices.ContainsFunc(d.Objects, func(o types.Object) bool { return o.Name() == name })
		if !declares {
			continue
		}
		for o := range d.Uses {
			s.hold(o.Name(), kept)
		}
		for _, o := range d.Objects { // those of a group stay together
			s.hold(o.Name(), kept)
		}
	}
}

// holdType adds the types of cells that a variable's type is made of.
func (s *Session) holdType(t types.Type, kept map[string]bool) {
	if n, ok := types.Unalias(t).(*types.Named); ok {
		if n.Obj().Pkg() == s.main {
			s.hold(n.Obj().Name(), kept)
		}
		return
	}
	if m, ok := t.(*types.Map); ok {
		s.holdType(m.Key(), kept)
	}
	if e, ok := t.(interface{ Elem() types.Type }); ok {
		s.holdType(e.Elem(), kept)
	}
}

// owner is the type of a method, and any other declaration itself.
func owner(decl string) string {
	name, _, _ := strings.Cut(decl, ".")
	return name
}
