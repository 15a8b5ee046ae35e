package interp

import (
	"cmp"
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strings"
)

// A spoken value carries its static type into package fmt, because reflection sees neither the names nor the methods
// of the types of cells. It prints as fmt would print the value in a compiled program.
type spoken struct {
	engine *engine
	value  reflect.Value
	typ    types.Type
}

func (e *engine) say(v any, i int) any {
	t := e.program.Said(i)
	if v == nil {
		return nil
	}
	return spoken{e, reflect.ValueOf(v), t}
}

// teach keeps the printing method of a type.
func (e *engine) teach(i int, method any) {
	for len(e.taught) <= i {
		e.taught = append(e.taught, reflect.Value{})
	}
	e.taught[i] = reflect.ValueOf(method)
}

// ours reports whether a type of a cell is in t.
func (e *engine) ours(t types.Type) bool { return strings.Contains(goName(t), "main.") }

// goName is a type's name as reflection tells it in a compiled program.
func goName(t types.Type) string {
	return types.TypeString(types.Unalias(t), func(p *types.Package) string { return p.Name() })
}

// Format implements fmt.Formatter.
func (s spoken) Format(f fmt.State, verb rune) {
	p := speaker{engine: s.engine, plus: f.Flag('+'), sharp: f.Flag('#')}
	switch verb {
	case 'v':
	case 's', 'q', 'x', 'X':
		if text, ok := p.method(s.value, s.typ); ok {
			fmt.Fprintf(f, fmt.FormatString(f, verb), text)
			return
		}
		if verb == 's' && p.speaks(s.typ) {
			break
		}
		fallthrough
	default:
		fmt.Fprintf(f, fmt.FormatString(f, verb), s.value.Interface())
		return
	}
	if _, ok := s.typ.Underlying().(*types.Basic); ok && !p.speaks(s.typ) {
		fmt.Fprintf(f, fmt.FormatString(f, verb), s.value.Interface())
		return
	}
	p.print(s.value, s.typ, 0)
	width := "%s"
	if w, ok := f.Width(); ok {
		if f.Flag('-') {
			width = fmt.Sprintf("%%-%ds", w)
		} else {
			width = fmt.Sprintf("%%%ds", w)
		}
	}
	fmt.Fprintf(f, width, p.b.String())
}

// A speaker prints one value.
type speaker struct {
	engine      *engine
	plus, sharp bool
	mute        int // above 0 inside unexported fields
	b           strings.Builder
}

// speaks reports whether a type itself has a printing method that was taught.
func (p *speaker) speaks(t types.Type) bool {
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	_, ok = p.engine.program.Taught(n.Obj())
	return ok
}

// method is what the value's own String or Error method says.
func (p *speaker) method(v reflect.Value, t types.Type) (string, bool) {
	if p.sharp || p.mute > 0 || !p.speaks(t) || !v.CanInterface() {
		return "", false
	}
	elem := t
	ptr, isPtr := t.(*types.Pointer)
	if isPtr {
		elem = ptr.Elem()
	}
	i, _ := p.engine.program.Taught(types.Unalias(elem).(*types.Named).Obj())
	if i >= len(p.engine.taught) || !p.engine.taught[i].IsValid() {
		return "", false
	}
	f := p.engine.taught[i]
	wantsPtr := f.Type().In(0).Kind() == reflect.Pointer
	switch {
	case wantsPtr && !isPtr:
		return "", false
	case isPtr && v.IsNil():
		return "<nil>", true
	case isPtr && !wantsPtr:
		v = v.Elem()
	}
	if !v.Type().AssignableTo(f.Type().In(0)) {
		if !v.CanConvert(f.Type().In(0)) {
			return "", false
		}
		v = v.Convert(f.Type().In(0))
	}
	return f.Call([]reflect.Value{v})[0].String(), true
}

