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
			if f == e.self {
				return e.impl + e.arguments(x, nil)
			}
		}
	}
	return e.operand(x.Fun) + e.arguments(x, nil)
}

// arguments writes the arguments in parentheses, after those given first.
func (e *emitter) arguments(x *ast.CallExpr, first []string) string {
	args := first
	foreign := e.foreign(x)
	for i, a := range x.Args {
		text := ""
		if lit, ok := ast.Unparen(a).(*ast.FuncLit); ok && e.compiled(x) {
			text = e.hold(lit)
		} else {
			text = e.box(x, i, a, e.expr(a))
		}
		if tv := e.info.Types[a]; tv.IsNil() && reference(tv.Type) {
			text = "(" + e.typ(tv.Type) + ")(nil)"
		}
		switch {
		case foreign && e.isError(a) && nameOf(x.Fun).Name == "Errorf":
			text = e.rt("Err") + "(" + text + ")"
		case foreign && !x.Ellipsis.IsValid():
			text = e.say(a, text)
		case i == 0 && e.displays(x):
			text = e.sayAny(a, text)
		}
		args = append(args, text)
	}
	text := strings.Join(args, ", ")
	if x.Ellipsis.IsValid() {
		text += "..."
	}
	return "(" + text + ")"
}

// box writes an argument of a cell's type for a parameter of an interface type: the interpreter forgets the type of
// one that is not a variable.
func (e *emitter) box(x *ast.CallExpr, i int, a ast.Expr, text string) string {
	sig, ok := e.typeOf(x.Fun).Underlying().(*types.Signature)
	if _, name := ast.Unparen(a).(*ast.Ident); !ok || name || e.compiled(x) || e.info.Types[ast.Unparen(x.Fun)].IsBuiltin() {
		return text
	}
	t := e.typeOf(a)
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "main" || types.IsInterface(t) || i >= sig.Params().Len() || sig.Variadic() && i >= sig.Params().Len()-1 {
		return text
	}
	if p := e.subst(sig.Params().At(i).Type()); types.IsInterface(p) {
		return e.helper("box "+e.key(p), t, "(v T) "+e.typeText(p)+" { return v }") + "(" + text + ")"
	}
	return text
}

// foreign reports whether a call goes to compiled code that takes values of any type.
func (e *emitter) foreign(x *ast.CallExpr) bool {
	id := nameOf(ast.Unparen(x.Fun))
	if id == nil {
		return false
	}
	f, ok := e.object(id).(*types.Func)
	if !ok || f.Pkg() == nil || f.Pkg().Path() != "fmt" {
		return false
	}
	return f.Signature().Variadic()
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

// compiled reports whether a call goes to compiled code.
func (e *emitter) compiled(x *ast.CallExpr) bool {
	id := nameOf(ast.Unparen(x.Fun))
	if id == nil {
		return false
	}
	f, ok := e.object(id).(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() != "main" && !isLibrarySource[f.Pkg().Path()] || ok && f.Signature().Recv() != nil && f.Pkg().Path() != "main"
}

// reference reports whether nil of a type may be written as a conversion.
func reference(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Pointer, *types.Chan, *types.Signature:
		return true
	}
	return false
}

// takesApart refuses what the interpreter would get wrong without a word: a struct that became an error by value
// cannot be had back from it.
func (e *emitter) takesApart(from, to types.Type) {
	if _, ok := to.Underlying().(*types.Struct); ok && e.ours(to) && types.Identical(from, types.Universe.Lookup("error").Type()) {
		fail("an error as the struct %s; let the method Error have a pointer receiver and use *%s", to, to)
	}
	if twin := e.twin(from, to); twin != "" {
		name := types.TypeString(to, func(*types.Package) string { return "" })
		e.code.Notes = append(e.code.Notes, fmt.Sprintf("%s: a test for %s also holds for a %s here, since both are the same inside; "+
			"an exported program tells them apart", e.at, name, twin))
	}
}

// twin is a type of a cell that an assertion takes for another, or "": the interpreter forgets the names of types inside
// an interface.
func (e *emitter) twin(from, to types.Type) string {
	face, ok := from.Underlying().(*types.Interface)
	if !ok || types.IsInterface(to) || e.home != e.session {
		return ""
	}
	for _, c := range e.session.Cells() {
		for _, d := range c.Decls {
			for _, o := range d.Objects {
				n, ok := o.(*types.TypeName)
				if !ok || n.IsAlias() || e.session.Lookup(n.Name()) != o || types.Identical(n.Type(), to) {
					continue
				}
				if types.Identical(n.Type().Underlying(), to.Underlying()) && types.Implements(n.Type(), face) {
					return n.Name()
				}
			}
		}
	}
	return ""
}

// isError reports whether a value is of a cell's type with an Error method: compiled code sees it only on a value of
// type error.
func (e *emitter) isError(x ast.Expr) bool {
	t := e.typeOf(x)
	named, ok := types.Unalias(deref(t)).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "main" || types.IsInterface(t) {
		return false
	}
	return types.Implements(t, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
}

func (e *emitter) conversion(x *ast.CallExpr, t types.Type) string {
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
		return e.clear(e.typeOf(x.Args[0])) + e.arguments(x, nil)
	case "new":
		return e.newValue(x)
	case "make":
		rest := make([]string, 0, 3)
		rest = append(rest, e.typ(e.info.Types[x.Args[0]].Type))
		for _, a := range x.Args[1:] {
			rest = append(rest, e.expr(a))
		}
		return "make(" + strings.Join(rest, ", ") + ")"
	case "recover":
		return e.rt("Recover") + "(recover())"
	case "panic":
		return "panic(" + e.thrown(x.Args[0]) + ")"
	case "print", "println":
		return e.rt("P"+name[1:]) + e.arguments(x, nil)
	}
	return name + e.arguments(x, nil)
}

// thrown writes the value of a panic so that the host knows what it is.
func (e *emitter) thrown(x ast.Expr) string {
	t := e.typeOf(x)
	switch text := e.expr(x); {
	case types.Implements(t, types.Universe.Lookup("error").Type().Underlying().(*types.Interface)):
		return e.rt("Err") + "(" + text + ")"
	case types.IsInterface(t) || !e.ours(t):
		return e.rt("Any") + "(" + text + ")"
	default:
		e.learn(t)
		e.said = append(e.said, t)
		return fmt.Sprintf("%s(%s, %d)", e.rt("Panic"), text, len(e.said)-1)
	}
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

func (e *emitter) clear(t types.Type) string {
	if s, ok := t.Underlying().(*types.Slice); ok {
		return e.helper("clear", t, "(m T) { var z "+e.typeText(s.Elem())+"; for k := range m { m[k] = z } }")
	}
	return e.helper("clear", t, "(m T) { for k := range m { delete(m, k) } }")
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
	return e.asHelper(ptr.Elem()) + "(" + e.expr(x.Args[0]) + ", " + e.expr(x.Args[1]) + ")", true
}

// asHelper is errors.As for one target type: the interpreter's values hide their types from reflection.
func (e *emitter) asHelper(t types.Type) string {
	e.takesApart(types.Universe.Lookup("error").Type(), t)
	unwrap := e.pkg("errors") + ".Unwrap"
	return e.helper("as", t, fmt.Sprintf(`(err error, target *T) bool {
	for err != nil {
		if v, ok := err.(T); ok { *target = v; return true }
		if list := %s(err); len(list) > 0 {
			for _, one := range list { if asᐧ(one, target) { return true } }
			return false
		}
		err = %s(err)
	}
	return false
}`, e.rt("Joined"), unwrap))
}
