package lower

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// expr writes an expression.
func (e *emitter) expr(x ast.Expr) string {
	if tv, ok := e.info.Types[x]; ok && tv.Value != nil && !tv.IsType() {
		return e.constant(tv.Value, e.subst(tv.Type))
	}
	switch x := x.(type) {
	case *ast.Ident:
		return e.ident(x)
	case *ast.ParenExpr:
		return e.parens(x)
	case *ast.FuncLit:
		return e.funcLit(x)
	case *ast.CompositeLit:
		return e.composite(x)
	case *ast.SelectorExpr:
		return e.selector(x)
	case *ast.IndexExpr:
		return e.index(x)
	case *ast.IndexListExpr:
		return e.function(x)
	case *ast.SliceExpr:
		return e.slice(x)
	case *ast.TypeAssertExpr:
		return e.assertion(x.X, e.info.Types[x.Type].Type, false)
	case *ast.CallExpr:
		return e.call(x)
	case *ast.StarExpr:
		if e.info.Types[x].IsType() {
			return e.typ(e.info.Types[x].Type)
		}
		return "(*" + e.pointer(x.X) + ")"
	case *ast.UnaryExpr:
		return e.unary(x)
	case *ast.BinaryExpr:
		return e.binary(x)
	case *ast.ArrayType, *ast.StructType, *ast.FuncType, *ast.InterfaceType, *ast.MapType, *ast.ChanType:
		return e.typ(e.info.Types[x].Type)
	}
	fail("the expression %s", types.ExprString(x))
	return ""
}

// parens writes parentheses where they matter: what we write has its own, and two pairs of them, in an argument, make
// the interpreter lose the value.
func (e *emitter) parens(x *ast.ParenExpr) string {
	switch inner := ast.Unparen(x).(type) {
	case *ast.BinaryExpr, *ast.Ident, *ast.BasicLit, *ast.SelectorExpr, *ast.IndexExpr, *ast.CallExpr:
		return e.expr(inner)
	default:
		return "(" + e.expr(inner) + ")"
	}
}

func (e *emitter) exprs(list []ast.Expr) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = e.expr(x)
	}
	return strings.Join(out, ", ")
}

// header writes an expression between a keyword and its block, where a composite literal would be misread.
func (e *emitter) header(x ast.Expr) string {
	return e.heading().expr(x)
}

func (e *emitter) heading() *emitter {
	c := *e
	c.frames = append([]frame{{kind: inHeader}}, e.frames...)
	return &c
}

func (e *emitter) ident(x *ast.Ident) string {
	if x.Name == "_" {
		return "_"
	}
	if _, ok := e.info.Instances[x]; ok {
		return e.function(x)
	}
	o := e.object(x)
	if n, ok := e.rename[o]; ok {
		return n
	}
	switch o := o.(type) {
	case *types.TypeName:
		return e.typ(o.Type())
	case *types.Nil:
		return "nil"
	case *types.Builtin:
		return o.Name()
	case *types.Func:
		return e.funcName(o)
	case *types.Var:
		return e.varName(o)
	}
	return x.Name
}

// varName is a variable's name: a local one's own, a cell's by its place, another package's qualified.
func (e *emitter) varName(o *types.Var) string {
	if e.global(o) {
		return e.place(o)
	}
	if o.Pkg() != nil && o.Pkg().Path() != "main" && o.Parent() == o.Pkg().Scope() {
		return e.pkg(o.Pkg().Path()) + "." + o.Name()
	}
	return o.Name()
}

// place is the interpreter's variable for a cell's variable, declared when first needed.
func (p *Program) place(o *types.Var) string {
	c := p.session.Canon(o)
	if n, ok := p.names[c]; ok {
		return n
	}
	n := p.fresh(o.Name())
	p.setName(c, n)
	e := p.emitter(p.session, nil)
	p.code.Vars += "var " + n + " " + e.typ(o.Type()) + "\n"
	return n
}

func (e *emitter) composite(x *ast.CompositeLit) string {
	t := e.typeOf(x)
	prefix := ""
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t, prefix = ptr.Elem(), "&"
	}
	parts := make([]string, len(x.Elts))
	for i, el := range x.Elts {
		parts[i] = e.element(t, i, el)
	}
	text := prefix + e.typeText(t) + "{" + strings.Join(parts, ", ") + "}"
	if len(e.frames) > 0 && e.frames[0].kind == inHeader {
		return "(" + text + ")"
	}
	return text
}

// element writes element i of a composite literal of type t.
func (e *emitter) element(t types.Type, i int, el ast.Expr) string {
	key, value := ast.Expr(nil), el
	if kv, ok := el.(*ast.KeyValueExpr); ok {
		key, value = kv.Key, kv.Value
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		if key == nil {
			return e.untyped(value, u.Field(i).Type())
		}
		name := key.(*ast.Ident).Name
		for f := range u.Fields() {
			if f.Name() == name {
				return name + ": " + e.untyped(value, f.Type())
			}
		}
	case *types.Map:
		return e.as(key, u.Key()) + ": " + e.untyped(value, u.Elem())
	case *types.Slice:
		return e.indexOf(key) + e.untyped(value, u.Elem())
	case *types.Array:
		return e.indexOf(key) + e.untyped(value, u.Elem())
	}
	return e.expr(el)
}

