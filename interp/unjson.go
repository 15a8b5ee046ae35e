package interp

import (
	"encoding/json"
	"errors"
	"go/types"
	"reflect"
	"strconv"
	"strings"
)

// A target is a pointer to a value of a cell's type that JSON is read into.
type target struct{ box }

func (t *target) unbox() box { return t.box }

// into is what a call fills that takes JSON apart.
func into(x any) any {
	b, ok := bare(x).(box)
	if !ok {
		return x
	}
	if p, ok := b.kind.typ.Underlying().(*types.Pointer); !ok || !b.kind.engine.ours(p.Elem()) || reflect.ValueOf(b.Value).IsNil() {
		return b.Value
	}
	return &target{b}
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *target) UnmarshalJSON(data []byte) error {
	elem := t.kind.typ.Underlying().(*types.Pointer).Elem()
	return decoder{t.kind.engine, ""}.decode(data, reflect.ValueOf(t.Value).Elem(), elem)
}

// A decoder reads JSON into values of cells' types.
type decoder struct {
	engine *engine
	where  string // the field, for errors
}

// decode fills v, of type t, as json.Unmarshal would in a compiled program.
func (d decoder) decode(data []byte, v reflect.Value, t types.Type) error {
	null := string(data) == "null"
	if done, err := d.own(data, v, t, null); done {
		return err
	}
	if !d.engine.ours(t) || types.IsInterface(t) {
		return d.plain(data, v, t)
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		if null {
			v.SetZero()
			return nil
		}
		if v.IsNil() {
			fit(v, reflect.New(v.Type().Elem()).Interface())
		}
		return d.decode(data, v.Elem(), u.Elem())
	case *types.Struct:
		return d.structure(data, v, t, u)
	case *types.Map:
		return d.dictionary(data, v, t, u)
	case *types.Slice:
		return d.list(data, v, t, u.Elem())
	case *types.Array:
		return d.list(data, v, t, u.Elem())
	}
	return d.plain(data, v, t)
}

// plain leaves a value to package json, whose error gets the names that it does not see.
func (d decoder) plain(data []byte, v reflect.Value, t types.Type) error {
	err := json.Unmarshal(data, v.Addr().Interface())
	return d.named(err, t)
}

func (d decoder) named(err error, t types.Type) error {
	var e *json.UnmarshalTypeError
	if !errors.As(err, &e) {
		return err
	}
	if d.engine.ours(t) {
		return errors.New(strings.Replace(d.text(e), "of type "+e.Type.String(), "of type "+goName(t), 1))
	}
	return errors.New(d.text(e))
}

func (d decoder) text(e *json.UnmarshalTypeError) string {
	if d.where == "" {
		return e.Error()
	}
	return "json: cannot unmarshal " + e.Value + " into Go struct field " + d.where + " of type " + e.Type.String()
}

// own lets the value's own method read, if its type has one.
func (d decoder) own(data []byte, v reflect.Value, t types.Type, null bool) (bool, error) {
	type reader = func([]byte) error
	if b, ok := owner(d.engine, v, t, "UnmarshalJSON"); ok {
		return true, b.bound("UnmarshalJSON", reflect.TypeFor[reader]()).Interface().(reader)(data)
	}
	if b, ok := owner(d.engine, v, t, "UnmarshalText"); ok && !null && data[0] == '"' {
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return true, err
		}
		return true, b.bound("UnmarshalText", reflect.TypeFor[reader]()).Interface().(reader)([]byte(text))
	}
	return false, nil
}

func (d decoder) structure(data []byte, v reflect.Value, t types.Type, u *types.Struct) error {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return d.wrong(err, t)
	}
	fields := fieldsOf(u)
	var first error
	for name, raw := range parts {
		f, ok := match(fields, name)
		if !ok {
			continue
		}
		if f.quoted && len(raw) > 1 && raw[0] == '"' {
			raw = raw[1 : len(raw)-1]
		}
		part, _ := f.in(v, true)
		inner := decoder{d.engine, structName(t) + "." + f.name}
		if d.where != "" {
			inner.where = d.where + "." + f.name
		}
		if err := inner.decode(raw, part, f.typ); err != nil && first == nil {
			first = err
		}
	}
	return first
}

func structName(t types.Type) string {
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

// match finds a field by its name, or else by its name in other letter case.
func match(fields []field, name string) (field, bool) {
	for _, f := range fields {
		if f.name == name {
			return f, true
		}
	}
	for _, f := range fields {
		if strings.EqualFold(f.name, name) {
			return f, true
		}
	}
	return field{}, false
}

func (d decoder) wrong(err error, t types.Type) error {
	var e *json.UnmarshalTypeError
	if !errors.As(err, &e) {
		return err
	}
	place := "value"
	if d.where != "" {
		place = "struct field " + d.where
	}
	return errors.New("json: cannot unmarshal " + e.Value + " into Go " + place + " of type " + goName(t))
}

func (d decoder) list(data []byte, v reflect.Value, t, elem types.Type) error {
	var parts []json.RawMessage
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		return d.plain(data, v, t)
	}
	if err := json.Unmarshal(data, &parts); err != nil {
		return d.wrong(err, t)
	}
	if v.Kind() == reflect.Slice {
		if parts == nil {
			v.SetZero()
			return nil
		}
		v.Set(reflect.MakeSlice(v.Type(), len(parts), len(parts)))
	}
	for i := range min(len(parts), v.Len()) {
		if err := d.decode(parts[i], v.Index(i), elem); err != nil {
			return err
		}
	}
	return nil
}

func (d decoder) dictionary(data []byte, v reflect.Value, t types.Type, u *types.Map) error {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return d.wrong(err, t)
	}
	if parts == nil {
		v.SetZero()
		return nil
	}
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	for name, raw := range parts {
		key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		if err := d.key(name, key, u.Key()); err != nil {
			return err
		}
		if err := d.decode(raw, elem, u.Elem()); err != nil {
			return err
		}
		v.SetMapIndex(key, elem)
	}
	return nil
}

func (d decoder) key(name string, v reflect.Value, t types.Type) error {
	if done, err := d.own([]byte(strconv.Quote(name)), v, t, false); done {
		return err
	}
	if v.Kind() == reflect.String {
		v.SetString(name)
		return nil
	}
	return d.plain([]byte(name), v, t)
}
