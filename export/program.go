package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/export/replay"
	"github.com/riffle-stream/riffle/interp/slice"
	"github.com/riffle-stream/riffle/sampler/file"
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
	// Formats are those that the plan names beside JSON, CSV and raw.
	Formats []codec.Format

	// The rest is of exports alone.

	Notebook string       // name of its file, "" if it has none
	Sample   *file.Sample // the pinned sample
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
	if slices.Contains(taken, name) {
		return "", fmt.Errorf("export: folder %q: %w: the program has a folder of that name within, so that its binary cannot be called so", base, ErrName)
	}
	return name, nil
}

// taken are the folders beside a program's binary.
var taken = []string{"riffle", "vendor", "modules", "testdata", "riffle-state"}

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

// rows are what the plan gives for the sample, in this process. A row that a
// step cannot take, and that has no policy, is an error here.
func (p *Program) rows(ctx context.Context) ([]byte, error) {
	var b bytes.Buffer
	if err := replay.Rows(ctx, p.Plan, p.Sample, &b, p.Formats...); err != nil {
		return nil, fmt.Errorf("export: the program would end at a row of the sample: %w", err)
	}
	return b.Bytes(), nil
}

// sample is the pinned sample as a file, without the topics that the plan does not read.
func (p *Program) sample(path string) (file.Fingerprint, int, error) {
	reads := map[string]bool{}
	for _, s := range p.Plan.Sources() {
		reads[s.Op.(*plan.Source).Topic] = true
	}
	h := p.Sample.Header
	h.Topics = nil
	for _, t := range p.Sample.Topics {
		if reads[t.Name] {
			h.Topics = append(h.Topics, t)
		}
	}
	w, err := file.Create(path, h)
	if err != nil {
		return file.Fingerprint{}, 0, err
	}
	n := 0
	for i, r := range p.Sample.Records {
		if !reads[r.Topic] {
			continue
		}
		n++
		if err := w.Write(p.Sample.Row(i)); err != nil {
			w.Abort()
			return file.Fingerprint{}, 0, err
		}
	}
	f, err := w.Close()
	return f, n, err
}
