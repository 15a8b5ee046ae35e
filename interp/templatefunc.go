package interp

import (
	"fmt"
	"go/types"
	html "html/template"
	"reflect"
	text "text/template"
)

// Functions of cells that templates call take what templates have for values of cells' types.

// textFuncs is the method Funcs of a template of package text/template, htmlFuncs that of html/template.
func (e *engine) textFuncs(t *text.Template, m text.FuncMap) *text.Template {
	return t.Funcs(e.templateFuncs(m))
}

func (e *engine) htmlFuncs(t *html.Template, m html.FuncMap) *html.Template {
	return t.Funcs(html.FuncMap(e.templateFuncs(m)))
}

func (e *engine) templateFuncs(m map[string]any) text.FuncMap {
	out := text.FuncMap{}
	for name, f := range m {
		out[name] = e.templateFunc(f)
	}
	return out
}

// templateFunc is a function whose parameters and results of cells' types are any.
func (e *engine) templateFunc(f any) any {
	b, ok := bare(f).(box)
	if !ok {
		return f
	}
	v := reflect.ValueOf(b.Value)
	sig, ok := b.kind.typ.Underlying().(*types.Signature)
	if !ok || v.Kind() != reflect.Func || v.IsNil() {
		return b.Value
	}
	return reflect.MakeFunc(e.templateType(v.Type(), sig), func(args []reflect.Value) []reflect.Value {
		for i := range args {
			args[i] = e.unform(args[i], sig.Params().At(i).Type(), v.Type().In(i))
		}
		var out []reflect.Value
		if sig.Variadic() {
			out = v.CallSlice(args)
		} else {
			out = v.Call(args)
		}
		for i := range out {
			if t := sig.Results().At(i).Type(); e.ours(t) {
				out[i] = held(e.formOf(out[i], t))
			}
		}
		return out
	}).Interface()
}

// templateType is the type of such a function.
func (e *engine) templateType(f reflect.Type, sig *types.Signature) reflect.Type {
	var in, out []reflect.Type
	for i := range f.NumIn() {
		t := f.In(i)
		switch ours := e.ours(sig.Params().At(i).Type()); {
		case ours && sig.Variadic() && i == f.NumIn()-1:
			t = typeOf[[]any]()
		case ours:
			t = typeOf[any]()
		}
		in = append(in, t)
	}
	for i := range f.NumOut() {
		t := f.Out(i)
		if e.ours(sig.Results().At(i).Type()) {
			t = typeOf[any]()
		}
		out = append(out, t)
	}
	return reflect.FuncOf(in, out, sig.Variadic())
}

// held is a value as one of type any.
func held(x any) reflect.Value {
	out := reflect.New(typeOf[any]()).Elem()
	if x != nil {
		out.Set(reflect.ValueOf(x))
	}
	return out
}

// unform is a value that a template has as one for a parameter of type t, which is of type r here.
func (e *engine) unform(v reflect.Value, t types.Type, r reflect.Type) reflect.Value {
	if !e.ours(t) {
		return v
	}
	for v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	out := reflect.New(r).Elem()
	if !v.IsValid() {
		return out
	}
	if b, ok := bare(v.Interface()).(box); ok {
		e.unbox(b, t, out)
		return out
	}
	elem, _ := t.Underlying().(interface{ Elem() types.Type })
	switch {
	case r.Kind() == reflect.Interface:
		out.Set(v)
	case r.Kind() == reflect.Slice && v.Kind() == reflect.Slice && elem != nil:
		for i := range v.Len() {
			out = reflect.Append(out, e.unform(v.Index(i), elem.Elem(), r.Elem()))
		}
	case r.Kind() == reflect.Map && v.Kind() == reflect.Map && elem != nil:
		out.Set(reflect.MakeMap(r))
		for _, k := range v.MapKeys() {
			out.SetMapIndex(fitted(k, r.Key()), e.unform(v.MapIndex(k), elem.Elem(), r.Elem()))
		}
	case v.Kind() == r.Kind():
		fit(out, v.Interface())
	default:
		panic(fmt.Errorf("wrong type for value; expected %s; got %s", goName(t), v.Type()))
	}
	return out
}

// unbox sets out, of type t, to a boxed value, or what it points to, or a pointer to it.
func (e *engine) unbox(b box, t types.Type, out reflect.Value) {
	v := reflect.ValueOf(b.Value)
	ptr, isPtr := b.kind.typ.Underlying().(*types.Pointer)
	switch {
	case types.IsInterface(t):
		out.Set(reflect.ValueOf(b))
	case types.AssignableTo(b.kind.typ, t):
		fit(out, b.Value)
	case isPtr && types.AssignableTo(ptr.Elem(), t) && !v.IsNil():
		fit(out, v.Elem().Interface())
	case types.AssignableTo(types.NewPointer(b.kind.typ), t):
		p := reflect.New(v.Type())
		p.Elem().Set(v)
		fit(out, p.Interface())
	default:
		panic(fmt.Errorf("wrong type for value; expected %s; got %s", goName(t), goName(b.kind.typ)))
	}
}
