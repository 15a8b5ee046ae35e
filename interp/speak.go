package interp

import (
	"cmp"
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strings"
)

// ours reports whether a type of a cell is in t.
func (e *engine) ours(t types.Type) bool { return strings.Contains(goName(t), "main.") }

// goName is a type's name as reflection tells it in a compiled program.
func goName(t types.Type) string {
	text := types.TypeString(types.Unalias(t), func(p *types.Package) string { return p.Name() })
	return strings.NewReplacer(", ", ",").Replace(text)
}

// Format implements fmt.Formatter: the value prints as it would in a compiled program.
func (b box) Format(f fmt.State, verb rune) {
	if m, ok := b.kind.method("Format"); ok && m.Type().NumIn() == 3 {
		b.bound("Format", reflect.TypeFor[func(fmt.State, rune)]()).Interface().(func(fmt.State, rune))(f, verb)
		return
	}
	p := speaker{engine: b.kind.engine, plus: f.Flag('+'), sharp: f.Flag('#'), verb: verb, f: f}
	v := reflect.ValueOf(b.Value)
	if !v.IsValid() {
		fmt.Fprint(f, "<nil>")
		return
	}
	if leaf(b.kind.typ) {
		p.print(v, b.kind.typ, 0)
		fmt.Fprint(f, p.b.String())
		return
	}
	p.print(v, b.kind.typ, 0)
	text, own := p.method(v, b.kind.typ)
	switch {
	case own && verb != 'v' && verb != 's': // %q and %x of what it says
		fmt.Fprintf(f, fmt.FormatString(f, verb), text)
	case own:
		fmt.Fprintf(f, strings.TrimSuffix(fmt.FormatString(f, 's'), "+"), text)
	case verb == 'v' && !p.nested:
		fmt.Fprint(f, p.b.String())
	default:
		fmt.Fprint(f, p.b.String())
	}
}

// leaf reports whether fmt itself prints values of a type one by one.
func leaf(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Basic:
		return true
	}
	return false
}

// A speaker prints one value, each part with the verb and flags of the whole.
type speaker struct {
	engine      *engine
	f           fmt.State
	verb        rune
	plus, sharp bool
	nested      bool
	mute        int // above 0 inside unexported fields
	b           strings.Builder
}

// says are the verbs that take a String or Error method.
func says(verb rune) bool { return strings.ContainsRune("vsqxX", verb) }

// method is what the value's own method says.
func (p *speaker) method(v reflect.Value, t types.Type) (text string, ok bool) {
	if p.mute > 0 || !v.CanInterface() || !says(p.verb) {
		return "", false
	}
	b := box{v.Interface(), p.engine.kinds.of(t)}
	name := ""
	for _, n := range []string{"Error", "String"} {
		if m, has := b.kind.method(n); has && name == "" && m.Type().NumIn() == 1 && m.Type().NumOut() == 1 && m.Type().Out(0).Kind() == reflect.String {
			name = n
		}
	}
	if p.sharp && p.verb == 'v' {
		if name = ""; b.has("GoString") {
			name = "GoString"
		}
	}
	if name == "" {
		return "", false
	}
	defer func() {
		if r := recover(); r != nil {
			if v.Kind() != reflect.Pointer || !v.IsNil() {
				panic(r)
			}
			text, ok = "<nil>", true // as fmt takes a nil receiver
		}
	}()
	return b.call(name).(string), true
}

// say writes a part that says itself.
func (p *speaker) say(v reflect.Value, t types.Type) bool {
	if k := p.engine.kinds.of(t); p.mute == 0 && v.CanInterface() {
		if m, ok := k.method("Format"); ok && m.Type().NumIn() == 3 {
			fmt.Fprintf(&p.b, fmt.FormatString(p.f, p.verb), box{v.Interface(), k})
			return true
		}
	}
	text, ok := p.method(v, t)
	if !ok {
		return false
	}
	verb := p.verb
	if verb == 'v' {
		verb = 's'
	}
	fmt.Fprintf(&p.b, strings.NewReplacer("+", "", "#", "").Replace(fmt.FormatString(p.f, verb)), text)
	return true
}

// print writes a value in the manner of %v, %+v or %#v.
func (p *speaker) print(v reflect.Value, t types.Type, depth int) {
	if v.Kind() == reflect.Interface && !v.IsNil() && !types.IsInterface(t) { // a field that the lowering holds so
		v = v.Elem()
	}
	if p.say(v, t) {
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
	case *types.Interface:
		if p.inner(v, depth) {
			return
		}
	}
	p.plain(v, t)
}

func compound(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Struct, *types.Map, *types.Slice, *types.Array:
		return true
	}
	return false
}

// inner prints what an interface holds, if that is boxed.
func (p *speaker) inner(v reflect.Value, depth int) bool {
	if v.IsNil() || !v.CanInterface() {
		return false
	}
	b, ok := bare(v.Interface()).(box)
	if !ok || b.Value == nil {
		return false
	}
	p.print(reflect.ValueOf(b.Value), b.kind.typ, depth)
	return true
}

// plain prints a value that has no parts.
func (p *speaker) plain(v reflect.Value, t types.Type) {
	format := fmt.FormatString(p.f, p.verb)
	switch {
	case p.verb == 'v' && !p.sharp && v.Kind() == reflect.Pointer && !v.IsNil():
		fmt.Fprintf(&p.b, "0x%x", v.Pointer())
	case p.sharp && p.verb == 'v' && v.Kind() == reflect.Interface && v.IsNil():
		p.b.WriteString(faceName(t) + "(nil)")
	case p.sharp && p.verb == 'v' && v.Kind() == reflect.Pointer && p.engine.ours(t):
		if v.IsNil() {
			p.b.WriteString("(" + goName(t) + ")(nil)")
		} else {
			fmt.Fprintf(&p.b, "(%s)(%#x)", goName(t), v.Pointer())
		}
	case p.verb != 'v' && p.verb != 'T' && v.Kind() == reflect.Interface && v.IsNil():
		fmt.Fprintf(&p.b, "%%!%c(<nil>)", p.verb)
	case wrongVerb(v, p.verb):
		fmt.Fprintf(&p.b, "%%!%c(%s=%v)", p.verb, goName(t), v)
	case !v.CanInterface() || p.mute > 0 && v.Kind() == reflect.Interface:
		fmt.Fprintf(&p.b, format, v)
	default:
		fmt.Fprintf(&p.b, format, v.Interface())
	}
}

// wrongVerb reports whether fmt would complain of a verb and name the type.
func wrongVerb(v reflect.Value, verb rune) bool {
	allowed := ""
	switch {
	case v.CanInt(), v.CanUint():
		allowed = "vbcdoOqxXU"
	case v.CanFloat(), v.CanComplex():
		allowed = "vbeEfFgGxX"
	case v.Kind() == reflect.String:
		allowed = "vsqxX"
	case v.Kind() == reflect.Bool:
		allowed = "vt"
	default:
		return false
	}
	return !strings.ContainsRune(allowed, verb)
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
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 && strings.ContainsRune("sqxX", p.verb) {
		p.plain(v, t)
		return
	}
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
			if b, ok := bare(args[next]).(box); ok && out[i] == 'T' {
				out[i], args[next] = 's', goName(b.kind.typ)
			}
		}
		next++
	}
	return string(out), args
}
