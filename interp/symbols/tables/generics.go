package tables

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/gcexportdata"
)

// Generics are what an archive holds of the generic part of a package that is not of the standard library.
type generics struct {
	source    []byte
	refused   map[string]string         // names that have no source here, and why
	hidden    map[string]*types.Package // what the source mentions and cells cannot import: packages of constraints
	instances []instance                // of generic types, in compiled code
}

// readGenerics reads the sources of what is generic in the packages that were loaded, and loads what these use.
func (l *loading) readGenerics(more func(Listed) bool) error {
	has := func(path string) bool {
		q := l.listed[path]
		return l.done[path] || more(q) || q.Standard && !hidden(path)
	}
	for i := 0; i < len(l.out); i++ { // more come behind
		p := l.out[i]
		s, err := l.portable(l.listed[p.Types.Path()], p.Types, has)
		if err == nil && s != nil {
			l.out[i].generic, err = l.generics(s, more)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.Types.Path(), err)
		}
	}
	for i, p := range l.out {
		l.out[i].generic.instances = l.instances(p.Types, has)
	}
	return nil
}

func (l *loading) generics(s *portable, more func(Listed) bool) (g generics, err error) {
	g.hidden = map[string]*types.Package{}
	g.source, g.refused = s.source()
	for _, path := range s.uses() {
		if q := l.listed[path]; more(q) {
			if err := l.load(q, more); err != nil {
				return g, err
			}
		} else if !q.Standard || hidden(path) {
			if g.hidden[path], err = l.Import(path); err != nil {
				return g, err
			}
		}
	}
	return g, nil
}

// uses are the packages that the source imports.
func (s *portable) uses() (paths []string) {
	for d := range s.taken {
		ast.Inspect(d.node, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if p, ok := s.info.Uses[id].(*types.PkgName); ok {
					paths = append(paths, p.Imported().Path())
				}
			}
			return true
		})
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// instances are the types with arguments that the exported declarations of a package mention: compiled code has them,
// so that they are not made from source. They have names that count them.
func (l *loading) instances(p *types.Package, has func(string) bool) (out []instance) {
	m := mentions{packages: map[string]bool{}, seen: map[types.Type]bool{}}
	m.exports(p)
	for t := range m.seen {
		n, ok := t.(*types.Named)
		if !ok || n.TypeArgs().Len() == 0 || types.IsInterface(n) || l.listed[n.Obj().Pkg().Path()].Standard || !concrete(n, has) {
			continue
		}
		out = append(out, instance{text: types.TypeString(n, (*types.Package).Path), typ: n})
	}
	slices.SortFunc(out, func(a, b instance) int { return cmp.Compare(a.text, b.text) })
	out = slices.CompactFunc(out, func(a, b instance) bool { return a.text == b.text })
	for i := range out {
		out[i].name = fmt.Sprintf("Instance%d_", i+1)
	}
	return out
}

// An instance of a generic type, as a table has it.
type instance struct {
	name, text string
	typ        types.Type
}

// concrete reports whether a table can name a type: it has no parameters in it, and all its parts are exported.
func concrete(t *types.Named, has func(string) bool) bool {
	m := mentions{packages: map[string]bool{}, seen: map[types.Type]bool{}}
	m.visit(t)
	for s := range m.seen {
		switch s := s.(type) {
		case *types.TypeParam:
			return false
		case *types.Named:
			if o := s.Obj(); o.Pkg() != nil && (!o.Exported() || hidden(o.Pkg().Path())) {
				return false
			}
		}
	}
	return true
}

// archive writes source/PATH, refused/PATH and instances/PATH, a line for each name.
func (g generics) archive(z *zip.Writer, path string) error {
	if len(g.source) > 0 {
		if err := add(z, "source/"+path, g.source); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(g.refused)) {
		fmt.Fprintf(&b, "%s\t%s\n", name, g.refused[name])
	}
	if err := addSome(z, "refused/"+path, &b); err != nil {
		return err
	}
	b.Reset()
	for _, i := range g.instances {
		fmt.Fprintf(&b, "%s\t%s\n", i.text, i.name)
	}
	return addSome(z, "instances/"+path, &b)
}

func addSome(z *zip.Writer, name string, b *bytes.Buffer) error {
	if b.Len() == 0 {
		return nil
	}
	return add(z, name, b.Bytes())
}

// writeHidden writes types/PATH for the packages that sources mention and cells cannot import.
func (w Writer) writeHidden(z *zip.Writer, loaded []Package) error {
	done := map[string]bool{}
	for _, p := range loaded {
		for path, t := range p.generic.hidden {
			if done[path] {
				continue
			}
			done[path] = true
			var data bytes.Buffer
			if err := gcexportdata.Write(&data, p.fset, t); err != nil {
				return fmt.Errorf("%s: export data: %w", path, err)
			}
			if err := add(z, "types/"+path, data.Bytes()); err != nil {
				return err
			}
		}
	}
	return nil
}
