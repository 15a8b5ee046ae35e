package slice

import (
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"

	"github.com/riffle-stream/riffle/interp/check"
)

// program writes the slice.
func (s *slicer) program(kept []*check.Stmt, need *effect, root Root) (*Program, error) {
	var decls []*check.Decl
	for d := range need.decls {
		decls = append(decls, d)
	}
	sort.Slice(decls, func(i, j int) bool { return s.before(decls[i], decls[j]) })
	n := &namer{
		slicer: s, vars: map[types.Object]string{}, decls: map[*check.Decl]string{}, pkgVars: map[types.Object]bool{},
		imports: map[string]Import{}, taken: map[string]string{}, hides: map[string]bool{}, signatures: map[string]Signature{}, moving: need.moving, groups: map[types.Object]string{}, deferring: map[*check.Cell]bool{},
	}
	n.assign(kept, decls)
	n.globals(decls)
	n.deferred(kept)
	n.qualified = n.collides(kept, decls, root)
	b := &builder{namer: n, out: &Program{names: map[string]bool{}}, seen: map[types.Object]bool{}, read: n.reads(kept, root)}
	b.initial = b.initials(kept)
	b.declarations(decls, kept)
	b.movers(decls)
	b.strays()
	for i, st := range kept {
		b.reach(st.Cell.Number)
		if n.deferring[st.Cell] && (i == 0 || kept[i-1].Cell != st.Cell) {
			b.out.Body = append(b.out.Body, Piece{st.Src.Position(), "func() {"})
		}
		if !b.initial[st] {
			b.statement(st)
		}
		if n.deferring[st.Cell] && (i+1 == len(kept) || kept[i+1].Cell != st.Cell) {
			b.out.Body = append(b.out.Body, Piece{st.Src.Position(), "}()"})
		}
	}
	b.reach(lastCell)
	b.result(root)
	b.remarks(kept, decls, root)
	b.out.Imports, b.out.Rounded, b.out.Mapped = n.importList(), n.rounded, n.signatureList()
	if n.preludeUsed {
		b.out.Prelude = "."
		if n.qualified {
			b.out.Prelude = s.config.Name
		}
	}
	return b.out, nil
}

func (s *slicer) before(a, b *check.Decl) bool {
	if ra, rb := rank(a), rank(b); ra != rb {
		return ra < rb
	}
	if s.declCell[a] != s.declCell[b] {
		return s.declCell[a] < s.declCell[b]
	}
	return a.Src.From < b.Src.From
}

func rank(d *check.Decl) int {
	switch {
	case d.Func != nil:
		return 2
	case d.Node.Tok == token.TYPE:
		return 1
	}
	return 0
}

// globals finds the variables that kept functions use.
func (n *namer) globals(decls []*check.Decl) {
	for _, d := range decls {
		if d.Func == nil {
			continue
		}
		r := &reader{n.slicer, 0, d.Info, newEffect(), nil, false, nil}
		ast.Inspect(d.Func.Node, func(m ast.Node) bool {
			if id, ok := m.(*ast.Ident); ok {
				if v := r.global(id); v != nil {
					n.pkgVars[v] = true
				}
			}
			return true
		})
	}
}

// deferred finds the cells with deferred calls. Each becomes a function, so its variables stand outside.
func (n *namer) deferred(kept []*check.Stmt) {
	for _, st := range kept {
		ast.Inspect(st.Node, func(m ast.Node) bool {
			if _, ok := m.(*ast.DeferStmt); ok {
				n.deferring[st.Cell] = true
			}
			_, lit := m.(*ast.FuncLit)
			return !lit
		})
	}
	for _, st := range kept {
		for _, v := range st.Vars {
			if n.deferring[st.Cell] {
				n.pkgVars[n.session.Canon(v)] = true
			}
		}
	}
}

