package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// selector writes x.f: a field by its whole path, a method as a value, another package's name.
func (e *emitter) selector(x *ast.SelectorExpr) string {
	s := e.info.Selections[x]
	if s == nil {
		return e.qualified(x)
	}
	switch s.Kind() {
	case types.FieldVal:
		text, t := e.path(x.X, s)
		if !e.places && e.heldField(x) {
			return e.unheld(text, t)
		}
		return text
	case types.MethodVal:
		return e.methodValue(x, s)
	}
	return e.methodExpr(s)
}

func (e *emitter) qualified(x *ast.SelectorExpr) string {
	if e.isInstance(x) {
		return e.function(x)
	}
	switch o := e.info.Uses[x.Sel].(type) {
	case *types.TypeName:
		return e.typ(o.Type())
	case *types.Func:
		return e.funcName(o)
	default:
		return e.pkg(o.Pkg().Path()) + "." + o.Name()
	}
}

// path writes the operand and the fields that lead to the selected field, or to the receiver of the selected method;
// it returns the type of what it wrote.
func (e *emitter) path(x ast.Expr, s *types.Selection) (string, types.Type) {
	text, t := e.placing().reading(x).operand(x), e.typeOf(x)
	index := s.Index()
	if s.Kind() != types.FieldVal {
		index = index[:len(index)-1]
	}
	for _, i := range index {
		st, ok := deref(t).Underlying().(*types.Struct)
		if !ok {
			fail("the selector %s", x)
		}
		text += "." + st.Field(i).Name()
		t = st.Field(i).Type()
	}
	return text, t
}

func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// methodCall writes x.M(args): for a method of a cell, a call of the method's function.
func (e *emitter) methodCall(x *ast.CallExpr, sel *ast.SelectorExpr, s *types.Selection) string {
	recv, t := e.path(sel.X, s)
	if text, ok := e.told(x, s, recv, t); ok {
		return text
	}
	m := s.Obj().(*types.Func)
	fn := e.methodOf(m, t)
	if m.FullName() == "(*sync.WaitGroup).Go" {
		return recv + ".Go(" + e.rt("Safe") + e.arguments(x, nil) + ")"
	}
	if host, ok := hosted[m.FullName()]; ok && isPointer(t) {
		return e.rt(host) + e.arguments(x, []string{recv})
	}
	if fn == nil && e.boxed(t) {
		return e.dynamic(m, e.subst(s.Type()).(*types.Signature)) + e.arguments(x, []string{recv})
	}
	if fn == nil && m.Pkg() != nil && strings.HasSuffix(m.Pkg().Path(), "/template") && strings.HasPrefix(m.Name(), "Execute") {
		return e.render(recv, x)
	}
	if fn == nil {
		return recv + "." + sel.Sel.Name + e.arguments(x, nil)
	}
	return fn.name + e.arguments(x, []string{fn.adjust(recv, t)})
}

