package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// funcLit writes a function literal: a body of its own.
func (e *emitter) funcLit(x *ast.FuncLit) string {
	sig := e.signatureOf(x)
	inner := *e
	inner.frames, inner.sig, inner.ticks = nil, sig, new(bool)
	inner.guards, inner.places, inner.ranges = nil, false, nil
	inner.resultNames, inner.defers, inner.slot = hasNames(x.Type.Results), "", ""
	inner.vars = inner.resultVars(x.Body)
	text := "func" + inner.params(sig) + " {" + inner.body(e.spot.literal(), x.Body) + "}"
	if !e.looping() {
		return text
	}
	return "func() " + e.typeText(e.typeOf(x)) + " { return " + text + " }()"
}

// looping reports whether the statement is in a loop of its function, which jumps may make too. There a function literal is made by a call, to
// have a frame of its own: in one frame the interpreter has a single place for the functions that a literal makes, and
// when one of them ends, which may be in another goroutine, it puts an earlier one there.
func (e *emitter) looping() bool {
	return e.jumps || slices.ContainsFunc(e.frames, func(f frame) bool { return f.kind == inLoop })
}

// jumps reports whether statements have a goto, function literals aside.
func jumps(list []ast.Stmt) bool {
	found := false
	inside(list, func(n ast.Node) {
		b, ok := n.(*ast.BranchStmt)
		found = found || ok && b.Tok == token.GOTO
	})
	return found
}

func (e *emitter) signatureOf(x *ast.FuncLit) *types.Signature {
	return e.info.Types[x].Type.Underlying().(*types.Signature)
}

func hasNames(f *ast.FieldList) bool { return f != nil && len(f.List) > 0 && len(f.List[0].Names) > 0 }

// params writes parameters and results with the names the body uses.
func (e *emitter) params(sig *types.Signature) string {
	var in, out []string
	for i := range sig.Params().Len() {
		name := paramName(sig.Params().At(i))
		if sig.Variadic() && i == sig.Params().Len()-1 {
			name += mark
		}
		in = append(in, name+" "+e.param(sig, i))
	}
	for v := range sig.Results().Variables() {
		out = append(out, e.typ(v.Type()))
	}
	text := "(" + strings.Join(in, ", ") + ")"
	if len(out) > 0 {
		text += " (" + strings.Join(out, ", ") + ")"
	}
	return text
}

func paramName(v *types.Var) string {
	if v.Name() == "" {
		return "_"
	}
	return local(v.Name())
}

// body writes the statements of a function, with what makes it interruptible.
func (e *emitter) body(name string, b *ast.BlockStmt) string {
	e.jumps = jumps(b.List)
	head := e.enter(name, b.List) + e.namedLocals()
	if defers(b.List) {
		return head + e.deferring(b)
	}
	return head + e.plainBody(b)
}

// namedLocals declares the results that have names, which the interpreter would give the values that their places had
// before, and the variadic parameter, which it would not give nil.
func (e *emitter) namedLocals() string {
	var b strings.Builder
	for i, name := range e.vars {
		fmt.Fprintf(&b, "\nvar %s %s\n_ = %s", name, e.typ(e.sig.Results().At(i).Type()), name)
	}
	if !e.sig.Variadic() {
		return b.String()
	}
	last := e.sig.Params().At(e.sig.Params().Len() - 1)
	if name := paramName(last); name != "_" {
		fmt.Fprintf(&b, "\nvar %s %s\nif len(%s) > 0 { %s = %s }", name, e.typ(last.Type()), name+mark, name, name+mark)
	}
	return b.String()
}

func (e *emitter) plainBody(b *ast.BlockStmt) string {
	head := e.taking(b.List)
	text := e.stmts(b.List)
	if *e.ticks {
		head += "\n" + tick + " := 0\n_ = " + tick + "\n"
	}
	if calls(b) {
		head += e.guard()
	}
	return head + text + "\n"
}