// collides reports whether the prelude must be qualified: the program declares one of its names at package level, or
// the user qualified it.
func (n *namer) collides(kept []*check.Stmt, decls []*check.Decl, root Root) bool {
	p := n.session.Prelude()
	if p == nil {
		return false
	}
	for _, d := range decls {
		for _, o := range declared(d) {
			if !isMethod(o) && token.IsExported(o.Name()) && p.Scope().Lookup(o.Name()) != nil {
				return true
			}
		}
	}
	for v := range n.pkgVars {
		if token.IsExported(v.Name()) && p.Scope().Lookup(v.Name()) != nil {
			return true
		}
	}
	found := false
	look := func(node ast.Node, info *types.Info) {
		ast.Inspect(node, func(m ast.Node) bool {
			if id, ok := m.(*ast.Ident); ok {
				if pn, ok := info.Uses[id].(*types.PkgName); ok && pn.Imported() == p {
					found = true
				}
			}
			return !found
		})
	}
	for _, st := range kept {
		look(st.Node, st.Cell.Info)
	}
	if root.Stmt != nil {
		look(root.Stmt.Node, root.Stmt.Cell.Info)
	}
	for _, d := range decls {
		if d.Func != nil {
			look(d.Func.Node, d.Info)
		} else {
			look(d.Node, d.Info)
		}
	}
	return found
}

// reads counts where each variable is read in the body.
func (n *namer) reads(kept []*check.Stmt, root Root) map[types.Object]bool {
	out := map[types.Object]bool{}
	read := func(st *check.Stmt, node ast.Node) {
		r := &reader{n.slicer, st.Cell.Number, st.Cell.Info, newEffect(), nil, false, nil}
		skip := targets(st.Node)
		ast.Inspect(node, func(m ast.Node) bool {
			if id, ok := m.(*ast.Ident); ok && !skip[id] {
				if v := r.global(id); v != nil {
					out[v] = true
				}
			}
			return true
		})
	}
	for _, st := range kept {
		read(st, st.Node)
	}
	if root.Stmt != nil {
		if v := n.rootValue(root.Stmt); v != nil {
			read(root.Stmt, v)
		}
	} else if o := n.session.Lookup(root.Variable); o != nil && !root.All {
		out[n.session.Canon(o)] = true
	}
	return out
}

// A builder writes the pieces.
type builder struct {
	*namer
	out  *Program
	seen map[types.Object]bool // variables that are declared by now
	read map[types.Object]bool

	initial map[*check.Stmt]bool // defines a package variable with its first value
	begins  []int                // cells from which on a function is another
}

func (b *builder) writer(info *types.Info, cell int) *writer {
	return &writer{namer: b.namer, info: info, cell: cell}
}

// declarations writes what stands at package level.
func (b *builder) declarations(decls []*check.Decl, kept []*check.Stmt) {
	vars := false
	for _, d := range decls {
		if d.Func != nil && !vars {
			b.variables(kept)
			vars = true
		}
		above, after := comments(d.Src)
		b.out.Decls = append(b.out.Decls, Piece{d.Src.Position(), above + b.declText(d) + after})
		for _, o := range declared(d) {
			b.out.names[o.Name()+b.decls[d]] = true
		}
	}
	if !vars {
		b.variables(kept)
	}
}

// lastCell resolves names as of the end of the session.
const lastCell = 1 << 30

// declText is a declaration's own text; its tree may be of another form, so names are found again by position.
func (b *builder) declText(d *check.Decl) string {
	w := b.writer(d.Info, lastCell)
	w.own = d
	if d.Node != nil {
		return w.text(d.Src, d.Node.Pos(), d.Node)
	}
	w.start = d.Func.Node.Pos()
	w.visit(d.Func.Node.Type)
	w.visit(d.Func.Node.Body)
	if suffix := b.decls[d]; suffix != "" {
		id := d.Func.Node.Name
		end := id.Pos() + token.Pos(len(d.Func.Object.Name()))
		w.replace(end, end, suffix)
	}
	return w.apply(d.Src.Text(), 0)
}

// variables writes the package variables.
func (b *builder) variables(kept []*check.Stmt) {
	for _, st := range kept {
		for _, v := range st.Vars {
			c := b.session.Canon(v)
			if !b.pkgVars[c] || b.seen[c] {
				continue
			}
			b.seen[c] = true
			b.out.names[b.vars[c]] = true
			text := "var " + b.vars[c] + " " + b.typeName(v.Type())
			if b.initial[st] {
				text = b.initialized(st)
			}
			b.out.Decls = append(b.out.Decls, Piece{st.Src.Position(), text})
		}
	}
}

// initialized is a statement that defines a variable as a declaration at package level.
func (b *builder) initialized(st *check.Stmt) string {
	above, after := comments(st.Src)
	w := b.writer(st.Cell.Info, st.Cell.Number)
	text := ""
	if n, ok := st.Node.(*ast.AssignStmt); ok {
		w.start = n.Pos()
		w.replace(n.TokPos, n.TokPos+2, "=")
		text = "var "
	}
	return above + text + w.stmt(st) + after
}

