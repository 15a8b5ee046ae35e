package interp

import (
	"fmt"
	"go/types"
	"io"
	"reflect"
	"strings"
)

// Package fmt knows a value of a cell's type as a box only. So the box prints itself, as fmt prints values: what is here
// follows fmt's own code, with the checker's types in the place of reflection's, and leaves numbers and strings to fmt.

// Format implements fmt.Formatter: the value prints as it would in a compiled program.
func (b box) Format(f fmt.State, verb rune) {
	p := speaker{engine: b.kind.engine, f: f}
	v := reflect.ValueOf(b.Value)
	switch {
	case !v.IsValid():
		p.b.WriteString("<nil>")
	case !p.methods(v, b.kind.typ, verb):
		p.print(v, b.kind.typ, verb, 0)
	}
	io.WriteString(f, p.b.String())
}

// A speaker prints one value, each part with the flags of the whole.
type speaker struct {
	engine    *engine
	f         fmt.State
	b         strings.Builder
	erring    bool // a value is shown that the verb is wrong for: no methods
	panicking bool
	hidden    int // above 0 inside fields that are not exported: no methods
}

// Write takes what a value's own Format writes.
func (p *speaker) Write(b []byte) (int, error) { return p.b.Write(b) }

// Width, Precision and Flag are those of the whole.
func (p *speaker) Width() (int, bool)     { return p.f.Width() }
func (p *speaker) Precision() (int, bool) { return p.f.Precision() }
func (p *speaker) Flag(c int) bool        { return p.f.Flag(c) }

// sharp reports whether values are written as Go would have them.
func (p *speaker) sharp(verb rune) bool { return verb == 'v' && p.f.Flag('#') }

// leave leaves a value to fmt.
func (p *speaker) leave(v any, verb rune) { fmt.Fprintf(&p.b, fmt.FormatString(p.f, verb), v) }

// speech is the method by which a value says what it is for a verb, or "".
func (p *speaker) speech(k *kind, verb rune) string {
	format, ok := k.method("Format")
	switch {
	case ok && format.Type().NumIn() == 3 && format.Type().NumOut() == 0:
		return "Format"
	case p.sharp(verb) && k.says("GoString"):
		return "GoString"
	case p.sharp(verb) || !strings.ContainsRune("vsxXq", verb):
		return ""
	case k.says("Error"):
		return "Error"
	case k.says("String"):
		return "String"
	}
	return ""
}

// methods lets a value of a cell's type say what it is.
func (p *speaker) methods(v reflect.Value, t types.Type, verb rune) (said bool) {
	if p.erring || p.hidden > 0 || !v.IsValid() || !v.CanInterface() {
		return false
	}
	b := box{v.Interface(), p.engine.kinds.of(t)}
	name := p.speech(b.kind, verb)
	if name == "" {
		return false
	}
	said = true
	defer p.recover(v, verb, name)
	switch name {
	case "Format":
		b.bound(name, typeOf[func(fmt.State, rune)]()).Interface().(func(fmt.State, rune))(p, verb)
	case "GoString":
		p.leave(b.call(name), 's')
	default:
		p.leave(b.call(name), verb)
	}
	return said
}

// recover shows the panic of a method, as fmt does.
func (p *speaker) recover(v reflect.Value, verb rune, method string) {
	r := recover()
	if r == nil {
		return
	}
	reason := p.engine.recoverable(r)
	if v.Kind() == reflect.Pointer && v.IsNil() {
		p.b.WriteString("<nil>")
		return
	}
	if p.panicking {
		panic(r)
	}
	p.panicking = true
	fmt.Fprintf(&p.b, "%%!%c(PANIC=%s method: %v)", verb, method, reason)
	p.panicking = false
}

