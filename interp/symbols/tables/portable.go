package tables

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// A Portable is what can be instantiated from the source of a package: its generic functions and types, with what they
// need of the rest that compiled code does not show. Everything else they have from the compiled package.
type portable struct {
	pkg          *types.Package
	info         *types.Info
	fset         *token.FileSet
	texts        map[*token.File][]byte
	decls        map[types.Object]*declared
	has          func(path string) bool // packages that cells can import
	perIteration bool                   // loops make their variables anew at each turn

	verdicts map[*declared]string
	inside   map[*declared]bool // being judged
	taken    map[*declared]bool
}

// A declared is a declaration at package level.
type declared struct {
	objects []types.Object
	node    ast.Node // *ast.FuncDecl, *ast.TypeSpec, or *ast.GenDecl of constants or variables
	file    *ast.File
	methods []*declared // of a type
}

// portable reads a package's own source. It gives nil if the package has nothing generic.
func (l *loading) portable(p Listed, compiled *types.Package, has func(string) bool) (*portable, error) {
	if !slices.ContainsFunc(compiled.Scope().Names(), func(n string) bool { return isGeneric(compiled.Scope().Lookup(n)) }) {
		return nil, nil
	}
	s := &portable{
		fset: token.NewFileSet(), texts: map[*token.File][]byte{}, decls: map[types.Object]*declared{}, has: has,
		verdicts: map[*declared]string{}, inside: map[*declared]bool{}, taken: map[*declared]bool{},
		perIteration: p.Module == nil || !older(p.Module.GoVersion),
		info:         &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}},
	}
	var files []*ast.File
	for _, name := range p.GoFiles {
		text, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(s.fset, name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.texts[s.fset.File(f.FileStart)] = text
		files = append(files, f)
	}
	var err error
	if s.pkg, err = (&types.Config{Importer: l, Error: func(error) {}}).Check(p.ImportPath, s.fset, files, s.info); err != nil {
		return nil, nil // what has assembly or cgo behind it does not check; nothing of it is instantiated
	}
	for _, f := range files {
		s.index(f)
	}
	return s, nil
}

// older reports whether a version of the language is from before Go 1.22.
func older(version string) bool {
	var major, minor int
	fmt.Sscanf(version, "%d.%d", &major, &minor)
	return major < 1 || major == 1 && minor < 22
}

func isGeneric(o types.Object) bool {
	if o == nil || !o.Exported() {
		return false
	}
	if f, ok := o.(*types.Func); ok {
		return f.Signature().TypeParams().Len() > 0
	}
	_, ok := o.(*types.TypeName)
	return ok && generic(o.Type())
}

// index notes what a file declares.
func (s *portable) index(f *ast.File) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			o := s.info.Defs[d.Name]
			s.decls[o] = &declared{objects: []types.Object{o}, node: d, file: f}
		case *ast.GenDecl:
			s.indexGroup(d, f)
		}
	}
	for o, d := range s.decls {
		if fn, ok := o.(*types.Func); ok && fn.Signature().Recv() != nil {
			if t := s.decls[receiver(fn)]; t != nil && !slices.Contains(t.methods, d) {
				t.methods = append(t.methods, d)
			}
		}
	}
}

func (s *portable) indexGroup(g *ast.GenDecl, f *ast.File) {
	whole := &declared{node: g, file: f}
	for _, spec := range g.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			o := s.info.Defs[spec.Name]
			s.decls[o] = &declared{objects: []types.Object{o}, node: spec, file: f}
		case *ast.ValueSpec:
			for _, id := range spec.Names {
				if o := s.info.Defs[id]; o != nil && id.Name != "_" {
					whole.objects = append(whole.objects, o)
					s.decls[o] = whole
				}
			}
		}
	}
}

// receiver is the type that a method is of.
func receiver(f *types.Func) types.Object {
	t := f.Signature().Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Origin().Obj()
	}
	return nil
}

// source writes the portable declarations as one file, and says of the other generic ones why they are not.
func (s *portable) source() (text []byte, refused map[string]string) {
	refused = map[string]string{}
	for _, name := range s.pkg.Scope().Names() {
		o := s.pkg.Scope().Lookup(name)
		if !isGeneric(o) {
			continue
		}
		d := s.decls[o]
		if why := s.judge(d); why != "" {
			refused[name] = why
			continue
		}
		s.take(d)
	}
	return s.write(), refused
}

// take adds a declaration and what it needs.
func (s *portable) take(d *declared) {
	if s.taken[d] {
		return
	}
	s.taken[d] = true
	for _, n := range s.needs(d) {
		s.take(n)
	}
}

// needs are the declarations that must stand beside one.
func (s *portable) needs(d *declared) []*declared {
	out := slices.Clone(d.methods)
	ast.Inspect(d.node, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if o := origin(s.info.Uses[id]); o != nil && s.decls[o] != nil && !s.compiled(o) {
				out = append(out, s.decls[o])
			}
		}
		return true
	})
	return out
}

func origin(o types.Object) types.Object {
	switch o := o.(type) {
	case *types.Func:
		return o.Origin()
	case *types.Var:
		return o.Origin()
	}
	return o
}

// compiled reports whether the compiled package shows an object of it as it is.
func (s *portable) compiled(o types.Object) bool {
	if f, ok := o.(*types.Func); ok && f.Signature().Recv() != nil {
		r := receiver(f)
		return r != nil && s.compiled(r)
	}
	return o.Exported() && !isGeneric(o)
}

// write writes what was taken, under one import block; the package itself stands for what is compiled.
func (s *portable) write() []byte {
	var body bytes.Buffer
	imports := map[string]string{}
	own := false
	for _, d := range slices.SortedFunc(maps.Keys(s.taken), func(a, b *declared) int { return cmp.Compare(a.node.Pos(), b.node.Pos()) }) {
		ast.Inspect(d.node, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				switch o := s.info.Uses[id].(type) {
				case *types.PkgName:
					imports[o.Name()] = o.Imported().Path()
				case nil:
				default:
					own = own || o.Pkg() == s.pkg && o.Parent() == s.pkg.Scope() && s.compiled(o)
				}
			}
			return true
		})
		if _, ok := d.node.(*ast.TypeSpec); ok {
			body.WriteString("type ")
		}
		tf := s.fset.File(d.node.Pos())
		body.Write(s.texts[tf][tf.Offset(d.node.Pos()):tf.Offset(d.node.End())])
		body.WriteString("\n\n")
	}
	if body.Len() == 0 {
		return nil
	}
	var head bytes.Buffer
	fmt.Fprintf(&head, "package %s\n\n", s.pkg.Name())
	if own {
		fmt.Fprintf(&head, "import . %q\n", s.pkg.Path())
	}
	for _, name := range slices.Sorted(maps.Keys(imports)) {
		fmt.Fprintf(&head, "import %s %q\n", name, imports[name])
	}
	return append(head.Bytes(), body.Bytes()...)
}
