package interp

import (
	"encoding/xml"
	"fmt"
	"go/types"
	"reflect"
)

// Package xml takes values apart by reflection. So it is given copies whose types are as the checker has them: with the
// names of fields, without those that are not exported, and with an element's name where a struct has one by its type.

// A mirror is a type of a cell as reflection would have it, but for names and methods.
type mirror struct {
	engine *engine
	within map[types.Type]bool // structs around the type: reflection cannot make one that holds itself
	loops  bool                // one does
}

// xmlMethods are those by which a value writes itself.
var xmlMethods = []string{"MarshalXML", "MarshalXMLAttr", "MarshalText"}

// typ is the type of copies of values of type t, which are of type r here.
func (m *mirror) typ(t types.Type, r reflect.Type) reflect.Type {
	if m.spoken(t) != "" {
		return typeOf[any]()
	}
	if actual, ok := m.engine.actualOf(t); ok && r.Kind() == reflect.Interface {
		r = actual
	}
	if !m.engine.ours(t) {
		return r
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return reflect.PointerTo(m.typ(u.Elem(), r.Elem()))
	case *types.Slice:
		return reflect.SliceOf(m.typ(u.Elem(), r.Elem()))
	case *types.Array:
		return reflect.ArrayOf(int(u.Len()), m.typ(u.Elem(), r.Elem()))
	case *types.Basic:
		return reflect.TypeOf(basicValue(reflect.Zero(r)))
	case *types.Struct:
		if m.within[t] || r.Kind() != reflect.Struct {
			m.loops = true
			return typeOf[any]()
		}
		m.within[t] = true
		defer delete(m.within, t)
		return m.structure(u, r)
	case *types.Interface:
		return typeOf[any]()
	}
	return r
}

func (m *mirror) structure(u *types.Struct, r reflect.Type) reflect.Type {
	var fields []reflect.StructField
	named := false
	for i := range u.NumFields() {
		f := u.Field(i)
		if !mirrored(u, i) {
			continue
		}
		named = named || f.Name() == "XMLName"
		part := reflect.StructField{Name: f.Name(), Type: m.typ(f.Type(), r.Field(i).Type), Tag: reflect.StructTag(u.Tag(i))}
		_, part.Anonymous = embedded(f)
		part.Anonymous = part.Anonymous && f.Embedded() && part.Type.Kind() == reflect.Struct && part.Type.Name() == ""
		fields = append(fields, part)
	}
	if !named {
		fields = append(fields, reflect.StructField{Name: "XMLName", Type: typeOf[xml.Name]()})
	}
	return reflect.StructOf(fields)
}

// mirrored reports whether a copy has a field.
func mirrored(u *types.Struct, i int) bool {
	return u.Field(i).Exported() && reflect.StructTag(u.Tag(i)).Get("xml") != "-"
}

// spoken is the method by which a value of a cell's type writes itself as XML, or "".
func (m *mirror) spoken(t types.Type) string {
	for _, name := range xmlMethods {
		if _, ok := m.engine.kinds.of(t).method(name); ok && m.engine.ours(t) && !types.IsInterface(t) {
			return name
		}
	}
	return ""
}

// copy sets out to a copy of v, of type t.
func (m *mirror) copy(out, v reflect.Value, t types.Type) {
	v = taken(v, t)
	if name := m.spoken(t); name != "" {
		if v.Kind() != reflect.Pointer || !v.IsNil() {
			out.Set(reflect.ValueOf(xmlSpoken(box{v.Interface(), m.engine.kinds.of(t)}, name)))
		}
		return
	}
	if !m.engine.ours(t) && !types.IsInterface(t) {
		out.Set(v)
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		if v.Kind() == reflect.Pointer && !v.IsNil() {
			p := reflect.New(out.Type().Elem())
			m.copy(p.Elem(), v.Elem(), u.Elem())
			out.Set(p)
		}
	case *types.Slice:
		if v.IsNil() {
			return
		}
		list := reflect.MakeSlice(out.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			m.copy(list.Index(i), v.Index(i), u.Elem())
		}
		out.Set(list)
	case *types.Array:
		for i := range v.Len() {
			m.copy(out.Index(i), v.Index(i), u.Elem())
		}
	case *types.Basic:
		out.Set(reflect.ValueOf(basicValue(v)))
	case *types.Struct:
		m.copyStruct(out, v, t, u)
	case *types.Interface:
		m.copyHeld(out, v)
	default:
		out.Set(v)
	}
}

func (m *mirror) copyHeld(out, v reflect.Value) {
	if !v.IsValid() || v.Kind() == reflect.Interface && v.IsNil() {
		return
	}
	x := bare(v.Interface())
	if b, ok := x.(box); ok {
		held := reflect.ValueOf(b.Value)
		c := reflect.New(m.typ(b.kind.typ, held.Type())).Elem()
		m.copy(c, held, b.kind.typ)
		out.Set(c)
		return
	}
	out.Set(reflect.ValueOf(x))
}

