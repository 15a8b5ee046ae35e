package export

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/interp/slice"
	"github.com/riffle-stream/riffle/interp/source"
)

// Settle gives a slice in which what Count gave stands as a literal, with the cell and the sample that it is from: a program sees rows as they
// come, and has no sample to count. Counts are by the statement that called it. The value of another verb has no literal, and is refused.
func Settle(p *slice.Program, counts map[source.Position][]int, sample string) (*slice.Program, error) {
	out := *p
	out.Body, out.Warnings = slices.Clone(p.Body), nil
	var used []slice.Value
	for _, v := range p.Values {
		if v.Verb != "Count" || v.In.Line == 0 {
			return nil, fmt.Errorf("the statements depend on the value of %s (%s), which a program does not have: it sees rows as they come, not a sample. Write what it gave as a literal, such as limit := 287.5", v.Verb, v.At)
		}
		used = append(used, v)
	}
	for i, piece := range out.Body {
		calls := slices.DeleteFunc(slices.Clone(used), func(v slice.Value) bool { return v.In != piece.At })
		if len(calls) == 0 {
			continue
		}
		if n := counts[piece.At]; len(n) != len(calls) {
			return nil, fmt.Errorf("the statements depend on the value of Count (%s), which was called %d times there: write what it gave as a literal", calls[0].At, len(n))
		}
		text, err := counted(piece.Text, counts[piece.At], fmt.Sprintf("in cell %d, over the sample %s", piece.At.Cell, sample))
		if err != nil {
			return nil, err
		}
		out.Body[i].Text = text
	}
	for _, w := range p.Warnings {
		if !slices.ContainsFunc(used, func(v slice.Value) bool { return v.At == w.At }) {
			out.Warnings = append(out.Warnings, w)
		}
	}
	return &out, nil
}

// counted is a statement with numbers instead of its calls of Count. The frames that were counted are named after it, since
// nothing else may.
func counted(text string, counts []int, where string) (string, error) {
	const head, tail = "package p\nfunc _() {\n", "\n}"
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", head+text+tail, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return "", fmt.Errorf("statement %s: %w", text, err)
	}
	var b bytes.Buffer
	var frames []string
	at := len(head)
	source := head + text
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || !isCount(call.Fun) || len(counts) == 0 {
			return true
		}
		from, to := fset.Position(call.Pos()).Offset, fset.Position(call.End()).Offset
		said := source[from:to]
		fmt.Fprintf(&b, "%s%d /* %s %s */", source[at:from], counts[0], strings.ReplaceAll(strings.Join(strings.Fields(said), " "), "*/", "* /"), where)
		frames = append(frames, source[fset.Position(call.Args[0].Pos()).Offset:fset.Position(call.Args[0].End()).Offset])
		counts, at = counts[1:], to
		return false
	})
	b.WriteString(source[at:])
	for _, f := range frames {
		fmt.Fprintf(&b, "\n_ = %s", f)
	}
	out, err := format.Source(b.Bytes())
	return string(out), err
}

// isCount says whether a function is Count, under the name that the prelude has in a slice.
func isCount(fun ast.Expr) bool {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name == "Count"
	case *ast.SelectorExpr:
		x, ok := f.X.(*ast.Ident)
		return ok && x.Name == "riffle" && f.Sel.Name == "Count"
	}
	return false
}
