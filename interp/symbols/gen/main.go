// Command gen writes the tables of package symbols.
//
//	gen -std -out DIR                                  the standard library
//	gen -package NAME -out DIR IMPORTPATH...           other packages, as a Go package of its own
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"

	"github.com/riffle-stream/riffle/interp/symbols/tables"
)

func main() {
	std := flag.Bool("std", false, "the standard library instead of packages named as arguments")
	pkg := flag.String("package", "symbols", "name of the generated Go package")
	out := flag.String("out", ".", "folder to write to")
	flag.Parse()
	w := tables.Writer{Dir: *out, Package: *pkg, Std: *std, Sources: fromSource, Replaced: replaced}
	if err := write(w, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func write(w tables.Writer, paths []string) error {
	if w.Std {
		builtin, err := tables.Builtin(exec.Command("go"))
		if err != nil {
			return err
		}
		paths, w.Documented = stdPaths, []tables.Package{builtin}
	}
	loaded, err := tables.Load(exec.Command("go"), paths, nil)
	if err != nil {
		return err
	}
	return w.Write(loaded)
}
