package interp

import (
	"cmp"
	"errors"
	"fmt"
	"go/types"
	html "html/template"
	"io"
	"reflect"
	"strings"
	text "text/template"
)

// Templates look up fields and methods by reflection, which sees neither the methods of cells' types nor what they
// embed. So before a template gets such a value, its fields become calls of a function that knows them.

// memberFunc is the name of that function in templates, plainFunc of one that gives numbers without their type.
const (
	memberFunc = "memberᐧ"
	plainFunc  = "plainᐧ"
	notedFunc  = "notedᐧ" // gives what it gets, whose type an error may name
)

// strict reports whether a template was told that a key that a map has not is an error.
func strict(t reflect.Value) bool {
	for _, name := range []string{"common", "option", "missingKey"} {
		for t.Kind() == reflect.Pointer && !t.IsNil() {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			return false
		}
		t = t.FieldByName(name)
	}
	const mapError = 2
	return t.CanInt() && t.Int() == mapError
}

// templateOwn are the functions that templates get from us; those that print replace the package's.
func (e *engine) templateOwn(strict bool) text.FuncMap {
	return text.FuncMap{
		memberFunc: func(x any, path, node string, args ...any) (reflect.Value, error) {
			v, err := e.member(x, path, node, strict, args)
			if v == (noError{}) {
				return reflect.Zero(typeOf[error]()), err
			}
			return reflect.ValueOf(v), err
		},
		plainFunc: func(x any) any { return e.templates.noted(unnamed(x)) },
		notedFunc: e.templates.noted,
		"printf":  func(f string, a ...any) string { return sprintf(f, a) }, "print": func(a ...any) string { return sprint(a) },
	}
}

// unnamed is a value without its type, if it is a number, text or truth.
func unnamed(x any) any {
	if b, ok := bare(x).(box); ok {
		if _, ok := b.kind.typ.Underlying().(*types.Basic); ok {
			return basicValue(reflect.ValueOf(b.Value))
		}
	}
	return x
}

// A template is one of package text/template or html/template.
type template interface {
	Execute(w io.Writer, data any) error
	ExecuteTemplate(w io.Writer, name string, data any) error
}

// render executes a template with data; name is that of an associated one, or "".
func (e *engine) render(t any, w io.Writer, name string, data any) error {
	tmpl, ok := t.(template)
	if !ok {
		return fmt.Errorf("template: %T is not a template", t)
	}
	e.instruct(tmpl)
	data = e.form(data)
	var err error
	if name != "" {
		err = tmpl.ExecuteTemplate(w, name, data)
	} else {
		err = tmpl.Execute(w, data)
	}
	return e.templates.told(err)
}

// instruct gives a template, and those associated with it, the function that knows members.
func (e *engine) instruct(t template) {
	switch t := t.(type) {
	case *text.Template:
		t.Funcs(e.templateOwn(strict(reflect.ValueOf(t))))
		for _, one := range t.Templates() {
			e.templates.rewrite(one.Tree)
		}
	case *html.Template:
		t.Funcs(html.FuncMap(e.templateOwn(strict(reflect.ValueOf(t).Elem().FieldByName("text")))))
		for _, one := range t.Templates() {
			e.templates.rewrite(one.Tree)
		}
	}
}

// member is what a path of fields and methods leads to; args are those of the last, a method; node is its text in the
// template.
func (e *engine) member(x any, path, node string, strict bool, args []any) (any, error) {
	names, face := strings.Split(path, "."), ""
	for i, name := range names {
		var with []any
		if i == len(names)-1 {
			with = args
		}
		next, err := e.memberOf(x, face, name, with)
		if err != nil {
			return nil, &memberError{node, err}
		}
		if strict && next == nil && reflect.ValueOf(raw(x)).Kind() == reflect.Map {
			return nil, &memberError{node, fmt.Errorf("map has no entry for key %q", name)}
		}
		x, face = next, faceOf(x, name)
	}
	return e.templates.noted(e.form(x)), nil
}

// faceOf names the interface that a field or entry is of, as an error about what it holds does; "" if it is of none.
func faceOf(x any, name string) string {
	b, ok := bare(x).(box)
	if !ok {
		if t := reflect.TypeOf(x); t != nil && t.Kind() == reflect.Map && t.Elem() == typeOf[any]() {
			return "interface {}"
		}
		return ""
	}
	t := b.kind.typ
	if p, isPtr := t.Underlying().(*types.Pointer); isPtr {
		t = p.Elem()
	}
	part := types.Type(types.Typ[types.Invalid])
	if m, ok := t.Underlying().(*types.Map); ok {
		part = m.Elem()
	} else if f, _, _ := types.LookupFieldOrMethod(t, false, nil, name); f != nil {
		part = f.Type()
	}
	if types.IsInterface(part) {
		return faceName(part)
	}
	return ""
}

