package interp

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/types"
	"reflect"
	"regexp"
	"strings"

	"github.com/riffle-stream/riffle/interp/lower"
	yaegi "github.com/traefik/yaegi/interp"
)

// take gives the interpreter declarations.
func (e *engine) take(declarations string) error {
	file, err := parser.ParseFile(e.yaegi.FileSet(), yaegi.DefaultSourceName, "package main\n"+declarations, parser.SkipObjectResolution)
	if err == nil {
		_, err = e.interpret(file)
	}
	return err
}

// interpret evaluates a file or an expression. The interpreter panics on some of what it cannot compile.
func (e *engine) interpret(n ast.Node) (v reflect.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	program, err := e.yaegi.CompileAST(n)
	if err != nil {
		return v, err
	}
	return e.yaegi.Execute(program)
}

var places = regexp.MustCompile(`^[^ ]*\d+:\d+: `)

// plain is an error of the interpreter without its positions and our marks.
func plain(err error) string {
	text := places.ReplaceAllString(err.Error(), "")
	return regexp.MustCompile(`ᐧ\d*`).ReplaceAllString(text, "")
}

// use gives the interpreter the packages at paths and those whose interfaces they take: a value of a cell's type that
// is passed to one needs the wrapper from the interface's package.
func (e *engine) use(paths []string) error {
	exports := yaegi.Exports{}
	for _, path := range paths {
		e.collect(path, exports, true)
	}
	if len(exports) == 0 {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.yaegi.Use(exports); err != nil {
		return fmt.Errorf("symbols: %w", err)
	}
	return nil
}

// collect adds a package's values, and those of the packages its interfaces come from.
func (e *engine) collect(path string, into yaegi.Exports, deep bool) {
	if path == lower.RuntimePath || e.loaded[path] {
		return
	}
	for _, set := range e.sets {
		p, ok := set.Lookup(path)
		if !ok {
			continue
		}
		e.loaded[path] = true
		values := p.Values()
		e.patch(path, values, into)
		// A key "fmt/fmt" would make the interpreter put its own fmt and generics in place.
		into[path+"//"+p.Name] = values
		break
	}
	if !deep {
		return
	}
	pkg, err := e.session.Import(path)
	if err != nil {
		return
	}
	for _, p := range interfaces(pkg) {
		e.collect(p, into, false)
	}
}

// interfaces are the packages of the interface types in the signatures of a package's exports.
func interfaces(pkg *types.Package) []string {
	var out []string
	for _, p := range pkg.Imports() {
		if !strings.Contains(p.Path(), "internal") {
			out = append(out, p.Path())
		}
	}
	return out
}
