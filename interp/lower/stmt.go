package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A frame is what encloses a statement: a place that break, continue or return may mean.
type frame struct {
	kind  frameKind
	label string
	fn    *rangeFunc // of inRangeFunc
	post  string     // what continue does first, of inLoop
}

type frameKind int

const (
	inLoop frameKind = iota
	inSwitch
	inRangeFunc // the body of a range over a function, which is a function literal here
	inHeader
)

func (e *emitter) push(f frame) *emitter {
	c := *e
	c.frames = append(append([]frame(nil), e.frames...), f)
	return &c
}

// stmts writes a list of statements.
func (e *emitter) stmts(list []ast.Stmt) string {
	var b strings.Builder
	for _, s := range list {
		b.WriteString(e.line(s.Pos()))
		b.WriteString(e.guarded(s, func(e *emitter) string { return e.stmt(s, "") }))
	}
	return b.String()
}

// guarded writes a statement behind its guards, if they may stand before it.
func (e *emitter) guarded(s ast.Stmt, write func(e *emitter) string) string {
	at := e.mark(s)
	if e.acts(s) || inParts(s) {
		return at + write(e.guarding(nil))
	}
	var list []guard
	text := write(e.guarding(&list))
	if at == "" && len(list) > 0 && e.spot != nil && e.spot.several {
		return e.before(list, s) + text
	}
	return at + e.before(list, nil) + text
}

// inParts reports whether a part of a statement may depend on another, or be jumped to.
func inParts(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.LabeledStmt, *ast.SelectStmt:
		return true
	case *ast.TypeSwitchStmt:
		return s.Init != nil
	case *ast.DeclStmt:
		return len(s.Decl.(*ast.GenDecl).Specs) > 1
	}
	return false
}

func (e *emitter) block(b *ast.BlockStmt) string { return "{" + e.stmts(b.List) + "\n}" }

// stmt writes a statement; label is the user's label on it, if any.
func (e *emitter) stmt(s ast.Stmt, label string) string {
	switch s := s.(type) {
	case *ast.LabeledStmt:
		return e.labeled(s)
	case *ast.ForStmt:
		return e.forLoop(s, label)
	case *ast.RangeStmt:
		return e.rangeLoop(s, label)
	case *ast.SwitchStmt:
		return e.switchStmt(s, label)
	case *ast.TypeSwitchStmt:
		return e.typeSwitch(s, label)
	case *ast.SelectStmt:
		return e.selectStmt(s, label)
	case *ast.BlockStmt:
		return e.block(s)
	case *ast.IfStmt:
		return e.ifStmt(s)
	case *ast.ReturnStmt:
		return e.returnStmt(s)
	case *ast.BranchStmt:
		return e.branch(s)
	case *ast.DeferStmt:
		return e.deferStmt(s)
	case *ast.GoStmt:
		return e.goStmt(s)
	case *ast.DeclStmt:
		return e.declStmt(s)
	case *ast.EmptyStmt:
		return ""
	}
	return e.simple(s)
}

// simple writes a statement without blocks.
func (e *emitter) simple(s ast.Stmt) string {
	switch s := s.(type) {
	case nil:
		return ""
	case *ast.AssignStmt:
		return e.assign(s)
	case *ast.ExprStmt:
		return e.expr(s.X)
	case *ast.IncDecStmt:
		return e.placing().expr(s.X) + e.step(e.typeOf(s.X), s.Tok)
	case *ast.SendStmt:
		return e.send(s)
	case *ast.EmptyStmt:
		return ""
	}
	fail("the statement %T", s)
	return ""
}

// step writes ++ or -- of a type: the interpreter has none of uintptr, and ends the function there.
func (e *emitter) step(t types.Type, tok token.Token) string {
	if b, ok := t.Underlying().(*types.Basic); ok && b.Kind() == types.Uintptr {
		return tok.String()[:1] + "= 1"
	}
	return tok.String()
}

// headerStmt writes the simple statement before a block.
func (e *emitter) headerStmt(s ast.Stmt) string {
	if s == nil {
		return ""
	}
	return e.heading().simple(s) + "; "
}

func (e *emitter) ifStmt(s *ast.IfStmt) string {
	if s.Init != nil { // the interpreter does not keep interfaces apart from what they hold there
		plain := *s
		plain.Init = nil
		return e.block(&ast.BlockStmt{List: []ast.Stmt{s.Init, &plain}})
	}
	text := "if " + e.header(s.Cond) + " " + e.block(s.Body)
	if s.Else != nil {
		text += " else " + e.guarding(nil).stmt(s.Else, "")
	}
	return text
}
