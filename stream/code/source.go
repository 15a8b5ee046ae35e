package code

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
)

// Source is the Go files of one package.
type Source struct {
	fset  *token.FileSet
	texts map[string][]byte    // by file
	files map[string]*ast.File // by file
	decls map[string][]ast.Node
	funcs []*ast.FuncDecl
}

// Parse reads the Go files at the top of a file system, tests left out.
func Parse(files fs.FS) (*Source, error) {
	names, err := fs.Glob(files, "*.go")
	if err != nil {
		return nil, fmt.Errorf("code: %w", err)
	}
	s := &Source{fset: token.NewFileSet(), texts: map[string][]byte{}, files: map[string]*ast.File{}, decls: map[string][]ast.Node{}}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("code: %w", err)
		}
		// Objects are what the parser knows of scopes. They lack types, which
		// local variables, all that they are used for here, do not need.
		file, err := parser.ParseFile(s.fset, name, text, 0)
		if err != nil {
			return nil, fmt.Errorf("code: %w", err)
		}
		s.texts[name], s.files[name] = text, file
		s.declare(file)
	}
	return s, nil
}

// declare notes what a file declares, by name; methods go with their type.
func (s *Source) declare(file *ast.File) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			s.funcs = append(s.funcs, d)
			name := d.Name.Name
			if d.Recv != nil {
				name = receiver(d)
			}
			s.decls[name] = append(s.decls[name], d)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				s.specify(d, spec)
			}
		}
	}
}

// specify notes one specification. Constants of a group hang together by iota.
func (s *Source) specify(d *ast.GenDecl, spec ast.Spec) {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		s.decls[spec.Name.Name] = append(s.decls[spec.Name.Name], spec)
	case *ast.ValueSpec:
		var node ast.Node = spec
		if d.Tok == token.CONST {
			node = d
		}
		for _, name := range spec.Names {
			s.decls[name.Name] = append(s.decls[name.Name], node)
		}
	case *ast.ImportSpec:
		name := path.Base(strings.Trim(spec.Path.Value, `"`))
		if spec.Name != nil {
			name = spec.Name.Name
		}
		s.decls[name] = append(s.decls[name], spec)
	}
}

// receiver is the name of the type that a method belongs to.
func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}