// memberOf is a field, entry or method of a value; face names the interface that it was in, if it was.
func (e *engine) memberOf(x any, face, name string, args []any) (any, error) {
	b, ok := bare(x).(box)
	if !ok {
		return e.plainMember(x, name, args)
	}
	face = cmp.Or(face, goName(b.kind.typ))
	v, t := reflect.ValueOf(b.Value), b.kind.typ
	if own, ok := owner(e, v, t, name); ok {
		return e.callMember(own, name, args)
	}
	if p, isPtr := t.Underlying().(*types.Pointer); isPtr {
		if v.IsNil() {
			return nil, fmt.Errorf("nil pointer evaluating %s.%s", goName(t), name)
		}
		v, t = v.Elem(), p.Elem()
	}
	if m, ok := t.Underlying().(*types.Map); ok && v.Kind() == reflect.Map {
		return e.entry(v, m.Elem(), name), nil
	}
	obj, index, _ := types.LookupFieldOrMethod(t, false, nil, name)
	if obj == nil && hiddenField(t, name) {
		return nil, fmt.Errorf("%s is an unexported field of struct type %s", name, face)
	}
	f, ok := obj.(*types.Var)
	if !ok || !f.Exported() {
		return nil, fmt.Errorf("can't evaluate field %s in type %s", name, face)
	}
	part, ok := field{path: index}.in(v, false)
	if !ok {
		return nil, fmt.Errorf("nil pointer evaluating %s.%s", goName(t), name)
	}
	if face, ok := f.Type().Underlying().(*types.Interface); ok && face.NumMethods() > 0 && part.Kind() == reflect.Interface && part.IsNil() {
		return noError{}, nil
	}
	return e.part(part, f.Type()), nil
}

// noError is what a field of an interface type with methods holds if it is nil: templates write it unlike other nils.
type noError struct{}

// entry is what a map of a cell's type has for a key.
func (e *engine) entry(v reflect.Value, elem types.Type, name string) any {
	if v.Type().Key().Kind() != reflect.String {
		return nil
	}
	item := v.MapIndex(reflect.ValueOf(name).Convert(v.Type().Key()))
	if !item.IsValid() {
		return nil
	}
	return e.part(item, elem)
}

func hiddenField(t types.Type, name string) bool {
	st, ok := t.Underlying().(*types.Struct)
	for i := 0; ok && i < st.NumFields(); i++ {
		if st.Field(i).Name() == name {
			return true
		}
	}
	return false
}

// part is a part of a value, with its type.
func (e *engine) part(v reflect.Value, t types.Type) any {
	v = taken(v, t)
	if k := e.kinds.of(t); k != nil && e.ours(t) && !types.IsInterface(t) {
		return box{v.Interface(), k}
	}
	return e.formOf(v, t)
}

// plainMember is a field, key or method of a value of compiled code.
func (e *engine) plainMember(x any, name string, args []any) (any, error) {
	v := reflect.ValueOf(x)
	if !v.IsValid() {
		return nil, fmt.Errorf("nil data; no entry for key %q", name)
	}
	if m := v.MethodByName(name); m.IsValid() {
		return results(callWith(name, m, args))
	}
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Map:
		if item := v.MapIndex(reflect.ValueOf(name)); item.IsValid() {
			return e.form(item.Interface()), nil
		}
		return nil, nil
	case reflect.Struct:
		if f := v.FieldByName(name); f.IsValid() && f.CanInterface() {
			return e.form(f.Interface()), nil
		}
	}
	return nil, fmt.Errorf("can't evaluate field %s in type %T", name, x)
}

