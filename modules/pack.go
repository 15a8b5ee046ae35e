package modules

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/interp/symbols"
	"github.com/riffle-stream/riffle/interp/symbols/tables"
)

// pack compiles the packages of all modules, and writes the tables with which cells import them.
func (j *job) pack(ctx context.Context) error {
	var paths []string
	for i := range j.modules {
		if err := j.choose(ctx, &j.modules[i]); err != nil {
			return err
		}
		paths = append(paths, j.modules[i].Packages...)
	}
	j.say(fmt.Sprintf("compiling %s", count(len(paths), "package")))
	std := symbols.Std()
	loaded, err := tables.Load(j.command(ctx), paths, func(p tables.Listed) bool {
		_, known := std.Lookup(p.ImportPath)
		return !known && importable(p) && p.ImportPath != "unsafe"
	})
	if err != nil {
		return j.broken(ctx, err)
	}
	return tables.Writer{Dir: filepath.Join(j.dir, tablesDir), Package: tablesDir}.Write(loaded)
}

// choose finds the packages of a module that cells can import: all of it, or the one that was asked for.
func (j *job) choose(ctx context.Context, m *Module) error {
	pattern := m.Path
	if module, _, err := j.provider(m.Path); err != nil {
		return err
	} else if module == m.Path {
		pattern += "/..."
	}
	listed, err := tables.List(j.command(ctx), "-e", "--", pattern)
	if err != nil {
		return j.broken(ctx, err)
	}
	m.Packages, m.Left = nil, nil
	for _, p := range listed {
		switch why := unfit(p); {
		case slices.Contains(strings.Split(p.ImportPath, "/"), "internal"):
		case why != "":
			m.Left = append(m.Left, p.ImportPath+" "+why)
		default:
			m.Packages = append(m.Packages, p.ImportPath)
		}
	}
	switch {
	case len(m.Packages) > 0:
		return nil
	case len(m.Left) > 0:
		return fmt.Errorf("%s: no package of it can be imported: %s", m.Request, strings.Join(m.Left, "; "))
	}
	return fmt.Errorf("%s: none of its packages builds here: they need cgo, without which programs are built so that they build anywhere, or another system", m.Request)
}

// importable reports whether any Go file may import a package.
func importable(p tables.Listed) bool {
	parts := strings.Split(p.ImportPath, "/")
	return p.Name != "main" && !slices.Contains(parts, "internal") && !slices.Contains(parts, "vendor")
}

// unfit says why a package cannot be imported by cells, or "".
func unfit(p tables.Listed) string {
	switch {
	case p.Name == "main":
		return "is a program"
	case p.Error != nil && strings.Contains(p.Error.Err, "build constraints exclude all Go files"):
		return "has no Go files for this system without cgo, which needs a C compiler wherever a program is built"
	case p.Error != nil:
		return first(p.Error.Err)
	case len(p.GoFiles) == 0:
		return "has no Go files"
	}
	return ""
}

// first is the first line of a text.
func first(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// count is a number of things.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
