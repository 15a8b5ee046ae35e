// Package tables writes what package symbols reads: for packages as the Go toolchain compiles them, one Go file of
// values each, an index, and one zip of export data, documentation and generic sources. Its nouns are Package, which
// Load reads, and Writer.
package tables

import (
	"fmt"
	"os"
	"path/filepath"
)

// A Writer writes tables as a Go package.
type Writer struct {
	Dir     string // to write to
	Package string // name of the Go package
	Std     bool   // it is package symbols itself, whose tables are those of the standard library
	// Sources are the packages whose generic functions are instantiated from their own text, without the functions in
	// Replaced ("slices.overlaps"), for which the front end has others.
	Sources  []string
	Replaced map[string]bool
	// Documented are packages that cannot be imported, of which there is documentation.
	Documented []Package
}

// prefix begins the names of files and of what they declare.
func (w Writer) prefix() string {
	if w.Std {
		return "std"
	}
	return w.Package
}

// Write writes the tables and the archive, in the place of those that were there.
func (w Writer) Write(loaded []Package) error {
	if err := os.MkdirAll(w.Dir, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(w.Dir, w.prefix()+"_*.go"))
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	for _, p := range loaded {
		name := filepath.Join(w.Dir, w.prefix()+"_"+ident(p.Types.Path())+".go")
		if err := writeTable(name, w.Package, p.Types, p.generic.instances); err != nil {
			return fmt.Errorf("%s: %w", p.Types.Path(), err)
		}
	}
	if err := w.writeIndex(loaded); err != nil {
		return err
	}
	return w.writeArchive(loaded)
}
