package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// call writes a call, a conversion or a builtin.
func (e *emitter) call(x *ast.CallExpr) string {
	fun := ast.Unparen(x.Fun)
	tv := e.info.Types[fun]
	if tv.IsType() {
		return e.conversion(x, tv.Type)
	}
	if tv.IsBuiltin() {
		return e.builtin(x, nameOf(fun).Name)
	}
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		if s := e.info.Selections[sel]; s != nil && s.Kind() == types.MethodVal {
			return e.methodCall(x, sel, s)
		}
	}
	if id := nameOf(fun); id != nil {
		if f, ok := e.object(id).(*types.Func); ok {
			if text, ok := e.special(x, f); ok {
				return text
			}
			e.stores(x, f)
			if f == e.self {
				return e.impl + e.arguments(x, nil)
			}
		}
	}
	if sig := loopedFunc(e.typeOf(fun)); sig != nil {
		return e.invokeLooped(x, e.typeOf(fun), sig)
	}
	return e.operand(x.Fun) + e.arguments(x, nil)
}

// arguments writes the arguments in parentheses, after those given first.
func (e *emitter) arguments(x *ast.CallExpr, first []string) string {
	args := first
	sig, _ := e.typeOf(x.Fun).Underlying().(*types.Signature)
	for i, a := range x.Args {
		args = append(args, e.argument(x, a, e.paramType(sig, i, x.Ellipsis.IsValid())))
	}
	if n := len(first); sig != nil && sig.Variadic() && !x.Ellipsis.IsValid() && e.callsValue(x) {
		args = e.listed(args, n+sig.Params().Len()-1, e.subst(sig.Params().At(sig.Params().Len()-1).Type()))
	}
	text := strings.Join(args, ", ")
	if x.Ellipsis.IsValid() {
		text += "..."
	}
	return "(" + text + ")"
}

// listed makes a list of the arguments behind the n first: the interpreter fails on them where the function was in a field.
func (e *emitter) listed(args []string, n int, list types.Type) []string {
	if len(args) <= n {
		return args
	}
	return append(args[:n:n], e.typeText(list)+"{"+strings.Join(args[n:], ", ")+"}...")
}

// paramType is the type that argument i of a call is assigned to, or nil for a builtin.
func (e *emitter) paramType(sig *types.Signature, i int, spread bool) types.Type {
	if sig == nil {
		return nil
	}
	last := sig.Params().Len() - 1
	if !sig.Variadic() || i < last || spread {
		return e.subst(sig.Params().At(min(i, last)).Type())
	}
	if s, ok := e.subst(sig.Params().At(last).Type()).Underlying().(*types.Slice); ok {
		return s.Elem()
	}
	return nil
}

// argument writes an argument for a parameter of type p.
func (e *emitter) argument(x *ast.CallExpr, a ast.Expr, p types.Type) string {
	if !e.compiled(x) {
		return e.as(a, p)
	}
	if t := e.typeOf(a); e.displays(x) && a == x.Args[0] && !types.IsInterface(t) && !e.info.Types[a].IsNil() {
		return fmt.Sprintf("%s(%s, %d)", e.rt("Box"), e.expr(a), e.number(types.Default(t)))
	}
	if lit, ok := ast.Unparen(a).(*ast.FuncLit); ok && (p == nil || !types.IsInterface(p)) {
		return e.hold(lit)
	}
	if p == nil || !types.IsInterface(p) || native(p) || e.info.Types[a].IsNil() {
		return e.as(a, p)
	}
	from := e.typeOf(a)
	switch {
	case !types.IsInterface(from) && !e.ours(from):
		return e.as(a, p)
	case e.wantsRaw(x) && !e.displays(x):
		if types.IsInterface(from) {
			e.reflects(x, from)
			return e.rt("Raw") + "(" + e.expr(a) + ")"
		}
		e.reflects(x, from)
		return e.expr(a)
	}
	return e.rt("Out") + "(" + e.as(a, p) + ")"
}

// displays reports whether a call shows its first argument, which takes its type along then.
func (e *emitter) displays(x *ast.CallExpr) bool {
	id := nameOf(ast.Unparen(x.Fun))
	if id == nil || e.session.Prelude() == nil {
		return false
	}
	f, ok := e.object(id).(*types.Func)
	return ok && f.Pkg() == e.session.Prelude() && f.Name() == "Display"
}

