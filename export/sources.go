package export

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Module is the path of the engine's module.
const Module = "github.com/riffle-stream/riffle"

// Packages that programs import.
const (
	cellsPath  = Module + "/cells"
	planPath   = Module + "/dataframe/plan"
	replayPath = Module + "/export/replay"
	childPath  = Module + "/export/child"
	streamPath = Module + "/stream"
)

// Files are the contents of files by their names, with slashes.
type Files map[string][]byte

// names are the files' names in order.
func (f Files) names() []string { return slices.Sorted(maps.Keys(f)) }

// imports are the paths that the Go files import, each once.
func (f Files) imports() ([]string, error) {
	seen := map[string]bool{}
	for _, name := range f.names() {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		if err := addImports(seen, name, f[name]); err != nil {
			return nil, err
		}
	}
	return slices.Sorted(maps.Keys(seen)), nil
}

func addImports(to map[string]bool, name string, text []byte) error {
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
	if err != nil {
		return fmt.Errorf("imports of a program: %w", err)
	}
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return fmt.Errorf("imports of %s: %w", name, err)
		}
		to[p] = true
	}
	return nil
}

// carried are the engine's files that the packages at these import paths need,
// tests left out: whole packages, for every system.
func carried(sources fs.FS, paths []string) (Files, error) {
	out := Files{}
	seen := map[string]bool{}
	todo := slices.Clone(paths)
	for len(todo) > 0 {
		p := todo[0]
		todo = todo[1:]
		dir, ok := strings.CutPrefix(p, Module+"/")
		if !ok || seen[p] {
			continue
		}
		seen[p] = true
		files, err := packageFiles(sources, dir)
		if err != nil {
			return nil, err
		}
		more, err := files.imports()
		if err != nil {
			return nil, err
		}
		maps.Copy(out, files)
		todo = append(todo, more...)
	}
	return out, nil
}

// packageFiles are the Go files of a folder of the engine.
func packageFiles(sources fs.FS, dir string) (Files, error) {
	entries, err := fs.ReadDir(sources, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("package %s/%s: is not among the sources that programs carry: embed it in embed.go", Module, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("sources of the engine: %w", err)
	}
	out := Files{}
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		name := path.Join(dir, e.Name())
		if out[name], err = fs.ReadFile(sources, name); err != nil {
			return nil, fmt.Errorf("sources of the engine: %w", err)
		}
	}
	return out, nil
}

// foreign are the imports that are neither of the standard library nor of the engine.
func foreign(imports []string) []string {
	return slices.DeleteFunc(slices.Clone(imports), func(p string) bool {
		first, _, _ := strings.Cut(p, "/")
		return !strings.Contains(first, ".") || p == Module || strings.HasPrefix(p, Module+"/")
	})
}
