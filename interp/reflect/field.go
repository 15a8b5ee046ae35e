package reflect

import (
	"go/types"
	"iter"
	"reflect"
	"slices"
)

// StructField is reflect.StructField.
type StructField struct {
	Name, PkgPath string
	Type          Type
	Tag           reflect.StructTag
	Offset        uintptr
	Index         []int
	Anonymous     bool
}

// IsExported reports whether the field is.
func (f StructField) IsExported() bool { return f.PkgPath == "" }

// structType is the struct that a type of cells is, or nil.
func (r *rtype) structType() *types.Struct {
	if r.t == nil {
		return nil
	}
	s, _ := r.t.Underlying().(*types.Struct)
	return s
}

// field is Go's own as a StructField.
func (r *rtype) field(f reflect.StructField) StructField {
	return StructField{f.Name, f.PkgPath, r.pkg.typ(nil, f.Type), f.Tag, f.Offset, f.Index, f.Anonymous}
}

func (r *rtype) Field(i int) StructField {
	s := r.structType()
	if s == nil {
		return r.field(r.Type.Field(i))
	}
	if i < 0 || i >= s.NumFields() {
		panic("reflect: Field index out of bounds")
	}
	f := s.Field(i)
	out := StructField{Name: f.Name(), Type: r.pkg.typ(f.Type(), r.Type.Field(i).Type), Tag: reflect.StructTag(s.Tag(i)), Index: []int{i}, Anonymous: f.Embedded()}
	if !f.Exported() {
		out.PkgPath = f.Pkg().Path()
	}
	all := slices.Collect(s.Fields())
	out.Offset = uintptr(sizes.Offsetsof(all)[i])
	return out
}

func (r *rtype) Fields() iter.Seq[StructField] { return each(r.NumField, r.Field) }

func (r *rtype) FieldByIndex(index []int) StructField {
	var out StructField
	for i, x := range index {
		t := Type(r)
		if i > 0 {
			if t = out.Type; t.Kind() == reflect.Pointer {
				t = t.Elem()
			}
		}
		out = t.Field(x)
	}
	out.Index = index
	return out
}

func (r *rtype) FieldByName(name string) (StructField, bool) {
	s := r.structType()
	if s == nil {
		f, ok := r.Type.FieldByName(name)
		if !ok {
			return StructField{}, false
		}
		return r.field(f), true
	}
	var pkg *types.Package
	if s.NumFields() > 0 {
		pkg = s.Field(0).Pkg()
	}
	o, index, _ := types.LookupFieldOrMethod(s, false, pkg, name)
	if v, ok := o.(*types.Var); !ok || v == nil {
		return StructField{}, false
	}
	return r.FieldByIndex(index), true
}

func (r *rtype) FieldByNameFunc(match func(string) bool) (StructField, bool) {
	if r.structType() == nil {
		f, ok := r.Type.FieldByNameFunc(match)
		if !ok {
			return StructField{}, false
		}
		return r.field(f), true
	}
	var out StructField
	found := 0
	for _, f := range visibleFields(r) {
		if !match(f.Name) || found > 0 && len(f.Index) > len(out.Index) {
			continue
		}
		if found == 0 || len(f.Index) < len(out.Index) {
			out, found = f, 0
		}
		found++
	}
	if found != 1 {
		return StructField{}, false
	}
	return out, true
}

// visibleFields is reflect.VisibleFields.
func visibleFields(t Type) []StructField {
	if t.Kind() != reflect.Struct {
		panic("reflect.VisibleFields of non-struct type")
	}
	var out []StructField
	var walk func(in Type, above []int, open []Type)
	walk = func(in Type, above []int, open []Type) {
		for i := range in.NumField() {
			f := in.Field(i)
			f.Index = append(slices.Clone(above), i)
			if by, ok := t.FieldByName(f.Name); !ok || !slices.Equal(by.Index, f.Index) {
				continue
			}
			out = append(out, f)
			inner := f.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			if f.Anonymous && inner.Kind() == reflect.Struct && !slices.Contains(open, inner) {
				walk(inner, f.Index, append(open, inner))
			}
		}
	}
	walk(t, nil, []Type{t})
	return out
}
