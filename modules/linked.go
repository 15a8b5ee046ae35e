package modules

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"github.com/riffle-stream/riffle/interp/symbols"
)

// A Module is a module, or one package of it, that is linked into a program.
type Module struct {
	Request
	Asked    string   `json:"asked,omitempty"` // the version as it was asked for, such as master, if that is not one
	Sum      string   `json:"sum,omitempty"`   // of the files of a folder
	Packages []string `json:"packages"`        // that cells can import
	Left     []string `json:"left,omitempty"`  // packages that they cannot, each with the reason
}

// A Link is what the linker leaves in a program that it builds, about the program.
type Link struct {
	Symbols symbols.Set
	Record  []byte // a record as JSON
	Folders []byte // modules of the user's folders, as a zip
}

// record is what a program that was built by the linker knows of that.
type record struct {
	Modules []Module `json:"modules"`
	Mod     []byte   `json:"mod"` // go.mod and go.sum of Riffle without modules
	Sum     []byte   `json:"sum"`
}

// Linked is what a program has, and its sources.
type Linked struct {
	Modules []Module
	Symbols symbols.Set
	// Sources are those of the engine, whose go.mod requires the modules, and those of the modules in folders.
	Sources fs.FS

	mod, sum []byte // of the engine without modules
}

// Open gives what a program has: its own sources and, where the linker built it, the link; else the zero Link.
func Open(sources fs.FS, link Link) (*Linked, error) {
	l := &Linked{Symbols: link.Symbols, Sources: sources}
	if link.Record == nil {
		var err error
		if l.mod, err = fs.ReadFile(sources, "go.mod"); err == nil {
			l.sum, err = fs.ReadFile(sources, "go.sum")
		}
		if err != nil {
			return nil, fmt.Errorf("sources of the engine: %w", err)
		}
		return l, nil
	}
	var r record
	if err := json.Unmarshal(link.Record, &r); err != nil {
		return nil, fmt.Errorf("record of linked modules: %w", err)
	}
	folders, err := zip.NewReader(bytes.NewReader(link.Folders), int64(len(link.Folders)))
	if err != nil {
		return nil, fmt.Errorf("folders of linked modules: %w", err)
	}
	l.Modules, l.mod, l.sum, l.Sources = r.Modules, r.Mod, r.Sum, joined{sources, folders}
	return l, nil
}

// joined is a file system, with another for its folder "folders".
type joined struct{ most, folders fs.FS }

// Open implements fs.FS.
func (j joined) Open(name string) (fs.File, error) {
	if name == foldersDir || strings.HasPrefix(name, foldersDir+"/") {
		return j.folders.Open(name)
	}
	return j.most.Open(name)
}

// Has gives the module that answers a request, if one does: the version that is asked for, or any if none is; of a
// folder, its files as they are now.
func (l *Linked) Has(r Request) (Module, bool, error) {
	for _, m := range l.Modules {
		if m.Path != r.Path {
			continue
		}
		if r.Dir == "" {
			return m, m.Dir == "" && (r.Version == "" || r.Version == m.Version || r.Version == m.Asked), nil
		}
		files, err := folderFiles(r.Dir)
		if err != nil {
			return m, false, err
		}
		return m, m.Dir == r.Dir && m.Sum == digest(files), nil
	}
	return Module{}, false, nil
}
