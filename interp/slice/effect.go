package slice

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/riffle-stream/riffle/interp/check"
)

// An effect is what running a piece of code uses and writes: storage, named by canonical objects.
type effect struct {
	uses   map[types.Object]bool
	writes map[types.Object]bool
	kills  map[types.Object]bool // written wholly and for certain
	decls  map[*check.Decl]bool  // declarations it reaches
	late   map[types.Object]bool // used by functions, which may run again when everything has run
	moving map[types.Object]bool // functions that may be called before a cell declares them anew, and after
}

func newEffect() *effect {
	return &effect{map[types.Object]bool{}, map[types.Object]bool{}, map[types.Object]bool{}, map[*check.Decl]bool{}, map[types.Object]bool{}, map[types.Object]bool{}}
}

// A reader gathers the effect of a piece of code as of one cell: later redefinitions are not in force yet.
type reader struct {
	*slicer
	cell int
	info *types.Info
	out  *effect
	skip map[*ast.Ident]bool // names that are set here, not read
	body bool                // it reads the body of a function
	self types.Object        // which function's
}

// statement is the effect of a top-level statement.
func (s *slicer) statement(st *check.Stmt) *effect {
	out := newEffect()
	r := &reader{s, st.Cell.Number, st.Cell.Info, out, targets(st.Node), false, nil}
	r.node(st.Node)
	for _, v := range st.Vars {
		out.writes[s.session.Canon(v)] = true
		out.kills[s.session.Canon(v)] = true
	}
	if a, ok := st.Node.(*ast.AssignStmt); ok && (a.Tok == token.ASSIGN || a.Tok == token.DEFINE) {
		for _, l := range a.Lhs {
			if id, ok := l.(*ast.Ident); ok {
				if o := r.global(id); o != nil {
					out.kills[o] = true
				}
			}
		}
	}
	return out
}

// targets are the names that a statement sets wholly.
func targets(n ast.Stmt) map[*ast.Ident]bool {
	out := map[*ast.Ident]bool{}
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
			return out
		}
		for _, l := range n.Lhs {
			if id, ok := l.(*ast.Ident); ok {
				out[id] = true
			}
		}
	case *ast.DeclStmt:
		for _, spec := range n.Decl.(*ast.GenDecl).Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				for _, id := range v.Names {
					out[id] = true
				}
			}
		}
	}
	return out
}

// global is the storage that an identifier means, or nil.
func (r *reader) global(id *ast.Ident) types.Object {
	o := r.info.Uses[id]
	if o == nil {
		o = r.info.Defs[id]
	}
	if v, ok := o.(*types.Var); ok && r.session.Global(v) {
		return r.session.Canon(v)
	}
	return nil
}

// base is the storage at the root of a selector, index or dereference, or nil.
func (r *reader) base(x ast.Expr) types.Object {
	for {
		switch y := x.(type) {
		case *ast.Ident:
			return r.global(y)
		case *ast.SelectorExpr:
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.SliceExpr:
			x = y.X
		case *ast.StarExpr:
			x = y.X
		case *ast.ParenExpr:
			x = y.X
		case *ast.UnaryExpr:
			x = y.X
		case *ast.CallExpr:
			x = y.Fun
		case *ast.TypeAssertExpr:
			x = y.X
		default:
			return nil
		}
	}
}

func (r *reader) write(x ast.Expr) {
	if o := r.base(x); o != nil {
		r.out.writes[o] = true
	}
}

// node gathers the effect of everything in n.
func (r *reader) node(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				r.write(l)
			}
			r.share(n)
			return r.holds(n)
		case *ast.IncDecStmt:
			r.write(n.X)
		case *ast.RangeStmt:
			r.ranged(n)
		case *ast.SendStmt:
			r.write(n.Chan)
		case *ast.UnaryExpr:
			if n.Op == token.AND || n.Op == token.ARROW {
				r.write(n.X)
			}
		case *ast.CallExpr:
			r.calls(n)
			r.call(n)
			return r.given(n)
		case *ast.FuncLit:
			r.node(n.Type)
			inner := *r
			inner.body = true
			inner.node(n.Body)
			return false
		case *ast.Ident:
			r.name(n)
		}
		return true
	})
}

