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
	paths := flag.Args()
	if *std {
		paths = stdPaths
	}
	loaded, err := tables.Load(exec.Command("go"), paths, nil)
	if err == nil {
		err = tables.Writer{Dir: *out, Package: *pkg, Std: *std, Sources: fromSource, Replaced: replaced}.Write(loaded)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