// strays declares the variables that no kept statement defines.
func (b *builder) strays() {
	for _, v := range b.stray {
		p := Piece{b.session.Position(v.Pos()), "var " + b.vars[v] + " " + b.typeName(v.Type())}
		b.seen[v] = true
		if b.pkgVars[v] {
			b.out.names[b.vars[v]] = true
			b.out.Decls = append(b.out.Decls, p)
			continue
		}
		b.out.Body = append(b.out.Body, p)
	}
}

// statement writes a statement of the body.
func (b *builder) statement(st *check.Stmt) {
	above, after := comments(st.Src)
	w := b.writer(st.Cell.Info, st.Cell.Number)
	pre, text := b.define(st, w)
	if text == "" {
		text = w.stmt(st)
	}
	text = above + pre + text + after
	for _, v := range st.Vars {
		c := b.session.Canon(v)
		if !b.read[c] && !b.pkgVars[c] {
			text += "\n_ = " + b.vars[c]
		}
	}
	b.out.Body = append(b.out.Body, Piece{st.Src.Position(), text})
}

// define makes a definition an assignment where its variables are declared already, at package level or before.
func (b *builder) define(st *check.Stmt, w *writer) (pre, text string) {
	var fresh, known []*types.Var
	for _, v := range st.Vars {
		c := b.session.Canon(v)
		if b.pkgVars[c] || b.seen[c] {
			known = append(known, v)
		} else {
			fresh = append(fresh, v)
		}
		b.seen[c] = true
	}
	if len(known) == 0 {
		return "", ""
	}
	switch n := st.Node.(type) {
	case *ast.AssignStmt:
		return b.reassign(n, fresh, known, w), ""
	case *ast.DeclStmt:
		return b.declare(fresh), b.revar(n, st)
	}
	return "", ""
}

// declare writes variables without values.
func (b *builder) declare(fresh []*types.Var) (text string) {
	for _, v := range fresh {
		text += "var " + b.vars[b.session.Canon(v)] + " " + b.typeName(v.Type()) + "\n"
	}
	return text
}

func (b *builder) reassign(n *ast.AssignStmt, fresh, known []*types.Var, w *writer) (pre string) {
	shadows := false
	for _, v := range known {
		shadows = shadows || b.pkgVars[b.session.Canon(v)]
	}
	if len(fresh) > 0 && !shadows {
		return ""
	}
	pre = b.declare(fresh)
	w.start = n.Pos()
	w.replace(n.TokPos, n.TokPos+2, "=")
	return pre
}

// revar writes a var statement of known variables as assignments.
func (b *builder) revar(n *ast.DeclStmt, st *check.Stmt) string {
	var out []string
	for _, spec := range n.Decl.(*ast.GenDecl).Specs {
		v := spec.(*ast.ValueSpec)
		var names, values []string
		for i, id := range v.Names {
			o := st.Cell.Info.Defs[id]
			name := b.name(o, st.Cell.Number)
			names = append(names, name)
			if len(v.Values) == 0 {
				values = append(values, "*new("+b.typeName(o.Type())+")")
			} else if i < len(v.Values) {
				w := b.writer(st.Cell.Info, st.Cell.Number)
				values = append(values, w.text(st.Src, st.Node.Pos(), v.Values[i]))
			}
		}
		out = append(out, strings.Join(names, ", ")+" = "+strings.Join(values, ", "))
	}
	return strings.Join(out, "\n")
}

// result writes the value at the end.
func (b *builder) result(root Root) {
	if root.All {
		return
	}
	if root.Stmt == nil {
		v := b.session.Lookup(root.Variable)
		b.out.Result, b.out.ResultType = b.name(v, lastCell), b.typeName(v.Type())
		return
	}
	value := b.rootValue(root.Stmt)
	if value == nil {
		return
	}
	w := b.writer(root.Stmt.Cell.Info, root.Stmt.Cell.Number)
	b.out.Result, b.out.ResultAt = w.text(root.Stmt.Src, root.Stmt.Node.Pos(), value), b.session.Position(value.Pos())
	b.out.ResultType = b.typeName(types.Default(root.Stmt.Cell.Info.Types[value].Type))
}