// reflects notes where compiled code sees less of a type than in a compiled program.
func (e *emitter) reflects(x *ast.CallExpr, t types.Type) {
	path := e.object(nameOf(ast.Unparen(x.Fun))).(*types.Func).Pkg().Path()
	if path != "encoding/gob" || e.home != e.session || plainData(t, map[types.Type]bool{}) {
		return
	}
	if name := types.TypeString(t, func(*types.Package) string { return "" }); !types.IsInterface(t) {
		e.note("%s: package %s sees %s here without its name and its methods, and its unexported fields as X and their name; in an exported program it is as Go has it", e.at, path, name)
		return
	}
	e.note("%s: package %s sees values of your own types here without the names and methods of these, and unexported fields as X and their name; in an exported program they are as Go has them", e.at, path)
}

// plainData reports whether a type is as good without its name: no fields are hidden, and no methods.
func plainData(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return true
	}
	seen[t] = true
	if n, ok := types.Unalias(t).(*types.Named); ok && n.NumMethods() > 0 && ours(n) {
		return false
	}
	if st, ok := t.Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			if ours(t) && (!f.Exported() || !plainData(f.Type(), seen)) {
				return false
			}
		}
		return true
	}
	for _, part := range parts(t) {
		if !plainData(part, seen) {
			return false
		}
	}
	return !types.IsInterface(t)
}

// wantsRaw reports whether a call goes to compiled code that takes the values of any type apart: there a value goes
// without its box.
func (e *emitter) wantsRaw(x *ast.CallExpr) bool {
	f, ok := e.object(nameOf(ast.Unparen(x.Fun))).(*types.Func)
	if !ok || f.Pkg() == nil {
		return false
	}
	path, name := f.Pkg().Path(), f.Name()
	switch {
	case path == "encoding/json", path == "encoding/xml":
		return false
	case path == "fmt":
		return strings.Contains(strings.ToLower(name), "scan")
	}
	root, _, _ := strings.Cut(path, "/")
	return rawPackages[root] || rawPackages[path] || strings.Contains(root, ".")
}

var rawPackages = map[string]bool{"encoding": true, "sort": true, "runtime": true, "riffle": true, "database/sql": true}

// compiled reports whether a call goes to compiled code: generic functions are the interpreter's.
func (e *emitter) compiled(x *ast.CallExpr) bool {
	id := nameOf(ast.Unparen(x.Fun))
	if id == nil {
		return false
	}
	f, ok := e.object(id).(*types.Func)
	if !ok || f.Pkg() == nil || f.Pkg().Path() == "main" {
		return false
	}
	return f.Signature().TypeParams().Len() == 0 && f.Signature().RecvTypeParams().Len() == 0
}

// reference reports whether nil of a type may be written as a conversion.
func reference(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Pointer, *types.Chan, *types.Signature:
		return true
	}
	return false
}

func (e *emitter) conversion(x *ast.CallExpr, t types.Type) string {
	if types.IsInterface(e.subst(t)) {
		return e.as(x.Args[0], t)
	}
	if e.info.Types[x.Args[0]].IsNil() && reference(e.subst(t)) { // the interpreter's own has no length
		return e.helper("nil", e.subst(t), "() T { var z T; return z }") + "()"
	}
	if from := e.typeOf(x.Args[0]); loopedFunc(e.subst(t)) != nil || loopedFunc(from) != nil {
		return e.convert(e.expr(x.Args[0]), from, e.subst(t))
	}
	text := e.typ(t)
	if strings.HasPrefix(text, "*") || strings.HasPrefix(text, "func") || strings.HasPrefix(text, "<-") || strings.HasPrefix(text, "chan") {
		text = "(" + text + ")"
	}
	return text + "(" + e.expr(x.Args[0]) + ")"
}

// builtin writes a call of a builtin function; the interpreter lacks some.
func (e *emitter) builtin(x *ast.CallExpr, name string) string {
	switch name {
	case "min", "max":
		return e.extreme(x, name)
	case "clear":
		return e.rt("Clear") + e.arguments(x, nil)
	case "new":
		return e.newValue(x)
	case "make":
		var rest []string
		for _, a := range x.Args[1:] {
			rest = append(rest, e.expr(a))
		}
		return e.made(e.subst(e.info.Types[x.Args[0]].Type), rest)
	case "recover":
		return e.rt("Recover") + "(" + e.slot + ")"
	case "panic":
		return "panic(" + e.rt("Any") + "(" + e.as(x.Args[0], types.NewInterfaceType(nil, nil)) + "))"
	case "append", "delete":
		return name + e.appended(x)
	case "print", "println":
		return e.rt("P"+name[1:]) + e.arguments(x, nil)
	}
	return name + e.arguments(x, nil)
}

