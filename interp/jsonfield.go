package interp

import (
	"go/types"
	"reflect"
	"slices"
	"strings"
)

// A field is a field of a struct as package json takes it.
type field struct {
	name                        string
	path                        []int
	typ                         types.Type
	omitEmpty, omitZero, quoted bool
	tagged                      bool
}

// in finds the field in a struct; making makes embedded structs that are not there yet.
func (f field) in(v reflect.Value, making bool) (reflect.Value, bool) {
	for i, n := range f.path {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() && !making {
				return v, false
			}
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(n)
	}
	return v, true
}

// fieldsOf are the fields that JSON has, those of embedded structs among them unless hidden.
func fieldsOf(t *types.Struct) []field { return visible(listFields(t, map[*types.Struct]bool{})) }

func listFields(t *types.Struct, within map[*types.Struct]bool) []field {
	if within[t] {
		return nil
	}
	within[t] = true
	defer delete(within, t)
	var out []field
	for i := range t.NumFields() {
		f := t.Field(i)
		tag := reflect.StructTag(t.Tag(i)).Get("json")
		name, options, _ := strings.Cut(tag, ",")
		inner, isStruct := embedded(f)
		switch {
		case tag == "-", !f.Exported() && (!f.Embedded() || !isStruct):
			continue
		case f.Embedded() && name == "" && isStruct:
			for _, g := range listFields(inner, within) {
				g.path = append([]int{i}, g.path...)
				out = append(out, g)
			}
			continue
		case !f.Exported():
			continue
		}
		has := func(o string) bool { return slices.Contains(strings.Split(options, ","), o) }
		g := field{name: name, path: []int{i}, typ: f.Type(), omitEmpty: has("omitempty"), omitZero: has("omitzero"), quoted: has("string") && quotable(f.Type()), tagged: name != ""}
		if name == "" {
			g.name = f.Name()
		}
		out = append(out, g)
	}
	return out
}

// quotable reports whether the option string means anything for a type.
func quotable(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsBoolean|types.IsInteger|types.IsFloat|types.IsString) != 0
}

func embedded(f *types.Var) (*types.Struct, bool) {
	t := f.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	return st, ok
}

// visible leaves, of the fields of one name, that nearest to the top, one with a tag before others; none if two are.
func visible(list []field) []field {
	best := map[string]field{}
	ties := map[string]bool{}
	for _, f := range list {
		b, ok := best[f.name]
		switch nearer, same := len(f.path) < len(b.path), len(f.path) == len(b.path); {
		case !ok, nearer, same && f.tagged && !b.tagged:
			best[f.name], ties[f.name] = f, false
		case same && f.tagged == b.tagged:
			ties[f.name] = true
		}
	}
	return slices.DeleteFunc(list, func(f field) bool { return ties[f.name] || !slices.Equal(best[f.name].path, f.path) })
}

// A namedType is a type of a cell in an error of package json: reflection's, with its name.
type namedType struct {
	reflect.Type
	name string
}

func (t namedType) String() string { return t.name }

// named is the type of a value for an error.
func named(v reflect.Type, t types.Type) reflect.Type { return namedType{v, goName(t)} }