// indexOf writes the index of an element.
func (e *emitter) indexOf(key ast.Expr) string {
	if key == nil {
		return ""
	}
	return constant.ToInt(e.info.Types[key].Value).ExactString() + ": "
}

// untyped writes x for a place of type t; a constant without its type, which it takes from the place.
func (e *emitter) untyped(x ast.Expr, t types.Type) string {
	if v := e.info.Types[x].Value; v != nil {
		if b, ok := e.subst(t).Underlying().(*types.Basic); ok && b.Info()&types.IsComplex == 0 {
			return literal(v, b)
		}
	}
	return e.as(x, t)
}

// isInstance reports whether x names a generic function with its types.
func (e *emitter) isInstance(x ast.Expr) bool {
	id := nameOf(x)
	if id == nil {
		return false
	}
	_, ok := e.info.Instances[id]
	return ok
}

func nameOf(x ast.Expr) *ast.Ident {
	switch x := x.(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		return x.Sel
	case *ast.IndexExpr:
		return nameOf(x.X)
	case *ast.IndexListExpr:
		return nameOf(x.X)
	case *ast.ParenExpr:
		return nameOf(x.X)
	}
	return nil
}

// operand writes what stands left of a dot, bracket or call.
func (e *emitter) operand(x ast.Expr) string {
	switch x.(type) {
	case *ast.UnaryExpr, *ast.CompositeLit: // not a literal function: the interpreter defers one only without parentheses
		return "(" + e.expr(x) + ")"
	}
	return e.expr(x)
}

func (e *emitter) unary(x *ast.UnaryExpr) string {
	if x.Op == token.AND {
		if lit, ok := x.X.(*ast.CompositeLit); ok {
			inner := e.composite(lit)
			return "&" + strings.TrimSuffix(strings.TrimPrefix(inner, "("), map[bool]string{true: ")"}[strings.HasPrefix(inner, "(")])
		}
	}
	if x.Op == token.ARROW {
		return e.receive(x.X)
	}
	if x.Op == token.AND {
		return x.Op.String() + e.placing().operand(x.X)
	}
	return x.Op.String() + e.operand(x.X)
}

func (e *emitter) binary(x *ast.BinaryExpr) string {
	if x.Op == token.EQL || x.Op == token.NEQ {
		nothing := e.info.Types[x.X].IsNil() || e.info.Types[x.Y].IsNil()
		if !nothing && (types.IsInterface(e.typeOf(x.X)) || types.IsInterface(e.typeOf(x.Y))) {
			return map[token.Token]string{token.NEQ: "!"}[x.Op] + e.equal(x.X, x.Y)
		}
	}
	left := e.side(x.X, x.Y)
	var right string
	switch x.Op {
	case token.LAND, token.LOR: // the right side may not be evaluated, and neither may its guards
		right = e.condition(x.Y)
		if hasLiteral(x.X) {
			left = "func() bool { return bool(" + left + ") }()"
		}
	case token.SHL, token.SHR:
		right = e.shift(x.Y)
	default:
		right = e.side(x.Y, x.X)
	}
	return "(" + left + " " + x.Op.String() + " " + right + ")"
}

// hasLiteral reports whether a value is made in x: the interpreter loses one on the left of && and ||, where it branches.
func hasLiteral(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		_, lit := n.(*ast.CompositeLit)
		found = found || lit
		return !found
	})
	return found
}

// side writes one side of an operator; a constant takes the type of the other side.
func (e *emitter) side(x, other ast.Expr) string {
	if e.info.Types[other].Value == nil && e.info.Types[x].Value != nil && types.Identical(e.typeOf(x), e.typeOf(other)) {
		return e.untyped(x, e.typeOf(x))
	}
	return e.expr(x)
}

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
	return v.Name()
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
	if name := last.Name(); name != "" && name != "_" {
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

const tick = "k" + mark

// turn is what a loop does each time around: now and then it looks whether the cell was interrupted, and more often if
// it calls something, which may take long.
func (e *emitter) turn(body *ast.BlockStmt) string {
	*e.ticks = true
	between := 255
	if calls(body) {
		between = 15
	}
	return fmt.Sprintf("\n%s++; if %s&%d == 0 { %s() }", tick, tick, between, e.rt("Poll"))
}

// guard is what a function that calls others does first: now and then it looks how deep the calls go.
func (e *emitter) guard() string {
	if _, ok := e.imports["depth"+mark]; !ok {
		e.imports["depth"+mark] = "depth" + mark
		e.undo = append(e.undo, func() { delete(e.imports, "depth"+mark) })
		e.code.Vars += "var depth" + mark + " int\n"
	}
	return fmt.Sprintf("\n//line :1:1\ndepth%s++; if depth%s&4095 == 0 { %s() }", mark, mark, e.rt("Deep"))
}

// calls reports whether a body calls anything, literals aside.
func calls(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		if _, ok := n.(*ast.CallExpr); ok {
			found = true
		}
		_, lit := n.(*ast.FuncLit)
		return !found && !lit
	})
	return found
}
