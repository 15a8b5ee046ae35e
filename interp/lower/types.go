package lower

import (
	"fmt"
	"go/types"
	"strings"
)

// typ writes a type.
func (e *emitter) typ(t types.Type) string { return e.typeText(e.subst(t)) }

// typeText writes a type without type parameters.
func (e *emitter) typeText(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return basic(t)
	case *types.Named:
		return e.named(t)
	case *types.Pointer:
		return "*" + e.typeText(t.Elem())
	case *types.Slice:
		return "[]" + e.typeText(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), e.typeText(t.Elem()))
	case *types.Map:
		return "map[" + e.typeText(t.Key()) + "]" + e.typeText(t.Elem())
	case *types.Chan:
		return e.channel(t)
	case *types.Signature:
		return "func" + e.signature(t)
	case *types.Struct:
		return e.structure(t)
	case *types.Interface:
		return "interface{}"
	case *types.TypeParam:
		fail("the type parameter %s has no type here", t)
	}
	fail("a value of type %s", t)
	return ""
}

func basic(t *types.Basic) string {
	switch t.Kind() {
	case types.UnsafePointer:
		fail("unsafe.Pointer")
	case types.UntypedNil:
		return "any"
	}
	return types.Default(t).String()
}

func (e *emitter) channel(t *types.Chan) string {
	switch t.Dir() {
	case types.SendOnly:
		return "chan<- (" + e.typeText(t.Elem()) + ")"
	case types.RecvOnly:
		return "<-chan (" + e.typeText(t.Elem()) + ")"
	}
	return "chan (" + e.typeText(t.Elem()) + ")"
}

// signature writes parameters and results, without names.
func (e *emitter) signature(s *types.Signature) string {
	var params []string
	for i := range s.Params().Len() {
		params = append(params, e.param(s, i))
	}
	return "(" + strings.Join(params, ", ") + ")" + e.results(s)
}

// param writes the type of parameter i.
func (e *emitter) param(s *types.Signature, i int) string {
	t := s.Params().At(i).Type()
	if s.Variadic() && i == s.Params().Len()-1 {
		if slice, ok := e.subst(t).Underlying().(*types.Slice); ok {
			return "..." + e.typeText(slice.Elem())
		}
	}
	return e.typ(t)
}

func (e *emitter) results(s *types.Signature) string {
	var out []string
	for v := range s.Results().Variables() {
		out = append(out, e.typ(v.Type()))
	}
	switch len(out) {
	case 0:
		return ""
	case 1:
		return " " + out[0]
	}
	return " (" + strings.Join(out, ", ") + ")"
}

func (e *emitter) structure(t *types.Struct) string {
	var b strings.Builder
	b.WriteString("struct{")
	for i := range t.NumFields() {
		f := t.Field(i)
		text := "interface{}"
		if held(f) {
			e.zero(f.Type())
		} else {
			text = e.typeText(f.Type())
		}
		b.WriteString(f.Name() + " " + text)
		if tag := t.Tag(i); tag != "" {
			fmt.Fprintf(&b, " %q", tag)
		}
		b.WriteString("; ")
	}
	b.WriteString("}")
	return b.String()
}

// named writes the name of a declared type, declaring it in the interpreter if it is a cell's.
func (e *emitter) named(t *types.Named) string {
	o := t.Obj()
	if o.Pkg() == nil {
		return o.Name() // error, comparable
	}
	if t.TypeArgs().Len() > 0 {
		if o.Pkg().Path() == "main" && structural(t) {
			return e.typeText(t.Underlying())
		}
		if text := e.loopedText(t); text != "" {
			return text
		}
		return e.typeInstance(t)
	}
	if o.Pkg().Path() != "main" {
		if !o.Exported() {
			fail("a variable of the unexported type %s.%s", o.Pkg().Name(), o.Name())
		}
		return e.pkg(o.Pkg().Path()) + "." + o.Name()
	}
	if structural(t) {
		return e.typeText(t.Underlying())
	}
	if text := e.loopedText(t); text != "" {
		return text
	}
	if origin := foreign(t); origin != nil {
		return e.typeText(origin)
	}
	if !e.global(o) {
		return e.localType(t)
	}
	if n, ok := e.names[o]; ok {
		return n
	}
	n := o.Name()
	if e.aliases[n] || n == "T" || types.Universe.Lookup(n) != nil { // which mean something to generated code
		n = e.fresh(n)
	}
	e.aliases[n] = true
	e.setName(o, n)
	e.declareType(n, t, env{})
	return n
}

// foreign is the type of another package that a type is declared as, if it is a struct whose fields only that package
// may name.
func foreign(t *types.Named) types.Type {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for f := range st.Fields() {
		if f.Exported() || f.Pkg() == nil || f.Pkg().Path() == "main" {
			continue
		}
		scope := f.Pkg().Scope()
		for _, name := range scope.Names() {
			if o, ok := scope.Lookup(name).(*types.TypeName); ok && o.Exported() && types.Identical(o.Type().Underlying(), st) {
				return o.Type()
			}
		}
	}
	return nil
}

// structural reports whether a declared type is written as its underlying type: what has no name of its own the
// interpreter cannot get wrong. Structs have names, and so have types that mention themselves without one between.
func structural(t *types.Named) bool {
	if _, ok := t.Underlying().(*types.Struct); ok {
		return false
	}
	found, seen := false, map[types.Type]bool{}
	var walk func(types.Type)
	walk = func(u types.Type) {
		walkNamed(u, seen, func(n *types.Named) {
			found = found || types.Identical(n, t)
			if _, ok := n.Underlying().(*types.Struct); !ok && !found && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "main" && !types.IsInterface(n) {
				walk(n.Underlying())
			}
		})
	}
	if !types.IsInterface(t) {
		walk(t.Underlying())
	}
	return !found
}

// localType declares a type of a function's body at package level; one for each instance of the function.
func (e *emitter) localType(t *types.Named) string {
	env := e.env
	key := fmt.Sprintf("local %p %s", t.Obj(), e.envKey())
	return e.instance(key, t.Obj().Name(), func(name string) { e.typeDecl(name, t.Underlying(), env) })
}

// declareType writes a cell's type.
func (e *emitter) declareType(name string, t *types.Named, v env) {
	e.typeDecl(name, t.Underlying(), v)
}

// typeDecl writes a type declaration; types it mentions come first only if it does not mention them through itself.
func (e *emitter) typeDecl(name string, under types.Type, v env) {
	inner := e.with(v)
	text := inner.typ(under)
	e.code.Types += "type " + name + " " + text + "\n"
}
