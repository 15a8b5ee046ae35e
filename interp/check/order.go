package check

import (
	"go/ast"
	"go/token"
	"maps"
	"slices"

	"github.com/riffle-stream/riffle/interp/source"
)

// A piece is a statement of a cell, or one specification of a group of variables.
type piece struct {
	node ast.Node
	spec *ast.ValueSpec // of a var declaration, else nil
	part bool           // spec is one of several
	uses []int          // the pieces with the variables that it mentions, itself or through functions of the cell
}

// treeOf is the tree of a statement.
func (p *parts) treeOf(st ast.Stmt) *tree {
	for _, t := range append(p.moved[:len(p.moved):len(p.moved)], p.dtree) {
		if t.file.FileStart <= st.Pos() && st.Pos() <= t.file.FileEnd {
			return t
		}
	}
	return p.stree
}

// inOrder puts the variables of a cell in the order in which Go initializes those of a package: each after what it
// depends on. Everything else stays where it is. Trees are parsed anew then, since positions must follow the order.
func (s *Session) inOrder(cell source.Cell, p *parts) error {
	pieces := piecesOf(p.stmts)
	m := depend(pieces, p)
	if errs := s.cycles(cell, pieces, m); len(errs) > 0 {
		return errs
	}
	list := initOrder(pieces)
	if slices.IsSorted(list) {
		return nil
	}
	whole := p.stree
	p.stmts = nil
	for k, i := range list {
		t, f, err := s.reparse(cell, whole, pieces[i])
		if err != nil {
			return err
		}
		p.stmts = append(p.stmts, f.Body.List...)
		p.moved = append(p.moved, t)
		if k == 0 {
			p.body, p.stree = f, t
		}
		p.body.Body.Rbrace = f.Body.Rbrace
	}
	p.body.Body.List = p.stmts
	return s.declarations(cell, p) // anew: they follow the statements
}

func (s *Session) reparse(cell source.Cell, t *tree, p piece) (*tree, *ast.FuncDecl, error) {
	from, to := t.offset(p.node.Pos()), t.offset(p.node.End())
	head := "package main;func _() {"
	if p.part {
		head += "var "
	}
	out, err := s.parse(cell, from, head, cell.Text[from:to], "\n}")
	if err != nil {
		return nil, nil, err
	}
	f := out.file.Decls[0].(*ast.FuncDecl)
	if p.part { // its text has no var
		g := f.Body.List[0].(*ast.DeclStmt).Decl.(*ast.GenDecl)
		g.TokPos = g.Specs[0].Pos()
	}
	return out, f, nil
}

func piecesOf(list []ast.Stmt) []piece {
	var out []piece
	for _, st := range list {
		g := vars(st)
		if g == nil {
			out = append(out, piece{node: st})
			continue
		}
		for _, spec := range g.Specs {
			p := piece{node: st, spec: spec.(*ast.ValueSpec)}
			if len(g.Specs) > 1 {
				p.node, p.part = spec, true
			}
			out = append(out, p)
		}
	}
	return out
}

func vars(st ast.Stmt) *ast.GenDecl {
	d, ok := st.(*ast.DeclStmt)
	if !ok {
		return nil
	}
	if g := d.Decl.(*ast.GenDecl); g.Tok == token.VAR && len(g.Specs) > 0 {
		return g
	}
	return nil
}

// depend finds what each variable needs, and gives what it found it with.
func depend(pieces []piece, p *parts) *mentions {
	m := &mentions{names: map[string]int{}, specs: map[any]int{}, functions: map[string][]*ast.FuncDecl{}, free: map[*ast.Ident]bool{}}
	for i, x := range pieces {
		if x.spec == nil {
			continue
		}
		m.specs[x.spec] = i
		for _, id := range x.spec.Names {
			m.names[id.Name] = i
		}
	}
	for _, d := range p.decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
			m.functions[f.Name.Name] = append(m.functions[f.Name.Name], f)
		}
	}
	for _, id := range slices.Concat(p.stree.file.Unresolved, p.dtree.file.Unresolved) {
		m.free[id] = true
	}
	for i := range pieces {
		if pieces[i].spec != nil {
			pieces[i].uses = m.of(pieces[i].spec)
		}
	}
	return m
}

// mentions finds the variables that a piece of code mentions, itself or through functions. Methods are taken by their
// names: which type they are of is not known yet.
type mentions struct {
	names     map[string]int // the piece that declares a variable
	specs     map[any]int    // the same by specification
	functions map[string][]*ast.FuncDecl
	free      map[*ast.Ident]bool // names that mean nothing where they stand, unless something of the package
}

func (m *mentions) of(n ast.Node) []int {
	found, seen := map[int]bool{}, map[string]bool{}
	var look func(n ast.Node) bool
	enter := func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		for _, f := range m.functions[name] {
			ast.Inspect(f.Body, look)
		}
	}
	look = func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			enter(sel.Sel.Name)
		}
		if id, ok := n.(*ast.Ident); ok {
			if i, ok := m.variable(id); ok {
				found[i] = true
			}
			if m.function(id) {
				enter(id.Name)
			}
		}
		return true
	}
	ast.Inspect(n, look)
	return slices.Sorted(maps.Keys(found))
}

// variable is the piece with the variable of the cell that a name means, if it does.
func (m *mentions) variable(id *ast.Ident) (int, bool) {
	if m.free[id] {
		i, ok := m.names[id.Name]
		return i, ok
	}
	if id.Obj == nil {
		return 0, false
	}
	i, ok := m.specs[id.Obj.Decl]
	return i, ok
}

func (m *mentions) function(id *ast.Ident) bool {
	return m.free[id] || id.Obj != nil && id.Obj.Kind == ast.Fun
}

// initOrder lists the pieces so that a variable follows those that it needs, unless they need it, too.
func initOrder(pieces []piece) []int {
	var out []int
	done := make([]bool, len(pieces))
	var add func(i int)
	add = func(i int) {
		if done[i] {
			return
		}
		done[i] = true
		for _, j := range pieces[i].uses {
			if !needs(pieces, j, i) {
				add(j)
			}
		}
		out = append(out, i)
	}
	for i := range pieces {
		add(i)
	}
	return out
}

// needs reports whether piece i needs piece j.
func needs(pieces []piece, i, j int) bool {
	seen := map[int]bool{}
	var reach func(int) bool
	reach = func(i int) bool {
		if i == j || seen[i] {
			return i == j
		}
		seen[i] = true
		return slices.ContainsFunc(pieces[i].uses, reach)
	}
	return reach(i)
}