func (e *engine) callMember(b box, name string, args []any) (any, error) {
	m, _ := b.kind.method(name)
	recv := reflect.New(m.Type().In(0)).Elem()
	fit(recv, b.Value)
	bound := reflect.MakeFunc(tail(m.Type()), func(in []reflect.Value) []reflect.Value {
		if m.Type().IsVariadic() {
			return m.CallSlice(append([]reflect.Value{recv}, in...))
		}
		return m.Call(append([]reflect.Value{recv}, in...))
	})
	out, err := results(callWith(name, bound, args))
	if errors.Is(err, errArguments) || errors.Is(err, errValue) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("error calling %s: %w", name, err)
	}
	s, _, _ := types.LookupFieldOrMethod(b.kind.typ, true, nil, name)
	if f, ok := s.(*types.Func); ok && f.Signature().Results().Len() > 0 && out != nil {
		return e.part(reflect.ValueOf(out), f.Signature().Results().At(0).Type()), nil
	}
	return out, nil
}

// tail is the type of a method's function without the receiver.
func tail(f reflect.Type) reflect.Type {
	var in, out []reflect.Type
	for i := 1; i < f.NumIn(); i++ {
		in = append(in, f.In(i))
	}
	for i := range f.NumOut() {
		out = append(out, f.Out(i))
	}
	return reflect.FuncOf(in, out, f.IsVariadic())
}

// What a method is called with is wrong before it is called.
var (
	errArguments = errors.New("wrong number of args")
	errValue     = errors.New("wrong type for value")
)

func callWith(name string, f reflect.Value, args []any) ([]reflect.Value, error) {
	t := f.Type()
	switch least := t.NumIn() - 1; {
	case t.IsVariadic() && len(args) < least:
		return nil, fmt.Errorf("%w for %s: want at least %d got %d", errArguments, name, least, len(args))
	case !t.IsVariadic() && len(args) != t.NumIn():
		return nil, fmt.Errorf("%w for %s: want %d got %d", errArguments, name, t.NumIn(), len(args))
	}
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		p := t.In(min(i, t.NumIn()-1))
		if t.IsVariadic() && i >= t.NumIn()-1 {
			p = p.Elem()
		}
		var err error
		if in[i], err = argument(p, a); err != nil {
			return nil, err
		}
	}
	return f.Call(in), nil
}

// argument is a value that a template has as one of type p.
func argument(p reflect.Type, a any) (v reflect.Value, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case conversionError:
			err = fmt.Errorf("%w; expected %s; got %s", errValue, p, dynamicName(a))
		default:
			panic(r)
		}
	}()
	v = reflect.New(p).Elem()
	if p.Kind() == reflect.Interface {
		fit(v, a)
	} else {
		fit(v, raw(a))
	}
	return v, nil
}

// results are the value and the error that a function called by a template gives.
func results(out []reflect.Value, err error) (any, error) {
	if err != nil || len(out) == 0 {
		return nil, err
	}
	if len(out) == 2 {
		err, _ = out[1].Interface().(error)
	}
	return out[0].Interface(), err
}

// form is a value as a template can take it apart.
func (e *engine) form(x any) any {
	if b, ok := bare(x).(box); ok {
		return e.formOf(reflect.ValueOf(b.Value), b.kind.typ)
	}
	return x
}

func (e *engine) formOf(v reflect.Value, t types.Type) any {
	v = taken(v, t)
	switch u := t.Underlying().(type) {
	case *types.Interface:
		if !v.IsValid() || v.Kind() == reflect.Interface && v.IsNil() {
			return nil
		}
		return e.form(v.Interface())
	case *types.Pointer:
		if e.ours(t) && v.IsNil() {
			return nil
		}
	case *types.Slice:
		if e.ours(u.Elem()) && v.IsNil() {
			return []any(nil)
		}
		return e.formList(v, u.Elem())
	case *types.Array:
		return e.formList(v, u.Elem())
	case *types.Map:
		if e.ours(u.Elem()) {
			m := reflect.MakeMap(reflect.MapOf(v.Type().Key(), typeOf[any]()))
			for _, k := range v.MapKeys() {
				m.SetMapIndex(k, reflect.ValueOf(e.formOf(v.MapIndex(k), u.Elem())))
			}
			return m.Interface()
		}
	case *types.Basic:
		if k := e.kinds.of(t); k != nil && !(box{v, k}).has("String") && !(box{v, k}).has("Error") {
			return v.Interface()
		}
	}
	if k := e.kinds.of(t); e.ours(t) && k != nil {
		return box{v.Interface(), k}
	}
	return v.Interface()
}

func (e *engine) formList(v reflect.Value, elem types.Type) any {
	if !e.ours(elem) {
		return v.Interface()
	}
	list := make([]any, v.Len())
	for i := range list {
		list[i] = e.formOf(v.Index(i), elem)
	}
	return list
}
