package slice

import (
	"fmt"
	"go/ast"
	"go/types"
	"path"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/interp/check"
)

// A function that a cell declares anew is another one from that cell on, for all that call it. In a program it is one
// that asks which cell has been reached, if something may call it before; mostly nothing does, and it is the last one
// alone. A function that is held as a value stays what it was, and one that calls itself calls itself.

// later reads what runs when all cells have run.
func (r *reader) later() *reader {
	inner := *r
	inner.cell = lastCell
	return &inner
}

// follow adds the versions of a function that come after the one in force.
func (r *reader) follow(d *check.Decl) {
	if d.Func == nil {
		return
	}
	c := r.session.Canon(d.Func.Object)
	for _, v := range r.versions[c] {
		if r.declCell[v] > max(r.cell, r.declCell[d]) {
			r.out.moving[c] = true
			r.reach(v)
		}
	}
}

// holds reads an assignment. A function literal that a variable is set to is read where the variable is. It reports
// whether the parts are still to be read.
func (r *reader) holds(n *ast.AssignStmt) bool {
	if len(n.Lhs) != len(n.Rhs) || !slices.ContainsFunc(n.Rhs, isLiteral) {
		return true
	}
	for i, x := range n.Rhs {
		r.node(n.Lhs[i])
		if isLiteral(x) && r.base(n.Lhs[i]) != nil {
			r.later().node(x)
			continue
		}
		r.node(x)
	}
	return false
}

func isLiteral(x ast.Expr) bool {
	_, ok := ast.Unparen(x).(*ast.FuncLit)
	return ok
}

// given reads a call of the language's own functions, which keep the functions they are given for the run. It reports
// whether the parts are still to be read.
func (r *reader) given(c *ast.CallExpr) bool {
	if !r.keeps(c.Fun) {
		return true
	}
	r.node(c.Fun)
	for _, a := range c.Args {
		if isLiteral(a) {
			r.later().node(a)
			continue
		}
		r.node(a)
	}
	return false
}

// keeps reports whether a function is one of the prelude, or a method of its types.
func (r *reader) keeps(fun ast.Expr) bool {
	p, o := r.session.Prelude(), calledObject(fun, r.info)
	return p != nil && o != nil && o.Pkg() != nil && (o.Pkg() == p || strings.HasPrefix(o.Pkg().Path(), path.Dir(p.Path())+"/"))
}

// calls notes which function a call names.
func (s *slicer) calls(c *ast.CallExpr) {
	fun := ast.Unparen(c.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	if id, ok := fun.(*ast.Ident); ok {
		s.called[id] = true
	}
}

// itself is the function that a declaration's body calls directly where it names it, or nil.
func (s *slicer) itself(d *check.Decl) types.Object {
	if d.Func == nil || d.Func.Recv != nil || d.Func.Sig.TypeParams().Len() > 0 {
		return nil
	}
	return s.session.Canon(d.Func.Object)
}

// A phase is the time from the cell on that a version of a function is in force.
type phase struct {
	decl *check.Decl
	from int
}

// phases are the versions of each function that moves, in order.
func (n *namer) phases(decls []*check.Decl) map[types.Object][]phase {
	out := map[types.Object][]phase{}
	for _, d := range decls {
		if d.Func == nil {
			continue
		}
		if c := n.session.Canon(d.Func.Object); n.moving[c] {
			out[c] = append(out[c], phase{d, n.declCell[d]})
		}
	}
	return out
}

// movers writes the functions that ask which cell has been reached, and notes where each cell begins.
func (b *builder) movers(decls []*check.Decl) {
	all := b.phases(decls)
	if len(all) == 0 {
		return
	}
	b.out.names[b.reached] = true
	first := true
	for _, d := range decls {
		if d.Func == nil {
			continue
		}
		list := all[b.session.Canon(d.Func.Object)]
		if len(list) == 0 || list[0].decl != d {
			continue
		}
		if first {
			b.out.Decls = append(b.out.Decls, Piece{d.Src.Position(), fmt.Sprintf("// %[1]s is the cell that has been reached: some functions are others from a cell on.\nvar %[1]s int", b.reached)})
			first = false
		}
		b.out.Decls = append(b.out.Decls, Piece{d.Src.Position(), b.mover(list)})
		for _, p := range list[1:] {
			b.begins = append(b.begins, p.from)
		}
	}
	slices.Sort(b.begins)
}

// mover writes the function that calls the version in force.
func (b *builder) mover(list []phase) string {
	d := list[len(list)-1].decl
	head, call := b.header(d)
	var s strings.Builder
	fmt.Fprintf(&s, "%s {\n", head)
	run := "return %s\n"
	if d.Func.Sig.Results().Len() == 0 {
		run = "%s\nreturn\n"
	}
	for i, p := range list[1:] {
		fmt.Fprintf(&s, "if %s < %d {\n"+run+"}\n", b.reached, p.from, call(list[i].decl))
	}
	fmt.Fprintf(&s, strings.TrimSuffix(run, "return\n")+"}", call(d))
	return s.String()
}

// header is a function without its body, and what calls another version with the same parameters.
func (b *builder) header(d *check.Decl) (head string, call func(*check.Decl) string) {
	sig := d.Func.Sig
	var in, args []string
	for i := range sig.Params().Len() {
		v := sig.Params().At(i)
		name, t := v.Name(), b.typeName(v.Type())
		if name == "" || name == "_" || name == b.reached || b.hides[name] {
			name = fmt.Sprintf("a%d", i)
		}
		in, args = append(in, name+" "+t), append(args, name)
	}
	if last := len(in) - 1; sig.Variadic() {
		in[last] = args[last] + " ..." + b.typeName(sig.Params().At(last).Type().(*types.Slice).Elem())
		args[last] += "..."
	}
	name, recv := b.group(d), ""
	if d.Func.Recv != nil {
		name, recv, in, args = d.Func.Object.Name(), args[0]+".", in[1:], args[1:]
		head = "(" + strings.TrimSuffix(recv, ".") + " " + b.typeName(sig.Params().At(0).Type()) + ") "
	}
	head = "func " + head + name + b.typeParams(d) + "(" + strings.Join(in, ", ") + ") " + b.resultTypes(sig)
	return head, func(d *check.Decl) string {
		return recv + d.Func.Object.Name() + b.decls[d] + "(" + strings.Join(args, ", ") + ")"
	}
}

// typeParams are the type parameters of a function, in brackets.
func (b *builder) typeParams(d *check.Decl) string {
	list := d.Func.Sig.TypeParams()
	if list.Len() == 0 || d.Func.Recv != nil {
		return ""
	}
	var out []string
	for p := range list.TypeParams() {
		out = append(out, p.Obj().Name()+" "+b.typeName(p.Constraint()))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

func (b *builder) resultTypes(sig *types.Signature) string {
	var out []string
	for v := range sig.Results().Variables() {
		out = append(out, b.typeName(v.Type()))
	}
	return "(" + strings.Join(out, ", ") + ")"
}

// reach writes that a cell has been reached, if a function is another one from there on.
func (b *builder) reach(cell int) {
	last := 0
	for len(b.begins) > 0 && b.begins[0] <= cell {
		last, b.begins = b.begins[0], b.begins[1:]
	}
	if last > 0 {
		b.out.Body = append(b.out.Body, Piece{Text: fmt.Sprintf("%s = %d", b.reached, last)})
	}
}
