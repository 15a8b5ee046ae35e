package tables

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/doc"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/tools/go/gcexportdata"
)

// A Listed package is what go list says about one.
type Listed struct {
	ImportPath string
	Name       string
	Export     string // its file of export data
	Dir        string
	GoFiles    []string
	CgoFiles   []string
	DepOnly    bool
	Standard   bool
	Module     *struct{ Path, Version, GoVersion string }
	Error      *struct{ Err string }
}

// listFields are those of Listed, as go list wants them.
const listFields = "-json=ImportPath,Name,Export,Dir,GoFiles,CgoFiles,DepOnly,Standard,Module,Error"

// List runs go list in cmd, which is a go command without arguments, with these flags and patterns.
func List(cmd *exec.Cmd, args ...string) ([]Listed, error) {
	cmd.Args = append(append(cmd.Args, "list", listFields), args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, strings.TrimSpace(said.String()))
	}
	var out []Listed
	for dec := json.NewDecoder(bytes.NewReader(text)); ; {
		var l Listed
		if err := dec.Decode(&l); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		out = append(out, l)
	}
}

// A Package is a package with its types and where its source is.
type Package struct {
	Types *types.Package
	fset  *token.FileSet
	dir   string
	files []string
	mode  doc.Mode

	generic generics
}

// Builtin is the package that documents what Go declares before any program. It has no values and no types.
func Builtin(cmd *exec.Cmd) (Package, error) {
	listed, err := List(cmd, "--", "builtin")
	if err != nil {
		return Package{}, err
	}
	p := listed[0]
	return Package{Types: types.NewPackage(p.ImportPath, p.Name), dir: p.Dir, files: p.GoFiles, mode: doc.AllDecls}, nil
}

// Load compiles the packages with cmd, which is a go command without arguments, and reads their export data. The
// packages that they need in cells come with them where more is true of these: those whose types their exported
// declarations mention, and those that the source of what is generic uses.
func Load(cmd *exec.Cmd, paths []string, more func(Listed) bool) ([]Package, error) {
	listed, err := List(cmd, append([]string{"-export", "-deps", "--"}, paths...)...)
	if err != nil {
		return nil, err
	}
	l := loading{fset: token.NewFileSet(), imports: map[string]*types.Package{}, listed: map[string]Listed{}, done: map[string]bool{}, read: map[string]*types.Package{}}
	for _, p := range listed {
		l.listed[p.ImportPath] = p
	}
	for _, p := range listed {
		if p.DepOnly {
			continue
		}
		if err := l.load(p, more); err != nil {
			return nil, err
		}
	}
	if more == nil {
		return l.out, nil
	}
	return l.out, l.readGenerics(more)
}

// loading is one Load.
type loading struct {
	fset    *token.FileSet
	imports map[string]*types.Package
	listed  map[string]Listed
	done    map[string]bool
	read    map[string]*types.Package // by Import
	out     []Package
}

// load reads a package, and after it those that it mentions.
func (l *loading) load(p Listed, more func(Listed) bool) error {
	if l.done[p.ImportPath] {
		return nil
	}
	l.done[p.ImportPath] = true
	t, err := l.readExport(p)
	if err != nil {
		return fmt.Errorf("%s: %w", p.ImportPath, err)
	}
	l.out = append(l.out, Package{Types: t, fset: l.fset, dir: p.Dir, files: p.GoFiles})
	if more == nil {
		return nil
	}
	for _, path := range mentioned(t) {
		if q, ok := l.listed[path]; ok && more(q) {
			if err := l.load(q, more); err != nil {
				return err
			}
		}
	}
	return nil
}

// Import implements types.Importer.
func (l *loading) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if t := l.read[path]; t != nil {
		return t, nil
	}
	p, ok := l.listed[path]
	if !ok {
		return nil, fmt.Errorf("package %s: not among the dependencies", path)
	}
	t, err := l.readExport(p)
	if err == nil {
		l.read[path] = t
	}
	return t, err
}

func (l *loading) readExport(p Listed) (*types.Package, error) {
	f, err := os.Open(p.Export)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := gcexportdata.NewReader(f)
	if err != nil {
		return nil, err
	}
	return gcexportdata.Read(r, l.fset, l.imports, p.ImportPath)
}
