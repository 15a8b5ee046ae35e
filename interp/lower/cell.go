package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"strings"

	"github.com/riffle-stream/riffle/interp/check"
)

// Cell lowers a cell that the session has just committed. After an error, or if the interpreter refuses the code, call
// Undo.
func (p *Program) Cell(c *check.Cell) (code Code, err error) {
	p.code, p.undo, p.todo, p.setup = &Code{}, nil, nil, ""
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*Error)
			if !ok {
				panic(r)
			}
			e.At = p.at
			err = e
		}
	}()
	head, body := p.run(c)
	p.drain()
	p.code.Funcs += head + p.setup + body
	return *p.code, nil
}

// drain writes the declarations that others turned out to need.
func (p *Program) drain() {
	for len(p.todo) > 0 {
		next := p.todo[0]
		p.todo = p.todo[1:]
		next()
	}
}

// run writes the function that runs the cell: it sets its functions, then does its statements.
func (p *Program) run(c *check.Cell) (head, rest string) {
	p.code.Run = p.fresh(fmt.Sprintf("cell%d", c.Number))
	e := p.emitter(p.session, c.Info)
	e.sig = types.NewSignatureType(nil, nil, nil, nil, nil, false)
	list := make([]ast.Stmt, len(c.Stmts))
	for i, s := range c.Stmts {
		list[i] = s.Node
	}
	var b, body strings.Builder
	fmt.Fprintf(&b, "func %s() {%s", p.code.Run, e.enter("", list))
	for _, d := range c.Decls {
		b.WriteString(p.define(d))
	}
	e.jumps = jumps(list)
	defers := defers(list)
	if defers {
		e.defers = e.fresh("d")
	}
	body.WriteString(e.taking(list))
	for _, s := range c.Stmts {
		body.WriteString(e.topLevel(s))
	}
	fmt.Fprintf(&body, "\n%s()", e.rt("Ended"))
	count := ""
	if *e.ticks {
		count = "\n" + tick + " := 0\n_ = " + tick
	}
	if defers {
		return b.String(), "\n" + e.defers + " := " + e.rt("Defers") + "()" + e.spot.line() + e.rt("Guard") + "(" + e.defers + ", []func(){func() {" + count + body.String() + "\n}}[0])\n}\n"
	}
	return b.String(), count + body.String() + "\n}\n"
}

// define declares what a declaration needs at once, and returns the assignment that makes a function current.
func (p *Program) define(d *check.Decl) string {
	switch {
	case d.Func == nil:
		return ""
	case d.Func.Sig.TypeParams().Len() > 0:
		return p.reaim(d)
	case d.Func.Recv != nil:
		named, ok := d.Func.Recv.Type().(*types.Named)
		if !ok {
			return ""
		}
		p.late(d)
		return p.current(d, p.emitter(p.session, d.Info).methodName(named, d))
	}
	return p.current(d, p.funcVar(d.Func.Object, d.Name, d.Func.Sig))
}

// late teaches a method that is declared after its type, for every type that has it.
func (p *Program) late(d *check.Decl) {
	for n, t := range p.Kinds() {
		if types.IsInterface(t) || p.numbers[p.key(t)] != n || !ours(t) {
			continue
		}
		set := types.NewMethodSet(t)
		for i := range set.Len() {
			if s := set.At(i); s.Obj() == types.Object(d.Func.Object) {
				p.todo = append(p.todo, func() { p.teachMethod(n, t, s) })
			}
		}
	}
}

// current writes the function under a new name and returns the assignment to its variable.
func (p *Program) current(d *check.Decl, variable string) string {
	impl := p.fresh(strings.ReplaceAll(d.Name, ".", "_"))
	p.todo = append(p.todo, func() { p.function(p.session, d, impl, nil, d.Func.Object) })
	return "\n" + variable + " = " + impl
}

// topLevel writes a statement of the cell between calls that tell the host where it is and what was defined.
func (e *emitter) topLevel(s *check.Stmt) string {
	text := fmt.Sprintf("\n%s(%d)", e.rt("At"), s.Index) + e.line(s.Node.Pos())
	text += e.guarded(s.Node, func(e *emitter) string {
		if s.Value != nil && !quiet(e.info, s.Value) {
			return e.show(s.Value)
		}
		return e.stmt(s.Node, "")
	})
	if len(s.Vars) == 0 {
		return text
	}
	names := make([]string, len(s.Vars))
	for i, v := range s.Vars {
		if names[i] = e.place(v); ours(v.Type()) && !types.IsInterface(v.Type()) {
			e.number(v.Type())
		}
	}
	return text + fmt.Sprintf("\n%s(%d, %s)", e.rt("Did"), s.Index, strings.Join(names, ", "))
}

// quiet reports whether a last call is made for what it does: it prints, writes or reads, and its results are a count and an error.
func quiet(info *types.Info, x ast.Expr) bool {
	t, ok := info.Types[x].Type.(*types.Tuple)
	if !ok || t.Len() != 2 || !types.Identical(t.At(0).Type(), types.Typ[types.Int]) || !isErrorType(t.At(1).Type()) {
		return false
	}
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	name := nameOf(call.Fun)
	return name != nil && does.MatchString(name.Name)
}

// does matches the names that functions of the standard library have which act.
var does = regexp.MustCompile(`^F?Print(f|ln)?$|^(F|S)?[Ss]can(f|ln)?$|^Write|^Read`)

// show hands the values of the last expression to the host.
func (e *emitter) show(x ast.Expr) string {
	t := e.typeOf(x)
	tuple, ok := t.(*types.Tuple)
	if !ok {
		if !types.IsInterface(t) {
			e.number(t)
		}
		return e.rt("Show") + "(" + e.expr(x) + ")"
	}
	names := make([]string, tuple.Len())
	for i := range names {
		names[i] = e.fresh("v")
		if t := tuple.At(i).Type(); !types.IsInterface(t) {
			e.number(t)
		}
	}
	list := strings.Join(names, ", ")
	return list + " := " + e.expr(x) + "\n" + e.rt("Show") + "(" + list + ")"
}

func isErrorType(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }
