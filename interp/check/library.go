package check

import (
	"embed"
	"go/types"
	"strings"

	"github.com/riffle-stream/riffle/interp/source"
	"github.com/riffle-stream/riffle/interp/symbols"
)

// overlays hold generic parts of packages whose own source needs the compiler or the run time system.
//
//go:embed overlay
var overlays embed.FS

// A Library checks the sources of generic packages when they are first needed. Each is a session of one cell.
type Library struct {
	importer types.Importer
	sets     []symbols.Set
	sessions map[string]*Session
}

// NewLibrary takes sources from the overlays and then from the sets.
func NewLibrary(importer types.Importer, sets ...symbols.Set) *Library {
	return &Library{importer: importer, sets: sets, sessions: map[string]*Session{}}
}

// Session returns the checked source of a package, or nil if there is none.
func (l *Library) Session(path string) *Session {
	if s, ok := l.sessions[path]; ok {
		return s
	}
	s := l.load(path)
	l.sessions[path] = s
	return s
}

func (l *Library) load(path string) *Session {
	name := "overlay/" + strings.ReplaceAll(path, "/", "_")
	text, err := overlays.ReadFile(name + ".go.txt")
	for _, set := range l.sets {
		if err == nil {
			break
		}
		text, err = set.Source(path)
	}
	if err != nil {
		return nil
	}
	if more, err := overlays.ReadFile(name + ".more.txt"); err == nil { // beside the package's own
		text = append(text, more...)
	}
	s := NewSession(l.importer, nil, "")
	cell, err := s.Check(source.Cell{Text: string(text)})
	if err != nil {
		return nil
	}
	s.Commit(cell)
	return s
}
