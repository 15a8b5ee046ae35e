package lower

import (
	"fmt"
	"go/types"
	"strings"
)

// An env gives the type parameters of the functions being written their types.
type env map[*types.TypeParam]types.Type

func (e *emitter) envKey() string {
	var parts []string
	for p, t := range e.env {
		parts = append(parts, fmt.Sprintf("%d=%s", p.Index(), e.key(t)))
	}
	return strings.Join(parts, ",")
}

// key writes a type so that different types differ; names of cells' types get their object's address.
func (p *Program) key(t types.Type) string {
	var ptrs []string
	text := types.TypeString(t, func(p *types.Package) string { return p.Path() })
	walkNamed(t, map[types.Type]bool{}, func(n *types.Named) {
		if p := n.Obj().Pkg(); p != nil && p.Path() == "main" {
			ptrs = append(ptrs, fmt.Sprintf("%p", n.Origin().Obj()))
		}
	})
	return text + strings.Join(ptrs, "")
}

// walkNamed visits the declared types that a type mentions.
func walkNamed(t types.Type, seen map[types.Type]bool, f func(*types.Named)) {
	walkTypes(t, seen, func(t types.Type) {
		if n, ok := t.(*types.Named); ok {
			f(n)
		}
	})
}

// walkTypes visits the types that a type is written with.
func walkTypes(t types.Type, seen map[types.Type]bool, f func(types.Type)) {
	if t == nil || seen[t] {
		return
	}
	seen[t] = true
	next := func(t types.Type) { walkTypes(t, seen, f) }
	t = types.Unalias(t)
	f(t)
	switch t := t.(type) {
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			next(a)
		}
	case *types.Pointer:
		next(t.Elem())
	case *types.Slice:
		next(t.Elem())
	case *types.Array:
		next(t.Elem())
	case *types.Chan:
		next(t.Elem())
	case *types.Map:
		next(t.Key())
		next(t.Elem())
	case *types.Struct:
		for v := range t.Fields() {
			next(v.Type())
		}
	case *types.Signature:
		for v := range t.Params().Variables() {
			next(v.Type())
		}
		for v := range t.Results().Variables() {
			next(v.Type())
		}
	}
}

// subst replaces type parameters by their types.
func (e *emitter) subst(t types.Type) types.Type {
	if len(e.env) == 0 || t == nil {
		return t
	}
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		if r, ok := e.env[t]; ok {
			return r
		}
		return t
	case *types.Named:
		return e.substNamed(t)
	case *types.Pointer:
		return types.NewPointer(e.subst(t.Elem()))
	case *types.Slice:
		return types.NewSlice(e.subst(t.Elem()))
	case *types.Array:
		return types.NewArray(e.subst(t.Elem()), t.Len())
	case *types.Chan:
		return types.NewChan(t.Dir(), e.subst(t.Elem()))
	case *types.Map:
		return types.NewMap(e.subst(t.Key()), e.subst(t.Elem()))
	case *types.Signature:
		return types.NewSignatureType(nil, nil, nil, e.substTuple(t.Params()), e.substTuple(t.Results()), t.Variadic())
	case *types.Tuple:
		return e.substTuple(t)
	case *types.Struct:
		return e.substStruct(t)
	case *types.Interface:
		return e.substInterface(t)
	default:
		return t
	}
}

func (e *emitter) substNamed(t *types.Named) types.Type {
	if t.TypeArgs().Len() == 0 {
		return t
	}
	var args []types.Type
	for a := range t.TypeArgs().Types() {
		args = append(args, e.subst(a))
	}
	r, err := types.Instantiate(e.context, t.Origin(), args, false)
	if err != nil {
		fail("%v", err)
	}
	return r
}

func (e *emitter) substTuple(t *types.Tuple) *types.Tuple {
	var out []*types.Var
	for v := range t.Variables() {
		out = append(out, types.NewVar(v.Pos(), v.Pkg(), v.Name(), e.subst(v.Type())))
	}
	return types.NewTuple(out...)
}

func (e *emitter) substStruct(t *types.Struct) types.Type {
	var fields []*types.Var
	var tags []string
	for i := range t.NumFields() {
		f := t.Field(i)
		fields = append(fields, types.NewField(f.Pos(), f.Pkg(), f.Name(), e.subst(f.Type()), f.Embedded()))
		tags = append(tags, t.Tag(i))
	}
	return types.NewStruct(fields, tags)
}

func (e *emitter) substInterface(t *types.Interface) types.Type {
	var methods []*types.Func
	for m := range t.Methods() {
		methods = append(methods, types.NewFunc(m.Pos(), m.Pkg(), m.Name(), e.subst(m.Type()).(*types.Signature)))
	}
	return types.NewInterfaceType(methods, nil).Complete()
}
