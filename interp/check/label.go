package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
)

var (
	misplacedLabel = regexp.MustCompile(`^invalid (break|continue) label (\w+)$`)
	unusedLabel    = regexp.MustCompile(`^label (\w+) declared and not used$`)
)

// labels leaves out that a label is not used if a break or continue names it, though it may not: the compiler takes it for used.
func (a *attempt) labels(errs []types.Error) []types.Error {
	return slices.DeleteFunc(slices.Clone(errs), func(e types.Error) bool {
		unused := unusedLabel.FindStringSubmatch(e.Msg)
		return unused != nil && slices.ContainsFunc(errs, func(o types.Error) bool {
			m := misplacedLabel.FindStringSubmatch(o.Msg)
			return m != nil && m[2] == unused[1] && a.function(o.Pos) == a.function(e.Pos)
		})
	})
}

// labelled reports whether the function around a place has a label.
func (a *attempt) labelled(name string, at token.Pos) bool {
	return a.find(at, func(n ast.Node, _ token.Pos) token.Pos {
		if l, ok := n.(*ast.LabeledStmt); ok && l.Label.Name == name && a.function(l.Pos()) == a.function(at) {
			return l.Pos()
		}
		return token.NoPos
	}).IsValid()
}

// function is where the innermost function around a place begins.
func (a *attempt) function(at token.Pos) token.Pos {
	begins := token.NoPos
	a.find(at, func(n ast.Node, at token.Pos) token.Pos {
		switch n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			if n.Pos() <= at && at < n.End() {
				begins = n.Pos()
			}
		}
		return token.NoPos
	})
	return begins
}
