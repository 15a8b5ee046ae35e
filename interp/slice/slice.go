package slice

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"sort"

	"github.com/riffle-stream/riffle/interp/check"
)

// A Root is what a slice is made for: a variable by its name, or a statement.
type Root struct {
	Variable string
	Stmt     *check.Stmt
	All      bool // the whole session
}

// Config is what the slicer must know about the session.
type Config struct {
	Name  string          // how the prelude is named when it is qualified
	Verbs map[string]bool // functions of the prelude that act: dropped at top level
	Makes map[string]bool // those that make programs, as the slice does
	// Whole keeps the root statement as it stands even if it is a verb's call; else a verb's call at top level is
	// replaced by its first argument as the Result.
	Whole bool
}

// A slicer makes one slice.
type slicer struct {
	session  *check.Session
	config   Config
	stmts    []*check.Stmt // that ran, in order
	decls    []*check.Decl // of all cells, in order
	declCell map[*check.Decl]int
	versions map[types.Object][]*check.Decl // of a function, in order
	literals map[types.Object][]literal     // function literals that variables may hold
	open     map[ast.Node]bool
	called   map[*ast.Ident]bool           // functions that are called where they are named
	classes  map[types.Object]types.Object // what shares memory
}

type literal struct {
	node *ast.FuncLit
	info *types.Info
}

// Of slices the statements that ran, oldest first.
func Of(session *check.Session, ran []*check.Stmt, root Root, config Config) (*Program, error) {
	s := &slicer{
		session: session, config: config, stmts: ran, declCell: map[*check.Decl]int{}, versions: map[types.Object][]*check.Decl{},
		literals: map[types.Object][]literal{}, open: map[ast.Node]bool{}, called: map[*ast.Ident]bool{}, classes: map[types.Object]types.Object{},
	}
	s.prepare()
	need := newEffect()
	var whole *check.Stmt
	last := len(ran)
	switch {
	case root.All:
		for _, st := range ran {
			merge(need, s.statement(st))
		}
		return s.program(ran, need, root)
	case root.Stmt != nil:
		last = indexOf(ran, root.Stmt)
		need = s.rootEffect(root.Stmt, &whole)
	default:
		v, ok := session.Lookup(root.Variable).(*types.Var)
		if !ok || !session.Global(v) {
			return nil, fmt.Errorf("slice: %s is not a variable of the session", root.Variable)
		}
		need.uses[session.Canon(v)] = true
	}
	kept, need := s.settle(ran[:max(last, 0)], need)
	if whole != nil {
		kept = append(kept, whole)
	}
	return s.program(kept, need, root)
}

func indexOf(list []*check.Stmt, s *check.Stmt) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return len(list)
}

// rootEffect is what the root statement needs. The call of a verb at top level gives way to its argument.
func (s *slicer) rootEffect(st *check.Stmt, whole **check.Stmt) *effect {
	value := s.rootValue(st)
	if value == nil {
		*whole = st
		return s.statement(st)
	}
	out := newEffect()
	r := &reader{s, st.Cell.Number, st.Cell.Info, out, nil, false, nil}
	r.node(value)
	return out
}

// rootValue is the expression that a root statement stands for, or nil if it stands whole.
func (s *slicer) rootValue(st *check.Stmt) ast.Expr {
	if call := s.verbCall(st); call != nil {
		if s.config.Whole || len(call.Args) == 0 {
			return nil
		}
		return call.Args[0]
	}
	return st.Value
}

// verbCall is the call of a verb that a statement consists of, or nil.
func (s *slicer) verbCall(st *check.Stmt) *ast.CallExpr {
	e, ok := st.Node.(*ast.ExprStmt)
	if !ok {
		return nil
	}
	call, ok := ast.Unparen(e.X).(*ast.CallExpr)
	if !ok || !s.isVerb(call.Fun, st.Cell.Info) {
		return nil
	}
	return call
}

// isVerb reports whether a called expression is a verb of the prelude.
func (s *slicer) isVerb(fun ast.Expr, info *types.Info) bool {
	o := calledObject(fun, info)
	return o != nil && s.session.Prelude() != nil && o.Pkg() == s.session.Prelude() && s.config.Verbs[o.Name()]
}

func calledObject(fun ast.Expr, info *types.Info) types.Object {
	switch x := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return info.Uses[x]
	case *ast.SelectorExpr:
		return info.Uses[x.Sel]
	}
	return nil
}

// prepare notes where declarations were made and which function literals variables may hold.
func (s *slicer) prepare() {
	for _, c := range s.session.Cells() {
		for _, d := range c.Decls {
			s.decls = append(s.decls, d)
			s.declCell[d] = c.Number
			if d.Func != nil {
				f := s.session.Canon(d.Func.Object)
				s.versions[f] = append(s.versions[f], d)
			}
		}
	}
	for _, st := range s.stmts {
		ast.Inspect(st.Node, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok {
				s.note(a, st)
			}
			return true
		})
	}
	// A first reading finds what shares memory; the order of statements does not matter for it.
	for _, st := range s.stmts {
		s.statement(st)
	}
}

