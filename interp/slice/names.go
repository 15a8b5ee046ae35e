package slice

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"

	"github.com/riffle-stream/riffle/interp/check"
)

// A namer decides what everything in the program is called.
type namer struct {
	*slicer
	vars    map[types.Object]string // storage -> name
	decls   map[*check.Decl]string
	pkgVars map[types.Object]bool // variables that functions use: at package level
	// deferring are the cells with deferred calls, which run at the end of the cell.
	deferring map[*check.Cell]bool
	stray     []*types.Var      // used, and defined by no kept statement
	imports   map[string]Import // by path
	taken     map[string]string // import name -> path
	hides     map[string]bool   // names of the program that an import cannot have

	signatures map[string]Signature // of functions that columns are mapped with
	moving     map[types.Object]bool
	groups     map[types.Object]string // suffixes of the functions that move
	reached    string                  // the variable that says which cell has been reached

	preludeUsed, qualified bool
	rounded                int
}

// name is what an object is called in the program, as of a cell; "" for its own name.
func (n *namer) name(o types.Object, cell int) string {
	switch o := o.(type) {
	case nil:
		return ""
	case *types.PkgName:
		return n.pkg(o.Imported(), o.Name())
	case *types.Var:
		if n.session.Global(o) {
			return n.vars[n.session.Canon(o)]
		}
		if t := embedded(o); t != nil {
			return n.name(t, cell)
		}
	}
	if n.prelude(o) {
		n.preludeUsed = true
		if n.qualified {
			return n.config.Name + "." + o.Name()
		}
		return ""
	}
	if d := n.decl(o, cell); d != nil {
		if d.Func != nil && n.moving[n.session.Canon(o)] {
			return n.group(d)
		}
		return n.declared(d, o)
	}
	if p := o.Pkg(); p != nil && o.Parent() == p.Scope() && p.Path() != "main" { // of a dot import
		return n.pkg(p, p.Name()) + "." + o.Name()
	}
	return ""
}

// isEmbedded reports whether o is a field that has its name from its type.
func isEmbedded(o types.Object) bool {
	v, ok := o.(*types.Var)
	return ok && v.Embedded()
}

// embedded is the type of a cell that an embedded field has its name from, or nil.
func embedded(f *types.Var) types.Object {
	t := types.Unalias(f.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok || !f.Embedded() || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main" {
		return nil
	}
	return n.Origin().Obj()
}

// declared is the name of an object of a declaration, which an older version has a suffix on.
func (n *namer) declared(d *check.Decl, o types.Object) string { return o.Name() + n.decls[d] }

// group is the name of a function that moves.
func (n *namer) group(d *check.Decl) string {
	return d.Func.Object.Name() + n.groups[n.session.Canon(d.Func.Object)]
}

// prelude reports whether o is a name of the prelude, written bare.
func (n *namer) prelude(o types.Object) bool {
	p := n.session.Prelude()
	return p != nil && o.Pkg() == p && o.Parent() == p.Scope()
}

// pkg imports a package under a name, or another if that is taken, and returns the name.
func (n *namer) pkg(p *types.Package, name string) string {
	if p == n.session.Prelude() {
		n.preludeUsed = true
		return n.config.Name
	}
	if i, ok := n.imports[p.Path()]; ok {
		if i.Name != "" {
			return i.Name
		}
		return p.Name()
	}
	for i := 2; n.taken[name] != "" || n.hides[name]; i++ {
		name = fmt.Sprintf("%s%d", p.Name(), i)
	}
	n.taken[name] = p.Path()
	i := Import{Path: p.Path()}
	if name != p.Name() {
		i.Name = name
	}
	n.imports[p.Path()] = i
	return name
}

// assign gives names: of several versions of a name the latest keeps it.
func (n *namer) assign(kept []*check.Stmt, decls []*check.Decl) {
	last := map[string]int{}
	var order []func()
	for _, d := range decls {
		for _, o := range declared(d) {
			key := o.Name()
			if isMethod(o) {
				key = fmt.Sprintf("%p.%s", d.Func.Recv, key)
			}
			last[key]++
			seq := last[key]
			order = append(order, func() {
				if seq < last[key] {
					n.decls[d] = fmt.Sprintf("_%d", seq)
				}
				if c := n.session.Canon(o); n.moving[c] {
					n.groups[c], n.decls[d] = n.decls[d], fmt.Sprintf("_cell%d", n.declCell[d])
				}
			})
		}
	}
	for _, st := range kept {
		for _, v := range st.Vars {
			n.nameVar(v, last, &order)
		}
	}
	n.findStray(kept, decls)
	for _, v := range n.stray {
		n.nameVar(v, last, &order)
	}
	for name := range last {
		if types.Universe.Lookup(name) != nil { // cells before may mean that of the language
			last[name]++
		}
	}
	for _, f := range order {
		f()
	}
	for name := range last {
		n.hides[name] = true
	}
	for n.reached = "reached"; n.hides[n.reached]; {
		n.reached += "_"
	}
	n.hides[n.reached] = true
}

// findStray finds the variables that the program uses though no statement in it defines them: the definition was
// overwritten before it mattered.
func (n *namer) findStray(kept []*check.Stmt, decls []*check.Decl) {
	known := map[types.Object]bool{}
	for _, st := range kept {
		for _, v := range st.Vars {
			known[n.session.Canon(v)] = true
		}
	}
	look := func(node ast.Node, info *types.Info) {
		r := &reader{n.slicer, 0, info, newEffect(), nil, false, nil}
		ast.Inspect(node, func(m ast.Node) bool {
			if id, ok := m.(*ast.Ident); ok {
				if v, ok := r.global(id).(*types.Var); ok && !known[v] {
					known[v] = true
					n.stray = append(n.stray, v)
				}
			}
			return true
		})
	}
	for _, st := range kept {
		look(st.Node, st.Cell.Info)
	}
	for _, d := range decls {
		if d.Func != nil {
			look(d.Func.Node, d.Info)
		}
	}
}

func (n *namer) nameVar(v *types.Var, last map[string]int, order *[]func()) {
	c := n.session.Canon(v)
	if _, ok := n.vars[c]; ok {
		return
	}
	n.vars[c] = v.Name()
	last[v.Name()]++
	seq := last[v.Name()]
	*order = append(*order, func() {
		if seq < last[v.Name()] {
			n.vars[c] = fmt.Sprintf("%s_%d", v.Name(), seq)
		}
	})
}

func (n *namer) importList() []Import {
	var out []Import
	for _, path := range slices.Sorted(maps.Keys(n.imports)) {
		out = append(out, n.imports[path])
	}
	return out
}
