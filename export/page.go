package export

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"slices"
	"strings"
	"text/template"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
)

//go:embed templates
var templates embed.FS

// page is what the templates of a program's files show.
type page struct {
	Name     string // of the program
	Notebook string
	Code     string // its hash
	Plan     *plan.Plan
	Go       string   // version
	Machine  string   // where the rows were made
	Modules  []string // from folders of the user, which it carries
	Program  *Program

	Fingerprint string // of the sample
	SampleRows  int
	Spec        string // which rows were asked for
	Rows        int
	RowsSum     string // SHA-256
}

func (p *Program) page(name, code string) page {
	return page{Name: name, Notebook: p.Notebook, Code: code, Plan: p.Plan, Program: p}
}

// Collected says whether the roots are what calls of verbs were about, rather than a result.
func (p page) Collected() bool { return p.Program.Slice.Result == "" }

// Free is an identifier that the user's statements leave free.
func (p page) Free(name string) string { return p.Program.Slice.Free(name) }

// FreeOf is the name under which a package is imported.
func (p page) FreeOf(path string) string { return p.Free(path[strings.LastIndexByte(path, '/')+1:]) }

// Import is an import declaration for a package under a name that is free.
func (p page) Import(path string) string {
	last := path[strings.LastIndexByte(path, '/')+1:]
	if free := p.Free(last); free != last {
		return fmt.Sprintf("%s %q", free, path)
	}
	return fmt.Sprintf("%q", path)
}

// Engine is an import declaration for a package of the engine.
func (p page) Engine(path string) string { return p.Import(Module + "/" + path) }

// Sources are the topics that the program reads.
func (p page) Sources() []*plan.Source {
	var out []*plan.Source
	seen := map[string]bool{}
	for _, s := range p.Plan.Sources() {
		if src := s.Op.(*plan.Source); !seen[src.Topic] {
			seen[src.Topic] = true
			out = append(out, src)
		}
	}
	return out
}

// Sinks are the steps that write topics.
func (p page) Sinks() []*plan.Step {
	var out []*plan.Step
	for _, s := range p.Plan.Steps {
		if _, ok := s.Op.(*plan.Sink); ok {
			out = append(out, s)
		}
	}
	return out
}

// Aside are the topics for rows that were late, or could not be taken.
func (p page) Aside() []string {
	written := map[string]bool{}
	for _, s := range p.Sinks() {
		for _, topic := range s.Op.(*plan.Sink).Names() {
			written[topic] = true
		}
	}
	return slices.DeleteFunc(exec.Cut(p.Plan).Sinks(), func(topic string) bool { return written[topic] })
}

// render fills a template; Go files are formatted.
func render(name string, p page) ([]byte, error) {
	t, err := template.ParseFS(templates, "templates/"+name)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	if !strings.HasSuffix(name, ".go.tmpl") {
		return b.Bytes(), nil
	}
	out, err := format.Source(b.Bytes())
	if err != nil {
		return nil, fmt.Errorf("export: %s: %w", name, err)
	}
	return out, nil
}

// Keeps are the steps that keep state, as text.
func (p page) Keeps() []string {
	var out []string
	for _, s := range p.Plan.Steps {
		switch s.Op.(type) {
		case *plan.Window, *plan.AsOf, *plan.Interval, *plan.ApplyState, *plan.Running, *plan.Dedup, *plan.Retime, *plan.Lookup:
			out = append(out, s.Op.Text())
		}
	}
	return out
}

// Tasks is how many processes can share the work on topics like those of the sample: a task is a partition of a part of the program.
func (p page) Tasks() int {
	topo, topics := exec.Cut(p.Plan), map[string]int{}
	for _, src := range p.Sources() {
		topics[src.Topic] = max(1, src.Facts.Partitions)
	}
	n := 0
	for _, sub := range topo.Subs {
		if tasks, err := topo.Partitions(sub.ID, topics); err == nil {
			n += tasks
		}
	}
	return n
}