// appended writes the arguments of append and delete: values for the elements or keys of the first.
func (e *emitter) appended(x *ast.CallExpr) string {
	args := []string{e.expr(x.Args[0])}
	for _, a := range x.Args[1:] {
		switch t := e.typeOf(x.Args[0]).Underlying().(type) {
		case *types.Slice:
			if x.Ellipsis.IsValid() {
				args = append(args, e.expr(a))
			} else if text := e.as(a, t.Elem()); e.heldElement(x.Args[0]) { // a list would be taken apart
				args = append(args, "interface{}("+text+")")
			} else {
				args = append(args, text)
			}
		case *types.Map:
			args = append(args, e.mapKey(a, t, e.none(x.Args[0], args[0])))
		}
	}
	text := strings.Join(args, ", ")
	if x.Ellipsis.IsValid() {
		text += "..."
	}
	return "(" + text + ")"
}

// newValue writes new(T) and new(value).
func (e *emitter) newValue(x *ast.CallExpr) string {
	if e.info.Types[x.Args[0]].IsType() {
		return "new(" + e.typ(e.info.Types[x.Args[0]].Type) + ")"
	}
	t := e.typeOf(x).Underlying().(*types.Pointer).Elem()
	return e.helper("new", t, "(v T) *T { return &v }") + "(" + e.expr(x.Args[0]) + ")"
}

// extreme writes min or max.
func (e *emitter) extreme(x *ast.CallExpr, name string) string {
	t := e.typeOf(x)
	if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsFloat != 0 {
		return e.typeText(t) + "(" + e.extremeFloat(x.Args, map[string]string{"min": "Min", "max": "Max"}[name]) + ")"
	}
	op := map[string]string{"min": "<", "max": ">"}[name]
	return e.helper(name, t, "(a T, r ...T) T { for _, v := range r { if v "+op+" a { a = v } }; return a }") + e.arguments(x, nil)
}

// extremeFloat is min or max by a compiled function, that knows NaN and -0: the interpreter passes on -0 as 0.
func (e *emitter) extremeFloat(args []ast.Expr, fn string) string {
	text := "float64(" + e.expr(args[0]) + ")"
	for _, a := range args[1:] {
		text = e.rt(fn) + "(" + text + ", float64(" + e.expr(a) + "))"
	}
	return text
}

// helper declares a function over a type, written with T for it, and returns its name.
func (e *emitter) helper(name string, t types.Type, text string) string {
	here := *e
	base, _, _ := strings.Cut(name, " ")
	return e.instance(name+" "+e.key(t), base, func(n string) {
		here.code.Funcs += "func " + n + replaceT(strings.ReplaceAll(text, name+mark+"(", n+"("), here.typeText(t)) + "\n"
	})
}

// replaceT replaces the word T.
func replaceT(text, t string) string {
	var b strings.Builder
	for i, r := range text {
		word := r == 'T' && (i == 0 || !isLetter(text[i-1])) && (i+1 == len(text) || !isLetter(text[i+1]))
		if word {
			b.WriteString(t)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

// special writes calls whose result would be wrong with values of interpreted types.
func (e *emitter) special(x *ast.CallExpr, f *types.Func) (string, bool) {
	if f.Pkg() == nil || f.Pkg().Path() != "errors" || f.Name() != "As" || len(x.Args) != 2 {
		return "", false
	}
	ptr, ok := e.typeOf(x.Args[1]).Underlying().(*types.Pointer)
	if !ok {
		return "", false
	}
	return e.asHelper(ptr.Elem()) + "(" + e.as(x.Args[0], types.Universe.Lookup("error").Type()) + ", " + e.expr(x.Args[1]) + ")", true
}

// asHelper is errors.As for one target type: the interpreter's values hide their types from reflection.
func (e *emitter) asHelper(t types.Type) string {
	unwrap := e.pkg("errors") + ".Unwrap"
	return e.helper("as", t, fmt.Sprintf(`(err error, target *T) bool {
	if err != nil && target == nil { panic("errors: target must be a non-nil pointer") }
	for err != nil {
		if v, ok := %s(%s(err)); ok { *target = v; return true }
		if %s(err, %s, target) { return true }
		if list := %s(err); len(list) > 0 {
			for _, one := range list { if asᐧ(one, target) { return true } }
			return false
		}
		err = %s(err)
	}
	return false
}`, e.asserter(types.Universe.Lookup("error").Type(), t, true), e.rt("Bare"), e.rt("AsItSays"), e.convert("target", types.NewPointer(t), types.NewInterfaceType(nil, nil)), e.rt("Joined"), unwrap))
}
