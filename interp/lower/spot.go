package lower

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"github.com/riffle-stream/riffle/interp/source"
)

// The interpreter tells of a panic only where each function on the stack begins. So a function begins at a line that is
// its number, and keeps the line it is at in a variable that the host reads: set before each statement that may fail,
// if there are several. It costs an assignment, and is shared by all calls of the function.

// A spot is where a function is.
type spot struct {
	id       int
	name     string // of the function, for the user
	several  bool   // lines may fail
	literals int    // function literals in it, so far
}

// maxSpots bounds the numbers of functions: above are the lines of cells.
const maxSpots = linesPerCell - 1

// Spot is the user's name for the function of a number in traces, "" for the cell itself.
func (p *Program) Spot(id int) (name string, ok bool) {
	name, ok = p.spots[id]
	return name, ok
}

// enter gives the function being written its spot, and returns what it does first.
func (e *emitter) enter(name string, list []ast.Stmt) string {
	e.spot = nil
	if e.home != e.session {
		return ""
	}
	first, several := e.risks(list)
	if first == token.NoPos {
		return ""
	}
	e.serial++
	e.spot = &spot{id: min(e.serial+1, maxSpots), name: name, several: several}
	e.spots[e.spot.id] = name
	v := e.spot.variable()
	e.code.Vars += "var " + v + " int\n"
	e.setup += fmt.Sprintf("\n%s(%d, &%s)", e.rt("Spot"), e.spot.id, v)
	return fmt.Sprintf("\n//line :%d:1\n%s = %d\n", e.spot.id, v, e.lineNumber(first))
}

// variable is none of the names that fresh gives.
func (s *spot) variable() string { return fmt.Sprintf("at%s_%d", mark, s.id) }

// line makes what follows a part of the function, in traces.
func (s *spot) line() string {
	if s == nil {
		return "\n//line :1:1\n"
	}
	return fmt.Sprintf("\n//line :%d:1\n", s.id)
}

// literal is the name of a function literal in the function, as the Go run time has it.
func (s *spot) literal() string {
	if s == nil {
		return "func1"
	}
	s.literals++
	name := fmt.Sprintf("func%d", s.literals)
	if s.name != "" {
		name = s.name + "." + name
	}
	return name
}

// mark notes that the function is at a statement that may fail.
func (e *emitter) mark(s ast.Stmt) string {
	if e.spot == nil || !e.spot.several || !e.risky(s) {
		return ""
	}
	return e.spot.variable() + " = " + fmt.Sprint(e.lineNumber(s.Pos())) + "\n"
}

// risks finds the first statement that may fail, and whether there are others on other lines.
func (e *emitter) risks(list []ast.Stmt) (first token.Pos, several bool) {
	var at source.Position
	for _, s := range list {
		ast.Inspect(s, func(n ast.Node) bool {
			if _, ok := n.(*ast.FuncLit); ok || several {
				return false
			}
			s, ok := n.(ast.Stmt)
			if !ok || !e.risky(s) && !e.indexes(s) {
				return true
			}
			p := e.home.Position(s.Pos())
			if first == token.NoPos {
				first, at = s.Pos(), p
			}
			several = several || p.Line != at.Line
			return true
		})
	}
	return first, several
}

// indexes reports whether a statement has an index, slice or shift, which a guard before it looks at.
func (e *emitter) indexes(s ast.Stmt) bool {
	return e.has(s, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.IndexExpr, *ast.SliceExpr:
			return true
		case *ast.BinaryExpr:
			return x.Op == token.SHL || x.Op == token.SHR
		case *ast.AssignStmt:
			return x.Tok == token.SHL_ASSIGN || x.Tok == token.SHR_ASSIGN
		}
		return false
	})
}