func (m *mirror) copyStruct(out, v reflect.Value, t types.Type, u *types.Struct) {
	if out.Kind() == reflect.Interface { // a struct that holds itself
		inner := reflect.New((&mirror{engine: m.engine, within: map[types.Type]bool{}}).structure(u, v.Type())).Elem()
		m.copyStruct(inner, v, t, u)
		out.Set(inner)
		return
	}
	for i := range u.NumFields() {
		if f := u.Field(i); mirrored(u, i) {
			m.copy(out.FieldByName(f.Name()), v.Field(i), f.Type())
		}
	}
}

// back sets v, of type t, to what was read into its copy.
func (m *mirror) back(v, from reflect.Value, t types.Type) {
	if !m.engine.ours(t) {
		v.Set(from)
		return
	}
	if actual, ok := m.engine.actualOf(t); ok && v.Kind() == reflect.Interface {
		inner := reflect.New(actual).Elem()
		m.back(inner, from, t)
		v.Set(inner)
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		if from.IsNil() {
			v.SetZero()
			return
		}
		p := reflect.New(v.Type().Elem())
		m.back(p.Elem(), from.Elem(), u.Elem())
		v.Set(p)
	case *types.Slice:
		list := reflect.MakeSlice(v.Type(), from.Len(), from.Len())
		for i := range from.Len() {
			m.back(list.Index(i), from.Index(i), u.Elem())
		}
		if v.SetZero(); from.Len() > 0 {
			v.Set(list)
		}
	case *types.Array:
		for i := range from.Len() {
			m.back(v.Index(i), from.Index(i), u.Elem())
		}
	case *types.Struct:
		for i := range u.NumFields() {
			if f := u.Field(i); mirrored(u, i) {
				m.back(v.Field(i), from.FieldByName(f.Name()), f.Type())
			}
		}
	default:
		v.Set(from.Convert(v.Type()))
	}
}

// titled sets the names of the elements that structs are by their types.
func titled(v reflect.Value, t types.Type) {
	for {
		p, ok := t.Underlying().(*types.Pointer)
		if !ok || v.Kind() != reflect.Pointer || v.IsNil() {
			break
		}
		v, t = v.Elem(), p.Elem()
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		for i := range v.Len() {
			titled(v.Index(i), u.Elem())
		}
	case *types.Struct:
		if v.Kind() == reflect.Struct {
			if f := v.FieldByName("XMLName"); f.IsValid() && f.Type() == typeOf[xml.Name]() && f.IsZero() {
				f.Set(reflect.ValueOf(xml.Name{Local: structName(t)}))
			}
		}
	}
}

// toXML is a value as package xml can take it apart.
func toXML(x any) any {
	b, ok := bare(x).(box)
	if !ok || b.Value == nil {
		return x
	}
	m := &mirror{engine: b.kind.engine, within: map[types.Type]bool{}}
	v := reflect.ValueOf(b.Value)
	out := reflect.New(m.typ(b.kind.typ, v.Type())).Elem()
	m.copy(out, v, b.kind.typ)
	return m.titledBasic(out, b.kind.typ)
}

// titledBasic is what titled makes of a copy; a number or text is an element by the name of its type.
func (m *mirror) titledBasic(v reflect.Value, t types.Type) any {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		if named := elementName(m, u.Elem()); named != "" {
			list := make([]any, v.Len())
			for i := range list {
				list[i] = xmlNamed{v.Index(i).Interface(), named}
			}
			return list
		}
	default:
		if named := elementName(m, t); named != "" {
			return xmlNamed{v.Interface(), named}
		}
	}
	if m.spoken(t) == "" {
		titled(v, t)
	}
	return v.Interface()
}

// elementName is the name of an element that has none but by its type, and is no struct.
func elementName(m *mirror, t types.Type) string {
	if _, ok := t.Underlying().(*types.Basic); (ok || m.spoken(t) == "MarshalText") && m.engine.ours(t) {
		return structName(t)
	}
	return ""
}

// fromXML lets read fill a value that a pointer points to.
func fromXML(x any, read func(any) error) error {
	b, ok := bare(x).(box)
	if !ok {
		return read(x)
	}
	p, isPtr := b.kind.typ.Underlying().(*types.Pointer)
	if v := reflect.ValueOf(b.Value); !isPtr || v.IsNil() {
		return read(b.Value)
	}
	m := &mirror{engine: b.kind.engine, within: map[types.Type]bool{}}
	v := reflect.ValueOf(b.Value).Elem()
	into := reflect.New(m.typ(p.Elem(), v.Type()))
	if into.Elem().Kind() == reflect.Interface || m.loops {
		return fmt.Errorf("xml: cells cannot read %s, which holds itself or reads itself: an exported program can", goName(p.Elem()))
	}
	m.copy(into.Elem(), v, p.Elem())
	err := read(into.Interface())
	m.back(v, into.Elem(), p.Elem())
	return err
}
