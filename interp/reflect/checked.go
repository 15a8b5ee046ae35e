package reflect

import (
	"go/types"
	"reflect"
	"strings"
)

// basics are the checker's types of Go's kinds.
var basics = map[reflect.Kind]types.BasicKind{
	reflect.Bool: types.Bool, reflect.Int: types.Int, reflect.Int8: types.Int8, reflect.Int16: types.Int16, reflect.Int32: types.Int32, reflect.Int64: types.Int64,
	reflect.Uint: types.Uint, reflect.Uint8: types.Uint8, reflect.Uint16: types.Uint16, reflect.Uint32: types.Uint32, reflect.Uint64: types.Uint64, reflect.Uintptr: types.Uintptr,
	reflect.Float32: types.Float32, reflect.Float64: types.Float64, reflect.Complex64: types.Complex64, reflect.Complex128: types.Complex128,
	reflect.String: types.String, reflect.UnsafePointer: types.UnsafePointer,
}

// checked is the type as the checker has it; nil if that cannot be found.
func (r *rtype) checked() types.Type {
	if r.t != nil {
		return r.t
	}
	return r.pkg.checked(r.Type)
}

func (p *Package) checked(r reflect.Type) types.Type {
	if r.Name() != "" {
		return p.declared(r)
	}
	switch r.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan, reflect.Map:
		return p.composed(r)
	case reflect.Func:
		return p.function(r)
	case reflect.Struct:
		return p.structure(r)
	case reflect.Interface:
		if r.NumMethod() == 0 {
			return types.NewInterfaceType(nil, nil)
		}
	}
	return nil
}

// declared is a type with a name: of the language, or of a package.
func (p *Package) declared(r reflect.Type) types.Type {
	if r.PkgPath() == "" {
		if k, ok := basics[r.Kind()]; ok {
			return types.Typ[k]
		}
		if o := types.Universe.Lookup(r.Name()); o != nil {
			return o.Type()
		}
		return nil
	}
	pkg, err := p.host.Import(r.PkgPath())
	if err != nil || strings.Contains(r.Name(), "[") {
		return nil
	}
	if o := pkg.Scope().Lookup(r.Name()); o != nil {
		return o.Type()
	}
	return nil
}

var directions = map[reflect.ChanDir]types.ChanDir{reflect.BothDir: types.SendRecv, reflect.SendDir: types.SendOnly, reflect.RecvDir: types.RecvOnly}

func (p *Package) composed(r reflect.Type) types.Type {
	elem := p.checked(r.Elem())
	if elem == nil {
		return nil
	}
	switch r.Kind() {
	case reflect.Pointer:
		return types.NewPointer(elem)
	case reflect.Slice:
		return types.NewSlice(elem)
	case reflect.Array:
		return types.NewArray(elem, int64(r.Len()))
	case reflect.Chan:
		return types.NewChan(directions[r.ChanDir()], elem)
	}
	if key := p.checked(r.Key()); key != nil {
		return types.NewMap(key, elem)
	}
	return nil
}

func (p *Package) function(r reflect.Type) types.Type {
	tuple := func(n int, at func(int) reflect.Type) *types.Tuple {
		var vars []*types.Var
		for i := range n {
			t := p.checked(at(i))
			if t == nil {
				return nil
			}
			vars = append(vars, types.NewParam(0, nil, "", t))
		}
		return types.NewTuple(vars...)
	}
	in, out := tuple(r.NumIn(), r.In), tuple(r.NumOut(), r.Out)
	if in.Len() != r.NumIn() || out.Len() != r.NumOut() {
		return nil
	}
	return types.NewSignatureType(nil, nil, nil, in, out, r.IsVariadic())
}

func (p *Package) structure(r reflect.Type) types.Type {
	var fields []*types.Var
	var tags []string
	for i := range r.NumField() {
		f := r.Field(i)
		t := p.checked(f.Type)
		if t == nil || !f.IsExported() {
			return nil
		}
		fields, tags = append(fields, types.NewField(0, nil, f.Name, t, f.Anonymous)), append(tags, string(f.Tag))
	}
	return types.NewStruct(fields, tags)
}

// here is the type that values of t have here, as far as it is known without one: any stands for what has a name.
func here(t types.Type) reflect.Type {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		for kind, k := range basics {
			if k == t.Kind() {
				return goTypes[kind]
			}
		}
	case *types.Slice:
		return reflect.SliceOf(here(t.Elem()))
	case *types.Pointer:
		return reflect.PointerTo(here(t.Elem()))
	case *types.Map:
		return reflect.MapOf(here(t.Key()), here(t.Elem()))
	}
	return reflect.TypeFor[any]()
}

// goTypes are Go's own types of the kinds.
var goTypes = map[reflect.Kind]reflect.Type{
	reflect.Bool: reflect.TypeFor[bool](), reflect.Int: reflect.TypeFor[int](), reflect.Int8: reflect.TypeFor[int8](), reflect.Int16: reflect.TypeFor[int16](), reflect.Int32: reflect.TypeFor[int32](), reflect.Int64: reflect.TypeFor[int64](),
	reflect.Uint: reflect.TypeFor[uint](), reflect.Uint8: reflect.TypeFor[uint8](), reflect.Uint16: reflect.TypeFor[uint16](), reflect.Uint32: reflect.TypeFor[uint32](), reflect.Uint64: reflect.TypeFor[uint64](), reflect.Uintptr: reflect.TypeFor[uintptr](),
	reflect.Float32: reflect.TypeFor[float32](), reflect.Float64: reflect.TypeFor[float64](), reflect.Complex64: reflect.TypeFor[complex64](), reflect.Complex128: reflect.TypeFor[complex128](), reflect.String: reflect.TypeFor[string](),
}