// print prints a value whose methods are not asked, but for those of its parts.
func (p *speaker) print(v reflect.Value, t types.Type, verb rune, depth int) {
	v = taken(v, t)
	if depth > 0 && p.methods(v, t, verb) {
		return
	}
	if foreign(t) && v.CanInterface() {
		p.foreign(v, t, verb, depth)
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		p.structure(v, t, u, verb, depth)
	case *types.Slice:
		p.list(v, t, u.Elem(), verb, depth)
	case *types.Array:
		p.list(v, t, u.Elem(), verb, depth)
	case *types.Map:
		p.dictionary(v, t, u, verb, depth)
	case *types.Interface:
		p.inner(v, t, verb, depth)
	case *types.Pointer:
		if v.Kind() == reflect.Pointer && !v.IsNil() && depth == 0 && compound(u.Elem()) {
			p.b.WriteByte('&')
			p.print(v.Elem(), u.Elem(), verb, depth+1)
			return
		}
		p.pointer(v, t, verb)
	case *types.Basic:
		p.basic(v, t, verb)
	default:
		p.pointer(v, t, verb)
	}
}

// taken is what is in a field or element that the lowering holds as any, though its type is none of an interface.
func taken(v reflect.Value, t types.Type) reflect.Value {
	if v.Kind() != reflect.Interface || types.IsInterface(t) {
		return v
	}
	if !v.IsNil() {
		return v.Elem()
	}
	switch t.Underlying().(type) {
	case *types.Map:
		return reflect.Zero(typeOf[map[string]any]())
	case *types.Slice:
		return reflect.Zero(typeOf[[]any]())
	case *types.Pointer:
		return reflect.Zero(typeOf[*struct{}]())
	case *types.Signature:
		return reflect.Zero(typeOf[func()]())
	case *types.Chan:
		return reflect.Zero(typeOf[chan int]())
	}
	return v
}

// foreign reports whether a type, or what it points to, is declared in compiled code.
func foreign(t types.Type) bool {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && !types.IsInterface(n) && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() != "main" && n.TypeArgs().Len() == 0
}

// foreign prints a value of compiled code, which fmt knows.
func (p *speaker) foreign(v reflect.Value, t types.Type, verb rune, depth int) {
	x := v.Interface()
	asked := !p.erring && p.hidden == 0
	if _, isPtr := t.Underlying().(*types.Pointer); isPtr && depth > 0 && !(asked && speaks(x)) {
		p.pointer(v, t, verb)
		return
	}
	if asked {
		p.leave(x, verb)
		return
	}
	p.leave(reflect.ValueOf(struct{ hidden any }{x}).Field(0).Elem(), verb) // what is not exported, fmt asks nothing
}

// speaks reports whether fmt asks a value what it is.
func speaks(x any) bool {
	switch x.(type) {
	case fmt.Formatter, fmt.Stringer, error:
		return true
	}
	return false
}

func compound(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Struct, *types.Map, *types.Slice, *types.Array:
		return true
	}
	return false
}

// inner prints what an interface holds.
func (p *speaker) inner(v reflect.Value, t types.Type, verb rune, depth int) {
	if v.Kind() == reflect.Interface && v.IsNil() || !v.IsValid() {
		if p.sharp(verb) {
			p.b.WriteString(goName(t) + "(nil)")
		} else {
			p.b.WriteString("<nil>")
		}
		return
	}
	x := bare(v.Interface())
	if b, ok := x.(box); ok {
		if v := reflect.ValueOf(b.Value); v.IsValid() {
			p.print(v, b.kind.typ, verb, depth+1)
		} else {
			p.b.WriteString("<nil>")
		}
		return
	}
	held := reflect.ValueOf(x)
	asked := !p.erring && p.hidden == 0
	switch {
	case held.Kind() == reflect.Pointer && !(asked && speaks(x)):
		p.address(held, held.Type().String(), verb)
	case asked:
		p.leave(x, verb)
	default:
		p.leave(reflect.ValueOf(struct{ hidden any }{x}).Field(0).Elem(), verb)
	}
}

// basic prints a number, text or truth, without its methods.
func (p *speaker) basic(v reflect.Value, t types.Type, verb rune) {
	if !p.erring && wrongVerb(v, verb) {
		p.wrong(v, t, verb)
		return
	}
	p.leave(basicValue(v), verb)
}

