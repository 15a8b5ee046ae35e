package export

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/interp/slice"
)

// Program is what a notebook hands over to become a program.
type Program struct {
	// Slice is the statements. With a Result, that is the frame; else calls of
	// Live and Export among them say what the roots are.
	Slice *slice.Program
	// Plan is the graph as the notebook runs it, with what the sample taught.
	Plan *plan.Plan
	// Root is which of the program's roots Plan is the plan of, if Slice has no
	// Result: the number of calls of Live and Export before, in the statement that runs.
	Root int

	// The rest is of exports alone.

	Notebook string // name of its file, "" if it has none
	Sample   string // path of the pinned sample
	Rows     []byte // what the plan gives for the sample, as package replay writes it
}

// ErrName is in errors about a name that a program cannot have.
var ErrName = errors.New("not a name for a program")

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,99}$`)

// nameOf is the name of the program in a folder: the folder's, in small letters.
func nameOf(dir string) (string, error) {
	base := filepath.Base(dir)
	name := strings.ToLower(strings.ReplaceAll(base, " ", "-"))
	if !nameForm.MatchString(name) || strings.HasSuffix(name, ".") || strings.Contains(name, "..") {
		return "", fmt.Errorf("export: folder %q: %w, want letters, digits, '.', '_' and '-', at most 100", base, ErrName)
	}
	return name, nil
}

// check refuses what cannot become a program.
func (p *Program) check() error {
	if p.Slice == nil || p.Plan == nil {
		return errors.New("export: the program has no slice or no plan")
	}
	if t := p.Slice.ResultType; p.Slice.Result != "" && t != "Frame" && !strings.HasSuffix(t, ".Frame") {
		return fmt.Errorf("export: %s is a %s, want a Frame", p.Slice.Result, t)
	}
	if free := p.Slice.Free("main"); free != "main" {
		return errors.New("export: a function, type or variable of the cells is called main, as that of the program must be: give it another name")
	}
	return nil
}

// facts are the plan's, as a file of the program.
func (p *Program) facts() ([]byte, error) { return p.Plan.Facts.Encode() }
