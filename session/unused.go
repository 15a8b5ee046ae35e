package session

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"github.com/riffle-stream/riffle/interp/check"
)

// unused are notes on frames and rows that a cell made and let go: who has pandas in the fingers expects a method to
// change what it is called on.
func unused(c *check.Cell) (notes []string) {
	if c == nil {
		return nil
	}
	for _, st := range c.Stmts {
		ast.Inspect(st.Node, func(n ast.Node) bool {
			e, ok := n.(*ast.ExprStmt)
			if !ok || e.X == st.Value {
				return true
			}
			if text := letGo(e.X, c.Info.TypeOf(e.X)); text != "" {
				notes = append(notes, fmt.Sprintf("note: line %d: %s", st.Src.Cell.PositionAt(st.Src.From+int(n.Pos()-st.Node.Pos())).Line, text))
			}
			return true
		})
	}
	return notes
}

// letGo says what becomes of a value that nothing takes, or "".
func letGo(e ast.Expr, t types.Type) string {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return ""
	}
	gives := "the function"
	if f, ok := call.Fun.(*ast.SelectorExpr); ok {
		gives = f.Sel.Name
	}
	switch typeNamed(t) {
	case "Frame", "Group", "Windowed":
		return fmt.Sprintf("what %s gives is not used, and no frame changes by it: give it a name with :=, or show it with Show", gives)
	case "View", "Chart":
		return fmt.Sprintf("what %s gives is not shown: it stands last in its cell, or in Show", gives)
	case "Row":
		return fmt.Sprintf("what %s gives is not used, and the row is as it was: write return r.%[1]s(…), or r = r.%[1]s(…)", gives)
	}
	return ""
}

// typeNamed is the name of a type of the language of cells, or "".
func typeNamed(t types.Type) string {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return ""
	}
	for _, of := range []string{"/cells", "/dataframe", "/dataframe/row"} {
		if strings.HasSuffix(named.Obj().Pkg().Path(), of) {
			return named.Obj().Name()
		}
	}
	return ""
}
