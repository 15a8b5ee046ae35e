package modules

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
)

// followed are the requests, and those for the folders that modules in folders put in the place of others: a replace line
// counts in builds of its own module alone, so a program of several is built with the folder itself.
func followed(wanted []Request) ([]Request, error) {
	out := slices.Clone(wanted)
	for i := 0; i < len(out); i++ { // more come behind
		inside, err := replacements(out[i])
		if err != nil {
			return nil, err
		}
		for _, r := range inside {
			at := slices.IndexFunc(out, func(o Request) bool { return o.Path == r.Path })
			switch {
			case at < 0:
				out = append(out, r)
			case out[at].Dir == "":
				return nil, fmt.Errorf("%s: its go.mod replaces %s by %s, but %s is required: require the folder in its place", out[i].Dir, r.Path, r.Dir, out[at])
			case out[at].Dir != r.Dir:
				return nil, fmt.Errorf("%s: its go.mod replaces %s by %s, but the one in %s is required: a program has one of them", out[i].Dir, r.Path, r.Dir, out[at].Dir)
			}
		}
	}
	return out, nil
}

// replacements are the folders that the go.mod of a module in a folder puts in the places of others.
func replacements(r Request) ([]Request, error) {
	if r.Dir == "" {
		return nil, nil
	}
	text, err := os.ReadFile(filepath.Join(r.Dir, "go.mod"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Path, err)
	}
	f, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Path, err)
	}
	var out []Request
	for _, rep := range f.Replace {
		if rep.New.Version != "" {
			return nil, fmt.Errorf("%s: its go.mod replaces %s by %s, which counts in builds of %s alone: import %s in its place", r.Dir, rep.Old.Path, rep.New, r.Path, rep.New.Path)
		}
		inside, err := folder(rep.New.Path, r.Dir)
		if err != nil {
			return nil, fmt.Errorf("%s: its go.mod replaces %s: %w", r.Dir, rep.Old.Path, err)
		}
		if inside.Path != rep.Old.Path {
			return nil, fmt.Errorf("%s: its go.mod replaces %s by %s, whose go.mod says module %s: import that in its place", r.Dir, rep.Old.Path, rep.New.Path, inside.Path)
		}
		out = append(out, inside)
	}
	return out, nil
}
