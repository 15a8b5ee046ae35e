package lower

import (
	"fmt"
	"go/types"
)

// Kinds are the types that numbers in lowered code stand for.
func (p *Program) Kinds() []types.Type { return p.kinds[:len(p.kinds):len(p.kinds)] }

// number is what lowered code calls a type by. The host is given the methods of a cell's type.
func (p *Program) number(t types.Type) int {
	key := p.key(t)
	if n, ok := p.numbers[key]; ok {
		return n
	}
	n := len(p.kinds)
	p.kinds = append(p.kinds, t)
	p.numbers[key] = n
	p.undo = append(p.undo, func() { delete(p.numbers, key) })
	if !types.IsInterface(t) && ours(t) {
		p.todo = append(p.todo, func() { p.teach(n, t) })
		if named, ok := types.Unalias(t).(*types.Named); ok {
			p.number(types.NewPointer(named)) // a value that has an address has the methods of that too
		}
	}
	return n
}

// ours reports whether a value of type t loses something with its type: see [Ours].
func (e *emitter) ours(t types.Type) bool { return ours(t) }

func ours(t types.Type) bool { return Ours(t) }

// Ours reports whether the interpreter has less of a type than Go: one of a cell is in t, or a struct without a name
// whose fields it calls otherwise.
func Ours(t types.Type) bool {
	found := false
	walkTypes(t, map[types.Type]bool{}, func(t types.Type) {
		switch t := t.(type) {
		case *types.Named:
			found = found || t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == "main"
		case *types.Struct:
			for f := range t.Fields() {
				found = found || !f.Exported() || f.Embedded()
			}
		}
	})
	return found
}

// teach gives the host the methods of a type, and numbers the types that are reached from it.
func (p *Program) teach(n int, t types.Type) {
	set := types.NewMethodSet(t)
	for i := range set.Len() {
		p.teachMethod(n, t, set.At(i))
	}
	for _, part := range parts(t) {
		if ours(part) && !types.IsInterface(part) {
			p.number(part)
		}
	}
}

// parts are the types that a value of a type is made of.
func parts(t types.Type) []types.Type {
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return []types.Type{u.Elem()}
	case *types.Slice:
		return []types.Type{u.Elem(), types.NewPointer(u.Elem())}
	case *types.Array:
		return []types.Type{u.Elem(), types.NewPointer(u.Elem())}
	case *types.Map:
		return []types.Type{u.Key(), u.Elem()}
	case *types.Struct:
		var out []types.Type
		for f := range u.Fields() {
			out = append(out, f.Type())
		}
		return out
	}
	return nil
}

// teachMethod gives the host a method as a function of the receiver, as any, and the parameters.
func (p *Program) teachMethod(n int, t types.Type, s *types.Selection) {
	if m := s.Obj(); !m.Exported() && m.Pkg() != nil && m.Pkg().Path() != "main" {
		return // nobody here can call it
	}
	e := p.emitter(p.session, nil)
	sig := s.Type().(*types.Signature)
	in, out := e.forward(sig)
	recv, rt := "v"+mark, t
	index := s.Index()
	for _, i := range index[:len(index)-1] {
		f := deref(rt).Underlying().(*types.Struct).Field(i)
		recv, rt = recv+"."+f.Name(), f.Type()
	}
	params := "(r" + mark + " interface{}"
	if sig.Params().Len() > 0 {
		params += ", "
	}
	e.setup += fmt.Sprintf("\n%s(%d, %q, func%s { var v%s %s; %s(r%s, &v%s); %s })", e.rt("Method"), n, s.Obj().Name(), params+in[1:], mark, e.typeText(t),
		e.rt("Open"), mark, mark, returning(sig, e.invoke(recv, rt, s, sig, out)))
}
