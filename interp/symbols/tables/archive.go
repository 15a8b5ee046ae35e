package tables

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/interp/symbols"
	"golang.org/x/tools/go/gcexportdata"
)

// writeArchive writes types/PATH (export data), docs/PATH (comments) and source/PATH (generic declarations).
func (w Writer) writeArchive(loaded []Package) error {
	f, err := os.Create(filepath.Join(w.Dir, w.prefix()+".zip"))
	if err != nil {
		return err
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for _, p := range loaded {
		path := p.Types.Path()
		var data bytes.Buffer
		if err := gcexportdata.Write(&data, p.fset, p.Types); err != nil {
			return fmt.Errorf("%s: export data: %w", path, err)
		}
		files, err := p.parse()
		if err != nil {
			return err
		}
		if err := add(z, "types/"+path, data.Bytes()); err != nil {
			return err
		}
		if slices.Contains(w.Sources, path) {
			if err := add(z, "source/"+path, p.source(files, w.Replaced)); err != nil {
				return err
			}
		}
		if err := p.generic.archive(z, path); err != nil {
			return err
		}
		docs, err := p.docs(files)
		if err != nil {
			return err
		}
		if err := add(z, "docs/"+path, docs); err != nil {
			return err
		}
	}
	if err := w.writeHidden(z, loaded); err != nil {
		return err
	}
	for _, p := range w.Documented {
		if err := p.document(z); err != nil {
			return err
		}
	}
	return z.Close()
}

// document writes docs/PATH alone.
func (p Package) document(z *zip.Writer) error {
	files, err := p.parse()
	if err != nil {
		return err
	}
	docs, err := p.docs(files)
	if err != nil {
		return err
	}
	return add(z, "docs/"+p.Types.Path(), docs)
}

func add(z *zip.Writer, name string, data []byte) error {
	w, err := z.Create(name)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// A file is a parsed source file and its text.
type file struct {
	ast  *ast.File
	fset *token.FileSet
	text []byte
}

func (p Package) parse() ([]file, error) {
	fset := token.NewFileSet()
	var out []file
	for _, name := range p.files {
		text, err := os.ReadFile(filepath.Join(p.dir, name))
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(fset, name, text, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		out = append(out, file{f, fset, text})
	}
	return out, nil
}

// source joins the declarations of all files under one import block.
func (p Package) source(files []file, replaced map[string]bool) []byte {
	imports, body := map[string]bool{}, &bytes.Buffer{}
	for _, f := range files {
		for _, i := range f.ast.Imports {
			imports[i.Path.Value] = true
		}
		for _, d := range f.ast.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
				continue
			}
			if fn, ok := d.(*ast.FuncDecl); ok && replaced[p.Types.Path()+"."+fn.Name.Name] {
				continue
			}
			from, to := f.fset.Position(d.Pos()).Offset, f.fset.Position(d.End()).Offset
			body.Write(f.text[from:to])
			io.WriteString(body, "\n\n")
		}
	}
	var head bytes.Buffer
	fmt.Fprintf(&head, "package %s\n\n", p.Types.Name())
	for _, path := range sortedKeys(imports) {
		fmt.Fprintf(&head, "import %s\n", path)
	}
	return append(head.Bytes(), body.Bytes()...)
}

// docs lists the documentation comments of a package and its exports, as Set.Docs reads them.
func (p Package) docs(files []file) ([]byte, error) {
	if len(files) == 0 {
		return nil, nil
	}
	var trees []*ast.File
	for _, f := range files {
		trees = append(trees, f.ast)
	}
	d, err := doc.NewFromFiles(files[0].fset, trees, p.Types.Path(), p.mode)
	if err != nil {
		return nil, fmt.Errorf("%s: docs: %w", p.Types.Path(), err)
	}
	var b strings.Builder
	entry := func(name, text string) {
		if text = strings.TrimSpace(text); text != "" {
			fmt.Fprintf(&b, "%s\t%s\n", name, strings.ReplaceAll(text, "\n", "\n\t"))
		}
	}
	entry(symbols.OfPackage, d.Doc)
	funcs := func(owner string, list []*doc.Func) {
		for _, f := range list {
			entry(owner+f.Name, f.Doc)
		}
	}
	values := func(list []*doc.Value) {
		for _, v := range list {
			for _, n := range v.Names {
				entry(n, beside(v.Decl, n)+"\n"+v.Doc)
			}
		}
	}
	funcs("", d.Funcs)
	values(append(d.Consts, d.Vars...))
	for _, t := range d.Types {
		entry(t.Name, t.Doc)
		funcs("", t.Funcs)
		funcs(t.Name+".", t.Methods)
		values(append(t.Consts, t.Vars...))
	}
	return []byte(b.String()), nil
}

// beside is the comment at one name of a group of constants or variables, or "".
func beside(group *ast.GenDecl, name string) string {
	for _, spec := range group.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if ok && slices.ContainsFunc(v.Names, func(id *ast.Ident) bool { return id.Name == name }) {
			return cmp.Or(v.Doc.Text(), v.Comment.Text())
		}
	}
	return ""
}

func sortedKeys(m map[string]bool) []string { return slices.Sorted(maps.Keys(m)) }
