package slice

import (
	"go/types"
	"strings"
)

// typeName writes a type as the program names it.
func (n *namer) typeName(t types.Type) string {
	return types.TypeString(n.named(t), func(p *types.Package) string {
		switch {
		case p.Path() == "main":
			return ""
		case p == n.session.Prelude():
			n.preludeUsed = true
			if n.qualified {
				return n.config.Name
			}
			return ""
		}
		return n.pkg(p, p.Name())
	})
}

// named replaces the types in t that have another name in the program: one that the prelude has an alias for, and an
// earlier version of a cell's.
func (n *namer) named(t types.Type) types.Type {
	switch t := t.(type) {
	case *types.Pointer:
		return types.NewPointer(n.named(t.Elem()))
	case *types.Slice:
		return types.NewSlice(n.named(t.Elem()))
	case *types.Array:
		return types.NewArray(n.named(t.Elem()), t.Len())
	case *types.Chan:
		return types.NewChan(t.Dir(), n.named(t.Elem()))
	case *types.Map:
		return types.NewMap(n.named(t.Key()), n.named(t.Elem()))
	case *types.Signature:
		return types.NewSignatureType(nil, nil, nil, n.namedTuple(t.Params()), n.namedTuple(t.Results()), t.Variadic())
	case *types.Alias:
		if o := t.Obj(); o.Pkg() != nil && o.Pkg().Path() == "main" && n.suffix(o) != "" {
			return n.named(types.Unalias(t))
		}
	case *types.Named:
		if s := n.suffix(t.Obj()); s != "" {
			return n.renamed(t, s)
		}
		return n.lent(t)
	}
	return t
}

func (n *namer) namedTuple(t *types.Tuple) *types.Tuple {
	var out []*types.Var
	for v := range t.Variables() {
		out = append(out, types.NewVar(v.Pos(), v.Pkg(), v.Name(), n.named(v.Type())))
	}
	return types.NewTuple(out...)
}

// suffix is what the program adds to the name of an earlier version of a type.
func (n *namer) suffix(o *types.TypeName) string {
	if d := n.decl(o, lastCell); d != nil {
		return n.decls[d]
	}
	return ""
}

// renamed is a type under another name.
func (n *namer) renamed(t *types.Named, suffix string) types.Type {
	name := t.Obj().Name() + suffix
	if list := t.TypeArgs(); list.Len() > 0 {
		var args []string
		for a := range list.Types() {
			args = append(args, n.typeName(a))
		}
		name += "[" + strings.Join(args, ", ") + "]"
	}
	return types.NewNamed(types.NewTypeName(t.Obj().Pos(), t.Obj().Pkg(), name, nil), t.Underlying(), nil)
}

// lent is the prelude's alias for a type, if it has one.
func (n *namer) lent(t *types.Named) types.Type {
	p := n.session.Prelude()
	if p == nil {
		return t
	}
	for _, name := range p.Scope().Names() {
		if a, ok := p.Scope().Lookup(name).(*types.TypeName); ok && a.Exported() && a.IsAlias() && types.Identical(a.Type(), t) {
			return a.Type()
		}
	}
	return t
}
