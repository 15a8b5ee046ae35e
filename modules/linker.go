package modules

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
	"strings"
	"time"

	"github.com/riffle-stream/riffle/export"
)

// What is kept of the programs that were built: those used lately.
const keepPrograms = 6

// limit bounds one link, with what it downloads.
const limit = 15 * time.Minute

// A Linker builds Riffles that have modules linked in. They are kept in a cache, by what they are made from, so that
// the next notebook that asks for the same has them at once.
type Linker struct {
	linked *Linked
	cache  string
}

// NewLinker links modules to those that a program has. What it builds lies below a cache folder, "" for the user's.
func NewLinker(linked *Linked, cache string) (*Linker, error) {
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("cache of programs: %w", err)
		}
		cache = filepath.Join(user, "riffle")
	}
	return &Linker{linked, filepath.Join(cache, "modules")}, nil
}

// Linked is what the program that runs has.
func (l *Linker) Linked() *Linked { return l.linked }

// Link gives the file of a program that has what is asked for beside what this one has, or "" if this one has it all.
// say is told what is going on. What cannot be had is an error that says why, and nothing has changed.
func (l *Linker) Link(ctx context.Context, requests []Request, say func(string)) (program string, err error) {
	wanted, missing, err := l.wanted(requests)
	if err != nil || !missing {
		return "", err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("it took longer than %v: run the cell again to go on from where it was", limit))
	defer cancel()
	program, err = l.link(ctx, wanted, say)
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("modules: %w", context.Cause(ctx))
	}
	return program, err
}

// wanted is all that the next program must have, and whether this one lacks some of it.
func (l *Linker) wanted(requests []Request) (all []Request, missing bool, err error) {
	for _, m := range l.linked.Modules {
		all = append(all, m.Request)
	}
	for _, r := range requests {
		_, ok, err := l.linked.Has(r)
		if err != nil {
			return nil, false, err
		}
		if ok {
			continue
		}
		missing = true
		all = append(slices.DeleteFunc(all, func(o Request) bool { return o.Path == r.Path }), r)
	}
	return all, missing, nil
}

func (l *Linker) link(ctx context.Context, wanted []Request, say func(string)) (string, error) {
	tool, err := export.FindToolchain(ctx, l.linked.mod)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(l.cache, 0o755); err != nil {
		return "", fmt.Errorf("cache of programs: %w", err)
	}
	dir, err := os.MkdirTemp(l.cache, "new-")
	if err != nil {
		return "", fmt.Errorf("cache of programs: %w", err)
	}
	defer os.RemoveAll(dir)
	j := &job{linked: l.linked, tool: tool, dir: dir, say: say}
	if err := j.open(wanted); err != nil {
		return "", err
	}
	if err := j.pin(ctx); err != nil {
		return "", err
	}
	key, err := j.key()
	if err != nil {
		return "", err
	}
	program := filepath.Join(l.cache, key, programName)
	if _, err := os.Stat(program); err == nil {
		now := time.Now()
		return program, os.Chtimes(filepath.Dir(program), now, now)
	}
	if err := j.build(ctx); err != nil {
		return "", err
	}
	return program, l.keep(j, filepath.Dir(program))
}

// programName is the program in its folder of the cache.
const programName = "riffle"

// keep moves what a job has built to its folder, in one step, and removes programs that nobody used for long.
func (l *Linker) keep(j *job, dir string) error {
	done := filepath.Join(j.dir, "done")
	err := os.Mkdir(done, 0o755)
	if err == nil {
		err = os.Rename(j.out(), filepath.Join(done, programName))
	}
	if err == nil {
		err = os.Rename(done, dir)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		if _, other := os.Stat(dir); other != nil { // else another process was quicker
			return fmt.Errorf("cache of programs: %w", err)
		}
	}
	return export.Prune(l.cache, keepPrograms)
}

// key names the program by all that it is made from.
func (j *job) key() (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "1 %s\n", j.tool.Version)
	for _, m := range j.modules {
		fmt.Fprintf(h, "%s %s %s\n", m.Request, m.Dir, m.Sum)
	}
	h.Write(j.linked.mod)
	h.Write(j.linked.sum)
	err := engineFiles(j.linked.Sources, func(name string, text []byte) error {
		fmt.Fprintf(h, "%q %d\n", name, len(text))
		_, err := h.Write(text)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)[:12]), err
}

// engineFiles calls fn with each source of the engine that is the same with modules and without.
func engineFiles(sources fs.FS, fn func(name string, text []byte) error) error {
	return fs.WalkDir(sources, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("sources of the engine: %w", err)
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case d.IsDir(), strings.HasSuffix(name, "_test.go"), name == "go.mod", name == "go.sum", name == linkFile:
			return nil
		}
		text, err := fs.ReadFile(sources, name)
		if err != nil {
			return fmt.Errorf("sources of the engine: %w", err)
		}
		return fn(name, text)
	})
}
