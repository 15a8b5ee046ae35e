package export

import (
	"context"
	"os"
	"path/filepath"
)

// Readiness is what a workshop has for building programs.
type Readiness struct {
	Go        string // the go command
	Version   string // of Go, such as go1.26.8
	Libraries bool   // the modules that programs need are gathered; else the module cache or a proxy has to have them
	Warm      bool   // the engine is compiled; else the first build takes a minute or more
}

// Readiness looks, and makes nothing. The error wraps [ErrToolchain] if there is no Go to build with.
func (w *Workshop) Readiness(ctx context.Context) (Readiness, error) {
	tool, err := FindToolchain(ctx, w.mod)
	if err != nil {
		return Readiness{}, err
	}
	r := Readiness{Go: tool.Path, Version: tool.Version}
	engine, err := w.engine()
	if err != nil {
		return r, err
	}
	library, err := w.findLibrary(engine, outside{})
	if err != nil {
		return r, nil // not made yet, or the cache folder cannot be read
	}
	r.Libraries = true
	r.Warm, err = w.warm(engine, library)
	return r, err
}

// warm tells whether Warm has nothing to do.
func (w *Workshop) warm(engine Files, l library) (bool, error) {
	files, err := w.module(&bench{library: l}, "workshop", engine)
	if err != nil {
		return false, err
	}
	for _, path := range []string{childPath, streamPath} {
		if _, err := os.Stat(filepath.Join(w.folder(files, l), "programs", warmName(path), binaryName)); err != nil {
			return false, nil
		}
	}
	return true, nil
}