func (s *slicer) note(a *ast.AssignStmt, st *check.Stmt) {
	r := &reader{s, st.Cell.Number, st.Cell.Info, newEffect(), nil, false, nil}
	for i, l := range a.Lhs {
		v := r.base(l)
		if v == nil || len(a.Rhs) != len(a.Lhs) {
			continue
		}
		if lit, ok := ast.Unparen(a.Rhs[i]).(*ast.FuncLit); ok {
			s.literals[v] = append(s.literals[v], literal{lit, st.Cell.Info})
		}
	}
}

func (s *slicer) find(o types.Object) types.Object {
	for s.classes[o] != nil {
		o = s.classes[o]
	}
	return o
}

func (s *slicer) join(a, b types.Object) {
	if a, b := s.find(a), s.find(b); a != b {
		s.classes[a] = b
	}
}

// settle keeps what root needs. A function that is kept may run again at the end, when the frame is: what it uses is
// needed as it is then, so a later assignment to a captured variable stays.
func (s *slicer) settle(ran []*check.Stmt, root *effect) ([]*check.Stmt, *effect) {
	guards := map[*check.Stmt]bool{}
	for late := map[types.Object]bool{}; ; {
		need := newEffect()
		merge(need, root)
		for o := range late {
			need.uses[o] = true
		}
		kept := s.backward(ran, need, guards)
		known := len(late) + len(guards)
		maps.Copy(late, need.late)
		maps.Copy(guards, s.guards(ran, kept))
		if len(late)+len(guards) == known {
			return kept, need
		}
	}
}

// backward keeps the guards and the statements that write what is needed, and adds what they need.
func (s *slicer) backward(ran []*check.Stmt, need *effect, guards map[*check.Stmt]bool) []*check.Stmt {
	var kept []*check.Stmt
	for i := len(ran) - 1; i >= 0; i-- {
		st := ran[i]
		if s.verbCall(st) != nil {
			continue
		}
		eff := s.statement(st)
		if !guards[st] && !s.touches(eff, need) {
			continue
		}
		kept = append(kept, st)
		for o := range eff.kills {
			if s.alone(o) {
				delete(need.uses, o)
			}
		}
		merge(need, eff)
	}
	for i, j := 0, len(kept)-1; i < j; i, j = i+1, j-1 {
		kept[i], kept[j] = kept[j], kept[i]
	}
	return kept
}

func merge(need, eff *effect) {
	maps.Copy(need.uses, eff.uses)
	maps.Copy(need.decls, eff.decls)
	maps.Copy(need.late, eff.late)
	maps.Copy(need.moving, eff.moving)
}

func (s *slicer) touches(eff, need *effect) bool {
	for o := range eff.writes {
		for n := range need.uses {
			if s.find(o) == s.find(n) {
				return true
			}
		}
	}
	return false
}

// alone reports whether nothing shares memory with o.
func (s *slicer) alone(o types.Object) bool {
	if s.classes[o] != nil {
		return false
	}
	for _, p := range s.classes {
		if p == o {
			return false
		}
	}
	return true
}

// decl is the declaration of an object in force at a cell: the latest one of its canon until then.
func (s *slicer) decl(o types.Object, cell int) *check.Decl {
	if o == nil || !s.session.Global(o) && !isMethod(o) {
		return nil
	}
	if f, ok := o.(*types.Func); ok {
		o = f.Origin()
	}
	canon := s.session.Canon(o)
	var found *check.Decl
	for _, d := range s.decls {
		if s.declCell[d] > cell && found != nil {
			break
		}
		for _, x := range declared(d) {
			if s.session.Canon(x) == canon {
				found = d
			}
		}
	}
	return found
}

func isMethod(o types.Object) bool {
	f, ok := o.(*types.Func)
	return ok && f.Signature().Recv() != nil && f.Pkg() != nil && f.Pkg().Path() == "main"
}

func declared(d *check.Decl) []types.Object {
	if d.Func != nil {
		return []types.Object{d.Func.Object}
	}
	return d.Objects
}

// methods are those of a type in force at a cell.
func (s *slicer) methods(o types.Object, cell int) []*check.Decl {
	latest := map[string]*check.Decl{}
	for _, d := range s.decls {
		if d.Func != nil && d.Func.Recv == o && (s.declCell[d] <= cell || latest[d.Name] == nil) {
			latest[d.Name] = d
		}
	}
	var out []*check.Decl
	for _, d := range latest {
		out = append(out, d)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}
