// Command gen writes the tables of package symbols: one Go file of values per package, and one zip of export data,
// documentation and generic sources.
//
//	gen -std -out DIR                                  the standard library
//	gen -package NAME -out DIR IMPORTPATH...           other packages, as a Go package of its own
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	std := flag.Bool("std", false, "the standard library instead of packages named as arguments")
	pkg := flag.String("package", "symbols", "name of the generated Go package")
	out := flag.String("out", ".", "folder to write to")
	flag.Parse()
	paths := flag.Args()
	if *std {
		paths = stdPaths
	}
	if err := generate(paths, *pkg, *out, *std); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// generate loads the packages and writes their tables and archive to folder out.
func generate(paths []string, pkg, out string, std bool) error {
	loaded, err := load(paths)
	if err != nil {
		return err
	}
	prefix := pkg
	if std {
		prefix = "std"
	}
	old, err := filepath.Glob(filepath.Join(out, prefix+"_*.go"))
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	for _, p := range loaded {
		name := filepath.Join(out, prefix+"_"+ident(p.types.Path())+".go")
		if err := writeTable(name, pkg, p.types); err != nil {
			return fmt.Errorf("%s: %w", p.types.Path(), err)
		}
	}
	if err := writeIndex(filepath.Join(out, prefix+"_index.go"), pkg, prefix, loaded, std); err != nil {
		return err
	}
	return writeArchive(filepath.Join(out, prefix+".zip"), loaded)
}