// basicValue is a value as one of Go's own types of its size.
func basicValue(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool()
	case reflect.String:
		return v.String()
	case reflect.Float32:
		return float32(v.Float())
	case reflect.Float64:
		return v.Float()
	case reflect.Complex64:
		return complex64(v.Complex())
	case reflect.Complex128:
		return v.Complex()
	}
	if v.CanInt() {
		return v.Int()
	}
	if v.CanUint() {
		return v.Uint()
	}
	return v
}

// wrong shows a value that the verb is wrong for.
func (p *speaker) wrong(v reflect.Value, t types.Type, verb rune) {
	p.erring = true
	fmt.Fprintf(&p.b, "%%!%c(%s=", verb, goName(t))
	p.print(v, t, 'v', 0)
	p.b.WriteByte(')')
	p.erring = false
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
	}
	return !strings.ContainsRune(allowed, verb)
}

// pointer prints what has an address only.
func (p *speaker) pointer(v reflect.Value, t types.Type, verb rune) {
	if !strings.ContainsRune("vpbodxX", verb) {
		p.wrong(v, t, verb)
		return
	}
	p.address(v, goName(t), verb)
}

func (p *speaker) address(v reflect.Value, name string, verb rune) {
	switch {
	case v.IsNil() && p.sharp(verb):
		p.b.WriteString("(" + name + ")(nil)")
	case p.sharp(verb):
		fmt.Fprintf(&p.b, "(%s)(%#x)", name, v.Pointer())
	default:
		p.leave(v.UnsafePointer(), verb)
	}
}

func (p *speaker) structure(v reflect.Value, t types.Type, u *types.Struct, verb rune, depth int) {
	if p.sharp(verb) {
		p.b.WriteString(goName(t))
	}
	p.b.WriteByte('{')
	for i := range min(u.NumFields(), v.NumField()) {
		f := u.Field(i)
		p.separate(i, verb)
		if verb == 'v' && (p.f.Flag('+') || p.f.Flag('#')) {
			p.b.WriteString(f.Name() + ":")
		}
		if !f.Exported() { // fmt calls no methods on these
			p.hidden++
		}
		p.print(v.Field(i), f.Type(), verb, depth+1)
		if !f.Exported() {
			p.hidden--
		}
	}
	p.b.WriteByte('}')
}

// separate writes what stands before part i.
func (p *speaker) separate(i int, verb rune) {
	switch {
	case i == 0:
	case p.sharp(verb):
		p.b.WriteString(", ")
	default:
		p.b.WriteByte(' ')
	}
}

func (p *speaker) list(v reflect.Value, t, elem types.Type, verb rune, depth int) {
	if strings.ContainsRune("sqxX", verb) && v.Type().Elem().Kind() == reflect.Uint8 {
		bytes := make([]byte, v.Len())
		for i := range bytes {
			bytes[i] = byte(v.Index(i).Uint())
		}
		p.leave(bytes, verb)
		return
	}
	left, right := "[", "]"
	if p.sharp(verb) {
		left, right = goName(t)+"{", "}"
		if v.Kind() == reflect.Slice && v.IsNil() {
			left, right = goName(t)+"(nil", ")"
		}
	}
	p.b.WriteString(left)
	for i := range v.Len() {
		p.separate(i, verb)
		p.print(v.Index(i), elem, verb, depth+1)
	}
	p.b.WriteString(right)
}

func (p *speaker) dictionary(v reflect.Value, t types.Type, u *types.Map, verb rune, depth int) {
	left, right := "map[", "]"
	if p.sharp(verb) {
		left, right = goName(t)+"{", "}"
		if v.IsNil() {
			left, right = goName(t)+"(nil", ")"
		}
	}
	p.b.WriteString(left)
	for i, k := range sorted(v.MapKeys()) {
		p.separate(i, verb)
		p.print(k, u.Key(), verb, depth+1)
		p.b.WriteByte(':')
		p.print(v.MapIndex(k), u.Elem(), verb, depth+1)
	}
	p.b.WriteString(right)
}