// has looks for something in a statement, without the blocks in it and the functions it makes.
func (e *emitter) has(s ast.Stmt, is func(ast.Node) bool) bool {
	found := false
	look := func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit, *ast.BlockStmt:
			return false
		case nil:
			return false
		}
		found = found || is(n)
		return !found
	}
	switch s := s.(type) {
	case *ast.BlockStmt:
		return false
	case *ast.LabeledStmt:
		return e.has(s.Stmt, is)
	case *ast.SwitchStmt:
		for _, c := range s.Body.List {
			for _, x := range c.(*ast.CaseClause).List {
				ast.Inspect(x, look)
			}
		}
	}
	ast.Inspect(s, look)
	return found
}

// risky reports whether a statement may panic by more than what its guards look at.
func (e *emitter) risky(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.SelectStmt:
		return true
	case *ast.ForStmt: // its condition is in no place that a guard could stand before
		if e.indexes(s) {
			return true
		}
	case *ast.RangeStmt:
		switch e.typeOf(s.X).Underlying().(type) {
		case *types.Signature, *types.Chan, *types.Pointer:
			return true
		}
	}
	as, ok := s.(*ast.AssignStmt)
	unguarded := e.acts(s) || inParts(s) || ok && e.oneByOne(as)
	return e.has(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			return e.riskyCall(n)
		case *ast.SendStmt, *ast.StarExpr, *ast.TypeAssertExpr, *ast.GoStmt, *ast.DeferStmt:
			return true
		case *ast.UnaryExpr:
			return n.Op == token.ARROW
		case *ast.SelectorExpr:
			sel := e.info.Selections[n]
			return sel != nil && sel.Indirect()
		case *ast.BinaryExpr:
			return e.divides(n.Op, n.Y) || (n.Op == token.LAND || n.Op == token.LOR || n.Op == token.EQL || n.Op == token.NEQ) && (e.indexes(s) || e.faces(n.X))
		case *ast.AssignStmt:
			return e.divides(assigning[n.Tok], n.Rhs[0]) || e.intoMap(n.Lhs)
		case *ast.IncDecStmt:
			return e.intoMap([]ast.Expr{n.X})
		case *ast.IndexExpr:
			return unguarded || !e.plain(n.X) || !e.plain(n.Index) || e.mapOfFaces(n.X) || e.info.Types[n.X].IsType()
		case *ast.SliceExpr:
			return unguarded || !e.allPlain(n.X, n.Low, n.High, n.Max)
		}
		return false
	})
}

// assigning are the operators of assignments that may fail.
var assigning = map[token.Token]token.Token{token.QUO_ASSIGN: token.QUO, token.REM_ASSIGN: token.REM}

// riskyCall reports whether a call is more than a conversion or builtin that cannot fail.
func (e *emitter) riskyCall(c *ast.CallExpr) bool {
	fun := ast.Unparen(c.Fun)
	if tv := e.info.Types[fun]; tv.IsType() {
		switch e.typeOf(fun).Underlying().(type) {
		case *types.Array, *types.Pointer:
			return true
		}
		return false
	} else if tv.IsBuiltin() {
		switch nameOf(fun).Name {
		case "len", "cap", "append", "copy", "min", "max", "new", "print", "println", "complex", "real", "imag":
			return false
		}
	}
	return true
}

// divides reports whether an operator may divide an integer by zero.
func (e *emitter) divides(op token.Token, y ast.Expr) bool {
	if op != token.QUO && op != token.REM || !isInteger(e.typeOf(y)) {
		return false
	}
	v := e.info.Types[y].Value
	return v == nil || constant.Sign(v) == 0
}

// faces reports whether a value is of an interface type: two that cannot be compared panic.
func (e *emitter) faces(x ast.Expr) bool {
	t := e.typeOf(x)
	return t != nil && types.IsInterface(t)
}

func (e *emitter) mapOfFaces(x ast.Expr) bool {
	m, ok := e.typeOf(x).Underlying().(*types.Map)
	return ok && types.IsInterface(m.Key())
}

// intoMap reports whether a value is put into a map, which may be nil.
func (e *emitter) intoMap(lhs []ast.Expr) bool {
	for _, l := range lhs {
		if x, ok := ast.Unparen(l).(*ast.IndexExpr); ok {
			if _, ok := e.typeOf(x.X).Underlying().(*types.Map); ok {
				return true
			}
		}
	}
	return false
}
