package export

import (
	"fmt"
	"go/format"
	"strings"

	"github.com/riffle-stream/riffle/interp/slice"
)

// pipeline is the user's statements as a file of the program, with a header
// that says where they are from, what was left out, and what to mind.
func pipeline(p *Program, name string) ([]byte, error) {
	var b strings.Builder
	from := "a notebook"
	if p.Notebook != "" {
		from = p.Notebook
	}
	fmt.Fprintf(&b, "// Command %s is the pipeline of %s: its statements, as far as the graph needs them.\n", name, from)
	notes(&b, "Left out, because the graph does not need it:", p.Slice.Dropped)
	notes(&b, "These may make the program differ from the notebook:", p.Slice.Warnings)
	if p.Slice.Rounded > 0 {
		b.WriteString("//\n// A product that a sum follows is written float64(x*y): it is rounded there, on every processor.\n")
	}
	b.WriteString(grouped(p.Slice.File("main", p.Slice.Free("pipeline"), cellsPath)))
	text, err := format.Source([]byte(documented(b.String(), p.Slice.Free("pipeline"), p.Slice.Result != "")))
	if err != nil {
		return nil, fmt.Errorf("export: pipeline.go: %w", err)
	}
	return text, nil
}

// grouped puts the imports at the top of a file into one declaration, the standard library first.
func grouped(text string) string {
	var standard, others, rest []string
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		spec, ok := strings.CutPrefix(line, "import ")
		switch {
		case ok && !isStandard(spec):
			others = append(others, spec)
		case ok:
			standard = append(standard, spec)
		case line != "" && i > 0:
			rest = lines[i:]
		}
		if rest != nil {
			break
		}
	}
	if len(standard)+len(others) < 2 {
		return text
	}
	if len(standard) > 0 {
		standard = append(standard, "")
	}
	specs := append(standard, others...)
	return lines[0] + "\n\nimport (\n" + strings.Join(specs, "\n") + "\n)\n\n" + strings.Join(rest, "\n")
}

// isStandard reports whether an import is of a path such as Go's own packages have.
func isStandard(spec string) bool {
	first, _, _ := strings.Cut(spec[strings.IndexByte(spec, '"'):], "/")
	return !strings.Contains(first, ".")
}

// documented gives the function a comment.
func documented(text, function string, result bool) string {
	says := "runs the statements; the frames that Live and Export are called with are what the program is about"
	if result {
		says = "builds the graph and gives its end"
	}
	return strings.Replace(text, "\nfunc "+function+"() ", fmt.Sprintf("\n// %s %s.\nfunc %s() ", function, says, function), 1)
}

// notes lists places and first lines.
func notes(b *strings.Builder, title string, list []slice.Note) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "//\n// %s\n//\n", title)
	for _, n := range list {
		first, _, more := strings.Cut(n.Text, "\n")
		if more {
			first += " ..."
		}
		fmt.Fprintf(b, "//\tcell %d line %d: %s\n", n.At.Cell, n.At.Line, first)
	}
}
