package lower

import (
	"fmt"
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
		return e.placing().expr(s.X) + s.Tok.String()
	case *ast.SendStmt:
		return e.send(s)
	case *ast.EmptyStmt:
		return ""
	}
	fail("the statement %T", s)
	return ""
}

// headerStmt writes the simple statement before a block.
func (e *emitter) headerStmt(s ast.Stmt) string {
	if s == nil {
		return ""
	}
	return e.heading().simple(s) + "; "
}

func (e *emitter) assign(s *ast.AssignStmt) string {
	tok := s.Tok
	if tok == token.DEFINE && e.hoisted(s.Lhs) {
		tok = token.ASSIGN
	}
	if e.mixed(s) {
		return e.apart(s, tok)
	}
	if text, ok := e.unpack(s, tok); ok {
		return text
	}
	lhs := e.placing().exprs(s.Lhs)
	switch tok {
	case token.SHL_ASSIGN, token.SHR_ASSIGN:
		return lhs + " " + tok.String() + " " + e.shift(s.Rhs[0])
	case token.DEFINE, token.ASSIGN:
	default:
		return lhs + " " + tok.String() + " " + e.side(s.Rhs[0], s.Lhs[0])
	}
	rhs := e.values(s.Rhs, s.Lhs)
	if tok == token.DEFINE && len(s.Lhs) == 1 {
		return e.define(s, lhs, rhs)
	}
	return lhs + " " + tok.String() + " " + rhs
}

// unpack writes the assignment of a call's results of which some become interfaces.
func (e *emitter) unpack(s *ast.AssignStmt, tok token.Token) (string, bool) {
	if len(e.frames) > 0 && e.frames[0].kind == inHeader || len(s.Rhs) != 1 || len(s.Lhs) < 2 || tok != token.ASSIGN && tok != token.DEFINE {
		return "", false
	}
	from, ok := e.typeOf(s.Rhs[0]).(*types.Tuple)
	if _, call := ast.Unparen(s.Rhs[0]).(*ast.CallExpr); !ok || !call {
		return "", false
	}
	names, after, changed := make([]string, len(s.Lhs)), "", false
	for i, l := range s.Lhs {
		names[i] = e.fresh("v")
		text, to := names[i], e.keyType(l)
		if to != nil {
			text = e.convert(text, from.At(i).Type(), to)
		}
		changed = changed || text != names[i]
		if id, ok := l.(*ast.Ident); ok && tok == token.DEFINE && id.Name != "_" && e.info.Defs[id] != nil {
			after += "; var " + e.expr(l) + " " + e.typeText(to) + " = " + text
		} else {
			after += "; " + e.expr(l) + " = " + text
		}
	}
	return strings.Join(names, ", ") + " := " + e.expr(s.Rhs[0]) + after, changed
}

// define writes x := v so that x has its static type in the interpreter too.
func (e *emitter) define(s *ast.AssignStmt, lhs, rhs string) string {
	id, ok := s.Lhs[0].(*ast.Ident)
	if !ok || e.info.Defs[id] == nil || id.Name == "_" {
		return lhs + " := " + rhs
	}
	if types.IsInterface(e.subst(e.info.Defs[id].Type())) && len(e.frames) == 0 {
		return "var " + lhs + " " + e.typ(e.info.Defs[id].Type()) + " = " + rhs
	}
	return lhs + " := " + rhs
}

// hoisted reports whether a definition is of a cell's variables, which are declared already.
func (e *emitter) hoisted(lhs []ast.Expr) bool {
	for _, x := range lhs {
		if id, ok := x.(*ast.Ident); ok && id.Name != "_" {
			return e.global(e.object(id))
		}
	}
	return true
}

func (e *emitter) declStmt(s *ast.DeclStmt) string {
	g := s.Decl.(*ast.GenDecl)
	if g.Tok != token.VAR {
		return "" // constants are values by now, types are declared where they are used
	}
	var b strings.Builder
	for _, spec := range g.Specs {
		b.WriteString(e.varSpec(spec.(*ast.ValueSpec)))
		b.WriteString("\n")
	}
	return b.String()
}

func (e *emitter) varSpec(v *ast.ValueSpec) string {
	lhs := make([]ast.Expr, len(v.Names))
	for i, n := range v.Names {
		lhs[i] = n
	}
	if blankOnly(v.Names) { // the interpreter has no var _
		if len(v.Values) == 0 {
			return ""
		}
		return e.exprs(lhs) + " = " + e.values(v.Values, lhs)
	}
	if e.hoisted(lhs) {
		return e.hoistedVar(v, lhs)
	}
	if len(v.Values) == len(v.Names) {
		var b strings.Builder
		if len(v.Names) > 1 {
			return e.parallelVar(v)
		}
		fmt.Fprintf(&b, "var %s %s = %s", v.Names[0].Name, e.declared(v, 0), e.initialOf(v, 0))
		return b.String()
	}
	names := e.exprs(lhs)
	if len(v.Values) == 1 {
		return "var " + names + " = " + e.values(v.Values, lhs)
	}
	return "var " + names + " " + e.typ(e.info.Types[v.Type].Type)
}

// parallelVar writes var a, b = x, y: the values first.
func (e *emitter) parallelVar(v *ast.ValueSpec) string {
	var b strings.Builder
	temps := make([]string, len(v.Names))
	for i := range v.Names {
		temps[i] = e.fresh("v")
		fmt.Fprintf(&b, "var %s %s = %s\n", temps[i], e.declared(v, i), e.initialOf(v, i))
	}
	for i, n := range v.Names {
		fmt.Fprintf(&b, "var %s %s = %s\n_ = %s\n", n.Name, e.declared(v, i), temps[i], temps[i])
	}
	return b.String()
}

