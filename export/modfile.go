package export

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// engineVersion stands for the engine's in programs that carry it.
const engineVersion = "v0.0.0"

// trimmed is the engine's go.mod with the requirements in keep alone, at the
// versions that the engine was tested with.
func trimmed(mod []byte, keep map[string]bool) ([]byte, error) {
	f, err := modfile.Parse("go.mod", mod, nil)
	if err != nil {
		return nil, fmt.Errorf("the engine's go.mod: %w", err)
	}
	for _, r := range f.Require {
		if !keep[r.Mod.Path] {
			if err := f.DropRequire(r.Mod.Path); err != nil {
				return nil, fmt.Errorf("the engine's go.mod: %w", err)
			}
		}
	}
	f.Cleanup()
	return f.Format()
}

// programMod is the go.mod of a program: the engine and the user's own modules from the folders beside it, and what
// they require, so that it is whole without go.work too.
func programMod(name string, engine []byte, o outside) ([]byte, error) {
	e, err := modfile.Parse("go.mod", engine, nil)
	if err != nil {
		return nil, fmt.Errorf("the engine's go.mod: %w", err)
	}
	direct := fmt.Sprintf("require %s %s\n", Module, engineVersion)
	replace := fmt.Sprintf("replace %s => ./riffle\n", Module)
	for _, m := range o.carries {
		direct += fmt.Sprintf("require %s %s\n", m.path, engineVersion)
		replace += fmt.Sprintf("replace %s => ./%s\n", m.path, m.dir())
	}
	var indirect strings.Builder
	for _, r := range e.Require {
		if slices.ContainsFunc(o.imports, func(imp string) bool { return within(imp, r.Mod.Path) }) {
			direct += fmt.Sprintf("require %s %s\n", r.Mod.Path, r.Mod.Version)
			continue
		}
		fmt.Fprintf(&indirect, "\t%s %s // indirect\n", r.Mod.Path, r.Mod.Version)
	}
	return fmt.Appendf(nil, "module %s\n\ngo %s\n\n%s\nrequire (\n%s)\n\n%s", name, e.Go.Version, direct, indirect.String(), replace), nil
}

// goVersion is the Go that a go.mod asks for, such as "1.26.8".
func goVersion(mod []byte) (string, error) {
	f, err := modfile.ParseLax("go.mod", mod, nil)
	if err != nil {
		return "", fmt.Errorf("the engine's go.mod: %w", err)
	}
	if f.Go == nil {
		return "", fmt.Errorf("the engine's go.mod: has no go line")
	}
	return f.Go.Version, nil
}

// workspace is the go.work that makes the program and the modules beside it one.
func workspace(goVersion string, o outside) []byte {
	uses := ""
	for _, m := range o.carries {
		uses += "\t./" + m.dir() + "\n"
	}
	return fmt.Appendf(nil, "go %s\n\nuse (\n\t.\n%s\t./riffle\n)\n", goVersion, uses)
}

// vendored are the modules of which a vendor folder holds packages, by its modules.txt.
func vendored(list []byte) map[string]bool {
	out := map[string]bool{}
	module := ""
	for s := bufio.NewScanner(bytes.NewReader(list)); s.Scan(); {
		switch line := s.Text(); {
		case strings.HasPrefix(line, "##"):
		case strings.HasPrefix(line, "# "):
			module, _, _ = strings.Cut(line[2:], " ")
		default:
			out[module] = true
		}
	}
	return out
}
