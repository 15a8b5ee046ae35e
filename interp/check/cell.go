package check

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/riffle-stream/riffle/interp/source"
)

// A Cell is a checked cell.
type Cell struct {
	source.Cell
	Imports []*types.PkgName
	Dotted  map[string]types.Object // names from dot imports
	Decls   []*Decl                 // its own, and earlier ones declared again because they depend on what it redefines
	Stmts   []*Stmt
	Vars    []*types.Var // package variables it defines, in order
	Info    *types.Info  // of its statements
	Notes   []string     // what the user should know: names hidden, functions left behind
}

// Leaves reports whether the cell may end before its last statement: one of them returns, or defers what may recover.
func (c *Cell) Leaves() bool {
	found := false
	for _, s := range c.Stmts {
		ast.Inspect(s.Node, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt, *ast.DeferStmt:
				found = true
			}
			return !found
		})
	}
	return found
}

// A Stmt is a top-level statement.
type Stmt struct {
	Cell  *Cell
	Index int
	Node  ast.Stmt
	Vars  []*types.Var // package variables it defines
	Value ast.Expr     // the expression of a last statement that is one, else nil
	Entry *ast.Ident   // the name of the function init or main whose call the statement is, else nil
	Src   Span
}

// A Span is a piece of a cell's text: the bytes [From, To).
type Span struct {
	Cell     source.Cell
	From, To int
}

// Text is the source of the span.
func (s Span) Text() string { return s.Cell.Text[s.From:s.To] }

// Position is where the span begins.
func (s Span) Position() source.Position { return s.Cell.PositionAt(s.From) }

// A Decl is a declaration at package level: a function or method, or a group of types or constants.
type Decl struct {
	Name    string         // "f", "T", "T.Method"; of a group, the first name
	Objects []types.Object // what it declares; none for methods
	Node    *ast.GenDecl   // of types and constants
	Func    *Func          // of functions and methods
	Info    *types.Info
	Uses    map[types.Object]bool // package-level objects it mentions
	Src     Span
	Again   bool // declared again because of another redefinition
}

// A Func is a function or method. A method is kept as the function of its receiver and parameters that it is.
type Func struct {
	Object *types.Func // what callers refer to
	Node   *ast.FuncDecl
	Sig    *types.Signature // of Node: its own parameters and type parameters
	Recv   *types.TypeName  // of a method
	Ptr    bool             // the receiver is a pointer
}

func newInfo() *types.Info {
	return &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Instances: map[*ast.Ident]types.Instance{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes: map[ast.Node]*types.Scope{}, Implicits: map[ast.Node]types.Object{},
	}
}

// Global reports whether o is declared at package level in a cell (or is a variable hoisted there).
func (s *Session) Global(o types.Object) bool { return s.globals[o] }

// position makes a source position of a node's.
func (s *Session) position(pos token.Pos) source.Position {
	p := s.fset.Position(pos)
	return source.Position{Cell: cellNumber(p.Filename), Line: p.Line, Column: p.Column}
}

// Position is the place of a node in its cell.
func (s *Session) Position(pos token.Pos) source.Position { return s.position(pos) }