// print writes a value in the manner of %v, %+v or %#v.
func (p *speaker) print(v reflect.Value, t types.Type, depth int) {
	if text, ok := p.method(v, t); ok {
		p.b.WriteString(text)
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		if v.Kind() == reflect.Struct {
			p.structure(v, t, u, depth)
			return
		}
	case *types.Pointer:
		if v.Kind() == reflect.Pointer && !v.IsNil() && depth == 0 && compound(u.Elem()) {
			p.b.WriteByte('&')
			p.print(v.Elem(), u.Elem(), depth+1)
			return
		}
	case *types.Slice:
		p.list(v, t, u.Elem(), depth)
		return
	case *types.Array:
		p.list(v, t, u.Elem(), depth)
		return
	case *types.Map:
		p.dictionary(v, t, u, depth)
		return
	}
	p.plain(v)
}

func compound(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Struct, *types.Map, *types.Slice, *types.Array:
		return true
	}
	return false
}

// plain prints a value that has no cell's type in it.
func (p *speaker) plain(v reflect.Value) {
	verb := "%v"
	switch {
	case p.sharp:
		verb = "%#v"
	case p.plus:
		verb = "%+v"
	}
	fmt.Fprintf(&p.b, verb, v)
}

func (p *speaker) structure(v reflect.Value, t types.Type, u *types.Struct, depth int) {
	if p.sharp {
		p.b.WriteString(goName(t))
	}
	p.b.WriteByte('{')
	for i := range min(u.NumFields(), v.NumField()) {
		if i > 0 {
			p.separate()
		}
		if p.plus || p.sharp {
			p.b.WriteString(u.Field(i).Name() + ":")
		}
		if !u.Field(i).Exported() { // fmt calls no methods on these
			p.mute++
		}
		p.print(v.Field(i), u.Field(i).Type(), depth+1)
		if !u.Field(i).Exported() {
			p.mute--
		}
	}
	p.b.WriteByte('}')
}

func (p *speaker) separate() {
	if p.sharp {
		p.b.WriteString(", ")
	} else {
		p.b.WriteByte(' ')
	}
}

func (p *speaker) list(v reflect.Value, t, elem types.Type, depth int) {
	left, right := "[", "]"
	if p.sharp {
		left, right = goName(t)+"{", "}"
		if v.Kind() == reflect.Slice && v.IsNil() {
			left, right = goName(t)+"(nil", ")"
		}
	}
	p.b.WriteString(left)
	for i := range v.Len() {
		if i > 0 {
			p.separate()
		}
		p.print(v.Index(i), elem, depth+1)
	}
	p.b.WriteString(right)
}

func (p *speaker) dictionary(v reflect.Value, t types.Type, u *types.Map, depth int) {
	left, right := "map[", "]"
	if p.sharp {
		left, right = goName(t)+"{", "}"
	}
	p.b.WriteString(left)
	for i, k := range sorted(v.MapKeys()) {
		if i > 0 {
			p.separate()
		}
		p.print(k, u.Key(), depth+1)
		p.b.WriteByte(':')
		p.print(v.MapIndex(k), u.Elem(), depth+1)
	}
	p.b.WriteString(right)
}

// sorted orders keys as fmt does for numbers and strings, and others by their text.
func sorted(keys []reflect.Value) []reflect.Value {
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		switch {
		case a.CanInt():
			return cmp.Compare(a.Int(), b.Int())
		case a.CanUint():
			return cmp.Compare(a.Uint(), b.Uint())
		case a.CanFloat():
			return cmp.Compare(a.Float(), b.Float())
		case a.Kind() == reflect.String:
			return strings.Compare(a.String(), b.String())
		}
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
	return keys
}

// typeVerbs answers %T for spoken values: fmt asks no formatter for it.
func typeVerbs(format string, args []any) (string, []any) {
	if !strings.Contains(format, "T") {
		return format, args
	}
	out, next := []byte(format), 0
	args = slices.Clone(args)
	for i := 0; i < len(out); i++ {
		if out[i] != '%' {
			continue
		}
		for i++; i < len(out) && strings.IndexByte("+-# 0123456789.", out[i]) >= 0; i++ {
		}
		if i == len(out) || out[i] == '%' || out[i] == '[' || out[i] == '*' {
			if i < len(out) && out[i] != '%' {
				return format, args // explicit positions: left to fmt
			}
			continue
		}
		if next < len(args) {
			if s, ok := args[next].(spoken); ok && out[i] == 'T' {
				out[i], args[next] = 's', goName(s.typ)
			}
		}
		next++
	}
	return string(out), args
}
