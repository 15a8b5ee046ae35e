package interp

import (
	"fmt"
	"go/types"
	"io"
	"reflect"

	cellreflect "github.com/riffle-stream/riffle/interp/reflect"
)

// reflection is the engine as package reflect of cells asks it.
type reflection struct{ engine *engine }

var _ cellreflect.Host = reflection{}

// Open implements [cellreflect.Host].
func (r reflection) Open(x any) (any, types.Type, bool) {
	x = bare(x)
	if b, ok := x.(box); ok {
		return b.Value, b.kind.typ, true
	}
	return x, nil, false
}

// Box implements [cellreflect.Host].
func (r reflection) Box(v any, t types.Type) any { return box{v, r.engine.kinds.made(r.engine, t)} }

// Actual implements [cellreflect.Host].
func (r reflection) Actual(t types.Type) (reflect.Type, bool) { return r.engine.actualOf(t) }

// Method implements [cellreflect.Host].
func (r reflection) Method(v any, t types.Type, name string) (reflect.Value, bool) {
	b := box{v, r.engine.kinds.of(t)}
	m, ok := b.kind.method(name)
	if !ok {
		return reflect.Value{}, false
	}
	var in, out []reflect.Type
	for i := 1; i < m.Type().NumIn(); i++ {
		in = append(in, m.Type().In(i))
	}
	for i := range m.Type().NumOut() {
		out = append(out, m.Type().Out(i))
	}
	return b.bound(name, reflect.FuncOf(in, out, m.Type().IsVariadic())), true
}

// Fit implements [cellreflect.Host].
func (r reflection) Fit(out reflect.Value, v any) {
	if out.Kind() == reflect.Interface {
		r.engine.become(bare(v), out)
		return
	}
	fit(out, v)
}

// Import implements [cellreflect.Host].
func (r reflection) Import(path string) (*types.Package, error) { return r.engine.session.Import(path) }

// Name implements [cellreflect.Host].
func (r reflection) Name(t types.Type) string { return goName(t) }

// Ours implements [cellreflect.Host].
func (r reflection) Ours(t types.Type) bool { return r.engine.ours(t) }

// Speak implements [cellreflect.Host].
func (r reflection) Speak(f fmt.State, verb rune, v reflect.Value, t types.Type, hidden bool) {
	p := speaker{engine: r.engine, f: f}
	if hidden {
		p.hidden = 1
	}
	if !p.methods(v, t, verb) {
		p.print(v, t, verb, 0)
	}
	io.WriteString(f, p.b.String())
}
