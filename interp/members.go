package interp

import (
	"go/types"
	"path"
	"strings"

	"github.com/riffle-stream/riffle/interp/check"
)

// memberItems are the fields and methods of a type.
func (e *engine) memberItems(p check.Probe) []Completion {
	t := p.Operand
	var out []Completion
	add := func(o types.Object) {
		if usable(o) && !e.backstage(o) {
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

// backstage reports whether an object is a method of the prelude's types that is not for cells.
func (e *engine) backstage(o types.Object) bool {
	f, ok := o.(*types.Func)
	if !ok || f.Signature().Recv() == nil || f.Pkg() == nil || !strings.HasPrefix(f.Pkg().Path(), path.Dir(e.config.Prelude.Path)+"/") {
		return false
	}
	t := f.Signature().Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && e.config.Prelude.Backstage[n.Obj().Name()+"."+f.Name()]
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
