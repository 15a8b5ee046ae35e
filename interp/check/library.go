package check

import (
	"embed"
	"go/parser"
	"go/token"
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
	broken   map[string]error // sources that do not check

	instances map[string][2]string
}

// NewLibrary takes sources from the overlays and then from the sets.
func NewLibrary(importer *Importer, sets ...symbols.Set) *Library {
	return &Library{importer: hidden{importer, map[string]*types.Package{}}, sets: sets, sessions: map[string]*Session{}, broken: map[string]error{}}
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

// Refused says why a generic function or type of a package is not in its source here, or "".
func (l *Library) Refused(path, name string) string {
	if err := l.broken[path]; err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return "whose source cannot be read here: " + first
	}
	for _, set := range l.sets {
		if why := set.Refused(path)[name]; why != "" {
			return why
		}
	}
	return ""
}

// Instance is where compiled code has a generic type with its arguments: a package, and the name of the value there.
func (l *Library) Instance(t *types.Named) (path, name string, ok bool) {
	if l.instances == nil {
		l.instances = map[string][2]string{}
		for _, set := range l.sets {
			for _, path := range set.Paths() {
				for text, name := range set.Instances(path) {
					l.instances[text] = [2]string{path, name}
				}
			}
		}
	}
	at, ok := l.instances[types.TypeString(t, (*types.Package).Path)]
	return at[0], at[1], ok
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
	if f, err := parser.ParseFile(token.NewFileSet(), "", text, parser.PackageClauseOnly); err == nil {
		s.main = types.NewPackage("main", f.Name.Name) // which types print with
	}
	cell, err := s.Check(source.Cell{Text: string(text)})
	if err != nil {
		l.broken[path] = err
		return nil
	}
	s.Commit(cell)
	return s
}
