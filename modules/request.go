package modules

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/riffle-stream/riffle/export"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// A Request is one module, or one package of a module, that a cell asks for.
type Request struct {
	Path    string `json:"path"`
	Version string `json:"version,omitempty"` // "" for the newest, or for that which is here
	Dir     string `json:"dir,omitempty"`     // of a module on this machine, which has no version
}

// ErrRequest is in errors about a line that asks for nothing that could be had.
var ErrRequest = errors.New("want such as gonum.org/v1/gonum@v0.17.0, or the folder of a module such as ./mylib")

// Parse reads what stands behind %require: "path@version", "path", "./folder" or "module => folder". Folders are
// relative to base.
func Parse(line, base string) (Request, error) {
	fields := strings.Fields(line)
	switch {
	case len(fields) == 3 && fields[1] == "=>":
		r, err := folder(fields[2], base)
		if err == nil && r.Path != fields[0] {
			err = fmt.Errorf("%s: its go.mod says module %s, not %s", fields[2], r.Path, fields[0])
		}
		return r, err
	case len(fields) != 1:
		return Request{}, fmt.Errorf("%q: %w", line, ErrRequest)
	case isFolder(fields[0]):
		return folder(fields[0], base)
	}
	path, version, _ := strings.Cut(fields[0], "@")
	return fetched(path, version)
}

func isFolder(name string) bool {
	return name == "." || name == ".." || strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../") || filepath.IsAbs(name)
}

// fetched is a request for what the Go toolchain fetches.
func fetched(path, version string) (Request, error) {
	first, _, _ := strings.Cut(path, "/")
	switch {
	case path == export.Module || strings.HasPrefix(path, export.Module+"/"):
		return Request{}, fmt.Errorf("%s: is Riffle itself, whose language cells have as it is", path)
	case !strings.Contains(first, "."):
		return Request{}, fmt.Errorf("%s: is no module that could be fetched; packages of Go are imported without %%require: %w", path, ErrRequest)
	case strings.Contains("/"+path+"/", "/internal/"):
		return Request{}, fmt.Errorf("%s: is internal, so that only its own module may import it", path)
	}
	if err := module.CheckImportPath(path); err != nil {
		return Request{}, fmt.Errorf("%w: %w", err, ErrRequest)
	}
	if strings.HasPrefix(version, "-") || version == "none" || strings.ContainsAny(version, "@<>=") {
		return Request{}, fmt.Errorf("%s: %q is no version: %w", path, version, ErrRequest)
	}
	if version == "latest" {
		version = ""
	}
	return Request{Path: path, Version: version}, nil
}

// folder is a request for the module in a folder.
func folder(name, base string) (Request, error) {
	dir := name
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(base, dir)
	}
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return Request{}, fmt.Errorf("%s: is no folder of a module: %w; make it one with: cd %s && go mod init NAME", name, err, name)
	}
	path := modfile.ModulePath(text)
	if path == "" {
		return Request{}, fmt.Errorf("%s: its go.mod has no module line", name)
	}
	return Request{Path: path, Dir: dir}, nil
}

// pinned reports whether the request means the same at all times.
func (r Request) pinned() bool {
	return semver.IsValid(r.Version) && semver.Canonical(r.Version) != "" && exact(r.Version)
}

// exact reports whether a version has all its three numbers: v1 means the newest of many.
func exact(version string) bool {
	plain, _, _ := strings.Cut(version, "-")
	return strings.Count(plain, ".") >= 2
}

// String is the request as go get takes it.
func (r Request) String() string {
	if r.Version == "" {
		return r.Path
	}
	return r.Path + "@" + r.Version
}
