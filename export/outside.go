package export

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// outside is what a program has beside what is Go's and what of the engine all programs need.
type outside struct {
	imports []string // of the program, and of the modules that it carries
	carries []owned  // modules from the user's folders
	formats []string // packages of the engine that not every program needs
}

// owned is a module from a folder of the user, which programs carry as they carry the engine.
type owned struct {
	path  string
	files Files // by their names in the module
}

// dir is the module's folder in a program.
func (o owned) dir() string { return "modules/" + o.path }

// within reports whether an import path is of a module.
func within(imp, module string) bool { return imp == module || strings.HasPrefix(imp, module+"/") }

// detached takes the modules from folders out of the engine's go.mod: programs have them beside the engine.
func detached(mod []byte, sources fs.FS) ([]byte, []owned, error) {
	f, err := modfile.Parse("go.mod", mod, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("the engine's go.mod: %w", err)
	}
	var out []owned
	for _, r := range slices.Clone(f.Replace) {
		files, err := below(sources, path.Clean(r.New.Path))
		if err != nil {
			return nil, nil, fmt.Errorf("module %s: %w", r.Old.Path, err)
		}
		module := r.Old.Path // which is gone from r when it is dropped
		out = append(out, owned{module, files})
		if err := errors.Join(f.DropReplace(module, ""), f.DropRequire(module)); err != nil {
			return nil, nil, fmt.Errorf("the engine's go.mod: %w", err)
		}
	}
	if len(out) == 0 {
		return mod, nil, nil
	}
	f.Cleanup()
	mod, err = f.Format()
	return mod, out, err
}

// below are the files below a folder, by their names in it.
func below(sources fs.FS, dir string) (Files, error) {
	out := Files{}
	err := fs.WalkDir(sources, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		out[strings.TrimPrefix(name, dir+"/")], err = fs.ReadFile(sources, name)
		return err
	})
	return out, err
}

// outside sorts out what imports ask for that is neither of Go nor of the engine.
func (w *Workshop) outside(imports []string) (outside, error) {
	f, err := modfile.Parse("go.mod", w.mod, nil)
	if err != nil {
		return outside{}, fmt.Errorf("the engine's go.mod: %w", err)
	}
	var out outside
	for _, imp := range imports {
		if optional(imp) {
			out.formats = append(out.formats, imp)
		}
		if slices.ContainsFunc(w.owned, func(o owned) bool { return within(imp, o.path) }) {
			out.carries = w.owned // one may import another
		}
	}
	all := slices.Clone(imports)
	for _, o := range out.carries {
		more, err := o.files.imports()
		if err != nil {
			return out, err
		}
		all = append(all, more...)
	}
	for _, imp := range foreign(all) {
		switch {
		case slices.ContainsFunc(out.carries, func(o owned) bool { return within(imp, o.path) }):
		case slices.ContainsFunc(f.Require, func(r *modfile.Require) bool { return within(imp, r.Mod.Path) }):
			out.imports = append(out.imports, imp)
		default:
			return out, fmt.Errorf("the program imports %s, which is of no module that the session has: bring it in with %%require", imp)
		}
	}
	slices.Sort(out.formats)
	slices.Sort(out.imports)
	out.imports = slices.Compact(out.imports)
	return out, nil
}

// paths are those of the modules that a program carries.
func (o outside) paths() []string {
	var out []string
	for _, m := range o.carries {
		out = append(out, m.path)
	}
	return out
}

// files are the modules that a program carries, as they lie in its folder.
func (o outside) files() Files {
	out := Files{}
	for _, m := range o.carries {
		for name, text := range m.files {
			out[path.Join(m.dir(), name)] = text
		}
	}
	return out
}

// user is a Go file that imports all that is fetched, so that it is vendored.
func (o outside) user() []byte {
	var b strings.Builder
	b.WriteString("package main\n\n")
	for _, imp := range o.imports {
		fmt.Fprintf(&b, "import _ %q\n", imp)
	}
	return []byte(b.String())
}