func (r *reader) ranged(n *ast.RangeStmt) {
	if n.Tok == token.ASSIGN {
		r.write(n.Key)
		if n.Value != nil {
			r.write(n.Value)
		}
	}
	if _, ok := r.info.Types[n.X].Type.Underlying().(*types.Chan); ok {
		r.write(n.X)
	}
}

// name adds what an identifier means: a variable, or a declaration with all that it reaches.
func (r *reader) name(id *ast.Ident) {
	o := r.info.Uses[id]
	if o == nil {
		o = r.info.Defs[id]
	}
	if v := r.global(id); v != nil {
		if r.skip[id] {
			return
		}
		r.out.uses[v] = true
		if r.body {
			r.out.late[v] = true
		}
		r.closure(v)
		return
	}
	d := r.decl(o, r.cell)
	if d == nil || r.self != nil && r.session.Canon(o) == r.self {
		return
	}
	r.reach(d)
	if r.body || r.called[id] || isMethod(o) {
		r.follow(d)
	}
}

// reach adds a declaration and what it reaches.
func (r *reader) reach(d *check.Decl) {
	if r.out.decls[d] {
		return
	}
	r.out.decls[d] = true
	inner := &reader{r.slicer, r.cell, d.Info, r.out, nil, d.Func != nil, nil}
	if d.Func != nil {
		inner.self = r.itself(d)
		inner.node(d.Func.Node)
		return
	}
	inner.node(d.Node)
	for _, o := range d.Objects {
		for _, m := range r.methods(o, r.cell) {
			r.reach(m)
			r.follow(m)
		}
	}
}

// closure adds the effect of the function literals that a variable may hold.
func (r *reader) closure(v types.Object) {
	for _, lit := range r.literals[v] {
		if r.open[lit.node] {
			continue
		}
		r.open[lit.node] = true
		inner := &reader{r.slicer, r.cell, lit.info, r.out, nil, true, nil}
		inner.node(lit.node)
		delete(r.open, lit.node)
	}
}

// call adds what a call may write: what it is given to change.
func (r *reader) call(c *ast.CallExpr) {
	fun := ast.Unparen(c.Fun)
	tv := r.info.Types[fun]
	if tv.IsType() {
		return
	}
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		if s := r.info.Selections[sel]; s != nil && s.Kind() == types.MethodVal && changes(s) {
			r.write(sel.X)
		}
	}
	if tv.IsBuiltin() {
		if n := builtinName(fun); n == "delete" || n == "clear" || n == "copy" || n == "close" {
			r.write(c.Args[0])
		}
		return
	}
	if r.pure(fun) {
		return
	}
	for _, a := range c.Args {
		if reference(r.info.Types[a].Type) {
			r.write(a)
		}
	}
}

func builtinName(x ast.Expr) string {
	if id, ok := x.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// changes reports whether a method may change its receiver.
func changes(s *types.Selection) bool {
	sig := s.Obj().(*types.Func).Signature()
	if sig.Recv() == nil {
		return true
	}
	_, ptr := sig.Recv().Type().Underlying().(*types.Pointer)
	return ptr || reference(sig.Recv().Type())
}

// reference reports whether a copy of a value shares memory with it.
func reference(t types.Type) bool {
	if t == nil {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Slice, *types.Chan:
		return true
	}
	return false
}

// purePackages do not change what they are given.
var purePackages = map[string]bool{"fmt": true, "strings": true, "strconv": true, "math": true, "errors": true, "unicode": true, "time": true, "reflect": true}

// pure reports whether a function does not change its arguments: one of the prelude or of a package known for it.
func (r *reader) pure(fun ast.Expr) bool {
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return false
	}
	o := r.info.Uses[id]
	if o == nil || o.Pkg() == nil {
		return false
	}
	return purePackages[o.Pkg().Path()] || r.session.Prelude() != nil && o.Pkg() == r.session.Prelude()
}

// share joins the storage of two variables when one is set to a reference from the other.
func (r *reader) share(n *ast.AssignStmt) {
	if len(n.Lhs) != len(n.Rhs) {
		return
	}
	for i, l := range n.Lhs {
		a, b := r.base(l), r.base(n.Rhs[i])
		if a != nil && b != nil && a != b && reference(r.info.Types[n.Rhs[i]].Type) {
			r.join(a, b)
		}
	}
}
