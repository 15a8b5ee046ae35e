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
)

// Package json sees neither that a field of a cell's type is not exported, nor what is embedded, nor methods. So a box
// writes itself.

// marshal is json.Marshal.
func marshal(v any) ([]byte, error) {
	out, err := json.Marshal(v)
	return out, unboxed(err)
}

func marshalIndent(v any, prefix, indent string) ([]byte, error) {
	out, err := json.MarshalIndent(v, prefix, indent)
	return out, unboxed(err)
}

// encodeNext is the method Encode of json.Encoder.
func encodeNext(enc *json.Encoder, v any) error { return unboxed(enc.Encode(v)) }

// unboxed is an error without those that say that a box could not be written.
func unboxed(err error) error {
	var e *json.MarshalerError
	for errors.As(err, &e) && (e.Type == typeOf[box]() || e.Type == typeOf[boxedError]() || e.Type == typeOf[loggedBox]()) {
		err = e.Err
	}
	return err
}

// MarshalJSON implements json.Marshaler.
func (b box) MarshalJSON() ([]byte, error) {
	w := encoder{engine: b.kind.engine}
	err := w.encode(reflect.ValueOf(b.Value), b.kind.typ)
	return w.Bytes(), err
}

// An encoder writes one value.
type encoder struct {
	bytes.Buffer
	engine *engine
	depth  int
	above  map[any]bool // what the value is inside, once that is deep enough to be endless
}

// maxJSON is how deep values are written before it is looked whether they contain themselves.
const maxJSON = 1000

// encode writes a value as json.Marshal would write it in a compiled program.
func (w *encoder) encode(v reflect.Value, t types.Type) error {
	v = taken(v, t)
	switch t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		return &json.UnsupportedTypeError{Type: named(v.Type(), t)}
	}
	if !v.IsValid() || nilable(v.Kind()) && v.IsNil() {
		w.WriteString("null")
		return nil
	}
	leave, err := w.deeper(v, t)
	if err != nil {
		return err
	}
	defer leave()
	if done, err := w.own(v, t); done {
		return err
	}
	if !w.engine.ours(t) && !types.IsInterface(t) {
		return w.plain(v.Interface())
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		if b, ok := bare(v.Interface()).(box); ok {
			return w.encode(reflect.ValueOf(b.Value), b.kind.typ)
		}
		return w.plain(v.Interface())
	case *types.Pointer:
		return w.encode(v.Elem(), u.Elem())
	case *types.Struct:
		return w.structure(v, u)
	case *types.Map:
		return w.dictionary(v, t, u)
	case *types.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			w.WriteString(`"` + base64.StdEncoding.EncodeToString(v.Bytes()) + `"`)
			return nil
		}
		return w.list(v, u.Elem())
	case *types.Array:
		return w.list(v, u.Elem())
	}
	return w.plain(basicValue(v))
}

// deeper notes that a value is being written, and finds one inside itself.
func (w *encoder) deeper(v reflect.Value, t types.Type) (leave func(), err error) {
	w.depth++
	leave = func() { w.depth-- }
	if w.depth < maxJSON || v.Kind() != reflect.Pointer && v.Kind() != reflect.Map && v.Kind() != reflect.Slice {
		return leave, nil
	}
	type place struct {
		at  uintptr
		len int
		t   types.Type
	}
	at := place{v.Pointer(), 0, t}
	if v.Kind() == reflect.Slice {
		at.len = v.Len()
	}
	if w.above[at] {
		return nil, &json.UnsupportedValueError{Value: v, Str: "encountered a cycle via " + goName(t)}
	}
	if w.above == nil {
		w.above = map[any]bool{}
	}
	w.above[at] = true
	return func() { w.depth--; delete(w.above, at) }, nil
}

func nilable(k reflect.Kind) bool {
	return k == reflect.Pointer || k == reflect.Interface || k == reflect.Map || k == reflect.Slice || k == reflect.Func || k == reflect.Chan
}

