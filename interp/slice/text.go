package slice

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sort"
	"strings"

	"github.com/riffle-stream/riffle/interp/check"
)

// An edit replaces the bytes [from, to) of a node's text.
type edit struct {
	from, to int
	text     string
}

// A writer writes nodes as their own text with edits.
type writer struct {
	*namer
	info  *types.Info
	cell  int // as of which names are resolved
	start token.Pos
	edits []edit
	own   *check.Decl // being written
}

// text is a node of a span; start is the node at the span's beginning.
func (w *writer) text(span check.Span, start token.Pos, n ast.Node) string {
	w.start = start
	w.visit(n)
	from, to := int(n.Pos()-start), int(n.End()-start)
	return w.apply(span.Text()[from:to], from)
}

// stmt is the text of a statement.
func (w *writer) stmt(st *check.Stmt) string {
	if st.Entry != nil { // its name gives way to a call
		w.start = st.Node.Pos()
		w.replace(st.Entry.Pos(), st.Entry.End(), "")
	}
	text := w.text(st.Src, st.Node.Pos(), st.Node)
	d, declares := st.Node.(*ast.DeclStmt)
	switch {
	case st.Entry != nil:
		return text + "()"
	case st.Value != nil && !acts(st.Value):
		return "_ = " + text
	case declares && !strings.HasPrefix(text, d.Decl.(*ast.GenDecl).Tok.String()): // of a group
		return "var " + text
	}
	return text
}

// acts reports whether an expression may be a statement.
func acts(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		return true
	case *ast.UnaryExpr:
		return x.Op == token.ARROW
	}
	return false
}

func (w *writer) apply(text string, base int) string {
	sort.SliceStable(w.edits, func(i, j int) bool { return w.edits[i].from < w.edits[j].from })
	var b strings.Builder
	at := base
	for _, e := range w.edits {
		if e.from < at || e.to > base+len(text) {
			continue
		}
		b.WriteString(text[at-base : e.from-base])
		b.WriteString(e.text)
		at = e.to
	}
	b.WriteString(text[at-base:])
	return b.String()
}

func (w *writer) replace(from, to token.Pos, text string) {
	w.edits = append(w.edits, edit{int(from - w.start), int(to - w.start), text})
}

// visit notes the edits that a node needs.
func (w *writer) visit(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			w.visit(n.X)
			if o := w.info.Uses[n.Sel]; isMethod(o) || isEmbedded(o) {
				w.ident(n.Sel)
			}
			return false
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok && w.isField(id) {
				if isEmbedded(w.info.Uses[id]) {
					w.ident(id)
				}
				w.visit(n.Value)
				return false
			}
		case *ast.FuncLit: // it runs later, with what is in force then
			cell := w.cell
			w.visit(n.Type)
			w.cell = lastCell
			w.visit(n.Body)
			w.cell = cell
			return false
		case *ast.CallExpr:
			w.mapped(n, w.info)
		case *ast.Ident:
			w.ident(n)
		case *ast.BinaryExpr:
			if n.Op == token.ADD || n.Op == token.SUB {
				w.round(n.X)
				w.round(n.Y)
			}
		case *ast.AssignStmt:
			if n.Tok == token.ADD_ASSIGN || n.Tok == token.SUB_ASSIGN {
				w.round(n.Rhs[0])
			}
		}
		return true
	})
}

func (w *writer) isField(id *ast.Ident) bool {
	v, ok := w.info.Uses[id].(*types.Var)
	return ok && v.IsField()
}

// ident renames and qualifies.
func (w *writer) ident(id *ast.Ident) {
	o := w.info.Uses[id]
	if o == nil {
		o = w.info.Defs[id]
	}
	if def := w.info.Defs[id]; w.own != nil && slices.Contains(w.own.Objects, def) {
		if suffix := w.decls[w.own]; suffix != "" {
			w.replace(id.End(), id.End(), suffix)
		}
		return
	}
	if d := w.version(id, o); d != nil {
		w.replace(id.End(), id.End(), w.decls[d])
		return
	}
	if name := w.name(o, w.cell); name != "" && name != id.Name {
		w.replace(id.Pos(), id.End(), name)
	}
}

// version is the declaration of a function that is held as it is now, or calls itself; nil for what is called by name.
func (w *writer) version(id *ast.Ident, o types.Object) *check.Decl {
	if _, ok := o.(*types.Func); !ok || isMethod(o) || !w.moving[w.session.Canon(o)] {
		return nil
	}
	if w.own != nil && w.itself(w.own) == w.session.Canon(o) {
		return w.own
	}
	if w.cell == lastCell || w.called[id] {
		return nil
	}
	return w.decl(o, w.cell)
}

// round makes a product of floats that is added to something a value of its own: the compiler may else fuse both into
// one operation with one rounding.
func (w *writer) round(x ast.Expr) {
	m, ok := ast.Unparen(x).(*ast.BinaryExpr)
	tv := w.info.Types[x]
	if !ok || m.Op != token.MUL || tv.Value != nil || tv.Type == nil {
		return
	}
	b, ok := tv.Type.Underlying().(*types.Basic)
	if !ok || b.Info()&types.IsFloat == 0 {
		return
	}
	w.replace(x.Pos(), x.Pos(), w.typeName(tv.Type)+"(")
	w.replace(x.End(), x.End(), ")")
	w.rounded++
}

// comments are the comment lines right above a span, and the comment after it on its line.
func comments(s check.Span) (above, after string) {
	for _, l := range s.Above() {
		above += strings.TrimRight(l, " \t") + "\n"
	}
	if after = s.After(); after != "" {
		after = " " + after
	}
	return above, after
}