// hosted are methods of compiled code that look at the types of what they are given, and what the host has for them.
var hosted = map[string]string{
	"(*encoding/json.Decoder).Decode": "Decode", "(*encoding/json.Encoder).Encode": "Encode",
	"(*encoding/xml.Decoder).Decode": "XMLDecode", "(*encoding/xml.Encoder).Encode": "XMLEncode",
	"(*encoding/xml.Decoder).DecodeElement": "XMLDecodeElement", "(*encoding/xml.Encoder).EncodeElement": "XMLEncodeElement",
	"(*text/template.Template).Funcs": "TextFuncs", "(*html/template.Template).Funcs": "HTMLFuncs",
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// render writes the execution of a template: the host lets it see the methods of cells' types.
func (e *emitter) render(recv string, x *ast.CallExpr) string {
	args := []string{recv, e.argument(x, x.Args[0], e.paramType(e.typeOf(x.Fun).(*types.Signature), 0, false)), `""`}
	if len(x.Args) == 3 {
		args[2] = e.expr(x.Args[1])
	}
	args = append(args, e.as(x.Args[len(x.Args)-1], types.NewInterfaceType(nil, nil)))
	return e.rt("Render") + "(" + strings.Join(args, ", ") + ")"
}

// A methodFunc is the function behind a method of a cell's type.
type methodFunc struct {
	name string
	ptr  bool // it takes the receiver's address
}

// adjust takes the address of the receiver, or what it points to, as the method wants it.
func (m *methodFunc) adjust(recv string, t types.Type) string {
	_, isPtr := t.Underlying().(*types.Pointer)
	switch {
	case m.ptr && !isPtr:
		return "&" + recv
	case !m.ptr && isPtr:
		return "*" + recv
	}
	return recv
}

// receiver is the type of what adjust gives.
func (m *methodFunc) receiver(t types.Type) types.Type {
	p, isPtr := t.Underlying().(*types.Pointer)
	switch {
	case m.ptr && !isPtr:
		return types.NewPointer(t)
	case !m.ptr && isPtr:
		return p.Elem()
	}
	return t
}

// methodOf returns the function of a method of type t, or nil if the method is not a cell's.
func (e *emitter) methodOf(f *types.Func, t types.Type) *methodFunc {
	if types.IsInterface(t) {
		return nil
	}
	named, ok := types.Unalias(deref(t)).(*types.Named)
	if !ok {
		return nil
	}
	d := e.methodDecl(named, f.Name())
	if d == nil {
		return nil
	}
	return &methodFunc{name: e.methodName(named, d), ptr: d.Func.Ptr}
}

// methodValue writes x.M as a value: the receiver is evaluated now.
func (e *emitter) methodValue(x *ast.SelectorExpr, s *types.Selection) string {
	recv, t := e.path(x.X, s)
	m := s.Obj().(*types.Func)
	fn := e.methodOf(m, t)
	sig := e.subst(s.Type()).(*types.Signature)
	if fn == nil && e.boxed(t) {
		return e.helper("bound "+m.Name(), sig, fmt.Sprintf("(x interface{}) T { var f T; %s(x, %q, &f); return f }", e.rt("Find"), m.Name())) + "(" + recv + ")"
	}
	if fn == nil {
		return recv + "." + x.Sel.Name
	}
	in, out := e.forward(sig)
	held := e.typeText(t)
	if fn.ptr && !strings.HasPrefix(held, "*") {
		held = "*" + held
	} else if !fn.ptr {
		held = strings.TrimPrefix(held, "*")
	}
	return fmt.Sprintf("func(r%s %s) func%s { return func%s { %s } }(%s)", mark, held, e.signature(sig), in,
		returning(sig, fn.name+"("+join("r"+mark, out)+")"), fn.adjust(recv, t))
}

// methodExpr writes T.M: a function of the receiver and the parameters.
func (e *emitter) methodExpr(s *types.Selection) string {
	sig := e.subst(s.Type()).(*types.Signature)
	in, out := e.forward(sig)
	args := strings.SplitN(out, ", ", 2)
	rest := ""
	if len(args) > 1 {
		rest = args[1]
	}
	recv, t := args[0], e.subst(s.Recv())
	index := s.Index()
	for _, i := range index[:len(index)-1] {
		f := deref(t).Underlying().(*types.Struct).Field(i)
		recv, t = recv+"."+f.Name(), f.Type()
	}
	return "func" + in + " { " + returning(sig, e.invoke(recv, t, s, sig, rest)) + " }"
}

// invoke writes the call of the method that s selects, on a receiver to which the path of s has been followed; sig is
// that of the method, or of the function of its receiver.
func (e *emitter) invoke(recv string, t types.Type, s *types.Selection, sig *types.Signature, args string) string {
	m := s.Obj().(*types.Func)
	if fn := e.methodOf(m, t); fn != nil {
		return fn.name + "(" + join(fn.adjust(recv, t), args) + ")"
	}
	if e.boxed(t) {
		return e.dynamic(m, e.subst(m.Signature()).(*types.Signature)) + "(" + join(recv, args) + ")"
	}
	return recv + "." + m.Name() + "(" + args + ")"
}

// boxed reports whether a type is an interface that is any here.
func (e *emitter) boxed(t types.Type) bool { return types.IsInterface(t) && !native(t) }

// forward writes parameters a0, a1 ... with results, and the arguments that pass them on.
func (e *emitter) forward(sig *types.Signature) (params, args string) {
	var in, out []string
	for i := range sig.Params().Len() {
		in = append(in, fmt.Sprintf("a%d%s %s", i, mark, e.param(sig, i)))
		out = append(out, fmt.Sprintf("a%d%s", i, mark))
	}
	if sig.Variadic() {
		out[len(out)-1] += "..."
	}
	return "(" + strings.Join(in, ", ") + ")" + e.results(sig), strings.Join(out, ", ")
}

func returning(sig *types.Signature, call string) string {
	if sig.Results().Len() > 0 {
		return "return " + call
	}
	return call
}

func join(a, b string) string {
	if b == "" {
		return a
	}
	return a + ", " + b
}
