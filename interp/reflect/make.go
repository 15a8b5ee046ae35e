package reflect

import (
	"go/types"
	"reflect"
	"unsafe"
)

func (p *Package) newValue(t Type) Value {
	r := real(t)
	return p.value(reflect.New(r.Type), r.pointer())
}

func (p *Package) newAt(t Type, at unsafe.Pointer) Value {
	r := real(t)
	return p.value(reflect.NewAt(r.Type, at), r.pointer())
}

// pointer is the type of pointers to a type of cells, nil for another.
func (r *rtype) pointer() types.Type {
	if r.t == nil {
		return nil
	}
	return types.NewPointer(r.t)
}

func (p *Package) zero(t Type) Value {
	r := real(t)
	return p.value(reflect.Zero(r.Type), r.t)
}

func indirect(v Value) Value {
	if v.Kind() != reflect.Pointer {
		return v
	}
	return v.Elem()
}

func (p *Package) makeSlice(t Type, n, room int) Value {
	r := real(t)
	return p.value(reflect.MakeSlice(r.Type, n, room), r.t)
}

func (p *Package) makeMap(t Type) Value { return p.makeMapSized(t, 0) }

func (p *Package) makeMapSized(t Type, n int) Value {
	r := real(t)
	return p.value(reflect.MakeMapWithSize(r.Type, n), r.t)
}

func (p *Package) makeChan(t Type, room int) Value {
	r := real(t)
	return p.value(reflect.MakeChan(r.Type, room), r.t)
}

func (p *Package) makeFunc(t Type, fn func([]Value) []Value) Value {
	r := real(t)
	return p.value(reflect.MakeFunc(r.Type, func(args []reflect.Value) []reflect.Value {
		in := make([]Value, len(args))
		for i, a := range args {
			in[i] = p.value(a, real(r.In(i)).t)
		}
		results := fn(in)
		if len(results) != r.NumOut() {
			panic("reflect: wrong return count from function created by MakeFunc")
		}
		out := make([]reflect.Value, len(results))
		for i, v := range results {
			out[i] = v.as(real(r.Out(i)), r.Type.Out(i), "reflect: function created by MakeFunc using closure")
		}
		return out
	}), r.t)
}

// of is a type made of others: t if one of these is a cell's.
func (p *Package) of(r reflect.Type, ours bool, t func() types.Type) Type {
	if !ours {
		return p.typ(nil, r)
	}
	return p.typ(t(), r)
}

func (p *Package) pointerTo(t Type) Type {
	r := real(t)
	return p.of(reflect.PointerTo(r.Type), r.t != nil, r.pointer)
}

func (p *Package) sliceOf(t Type) Type {
	r := real(t)
	return p.of(reflect.SliceOf(r.Type), r.t != nil, func() types.Type { return types.NewSlice(r.t) })
}

func (p *Package) arrayOf(n int, t Type) Type {
	r := real(t)
	return p.of(reflect.ArrayOf(n, r.Type), r.t != nil, func() types.Type { return types.NewArray(r.t, int64(n)) })
}

func (p *Package) chanOf(dir reflect.ChanDir, t Type) Type {
	r := real(t)
	return p.of(reflect.ChanOf(dir, r.Type), r.t != nil, func() types.Type { return types.NewChan(directions[dir], r.t) })
}

func (p *Package) mapOf(key, elem Type) Type {
	k, e := real(key), real(elem)
	return p.of(reflect.MapOf(k.Type, e.Type), k.t != nil || e.t != nil, func() types.Type { return types.NewMap(k.checked(), e.checked()) })
}

func (p *Package) funcOf(in, out []Type, variadic bool) Type {
	ours := false
	list := func(all []Type) (rs []reflect.Type, vars []*types.Var) {
		for _, t := range all {
			r := real(t)
			ours = ours || r.t != nil
			rs, vars = append(rs, r.Type), append(vars, types.NewParam(0, nil, "", r.checked()))
		}
		return rs, vars
	}
	ins, params := list(in)
	outs, results := list(out)
	return p.of(reflect.FuncOf(ins, outs, variadic), ours, func() types.Type {
		return types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), types.NewTuple(results...), variadic)
	})
}

func (p *Package) structOf(fields []StructField) Type {
	ours := false
	var rs []reflect.StructField
	var vars []*types.Var
	var tags []string
	for _, f := range fields {
		r := real(f.Type)
		ours = ours || r.t != nil
		rs = append(rs, reflect.StructField{Name: f.Name, PkgPath: f.PkgPath, Type: r.Type, Tag: f.Tag, Anonymous: f.Anonymous && r.t == nil})
		vars, tags = append(vars, types.NewField(0, nil, f.Name, r.checked(), f.Anonymous)), append(tags, string(f.Tag))
	}
	return p.of(reflect.StructOf(rs), ours, func() types.Type { return types.NewStruct(vars, tags) })
}
