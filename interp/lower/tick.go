package lower

import (
	"fmt"
	"go/ast"
)

const tick = "k" + mark

// turn is what a loop does each time around: now and then it looks whether the cell was interrupted, and more often if
// it calls something, which may take long.
func (e *emitter) turn(body *ast.BlockStmt) string {
	*e.ticks = true
	between := 255
	if calls(body) {
		between = 15
	}
	return fmt.Sprintf("\n%s++; if %s&%d == 0 { %s() }", tick, tick, between, e.rt("Poll"))
}

// guard is what a function that calls others does first: now and then it looks how deep the calls go. Deep says from
// where to count on: from -1, the next call looks again.
func (e *emitter) guard() string {
	if _, ok := e.imports["depth"+mark]; !ok {
		e.imports["depth"+mark] = "depth" + mark
		e.undo = append(e.undo, func() { delete(e.imports, "depth"+mark) })
		e.code.Vars += "var depth" + mark + " int\n"
	}
	id := 0
	if e.spot != nil {
		id = e.spot.id
	}
	return fmt.Sprintf("\n//line :1:1\ndepth%[1]s++; if depth%[1]s&4095 == 0 { depth%[1]s = %[2]s(%[3]d) }", mark, e.rt("Deep"), id)
}

// calls reports whether a body calls anything, literals aside.
func calls(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		if _, ok := n.(*ast.CallExpr); ok {
			found = true
		}
		_, lit := n.(*ast.FuncLit)
		return !found && !lit
	})
	return found
}
