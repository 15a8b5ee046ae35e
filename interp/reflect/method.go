package reflect

import (
	"fmt"
	"go/types"
	"iter"
	"reflect"
	"slices"
	"strings"
)

// Method is reflect.Method.
type Method struct {
	Name, PkgPath string
	Type          Type
	Func          Value
	Index         int
}

// IsExported reports whether the method is.
func (m Method) IsExported() bool { return m.PkgPath == "" }

// methods are those of a type of cells that reflection sees, in its order.
func (r *rtype) methods() []*types.Func {
	var out []*types.Func
	if face, ok := r.t.Underlying().(*types.Interface); ok {
		out = slices.Collect(face.Methods())
	} else {
		for s := range types.NewMethodSet(r.t).Methods() {
			if s.Obj().Exported() {
				out = append(out, s.Obj().(*types.Func))
			}
		}
	}
	slices.SortFunc(out, func(a, b *types.Func) int { return strings.Compare(a.Name(), b.Name()) })
	return out
}

func (r *rtype) NumMethod() int {
	if r.t == nil {
		return r.Type.NumMethod()
	}
	return len(r.methods())
}

func (r *rtype) Method(i int) Method {
	if r.t == nil {
		m := r.Type.Method(i)
		out := Method{Name: m.Name, PkgPath: m.PkgPath, Type: r.pkg.typ(nil, m.Type), Index: m.Index}
		if m.Func.IsValid() {
			out.Func = r.pkg.value(m.Func, nil)
		}
		return out
	}
	list := r.methods()
	if i < 0 || i >= len(list) {
		panic("reflect: Method index out of range")
	}
	m := list[i]
	out := Method{Name: m.Name(), Index: i}
	if !m.Exported() {
		out.PkgPath = m.Pkg().Path()
	}
	if types.IsInterface(r.t) {
		out.Type = r.pkg.kept(m.Signature(), r.pkg.plain(m.Signature()))
		return out
	}
	out.Func = r.function(m)
	out.Type = out.Func.Type()
	return out
}

func (r *rtype) Methods() iter.Seq[Method] { return each(r.NumMethod, r.Method) }

func (r *rtype) MethodByName(name string) (Method, bool) {
	if r.t == nil {
		m, ok := r.Type.MethodByName(name)
		if !ok {
			return Method{}, false
		}
		return r.Method(m.Index), true
	}
	for i, m := range r.methods() {
		if m.Name() == name {
			return r.Method(i), true
		}
	}
	return Method{}, false
}

// bound is a method of a value.
func (v Value) bound(m *types.Func) Value {
	x := v.Value.Interface()
	t := v.typ.t
	if types.IsInterface(t) {
		if held, inner, ok := v.typ.pkg.host.Open(x); ok {
			x, t = held, inner
		}
	}
	f, ok := v.typ.pkg.host.Method(x, t, m.Name())
	if !ok {
		panic(fmt.Sprintf("reflect: the method %s of %s is not known here", m.Name(), v.typ))
	}
	sig := m.Signature()
	return v.typ.pkg.value(f, types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic()))
}

// function is a method as a function of the receiver and the parameters.
func (r *rtype) function(m *types.Func) Value {
	sig := m.Signature()
	known := r.pkg.plain(sig)
	if f, ok := r.pkg.host.Method(reflect.Zero(r.Type).Interface(), r.t, m.Name()); ok {
		known = f.Type()
	}
	in := []reflect.Type{r.Type}
	params := []*types.Var{types.NewParam(0, nil, "", r.t)}
	for i := range known.NumIn() {
		in, params = append(in, known.In(i)), append(params, sig.Params().At(i))
	}
	var out []reflect.Type
	for i := range known.NumOut() {
		out = append(out, known.Out(i))
	}
	f := reflect.MakeFunc(reflect.FuncOf(in, out, known.IsVariadic()), func(args []reflect.Value) []reflect.Value {
		b := r.pkg.value(args[0], r.t).bound(m).Value
		if known.IsVariadic() {
			return b.CallSlice(args[1:])
		}
		return b.Call(args[1:])
	})
	return r.pkg.value(f, types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic()))
}

// plain is the type of a function that nothing is known of but its signature.
func (p *Package) plain(sig *types.Signature) reflect.Type {
	list := func(t *types.Tuple) []reflect.Type {
		var out []reflect.Type
		for v := range t.Variables() {
			out = append(out, here(v.Type()))
		}
		return out
	}
	in := list(sig.Params())
	return reflect.FuncOf(in, list(sig.Results()), sig.Variadic())
}
