package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Workshop is where programs are built. Its folder lies in the user's cache,
// one for each version of the engine, and may be shared by several processes;
// the libraries beside it are made once. Its methods may be called at the same time.
type Workshop struct {
	sources  fs.FS
	cache    string
	mod, sum []byte

	turn    chan struct{} // taken while the folder is made, and while the engine is compiled for the first time
	tool    toolchain
	library library
	dir     string // "" until it is made
}

// Open is the workshop of the engine whose sources are given, as the root
// package embeds them. It lies below a cache folder, "" for the user's. Nothing
// is made until it is needed.
func Open(sources fs.FS, cache string) (*Workshop, error) {
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("workshop: %w", err)
		}
		cache = filepath.Join(user, "riffle")
	}
	w := &Workshop{sources: sources, cache: cache, turn: make(chan struct{}, 1)}
	var err error
	if w.mod, err = fs.ReadFile(sources, "go.mod"); err != nil {
		return nil, fmt.Errorf("sources of the engine: %w", err)
	}
	if w.sum, err = fs.ReadFile(sources, "go.sum"); err != nil {
		return nil, fmt.Errorf("sources of the engine: %w", err)
	}
	return w, nil
}

// Check says whether the sources hold all that programs import.
func (w *Workshop) Check() error {
	_, err := w.engine()
	return err
}

// engine is the packages that programs of any kind import.
func (w *Workshop) engine() (Files, error) {
	return carried(w.sources, []string{cellsPath, planPath, childPath, streamPath, replayPath})
}

// Warm compiles what all programs share, so that the first Build is as quick as
// the later ones: over a minute on a machine that never did it, else nothing
// that anyone notices. It is meant for the background: it lets others go first.
func (w *Workshop) Warm(ctx context.Context) error {
	silent := func(string) {}
	if err := w.take(ctx, silent); err != nil {
		return err
	}
	defer w.leave()
	if err := w.make(ctx, silent); err != nil {
		return err
	}
	for _, path := range []string{childPath, streamPath} {
		name := "warm-" + filepath.Base(path)
		files := Files{"main.go": fmt.Appendf(nil, "package main\n\nimport _ %q\n\nfunc main() {}\n", path)}
		if _, err := w.build(ctx, name, files, build{gentle: true}); err != nil {
			return err
		}
	}
	return nil
}

// ready makes the folder, after whoever is at it.
func (w *Workshop) ready(ctx context.Context, say func(string)) error {
	if err := w.take(ctx, say); err != nil {
		return err
	}
	defer w.leave()
	return w.make(ctx, say)
}

// take waits for the turn; leave gives it back.
func (w *Workshop) take(ctx context.Context, say func(string)) error {
	select {
	case w.turn <- struct{}{}:
		return nil
	default:
		say("waiting until the engine is compiled, which happens once")
	}
	select {
	case w.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("workshop: %w", ctx.Err())
	}
}

func (w *Workshop) leave() { <-w.turn }

// make makes the folder if it is not there.
func (w *Workshop) make(ctx context.Context, say func(string)) error {
	if w.dir != "" && isDir(w.dir) {
		return nil
	}
	version, err := goVersion(w.mod)
	if err != nil {
		return err
	}
	if w.tool, err = findToolchain(ctx, version, candidates()); err != nil {
		return err
	}
	engine, err := w.engine()
	if err != nil {
		return err
	}
	if w.library, err = openLibrary(ctx, w.tool, w.cache, engine, w.mod, w.sum, say); err != nil {
		return err
	}
	files, err := w.module("workshop", engine)
	if err != nil {
		return err
	}
	dir := filepath.Join(w.cache, "workshops", files.digest()[:16])
	if err := w.place(dir, files); err != nil {
		return err
	}
	w.dir = dir
	return w.tidy()
}

// module is what a program's folder holds beside the program and vendor/.
func (w *Workshop) module(name string, engine Files) (Files, error) {
	mod, err := programMod(name, w.library.mod)
	if err != nil {
		return nil, err
	}
	version, err := goVersion(w.library.mod)
	if err != nil {
		return nil, err
	}
	out := Files{"go.mod": mod, "go.sum": w.sum, "go.work": workspace(version), "riffle/go.mod": w.library.mod}
	for n, text := range engine {
		out["riffle/"+n] = text
	}
	return out, nil
}

// place makes a workshop's folder in one step, so that another process never sees half of it.
func (w *Workshop) place(dir string, files Files) error {
	if isDir(dir) {
		return touch(dir)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return fmt.Errorf("workshop: %w", err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "new-")
	if err != nil {
		return fmt.Errorf("workshop: %w", err)
	}
	defer os.RemoveAll(tmp)
	if err := errors.Join(writeFiles(tmp, files), linkTree(w.library.vendor(), filepath.Join(tmp, "vendor"))); err != nil {
		return err
	}
	if err := os.Rename(tmp, dir); err != nil && !isDir(dir) {
		return fmt.Errorf("workshop: %w", err)
	}
	return nil
}

// What is kept: what was used lately, and of what was not used within the hour the newest.
const (
	keepWorkshops = 3
	keepPrograms  = 30
	keepAnyway    = time.Hour
)

// tidy removes workshops of other engines, and programs, that nobody used for long.
func (w *Workshop) tidy() error {
	if err := prune(filepath.Join(w.cache, "workshops"), keepWorkshops); err != nil {
		return err
	}
	return prune(filepath.Join(w.dir, "programs"), keepPrograms)
}

// prune removes the folders in dir but the newest.
func prune(dir string, keep int) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("workshop: %w", err)
	}
	used := map[string]time.Time{}
	var names []string
	for _, e := range entries {
		if info, err := e.Info(); err == nil { // else another process was quicker
			used[e.Name()] = info.ModTime()
			names = append(names, e.Name())
		}
	}
	slices.SortFunc(names, func(a, b string) int { return used[b].Compare(used[a]) })
	for _, name := range names[min(keep, len(names)):] {
		if time.Since(used[name]) < keepAnyway {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("workshop: %w", err)
		}
	}
	return nil
}

// digest is a SHA-256 over names and contents, in hex.
func (f Files) digest() string {
	h := sha256.New()
	for _, name := range f.names() {
		fmt.Fprintf(h, "%q %d\n", name, len(f[name]))
		h.Write(f[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}
