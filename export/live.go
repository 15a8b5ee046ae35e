package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/interp/slice"
)

// Live is the files of the program that a live run starts, for Build. Its
// errors and the stacks of its functions name lines of cells; see [CellOf].
func (w *Workshop) Live(p Program) (Files, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	code, err := w.CodeHash(p)
	if err != nil {
		return nil, err
	}
	facts, err := p.facts()
	if err != nil {
		return nil, err
	}
	pg := p.page("live", code)
	files := Files{"pipeline.go": []byte(marked(p.Slice, p.Slice.Free("pipeline"))), "facts.json": facts}
	if files["main.go"], err = render("live.go.tmpl", pg); err != nil {
		return nil, err
	}
	if len(pg.Loops()) > 0 {
		if files["callers.go"], err = render("callers.go.tmpl", pg); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// marked renders a slice like [slice.Program.File], with the place in the cells of each piece.
func marked(p *slice.Program, function string) string {
	var b strings.Builder
	b.WriteString("package main\n\n")
	imports := slices.Clone(p.Imports)
	if p.Prelude != "" {
		imports = append(imports, slice.Import{Name: p.Prelude, Path: cellsPath})
	}
	for _, i := range imports {
		fmt.Fprintln(&b, i)
	}
	for _, d := range p.Decls {
		b.WriteString("\n" + placed(d))
	}
	fmt.Fprintf(&b, "\nfunc %s() %s {\n", function, p.ResultType)
	for _, s := range p.Body {
		b.WriteString(placed(s))
	}
	if p.Result != "" {
		fmt.Fprintf(&b, "return %s\n", p.Result)
	}
	b.WriteString("}\n")
	return b.String()
}

// placed is a piece with its mark.
func placed(p slice.Piece) string {
	if p.At.Line == 0 {
		return p.Text + "\n"
	}
	above, rest := remarked(p.Text)
	return above + mark(p.At) + rest + "\n"
}

// remarked parts the comments above a piece from what follows, which is where the piece's place is.
func remarked(text string) (above, rest string) {
	rest = text
	for strings.HasPrefix(rest, "//") {
		_, more, ok := strings.Cut(rest, "\n")
		if !ok {
			break
		}
		rest = more
	}
	return text[:len(text)-len(rest)], rest
}
