package interp

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strings"
)

// MarshalJSON implements json.Marshaler: package json sees neither that a field is not exported, nor what is embedded,
// nor methods.
func (b box) MarshalJSON() ([]byte, error) {
	var w bytes.Buffer
	err := encode(&w, b.kind.engine, reflect.ValueOf(b.Value), b.kind.typ)
	return w.Bytes(), err
}

// encode writes a value as json.Marshal would write it in a compiled program.
func encode(w *bytes.Buffer, e *engine, v reflect.Value, t types.Type) error {
	if !v.IsValid() || nilable(v.Kind()) && v.IsNil() {
		w.WriteString("null")
		return nil
	}
	if done, err := encodeOwn(w, e, v, t); done {
		return err
	}
	if !e.ours(t) && !types.IsInterface(t) {
		return encodePlain(w, v.Interface())
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		if b, ok := bare(v.Interface()).(box); ok {
			return encode(w, e, reflect.ValueOf(b.Value), b.kind.typ)
		}
		return encodePlain(w, v.Interface())
	case *types.Pointer:
		return encode(w, e, v.Elem(), u.Elem())
	case *types.Struct:
		return encodeStruct(w, e, v, u)
	case *types.Map:
		return encodeMap(w, e, v, u)
	case *types.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			w.WriteString(`"` + base64.StdEncoding.EncodeToString(v.Bytes()) + `"`)
			return nil
		}
		return encodeList(w, e, v, u.Elem())
	case *types.Array:
		return encodeList(w, e, v, u.Elem())
	case *types.Chan, *types.Signature:
		return errors.New("json: unsupported type: " + goName(t))
	}
	return encodePlain(w, v.Interface())
}

func nilable(k reflect.Kind) bool {
	return k == reflect.Pointer || k == reflect.Interface || k == reflect.Map || k == reflect.Slice || k == reflect.Func || k == reflect.Chan
}

// encodePlain leaves a value to package json. The letters that HTML wants escaped are escaped by the caller.
func encodePlain(w *bytes.Buffer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	w.Truncate(w.Len() - 1)
	return nil
}

// encodeOwn lets the value's own method write it, if it has one.
func encodeOwn(w *bytes.Buffer, e *engine, v reflect.Value, t types.Type) (bool, error) {
	for _, name := range []string{"MarshalJSON", "MarshalText"} {
		b, ok := owner(e, v, t, name)
		if !ok {
			continue
		}
		out, err := b.bound(name, reflect.TypeFor[func() ([]byte, error)]()).Interface().(func() ([]byte, error))()
		if err != nil {
			return true, fmt.Errorf("json: error calling %s for type %s: %w", name, goName(t), err)
		}
		if name == "MarshalText" {
			return true, encodePlain(w, string(out))
		}
		return true, json.Compact(w, out)
	}
	return false, nil
}

// owner is the value, or its address where it has one, whose type has a method.
func owner(e *engine, v reflect.Value, t types.Type, name string) (box, bool) {
	if _, ok := e.kinds.of(t).method(name); ok {
		return box{v.Interface(), e.kinds.of(t)}, true
	}
	if k := e.kinds.of(types.NewPointer(t)); v.CanAddr() && k != nil {
		if _, ok := k.method(name); ok {
			return box{v.Addr().Interface(), k}, true
		}
	}
	return box{}, false
}

func encodeStruct(w *bytes.Buffer, e *engine, v reflect.Value, t *types.Struct) error {
	w.WriteByte('{')
	first := true
	for _, f := range fieldsOf(t) {
		part, ok := f.in(v, false)
		if !ok || f.omitEmpty && empty(part) || f.omitZero && zero(part) {
			continue
		}
		if !first {
			w.WriteByte(',')
		}
		first = false
		if err := encodePlain(w, f.name); err != nil {
			return err
		}
		w.WriteByte(':')
		start := w.Len()
		if err := encode(w, e, part, f.typ); err != nil {
			return err
		}
		if f.quoted && w.Bytes()[start] != '"' {
			text := w.String()[start:]
			w.Truncate(start)
			w.WriteString(`"` + text + `"`)
		}
	}
	w.WriteByte('}')
	return nil
}

func zero(v reflect.Value) bool {
	if z, ok := v.Interface().(interface{ IsZero() bool }); ok {
		return z.IsZero()
	}
	return v.IsZero()
}

func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice, reflect.String, reflect.Array:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

func encodeList(w *bytes.Buffer, e *engine, v reflect.Value, elem types.Type) error {
	w.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			w.WriteByte(',')
		}
		if err := encode(w, e, v.Index(i), elem); err != nil {
			return err
		}
	}
	w.WriteByte(']')
	return nil
}

func encodeMap(w *bytes.Buffer, e *engine, v reflect.Value, t *types.Map) error {
	texts := map[string]reflect.Value{}
	for _, k := range v.MapKeys() {
		text, err := keyText(e, k, t.Key())
		if err != nil {
			return err
		}
		texts[text] = v.MapIndex(k)
	}
	names := make([]string, 0, len(texts))
	for n := range texts {
		names = append(names, n)
	}
	slices.Sort(names)
	w.WriteByte('{')
	for i, n := range names {
		if i > 0 {
			w.WriteByte(',')
		}
		if err := encodePlain(w, n); err != nil {
			return err
		}
		w.WriteByte(':')
		if err := encode(w, e, texts[n], t.Elem()); err != nil {
			return err
		}
	}
	w.WriteByte('}')
	return nil
}

func keyText(e *engine, k reflect.Value, t types.Type) (string, error) {
	if k.Kind() != reflect.String {
		if b, ok := owner(e, k, t, "MarshalText"); ok {
			out, err := b.bound("MarshalText", reflect.TypeFor[func() ([]byte, error)]()).Interface().(func() ([]byte, error))()
			return string(out), err
		}
	}
	switch {
	case k.Kind() == reflect.String, k.CanInt(), k.CanUint():
		return fmt.Sprint(k.Interface()), nil
	}
	return "", errors.New("json: unsupported type: map with keys of type " + goName(t))
}

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
func fieldsOf(t *types.Struct) []field {
	var out []field
	for i := range t.NumFields() {
		f := t.Field(i)
		tag, hasTag := reflect.StructTag(t.Tag(i)).Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		inner, isStruct := embedded(f)
		switch {
		case tag == "-", !f.Exported() && (!f.Embedded() || !isStruct):
			continue
		case f.Embedded() && name == "" && isStruct:
			for _, g := range fieldsOf(inner) {
				g.path = append([]int{i}, g.path...)
				out = append(out, g)
			}
			continue
		case !f.Exported():
			continue
		case name == "":
			name = f.Name()
		}
		has := func(o string) bool { return slices.Contains(strings.Split(options, ","), o) }
		out = append(out, field{name: name, path: []int{i}, typ: f.Type(), omitEmpty: has("omitempty"), omitZero: has("omitzero"), quoted: has("string"), tagged: hasTag && name != ""})
	}
	return visible(out)
}

func embedded(f *types.Var) (*types.Struct, bool) {
	t := f.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	return st, ok
}

// visible leaves out the fields that a field of their name nearer to the top hides.
func visible(list []field) []field {
	depth := map[string]int{}
	for _, f := range list {
		if d, ok := depth[f.name]; !ok || len(f.path) < d {
			depth[f.name] = len(f.path)
		}
	}
	return slices.DeleteFunc(list, func(f field) bool { return len(f.path) > depth[f.name] })
}
