package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// ErrFolder is in errors about a folder that an export must not write to.
var ErrFolder = errors.New("not a folder to export to")

// Folder is the place that a notebook in folder base means by dir: below base,
// unless dir is absolute. A link that leads out of base is refused.
func Folder(base, dir string) (string, error) {
	if filepath.IsAbs(dir) {
		return filepath.Clean(dir), nil
	}
	name := filepath.Clean(dir)
	if !filepath.IsLocal(name) || name == "." {
		return "", fmt.Errorf("export: %q: %w, want one below the notebook's, or an absolute path", dir, ErrFolder)
	}
	root, err := os.OpenRoot(base)
	if err != nil {
		return "", fmt.Errorf("export: %w", err)
	}
	defer root.Close()
	for at := name; at != "."; at = filepath.Dir(at) {
		if _, err := root.Stat(at); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("export: %q: %w: %w", dir, ErrFolder, err)
		}
	}
	return filepath.Join(base, name), nil
}

// markerName is the file that makes a folder one of ours.
const markerName = ".riffle-export"

// marker says what an export wrote, so that the next one into the same folder
// replaces it, and nothing that is the user's.
type marker struct {
	Note    string            `json:"note"`
	Engine  string            `json:"engine"`  // digest of riffle/
	Library string            `json:"library"` // what vendor/ is a copy of; "" while it is written
	Files   map[string]string `json:"files"`   // SHA-256 of each other file
}

const markerNote = "written by Riffle: the next export into this folder replaces the files listed here, riffle/ and vendor/"

// folder is one that an export writes to. All names are resolved within it.
type folder struct {
	root *os.Root
	old  marker
}

// openFolder opens the folder of an export, new, empty, or of an earlier export whose files are as they were.
func openFolder(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	f := &folder{root: root}
	if err := f.check(dir); err != nil {
		root.Close()
		return nil, err
	}
	return f, nil
}

func (f *folder) check(dir string) error {
	text, err := f.root.ReadFile(markerName)
	if errors.Is(err, fs.ErrNotExist) {
		entries, err := fs.ReadDir(f.root.FS(), ".")
		if err == nil && len(entries) > 0 {
			err = fmt.Errorf("export: %s: %w: it holds %s and is no earlier export, choose an empty or a new one", dir, ErrFolder, entries[0].Name())
		}
		return err
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := json.Unmarshal(text, &f.old); err != nil {
		return fmt.Errorf("export: %s: %w: %s does not read: %w", dir, ErrFolder, markerName, err)
	}
	return f.unedited(dir)
}

// unedited refuses to lose what somebody changed since the last export.
func (f *folder) unedited(dir string) error {
	for name, sum := range f.old.Files {
		text, err := f.root.ReadFile(filepath.FromSlash(name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		if (Files{name: text}).digest() != sum {
			return fmt.Errorf("export: %s: %w: %s was changed since the last export, which would be lost: move the change to the notebook, or export to another folder", dir, ErrFolder, name)
		}
	}
	engine, err := f.tree("riffle")
	if err != nil {
		return err
	}
	if f.old.Library != "" && f.old.Engine != "" && len(engine) > 0 && engine.digest() != f.old.Engine {
		return fmt.Errorf("export: %s: %w: riffle/ was changed since the last export, which would be lost: export to another folder", dir, ErrFolder)
	}
	return nil
}

// tree is the files below a folder; none if it is not there.
func (f *folder) tree(dir string) (Files, error) {
	out := Files{}
	err := fs.WalkDir(f.root.FS(), dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := f.root.ReadFile(filepath.FromSlash(name))
		out[name] = text
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	return out, nil
}

// write replaces what an earlier export wrote. files are those of the program,
// engine those below riffle/; vendor is the folder that vendor/ becomes a copy of, library its name.
func (f *folder) write(files, engine Files, vendor, library string) error {
	m := marker{Note: markerNote, Engine: engine.digest(), Files: map[string]string{}}
	for name, text := range files {
		m.Files[name] = Files{name: text}.digest()
	}
	if err := f.mark(m); err != nil { // whatever happens now, the folder is known as ours
		return err
	}
	if err := f.clear(files, library); err != nil {
		return err
	}
	for _, set := range []Files{files, engine} {
		for _, name := range set.names() {
			if err := f.put(name, set[name]); err != nil {
				return err
			}
		}
	}
	if library != f.old.Library {
		if err := f.copyTree(vendor, "vendor"); err != nil {
			return err
		}
	}
	m.Library = library
	return f.mark(m)
}

// clear removes what the last export wrote and this one does not.
func (f *folder) clear(files Files, library string) error {
	var gone []string
	for name := range f.old.Files {
		if _, ok := files[name]; !ok && filepath.IsLocal(name) {
			gone = append(gone, name)
		}
	}
	gone = append(gone, "riffle")
	if library != f.old.Library {
		gone = append(gone, "vendor")
	}
	for _, name := range gone {
		if err := f.root.RemoveAll(filepath.FromSlash(name)); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	return nil
}

func (f *folder) mark(m marker) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return f.put(markerName, append(text, '\n'))
}

func (f *folder) put(name string, text []byte) error {
	if dir := path.Dir(name); dir != "." {
		if err := f.root.MkdirAll(filepath.FromSlash(dir), 0o755); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	if err := f.root.WriteFile(filepath.FromSlash(name), text, 0o644); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// copyTree copies a folder of ours; the copy is the user's to change.
func (f *folder) copyTree(from, to string) error {
	return filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		rel := strings.TrimPrefix(filepath.ToSlash(name[len(from):]), "/")
		return f.put(path.Join(to, rel), text)
	})
}
