package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"

	"golang.org/x/tools/go/gcexportdata"
)

// A compiled package is a package with its types and where its source is.
type compiled struct {
	fset  *token.FileSet
	types *types.Package
	dir   string
	files []string
}

// A listed package is what go list says about one.
type listed struct {
	ImportPath string
	Export     string
	Dir        string
	GoFiles    []string
	DepOnly    bool
	Standard   bool
}

// load compiles the packages and reads their export data.
func load(paths []string) ([]compiled, error) {
	cmd := exec.Command("go", append([]string{"list", "-export", "-deps", "-json=ImportPath,Export,Dir,GoFiles,DepOnly,Standard", "--"}, paths...)...)
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list -export: %w", err)
	}
	fset, imports := token.NewFileSet(), map[string]*types.Package{}
	var out []compiled
	for dec := json.NewDecoder(bytes.NewReader(text)); ; {
		var l listed
		if err := dec.Decode(&l); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if l.DepOnly {
			continue
		}
		t, err := readExport(fset, imports, l)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.ImportPath, err)
		}
		out = append(out, compiled{fset: fset, types: t, dir: l.Dir, files: l.GoFiles})
	}
}

func readExport(fset *token.FileSet, imports map[string]*types.Package, l listed) (*types.Package, error) {
	f, err := os.Open(l.Export)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := gcexportdata.NewReader(f)
	if err != nil {
		return nil, err
	}
	return gcexportdata.Read(r, fset, imports, l.ImportPath)
}