// plain leaves a value to package json. The letters that HTML wants escaped are escaped by the caller.
func (w *encoder) plain(v any) error {
	enc := json.NewEncoder(&w.Buffer)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return unboxed(err)
	}
	w.Truncate(w.Len() - 1)
	return nil
}

// own lets the value's own method write it, if it has one.
func (w *encoder) own(v reflect.Value, t types.Type) (bool, error) {
	for _, name := range []string{"MarshalJSON", "MarshalText"} {
		b, ok := owner(w.engine, v, t, name)
		if !ok {
			continue
		}
		out, err := b.bound(name, reflect.TypeFor[func() ([]byte, error)]()).Interface().(func() ([]byte, error))()
		if err == nil && name == "MarshalText" {
			return true, w.plain(string(out))
		}
		if err == nil {
			err = json.Compact(&w.Buffer, out)
		}
		switch {
		case err == nil:
		case name == "MarshalJSON":
			err = &json.MarshalerError{Type: named(v.Type(), t), Err: err}
		default:
			err = fmt.Errorf("json: error calling %s for type %s: %w", name, goName(t), err)
		}
		return true, err
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

func (w *encoder) structure(v reflect.Value, t *types.Struct) error {
	w.WriteByte('{')
	first := true
	for _, f := range fieldsOf(t) {
		part, ok := f.in(v, false)
		if !ok || f.omitEmpty && empty(part) || f.omitZero && w.zero(part, f.typ) {
			continue
		}
		if !first {
			w.WriteByte(',')
		}
		first = false
		if err := w.plain(f.name); err != nil {
			return err
		}
		w.WriteByte(':')
		start := w.Len()
		if err := w.encode(part, f.typ); err != nil {
			return err
		}
		if text := w.String()[start:]; f.quoted && text != "null" {
			w.Truncate(start)
			if err := w.plain(text); err != nil {
				return err
			}
		}
	}
	w.WriteByte('}')
	return nil
}

// zero reports whether a value is zero, by its own method if it has one.
func (w *encoder) zero(v reflect.Value, t types.Type) bool {
	if b, ok := owner(w.engine, v, t, "IsZero"); ok && !(v.Kind() == reflect.Pointer && v.IsNil()) {
		zero, ok := b.call("IsZero").(bool)
		return ok && zero
	}
	if z, ok := v.Interface().(interface{ IsZero() bool }); ok && !(v.Kind() == reflect.Pointer && v.IsNil()) {
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

func (w *encoder) list(v reflect.Value, elem types.Type) error {
	w.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			w.WriteByte(',')
		}
		if err := w.encode(v.Index(i), elem); err != nil {
			return err
		}
	}
	w.WriteByte(']')
	return nil
}

func (w *encoder) dictionary(v reflect.Value, t types.Type, u *types.Map) error {
	texts := map[string]reflect.Value{}
	for _, k := range v.MapKeys() {
		text, err := w.key(k, t, u.Key())
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
		if err := w.plain(n); err != nil {
			return err
		}
		w.WriteByte(':')
		if err := w.encode(texts[n], u.Elem()); err != nil {
			return err
		}
	}
	w.WriteByte('}')
	return nil
}

// key is what the key of a map of type in becomes.
func (w *encoder) key(k reflect.Value, in, t types.Type) (string, error) {
	if k.Kind() != reflect.String {
		if b, ok := owner(w.engine, k, t, "MarshalText"); ok {
			out, err := b.bound("MarshalText", reflect.TypeFor[func() ([]byte, error)]()).Interface().(func() ([]byte, error))()
			return string(out), err
		}
		if m, ok := k.Interface().(interface{ MarshalText() ([]byte, error) }); ok {
			out, err := m.MarshalText()
			return string(out), err
		}
	}
	switch {
	case k.Kind() == reflect.String, k.CanInt(), k.CanUint():
		return fmt.Sprint(basicValue(k)), nil
	}
	return "", &json.UnsupportedTypeError{Type: named(k.Type(), in)}
}
