package reflect

import (
	"go/types"
	"iter"
	"reflect"
	"runtime"
	"strings"
)

// Type is reflect.Type.
type Type interface {
	Align() int
	AssignableTo(u Type) bool
	Bits() int
	CanSeq() bool
	CanSeq2() bool
	ChanDir() reflect.ChanDir
	Comparable() bool
	ConvertibleTo(u Type) bool
	Elem() Type
	Field(i int) StructField
	FieldAlign() int
	FieldByIndex(index []int) StructField
	FieldByName(name string) (StructField, bool)
	FieldByNameFunc(match func(string) bool) (StructField, bool)
	Fields() iter.Seq[StructField]
	Implements(u Type) bool
	In(i int) Type
	Ins() iter.Seq[Type]
	IsVariadic() bool
	Key() Type
	Kind() reflect.Kind
	Len() int
	Method(i int) Method
	MethodByName(name string) (Method, bool)
	Methods() iter.Seq[Method]
	Name() string
	NumField() int
	NumIn() int
	NumMethod() int
	NumOut() int
	Out(i int) Type
	Outs() iter.Seq[Type]
	OverflowComplex(x complex128) bool
	OverflowFloat(x float64) bool
	OverflowInt(x int64) bool
	OverflowUint(x uint64) bool
	PkgPath() string
	Size() uintptr
	String() string
}

// An rtype is a type: Go's own, or if t is not nil that of a cell, whose values are of Go's type here.
type rtype struct {
	reflect.Type
	t   types.Type
	pkg *Package
}

// real is the type behind a Type.
func real(t Type) *rtype {
	r, ok := t.(*rtype)
	if !ok {
		panic("reflect: nil type passed")
	}
	return r
}

// signature is the type of a function of cells, nil of another.
func (r *rtype) signature() *types.Signature {
	if r.t == nil {
		return nil
	}
	s, _ := r.t.Underlying().(*types.Signature)
	return s
}

// named is the cell's type if it has a name.
func (r *rtype) named() *types.Named {
	n, _ := types.Unalias(r.t).(*types.Named)
	return n
}

func (r *rtype) String() string {
	if r.t == nil {
		return r.Type.String()
	}
	return r.pkg.host.Name(r.t)
}

func (r *rtype) Name() string {
	if r.t == nil {
		return r.Type.Name()
	}
	if r.named() == nil {
		return ""
	}
	_, name, _ := strings.Cut(r.String(), ".")
	return name
}

func (r *rtype) PkgPath() string {
	if r.t == nil {
		return r.Type.PkgPath()
	}
	if n := r.named(); n != nil && n.Obj().Pkg() != nil {
		return n.Obj().Pkg().Path()
	}
	return ""
}

// sizes are those of the compiler.
var sizes = types.SizesFor("gc", runtime.GOARCH)

func (r *rtype) Size() uintptr {
	if r.t == nil {
		return r.Type.Size()
	}
	return uintptr(sizes.Sizeof(r.t))
}

func (r *rtype) Align() int {
	if r.t == nil {
		return r.Type.Align()
	}
	return int(sizes.Alignof(r.t))
}

func (r *rtype) FieldAlign() int { return r.Align() }

func (r *rtype) Comparable() bool {
	if r.t == nil {
		return r.Type.Comparable()
	}
	return types.Comparable(r.t)
}

func (r *rtype) Elem() Type {
	if r.t == nil {
		return r.pkg.typ(nil, r.Type.Elem())
	}
	if e, ok := r.t.Underlying().(interface{ Elem() types.Type }); ok {
		return r.pkg.typ(e.Elem(), r.Type.Elem())
	}
	return r.pkg.typ(nil, r.Type.Elem()) // which panics
}

func (r *rtype) Key() Type {
	if m := r.mapType(); m != nil {
		return r.pkg.typ(m.Key(), r.Type.Key())
	}
	return r.pkg.typ(nil, r.Type.Key())
}

func (r *rtype) mapType() *types.Map {
	if r.t == nil {
		return nil
	}
	m, _ := r.t.Underlying().(*types.Map)
	return m
}

func (r *rtype) In(i int) Type {
	if s := r.signature(); s != nil {
		return r.pkg.typ(s.Params().At(i).Type(), r.Type.In(i))
	}
	return r.pkg.typ(nil, r.Type.In(i))
}

func (r *rtype) Out(i int) Type {
	if s := r.signature(); s != nil {
		return r.pkg.typ(s.Results().At(i).Type(), r.Type.Out(i))
	}
	return r.pkg.typ(nil, r.Type.Out(i))
}

func (r *rtype) Ins() iter.Seq[Type]  { return each(r.NumIn, r.In) }
func (r *rtype) Outs() iter.Seq[Type] { return each(r.NumOut, r.Out) }

// each goes through things that have a number.
func each[T any](n func() int, at func(int) T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for i := range n() {
			if !yield(at(i)) {
				return
			}
		}
	}
}

// both are the types as the checker has them; nil for one that it cannot have.
func both(a *rtype, u Type) (x, y types.Type) { return a.checked(), real(u).checked() }

func (r *rtype) AssignableTo(u Type) bool {
	if o := real(u); r.t == nil && o.t == nil {
		return r.Type.AssignableTo(o.Type)
	}
	x, y := both(r, u)
	return x != nil && y != nil && types.AssignableTo(x, y)
}

func (r *rtype) ConvertibleTo(u Type) bool {
	if o := real(u); r.t == nil && o.t == nil {
		return r.Type.ConvertibleTo(o.Type)
	}
	x, y := both(r, u)
	return x != nil && y != nil && types.ConvertibleTo(x, y)
}

func (r *rtype) Implements(u Type) bool {
	o := real(u)
	if r.t == nil && o.t == nil {
		return r.Type.Implements(o.Type)
	}
	x, y := both(r, u)
	if y != nil && !types.IsInterface(y) {
		panic("reflect: non-interface type passed to Type.Implements")
	}
	return x != nil && y != nil && types.Implements(x, y.Underlying().(*types.Interface))
}
