package check

import (
	"bytes"
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"github.com/riffle-stream/riffle/interp/symbols"
	"golang.org/x/tools/go/gcexportdata"
)

// An Importer reads packages from generated export data, each when it is first imported. It is not for use by several
// goroutines at once.
type Importer struct {
	fset     *token.FileSet
	sets     []symbols.Set
	packages map[string]*types.Package // shared with the reader, which leaves incomplete ones in it
	complete map[string]bool
}

// NewImporter imports from the sets, the first that has a path.
func NewImporter(sets ...symbols.Set) *Importer {
	return &Importer{fset: token.NewFileSet(), sets: sets, packages: map[string]*types.Package{"unsafe": types.Unsafe}, complete: map[string]bool{"unsafe": true}}
}

// Import implements types.Importer.
func (i *Importer) Import(path string) (*types.Package, error) {
	if i.complete[path] {
		return i.packages[path], nil
	}
	return i.load(path, func(set symbols.Set) bool {
		_, ok := set.Lookup(path)
		return ok
	})
}

// hidden imports what sources of generic packages mention, too: packages of constraints, which cells cannot import.
type hidden struct {
	*Importer
	packages map[string]*types.Package
}

// Import implements types.Importer.
func (h hidden) Import(path string) (*types.Package, error) {
	if pkg := h.packages[path]; pkg != nil {
		return pkg, nil
	}
	if pkg, err := h.Importer.Import(path); err == nil {
		return pkg, nil
	}
	pkg, err := h.load(path, func(set symbols.Set) bool {
		_, err := set.Types(path)
		return err == nil
	})
	delete(h.complete, path) // for cells it is not there
	if err == nil {
		h.packages[path] = pkg
	}
	return pkg, err
}

func (i *Importer) load(path string, has func(symbols.Set) bool) (*types.Package, error) {
	for _, set := range i.sets {
		if !has(set) {
			continue
		}
		data, err := set.Types(path)
		if err != nil {
			return nil, err
		}
		pkg, err := gcexportdata.Read(bytes.NewReader(data), i.fset, i.packages, path)
		if err != nil {
			return nil, fmt.Errorf("export data: %w", err)
		}
		i.complete[path] = true
		return pkg, nil
	}
	return nil, unknown(path)
}

// unknown says of a path what the go command says, and what to do in a cell.
func unknown(path string) error {
	if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") {
		return fmt.Errorf("no required module provides package %s; to add it:\n\t%%require %[1]s", path)
	}
	return fmt.Errorf("package %s is not in std, or not among what cells can import of it", path)
}
