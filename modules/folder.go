package modules

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/export"
)

// foldersDir is where the modules of the user's folders lie among the sources.
const foldersDir = "folders"

// maxFolder bounds what is taken of a folder, in bytes.
const maxFolder = 64 << 20

// folderFiles are the files of the module in a folder that its packages are made of, by their names below it: what
// Go compiles, and what lies beside it if a file embeds.
func folderFiles(dir string) (export.Files, error) {
	out, others, embeds, size := export.Files{}, []string{}, false, 0
	take := func(name string) error {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return fmt.Errorf("folder of a module: %w", err)
		}
		if size += len(text); size > maxFolder {
			return fmt.Errorf("folder of a module: %s: the module has more than %d MB, which is too much: give it a folder of its own", dir, maxFolder>>20)
		}
		out[filepath.ToSlash(name)] = text
		embeds = embeds || bytes.Contains(text, []byte("//go:embed "))
		return nil
	}
	err := walkModule(dir, func(name string) error {
		if !compiled(name) {
			others = append(others, name)
			return nil
		}
		return take(name)
	})
	for _, name := range others {
		if embeds && err == nil {
			err = take(name)
		}
	}
	return out, err
}

// compiled reports whether a file is one that decides what a module's packages are.
func compiled(name string) bool {
	switch filepath.Ext(name) {
	case ".go", ".s", ".h":
		return !strings.HasSuffix(name, "_test.go")
	}
	return name == "go.mod" || name == "go.sum"
}

// walkModule calls fn with each file of the module in a folder: not those of other modules, and none that Go leaves out.
func walkModule(dir string, fn func(name string) error) error {
	return filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("folder of a module: %w", err)
		}
		name := d.Name()
		if d.IsDir() {
			_, err := os.Stat(filepath.Join(at, "go.mod"))
			if at != dir && (err == nil || name[0] == '.' || name[0] == '_' || name == "testdata" || name == "vendor") {
				return fs.SkipDir
			}
			return nil
		}
		rel, err := filepath.Rel(dir, at)
		if err != nil || !d.Type().IsRegular() || strings.HasSuffix(name, "_test.go") {
			return err
		}
		return fn(rel)
	})
}

// digest is a SHA-256 over names and contents, in hex.
func digest(files export.Files) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%q %d\n", name, len(files[name]))
		h.Write(files[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// placed are the files of a module below the folder that a number gives it.
func placed(n int, files export.Files) export.Files {
	out := export.Files{}
	for name, text := range files {
		out[path.Join(folderOf(n), name)] = text
	}
	return out
}

func folderOf(n int) string { return fmt.Sprintf("%s/%d", foldersDir, n) }

// zipped are files as a zip.
func zipped(files export.Files) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(files[name])
		}
		if err != nil {
			return nil, fmt.Errorf("folders of modules: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("folders of modules: %w", err)
	}
	return b.Bytes(), nil
}
