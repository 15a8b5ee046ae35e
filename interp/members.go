package interp

import (
	"go/types"

	"github.com/riffle-stream/riffle/interp/check"
)

// memberItems are the fields and methods of a type.
func (e *engine) memberItems(p check.Probe) []Completion {
	t := p.Operand
	var out []Completion
	add := func(o types.Object) {
		if usable(o) {
			out = append(out, e.item(o, ofValue, p.Wanted))
		}
	}
	fields(t, 0, add)
	recv := t
	if _, ptr := t.Underlying().(*types.Pointer); !ptr && !types.IsInterface(t) {
		recv = types.NewPointer(t)
	}
	for s := range types.NewMethodSet(recv).Methods() {
		add(s.Obj())
	}
	return out
}

// maxEmbedding bounds how deep embedded structs are looked into.
const maxEmbedding = 4

func fields(t types.Type, depth int, add func(types.Object)) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || depth > maxEmbedding {
		return
	}
	for f := range st.Fields() {
		add(f)
		if f.Embedded() {
			fields(f.Type(), depth+1, add)
		}
	}
}
