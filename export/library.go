package export

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// library is a vendor folder with what the engine needs of other modules. It
// is made once for a set of requirements and shared by every workshop and export.
type library struct {
	dir string // holds vendor/ and the engine's go.mod, trimmed to what vendor/ holds
	mod []byte
}

func (l library) vendor() string { return filepath.Join(l.dir, "vendor") }

// libraryKey names a library by what it is made from.
func libraryKey(mod, sum []byte, imports []string) string {
	h := sha256.New()
	fmt.Fprintf(h, "1\n%s\n%s\n%s", mod, sum, strings.Join(imports, "\n"))
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// openLibrary finds the library of programs with something from outside, or makes it with the module cache of this
// machine and, where that lacks something, the module proxy.
func (w *Workshop) openLibrary(ctx context.Context, engine Files, o outside, say func(string)) (library, error) {
	l, err := w.findLibrary(engine, o)
	if err == nil {
		return l, touch(l.dir)
	}
	if l.dir == "" {
		return l, err
	}
	if err := os.MkdirAll(filepath.Dir(l.dir), 0o755); err != nil {
		return l, fmt.Errorf("folder of libraries: %w", err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(l.dir), "new-")
	if err != nil {
		return l, fmt.Errorf("folder of libraries: %w", err)
	}
	defer os.RemoveAll(tmp)
	v := vendoring{ctx, w.tool, tmp, o, say}
	if l.mod, err = v.make(engine, w.mod, w.sum); err != nil {
		return l, err
	}
	if err := os.Rename(tmp, l.dir); err != nil && !isDir(l.dir) {
		return l, fmt.Errorf("folder of libraries: %w", err)
	}
	return l, nil
}

// findLibrary gives the library if it is there, else an error and where it belongs.
func (w *Workshop) findLibrary(engine Files, o outside) (library, error) {
	imports, err := engine.imports()
	if err != nil {
		return library{}, err
	}
	key := append(foreign(imports), o.imports...)
	if len(o.carries) > 0 {
		key = append(key, o.files().digest())
	}
	l := library{dir: filepath.Join(w.cache, "libraries", libraryKey(w.mod, w.sum, key))}
	l.mod, err = os.ReadFile(filepath.Join(l.dir, "go.mod"))
	return l, err
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// vendoring makes a library in a folder.
type vendoring struct {
	ctx  context.Context
	tool Toolchain
	dir  string
	outside
	say func(string)
}

// make vendors with all of the engine's requirements, then with those of them
// that are of use, and gives the engine's go.mod with these.
func (v vendoring) make(engine Files, mod, sum []byte) ([]byte, error) {
	v.say("gathering the libraries that programs need")
	files, err := v.sources(engine, mod, sum)
	if err != nil {
		return nil, err
	}
	first, err := v.vendor(files, mod)
	if err != nil {
		return nil, err
	}
	mod, err = trimmed(mod, vendored(first))
	if err != nil {
		return nil, err
	}
	if _, err = v.vendor(files, mod); err != nil {
		return nil, err
	}
	if err := v.whole(); err != nil {
		return nil, err
	}
	for _, name := range []string{"go.mod", "go.sum", "go.work", "go.work.sum", "user.go", "riffle", "modules"} {
		if err := os.RemoveAll(filepath.Join(v.dir, name)); err != nil {
			return nil, fmt.Errorf("folder of libraries: %w", err)
		}
	}
	return mod, Files{"go.mod": mod}.Write(v.dir)
}

// sources are what imports the libraries.
func (v vendoring) sources(engine Files, mod, sum []byte) (Files, error) {
	version, err := goVersion(mod)
	if err != nil {
		return nil, err
	}
	files := v.files()
	files["go.work"], files["go.sum"], files["user.go"] = workspace(version, v.outside), sum, v.user()
	for name, text := range engine {
		files["riffle/"+name] = text
	}
	return files, nil
}

// vendor fills the vendor folder and gives its list of modules.
func (v vendoring) vendor(files Files, mod []byte) ([]byte, error) {
	program, err := programMod("program", mod, v.outside)
	if err != nil {
		return nil, err
	}
	files["riffle/go.mod"], files["go.mod"] = mod, program
	if err := files.Write(v.dir); err != nil {
		return nil, err
	}
	offline := v.run("GOPROXY=off")
	if offline != nil {
		v.say("downloading the libraries that programs need")
		if err := v.run(); err != nil {
			return nil, fmt.Errorf("the libraries that programs need are not in the module cache of this machine, and could not be downloaded: %w", err)
		}
	}
	return os.ReadFile(filepath.Join(v.dir, "vendor", "modules.txt"))
}

// run runs go work vendor.
func (v vendoring) run(env ...string) error {
	env = append(append(CleanEnv(os.Environ()), "GOWORK="+filepath.Join(v.dir, "go.work"), "GOTOOLCHAIN=local"), env...)
	return v.command(env, "work", "vendor")
}

// whole refuses a vendor folder that lacks a package. What lies in a library is never looked at again: a part that is
// missing would fail every program from now on.
func (v vendoring) whole() error {
	args := []string{"list", "-deps", ".", "./riffle/..."}
	for _, m := range v.carries {
		args = append(args, "./"+m.dir()+"/...")
	}
	if err := v.command(environment(v.dir), args...); err != nil {
		return fmt.Errorf("the libraries that programs need did not come whole, run the cell again to gather them anew: %w", err)
	}
	return nil
}

// command runs a go command in the folder.
func (v vendoring) command(env []string, args ...string) error {
	cmd := exec.CommandContext(v.ctx, v.tool.Path, args...)
	cmd.Dir, cmd.Env = v.dir, env
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return errors.Join(v.ctx.Err(), fmt.Errorf("go %s: %w: %s", strings.Join(args[:2], " "), err, strings.TrimSpace(said.String())))
	}
	return nil
}

// Write writes the files below a folder of ours, which nobody else writes.
func (f Files) Write(dir string) error {
	for _, name := range f.names() {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("workshop: %w", err)
		}
		if err := os.WriteFile(path, f[name], 0o644); err != nil {
			return fmt.Errorf("workshop: %w", err)
		}
	}
	return nil
}

// linkTree makes the files of one folder appear in another of the same disk, as links where that works.
func linkTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		if d.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		if os.Link(path, target) == nil {
			return nil
		}
		return copyFile(path, target)
	})
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
