package check

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/interp/source"
)

// maxErrors is how many errors of a cell are shown, as by the Go compiler.
const maxErrors = 10

// together are the errors of two checks of one cell, in order of place, each once.
func together(first, more error) error {
	one, _ := first.(source.ErrorList)
	two, _ := more.(source.ErrorList)
	all := inOrder(slices.Concat(one, two))
	all = slices.CompactFunc(all, func(a, b *source.Error) bool { return *a == *b })
	if len(all) > maxErrors {
		all = append(all[:maxErrors], &source.Error{Cell: all[0].Cell, Message: "too many errors"})
	}
	return all
}

// inOrder sorts errors by their places.
func inOrder(list source.ErrorList) source.ErrorList {
	slices.SortStableFunc(list, func(a, b *source.Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return list
}

// compilers gives place and text of an error as the Go compiler does, whose checker differs from go/types in a few.
func (a *attempt) compilers(e types.Error) (token.Pos, string) {
	for _, w := range wordings {
		e.Msg = w.types.ReplaceAllString(e.Msg, w.compiler)
	}
	if a.find(e.Pos, emptyLiteral).IsValid() {
		e.Msg = strings.Replace(e.Msg, "{…} (value", "{} (value", 1)
	}
	for _, p := range placings {
		if !strings.Contains(e.Msg, p.says) {
			continue
		}
		if pos := a.find(e.Pos, p.place); pos.IsValid() {
			return pos, e.Msg
		}
	}
	if m := jump.FindStringSubmatch(e.Msg); m != nil {
		return e.Pos, a.jumps(m[1], m[2], e)
	}
	if m := misplacedLabel.FindStringSubmatch(e.Msg); m != nil && !a.labelled(m[2], e.Pos) {
		e.Msg = fmt.Sprintf("%s label not defined: %s", m[1], m[2])
	}
	return e.Pos, e.Msg
}

// find is the first place that a node of the cell has for an error at pos.
func (a *attempt) find(pos token.Pos, place func(n ast.Node, at token.Pos) token.Pos) token.Pos {
	found := token.NoPos
	visit := func(n ast.Node) bool {
		if n != nil && !found.IsValid() {
			found = place(n, pos)
		}
		return !found.IsValid()
	}
	ast.Inspect(a.parts.body, visit)
	for st := range a.parts.entries {
		ast.Inspect(st, visit)
	}
	for _, d := range a.parts.decls {
		ast.Inspect(d, visit)
	}
	return found
}

var (
	jump = regexp.MustCompile(`^goto (\w+) jumps (over variable declaration at line \d+|into block)$`)
)

// jumps says where a jump goes that may not.
func (a *attempt) jumps(label, where string, e types.Error) string {
	if where == "into block" {
		block := token.NoPos
		a.find(e.Pos, func(n ast.Node, _ token.Pos) token.Pos {
			if b, ok := n.(*ast.BlockStmt); ok && slices.ContainsFunc(b.List, func(s ast.Stmt) bool { l, ok := s.(*ast.LabeledStmt); return ok && l.Label.Name == label }) {
				block = b.Lbrace
			}
			return token.NoPos
		})
		return fmt.Sprintf("goto %s jumps into block starting at %s", label, a.shortPlace(block))
	}
	var at token.Pos
	name := ""
	a.find(e.Pos, func(n ast.Node, goes token.Pos) token.Pos {
		if n == nil || n.Pos() < goes || name != "" {
			return token.NoPos
		}
		switch n := n.(type) {
		case *ast.AssignStmt:
			if id, ok := n.Lhs[0].(*ast.Ident); ok && n.Tok == token.DEFINE {
				at, name = n.TokPos, id.Name
			}
		case *ast.ValueSpec:
			at, name = n.Pos(), n.Names[0].Name
		}
		return token.NoPos
	})
	return fmt.Sprintf("goto %s jumps over declaration of %s at %s", label, name, a.shortPlace(at))
}

// shortPlace is a place in the cell, without the cell.
func (a *attempt) shortPlace(pos token.Pos) string {
	p := a.position(pos)
	return fmt.Sprintf("%d:%d", p.Line, p.Column)
}

// placings say where the compiler places an error with such a text, or nowhere if the node is not the one.
var placings = []struct {
	says  string
	place func(n ast.Node, at token.Pos) token.Pos
}{
	{"not enough arguments in call to ", func(n ast.Node, at token.Pos) token.Pos {
		if c, ok := n.(*ast.CallExpr); ok && c.Rparen == at {
			return append([]ast.Expr{c}, c.Args...)[len(c.Args)].Pos()
		}
		return token.NoPos
	}},
	{"cannot index ", func(n ast.Node, at token.Pos) token.Pos {
		if x, ok := n.(*ast.IndexExpr); ok && x.Pos() == at {
			return x.Lbrack
		}
		return token.NoPos
	}},
	{" does not satisfy ", ofCall}, {", cannot infer ", ofCall},
	{"cannot send to ", func(n ast.Node, at token.Pos) token.Pos {
		if s, ok := n.(*ast.SendStmt); ok && s.Arrow == at {
			return s.Pos()
		}
		return token.NoPos
	}},
}

func emptyLiteral(n ast.Node, at token.Pos) token.Pos {
	if f, ok := n.(*ast.FuncLit); ok && f.Pos() == at && len(f.Body.List) == 0 {
		return at
	}
	return token.NoPos
}

func ofCall(n ast.Node, at token.Pos) token.Pos {
	if c, ok := n.(*ast.CallExpr); ok && c.Fun.Pos() == at {
		return c.Lparen
	}
	return token.NoPos
}

// wordings are texts of go/types, and the compiler's.
var wordings = []struct {
	types    *regexp.Regexp
	compiler string
}{
	{regexp.MustCompile(`^break not in for, switch, or select statement$`), "break is not in a loop, switch, or select"},
	{regexp.MustCompile(`\((func\([^{}]*) literal\)`), "$1 {…}"},
	{regexp.MustCompile(` \(declared at -\)`), ""},
	{regexp.MustCompile(`^continue not in for statement$`), "continue is not in a loop"},
	{regexp.MustCompile(`^label (\w+) declared and not used$`), "label $1 defined and not used"},
	{regexp.MustCompile(`^label (\w+) not declared$`), "label $1 not defined"},
	{regexp.MustCompile(`^label (\w+) already declared\s+(?:cell \d+:)?(\d+:\d+): other declaration of \w+$`), "label $1 already defined at $2"},
}