// initialOf writes value i of a var specification.
func (e *emitter) initialOf(v *ast.ValueSpec, i int) string {
	if o := e.info.Defs[v.Names[i]]; o != nil {
		return e.untyped(v.Values[i], o.Type())
	}
	return e.expr(v.Values[i])
}

// declared is the type of name i of a var specification.
func (e *emitter) declared(v *ast.ValueSpec, i int) string {
	if o := e.info.Defs[v.Names[i]]; o != nil {
		return e.typ(o.Type())
	}
	if v.Type != nil {
		return e.typ(e.info.Types[v.Type].Type)
	}
	return e.typeText(types.Default(e.typeOf(v.Values[i])))
}

func blankOnly(names []*ast.Ident) bool {
	for _, n := range names {
		if n.Name != "_" {
			return false
		}
	}
	return true
}

// hoistedVar writes a cell's var as the assignment that it is.
func (e *emitter) hoistedVar(v *ast.ValueSpec, lhs []ast.Expr) string {
	if len(v.Values) > 0 {
		return e.exprs(lhs) + " = " + e.values(v.Values, lhs)
	}
	var b strings.Builder
	for _, x := range lhs {
		if x.(*ast.Ident).Name == "_" {
			continue
		}
		z := e.fresh("z")
		fmt.Fprintf(&b, "{ var %s %s; %s = %s }\n", z, e.typ(e.info.Types[v.Type].Type), e.expr(x), z)
	}
	return b.String()
}

func (e *emitter) labeled(s *ast.LabeledStmt) string {
	text := e.stmt(s.Stmt, s.Label.Name)
	switch s.Stmt.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		return text // they put their label where it belongs
	}
	return s.Label.Name + ":\n" + text
}

func labelText(label string) string {
	if label == "" {
		return ""
	}
	return label + ":\n"
}

func (e *emitter) ifStmt(s *ast.IfStmt) string {
	cond := ""
	if s.Init == nil {
		cond = e.header(s.Cond)
	} else {
		cond = e.heading().condition(s.Cond)
	}
	text := "if " + e.headerStmt(s.Init) + cond + " " + e.block(s.Body)
	if s.Else != nil {
		text += " else " + e.guarding(nil).stmt(s.Else, "")
	}
	return text
}

// returnStmt writes a return; in the body of a range over a function it ends the loop first.
func (e *emitter) returnStmt(s *ast.ReturnStmt) string {
	if f := e.rangeFunc(); f != nil {
		return f.leave(e, s)
	}
	if len(s.Results) == 1 && e.sig.Results().Len() > 1 {
		if text, ok := e.spread(s.Results[0], e.sig.Results()); ok {
			return text
		}
	}
	if len(s.Results) == 0 {
		return e.bareReturn()
	}
	return "return " + strings.Join(e.returned(s.Results), ", ")
}

// bareReturn writes a return without values.
func (e *emitter) bareReturn() string {
	return strings.TrimSuffix("return "+strings.Join(e.vars, ", "), " ")
}

// returned writes the values of a return statement as results.
func (e *emitter) returned(list []ast.Expr) []string {
	out := make([]string, len(list))
	for i, x := range list {
		if len(list) == e.sig.Results().Len() {
			out[i] = e.as(x, e.sig.Results().At(i).Type())
		} else {
			out[i] = e.expr(x)
		}
	}
	return out
}

// spread writes the return of a call with several results of which some become interfaces.
func (e *emitter) spread(call ast.Expr, results *types.Tuple) (string, bool) {
	from, names, texts := e.typeOf(call).(*types.Tuple), make([]string, results.Len()), make([]string, results.Len())
	changed := false
	for i := range names {
		names[i] = e.fresh("v")
		texts[i] = e.convert(names[i], from.At(i).Type(), e.subst(results.At(i).Type()))
		changed = changed || texts[i] != names[i]
	}
	return "{ " + strings.Join(names, ", ") + " := " + e.expr(call) + "; return " + strings.Join(texts, ", ") + " }", changed
}

// branch writes break, continue, goto and fallthrough.
func (e *emitter) branch(s *ast.BranchStmt) string {
	if s.Tok == token.FALLTHROUGH || s.Tok == token.GOTO {
		return strings.TrimSpace(s.Tok.String() + " " + labelName(s.Label))
	}
	for i := len(e.frames) - 1; i >= 0; i-- {
		f := e.frames[i]
		if f.kind == inHeader {
			continue
		}
		target := s.Label != nil && f.label == s.Label.Name ||
			s.Label == nil && (f.kind != inSwitch || s.Tok == token.BREAK)
		if target {
			return e.jump(s, i)
		}
	}
	return strings.TrimSpace(s.Tok.String() + " " + labelName(s.Label))
}

// jump writes a break or continue of frame i.
func (e *emitter) jump(s *ast.BranchStmt, i int) string {
	f := e.frames[i]
	for k := len(e.frames) - 1; k > i; k-- {
		if e.frames[k].kind == inRangeFunc {
			return e.frames[k].fn.far(s)
		}
	}
	if f.kind == inRangeFunc {
		return "{ " + f.fn.turn(s.Tok == token.CONTINUE) + " }"
	}
	text := strings.TrimSpace(s.Tok.String() + " " + labelName(s.Label))
	if s.Tok == token.CONTINUE && f.post != "" {
		return "{ " + f.post + "; " + text + " }"
	}
	return text
}

func labelName(l *ast.Ident) string {
	if l == nil {
		return ""
	}
	return l.Name
}
