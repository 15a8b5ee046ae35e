package export

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// Given is what a verb gave to a statement, as a program has it.
type Given struct {
	Verb    string
	Literal string // Go for the value
	Sample  string // the fingerprint of the sample that it is from, or ""
}

// origin is the comment behind the literal that stands for a call.
func (g Given) origin(call string, cell int) string {
	text := fmt.Sprintf("%s in cell %d", strings.Join(strings.Fields(call), " "), cell)
	if g.Sample != "" {
		text += ", over the sample " + g.Sample
	}
	return "/* " + strings.ReplaceAll(text, "*/", "* /") + " */"
}

// opening makes a file of a statement.
const opening = "package p\nfunc _() {\n"

// A called is a text of the slice in which verbs are called for their values.
type called struct {
	source string // opening and the text
	fset   *token.FileSet
	calls  []*ast.CallExpr // in the order in which they run, which is that of the text
}

// readCalls finds the calls of verbs that run exactly once when the text does: not those in blocks, functions, and the arguments
// of each other.
func readCalls(text string) (*called, error) {
	c := &called{source: opening + text, fset: token.NewFileSet()}
	file, err := parser.ParseFile(c.fset, "", c.source+"\n}", parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("statement %s: %w", text, err)
	}
	for _, st := range file.Decls[0].(*ast.FuncDecl).Body.List {
		ast.Inspect(st, c.visit)
	}
	return c, nil
}

func (c *called) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return false
	case *ast.CallExpr:
		if literal[verbOf(n)] {
			c.calls = append(c.calls, n)
			return false
		}
	}
	return true
}

// gave reports whether the calls are those that gave something.
func (c *called) gave(given []Given) bool {
	for i, g := range given {
		if i >= len(c.calls) || verbOf(c.calls[i]) != g.Verb {
			return false
		}
	}
	return len(given) == len(c.calls)
}

// settle is the text with what the calls gave in their place, and statements that use what they were called with, since nothing
// else may.
func (c *called) settle(given []Given, cell int) (text, uses string) {
	var b, used strings.Builder
	at := len(opening)
	for i, call := range c.calls {
		from, to := c.offset(call.Pos()), c.offset(call.End())
		fmt.Fprintf(&b, "%s%s %s", c.source[at:from], given[i].Literal, given[i].origin(c.source[from:to], cell))
		at = to
		if _, ok := call.Args[0].(*ast.BasicLit); !ok {
			fmt.Fprintf(&used, "\n_ = %s", c.source[c.offset(call.Args[0].Pos()):c.offset(call.Args[0].End())])
		}
	}
	return b.String() + c.source[at:], used.String()
}

func (c *called) offset(p token.Pos) int { return c.fset.Position(p).Offset }

// verbOf is the name of a called function of the prelude, under the name that it has in a slice, or that of another.
func verbOf(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok && x.Name == "riffle" {
			return f.Sel.Name
		}
	}
	return ""
}
