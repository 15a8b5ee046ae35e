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

// Workshop is where programs are built. Its benches lie in the user's cache,
// one for each version of the engine and what programs have beside it, and may
// be shared by several processes; the libraries beside them are made once. Its
// methods may be called at the same time.
type Workshop struct {
	sources  fs.FS
	cache    string
	mod, sum []byte
	owned    []owned // modules from the user's folders, which sources hold beside the engine

	turn    chan struct{} // taken while a bench is made, and while the engine is compiled for the first time
	tool    Toolchain
	benches map[string]*bench // by what programs have from outside
}

// A bench is a folder in which programs are built that have the same from outside.
type bench struct {
	outside
	library library
	dir     string
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
	w := &Workshop{sources: sources, cache: cache, turn: make(chan struct{}, 1), benches: map[string]*bench{}}
	mod, err := fs.ReadFile(sources, "go.mod")
	if err != nil {
		return nil, fmt.Errorf("sources of the engine: %w", err)
	}
	if w.mod, w.owned, err = detached(mod, sources); err != nil {
		return nil, err
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

// engine is the packages that programs of any kind import, and those of the formats that not all need.
func (w *Workshop) engine(formats ...string) (Files, error) {
	return carried(w.sources, append([]string{cellsPath, planPath, childPath, streamPath, replayPath}, formats...))
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
	b, err := w.make(ctx, outside{}, silent)
	if err != nil {
		return err
	}
	for _, path := range []string{childPath, streamPath} {
		name := warmName(path)
		files := Files{"main.go": fmt.Appendf(nil, "package main\n\nimport _ %q\n\nfunc main() {}\n", path)}
		if _, err := w.build(ctx, b, name, files, build{gentle: true}); err != nil {
			return err
		}
	}
	return nil
}

// ready makes the bench of programs with these imports, after whoever is at it.
func (w *Workshop) ready(ctx context.Context, imports []string, say func(string)) (*bench, error) {
	o, err := w.outside(imports)
	if err != nil {
		return nil, err
	}
	if err := w.take(ctx, say); err != nil {
		return nil, err
	}
	defer w.leave()
	return w.make(ctx, o, say)
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

// make makes a bench if it is not there.
func (w *Workshop) make(ctx context.Context, o outside, say func(string)) (*bench, error) {
	key := fmt.Sprint(len(o.carries), o.imports, o.formats)
	if b := w.benches[key]; b != nil && isDir(b.dir) {
		return b, nil
	}
	var err error
	if w.tool, err = FindToolchain(ctx, w.mod); err != nil {
		return nil, err
	}
	engine, err := w.engine(o.formats...)
	if err != nil {
		return nil, err
	}
	b := &bench{outside: o}
	if b.library, err = w.openLibrary(ctx, engine, o, say); err != nil {
		return nil, err
	}
	files, err := w.module(b, "workshop", engine)
	if err != nil {
		return nil, err
	}
	b.dir = w.folder(files, b.library)
	if err := b.place(files); err != nil {
		return nil, err
	}
	w.benches[key] = b
	return b, w.tidy(b)
}

// folder is where the bench with these files belongs. The library has a part in it: programs that import other packages
// of one module have the same files, and not the same vendor folder.
func (w *Workshop) folder(files Files, l library) string {
	return filepath.Join(w.cache, "workshops", files.digest()[:16]+"-"+filepath.Base(l.dir))
}

// warmName is the program that Warm builds to have a package compiled.
func warmName(path string) string { return "warm-" + filepath.Base(path) }

// module is what a program's folder holds beside the program and vendor/.
func (w *Workshop) module(b *bench, name string, engine Files) (Files, error) {
	mod, err := programMod(name, b.library.mod, b.outside)
	if err != nil {
		return nil, err
	}
	version, err := goVersion(b.library.mod)
	if err != nil {
		return nil, err
	}
	out := b.files()
	out["go.mod"], out["go.sum"], out["go.work"], out["riffle/go.mod"] = mod, w.sum, workspace(version, b.outside), b.library.mod
	for n, text := range engine {
		out["riffle/"+n] = text
	}
	return out, nil
}

// place makes a bench's folder in one step, so that another process never sees half of it.
func (b *bench) place(files Files) error {
	if isDir(b.dir) {
		return touch(b.dir)
	}
	if err := os.MkdirAll(filepath.Dir(b.dir), 0o755); err != nil {
		return fmt.Errorf("workshop: %w", err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(b.dir), "new-")
	if err != nil {
		return fmt.Errorf("workshop: %w", err)
	}
	defer os.RemoveAll(tmp)
	if err := errors.Join(files.Write(tmp), linkTree(b.library.vendor(), filepath.Join(tmp, "vendor"))); err != nil {
		return err
	}
	if err := os.Rename(tmp, b.dir); err != nil && !isDir(b.dir) {
		return fmt.Errorf("workshop: %w", err)
	}
	return nil
}

// What is kept: what was used lately, and of what was not used within the hour the newest.
const (
	keepWorkshops = 6
	keepLibraries = 6
	keepPrograms  = 30
	keepAnyway    = time.Hour
)

// tidy removes benches and libraries of other engines, and programs, that nobody used for long.
func (w *Workshop) tidy(b *bench) error {
	return errors.Join(
		Prune(filepath.Join(w.cache, "workshops"), keepWorkshops),
		Prune(filepath.Join(w.cache, "libraries"), keepLibraries),
		Prune(filepath.Join(b.dir, "programs"), keepPrograms),
	)
}

// Prune removes the folders in dir but the newest, and those that were used within the hour.
func Prune(dir string, keep int) error {
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
