package interp

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"go/types"
	"reflect"
	"strconv"
	"strings"
)

// Values of cells' types are read from JSON as package json reads values, by the checker's types. What is of compiled
// types is left to the package.

// A decoder reads one JSON text that is known to be well formed.
type decoder struct {
	engine *engine
	data   []byte
	off    int
	number bool // numbers in interfaces stay texts
	strict bool // unknown fields are errors

	root types.Type // of the pointer to what is read, until that begins
	err  error      // the first that did not end the reading
	in   types.Type // the struct whose field is read
	path []string   // to that field
}

// unmarshal is json.Unmarshal.
func (e *engine) unmarshal(data []byte, x any) error {
	b, ok := bare(x).(box)
	if !ok {
		return json.Unmarshal(data, x)
	}
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return err
	}
	return e.read(&decoder{engine: e, data: data}, b)
}

// decodeNext is the method Decode of json.Decoder.
func (e *engine) decodeNext(dec *json.Decoder, x any) error {
	b, ok := bare(x).(box)
	if !ok {
		return dec.Decode(x)
	}
	var next json.RawMessage
	if err := dec.Decode(&next); err != nil {
		return err
	}
	return e.read(&decoder{engine: e, data: next, number: set(dec, "useNumber"), strict: set(dec, "disallowUnknownFields")}, b)
}

// set is what a decoder of package json was set to.
func set(dec *json.Decoder, option string) bool {
	f := reflect.ValueOf(dec).Elem().FieldByName("d")
	if f.IsValid() {
		f = f.FieldByName(option)
	}
	return f.IsValid() && f.Kind() == reflect.Bool && f.Bool()
}

// read fills what a pointer points to.
func (e *engine) read(d *decoder, b box) error {
	v := reflect.ValueOf(b.Value)
	p, ok := b.kind.typ.Underlying().(*types.Pointer)
	if !ok || v.IsNil() {
		return &json.InvalidUnmarshalError{Type: named(v.Type(), b.kind.typ)}
	}
	d.root = b.kind.typ
	if err := d.value(v.Elem(), p.Elem()); err != nil {
		return d.placed(err)
	}
	return d.err
}

// save keeps the first error; the reading goes on.
func (d *decoder) save(err error) {
	if d.err == nil {
		d.err = d.placed(err)
	}
}

// placed is an error with the field that was read.
func (d *decoder) placed(err error) error {
	e, ok := err.(*json.UnmarshalTypeError)
	if !ok || d.in == nil && len(d.path) == 0 {
		return err
	}
	path := d.path
	if e.Field != "" { // of a struct of compiled code, whose name it has
		path = append(path[:len(path):len(path)], e.Field)
	} else {
		e.Struct = structName(d.in)
	}
	e.Field = strings.Join(path, ".")
	return e
}

func structName(t types.Type) string {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return ""
	}
	name := goName(n)
	return name[strings.IndexByte(name, '.')+1:]
}

// mistyped keeps the error that a value is not one for a type.
func (d *decoder) mistyped(value string, v reflect.Value, t types.Type, at int) {
	d.save(&json.UnmarshalTypeError{Value: value, Type: named(v.Type(), t), Offset: int64(at)})
}

// value reads the value that comes next into v, of type t; nowhere if v is invalid.
func (d *decoder) value(v reflect.Value, t types.Type) error {
	d.space()
	start := d.off
	first := d.data[start]
	if !v.IsValid() {
		d.skip()
		return nil
	}
	if v.Kind() == reflect.Interface && !types.IsInterface(t) {
		return d.held(v, t)
	}
	whole := t
	if d.root != nil {
		whole, d.root = d.root, nil
	}
	owned, name, v, t := d.settle(v, t, first == 'n')
	switch {
	case name == "UnmarshalJSON":
		return d.tell(owned, name, d.skip())
	case name == "UnmarshalText":
		return d.text(owned, v, whole)
	case first == 'n':
		d.skip()
		if nilable(v.Kind()) {
			v.SetZero()
		}
		return nil
	case v.Kind() == reflect.Interface:
		return d.face(v, t)
	case !d.engine.ours(t):
		return d.plain(v)
	case first == '{':
		return d.object(v, t)
	case first == '[':
		return d.array(v, t)
	}
	return d.literal(d.skip(), v, t)
}

// held reads into a place that holds any here, though its type is another.
func (d *decoder) held(v reflect.Value, t types.Type) error {
	actual, ok := d.engine.actualOf(t)
	if !ok {
		d.skip()
		return fmt.Errorf("json: cells cannot read into a %s here", goName(t))
	}
	inner := reflect.New(actual).Elem()
	if !v.IsNil() {
		inner.Set(v.Elem())
	}
	err := d.value(inner, t)
	v.Set(inner)
	return err
}

// settle follows pointers, making what they point to, up to a value that reads itself by a method or has no more.
func (d *decoder) settle(v reflect.Value, t types.Type, null bool) (owned box, method string, _ reflect.Value, _ types.Type) {
	for {
		p, isPtr := t.Underlying().(*types.Pointer)
		if !isPtr || v.Kind() != reflect.Pointer {
			break
		}
		if null || !d.engine.ours(p.Elem()) && !isPointer(p.Elem()) {
			return box{}, "", v, t
		}
		if v.IsNil() {
			fit(v, reflect.New(v.Type().Elem()).Interface())
		}
		v, t = v.Elem(), p.Elem()
	}
	if b, ok := owner(d.engine, v, t, "UnmarshalJSON"); ok {
		return b, "UnmarshalJSON", v, t
	}
	if b, ok := owner(d.engine, v, t, "UnmarshalText"); ok && !null {
		return b, "UnmarshalText", v, t
	}
	return box{}, "", v, t
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// tell lets a value read itself.
func (d *decoder) tell(b box, method string, data []byte) error {
	return b.bound(method, reflect.TypeFor[func([]byte) error]()).Interface().(func([]byte) error)(data)
}

// text lets a value read itself from a JSON string.
func (d *decoder) text(b box, v reflect.Value, t types.Type) error {
	first, start := d.data[d.off], d.off
	raw := d.skip()
	switch first {
	case '"':
		return d.tell(b, "UnmarshalText", []byte(unquoted(raw)))
	case '{', '[':
		d.mistyped(described(first), v, t, start+1)
	default:
		d.mistyped(described(first), v, t, d.off)
	}
	return nil
}

// described is what errors call a JSON value that begins with a letter.
func described(first byte) string {
	switch first {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "bool"
	case 'n':
		return "null"
	}
	return "number"
}

// plain leaves the value to package json.
func (d *decoder) plain(v reflect.Value) error {
	start := d.off
	dec := json.NewDecoder(bytes.NewReader(d.skip()))
	if d.number {
		dec.UseNumber()
	}
	if d.strict {
		dec.DisallowUnknownFields()
	}
	err := dec.Decode(v.Addr().Interface())
	var e *json.UnmarshalTypeError
	if errors.As(err, &e) {
		e.Offset += int64(start)
		d.save(err)
		return nil
	}
	return err
}

// face reads into an interface: into what it points to, or a new value of the type that JSON has.
func (d *decoder) face(v reflect.Value, t types.Type) error {
	if !v.IsNil() {
		if b, ok := bare(v.Interface()).(box); ok && isPointer(b.kind.typ) && !reflect.ValueOf(b.Value).IsNil() {
			return d.value(reflect.ValueOf(b.Value).Elem(), b.kind.typ.Underlying().(*types.Pointer).Elem())
		}
	}
	if f, ok := t.Underlying().(*types.Interface); ok && f.NumMethods() > 0 {
		first, start := d.data[d.off], d.off
		d.skip()
		at := d.off
		if first == '{' || first == '[' {
			at = start + 1
		}
		d.mistyped(described(first), v, t, at)
		return nil
	}
	return d.plain(v)
}

func (d *decoder) array(v reflect.Value, t types.Type) error {
	elem, ok := t.Underlying().(interface{ Elem() types.Type })
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array || !ok {
		d.mistyped("array", v, t, d.off+1)
		d.skip()
		return nil
	}
	i := 0
	for d.off++; d.more(']'); i++ {
		part := reflect.Value{}
		if v.Kind() == reflect.Slice {
			if i >= v.Cap() {
				v.Grow(1)
			}
			if i >= v.Len() {
				v.SetLen(i + 1)
			}
		}
		if i < v.Len() {
			part = v.Index(i)
		}
		if err := d.value(part, elem.Elem()); err != nil {
			return err
		}
	}
	switch {
	case v.Kind() == reflect.Array:
		for ; i < v.Len(); i++ {
			v.Index(i).SetZero()
		}
	case i == 0:
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	default:
		v.SetLen(i)
	}
	return nil
}

func (d *decoder) object(v reflect.Value, t types.Type) error {
	in, depth := d.in, len(d.path)
	leave := func() { d.in, d.path = in, d.path[:depth] } // not behind an error, which is told with its place
	switch u := t.Underlying().(type) {
	case *types.Struct:
		fields := fieldsOf(u)
		for d.off++; d.more('}'); leave() {
			if err := d.field(v, t, u, fields); err != nil {
				return err
			}
		}
		return nil
	case *types.Map:
		if d.keyed(v, u) {
			return d.dictionary(v, u)
		}
	}
	d.mistyped("object", v, t, d.off+1)
	d.skip()
	return nil
}

// field reads a name and its value into a struct.
func (d *decoder) field(v reflect.Value, t types.Type, u *types.Struct, fields []field) error {
	name := unquoted(d.skip())
	d.colon()
	f, ok := match(fields, name)
	if !ok {
		if d.strict {
			d.save(fmt.Errorf("json: unknown field %q", name))
		}
		return d.value(reflect.Value{}, nil)
	}
	part, _ := f.in(v, true)
	for _, n := range f.path[:len(f.path)-1] {
		d.path = append(d.path, u.Field(n).Name())
		u, _ = embedded(u.Field(n))
	}
	d.in, d.path = t, append(d.path, f.name)
	if f.quoted {
		return d.quoted(part, f.typ)
	}
	return d.value(part, f.typ)
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

// quoted reads a value that stands in a string.
func (d *decoder) quoted(v reflect.Value, t types.Type) error {
	raw := d.skip()
	switch raw[0] {
	case 'n':
		if nilable(v.Kind()) {
			v.SetZero()
		}
		return nil
	case '"':
	default:
		d.save(fmt.Errorf("json: invalid use of ,string struct tag, trying to unmarshal unquoted value into %s", goName(t)))
		return nil
	}
	text := unquoted(raw)
	inner := decoder{engine: d.engine, data: []byte(text), number: d.number}
	if !json.Valid(inner.data) {
		err := fmt.Errorf("json: invalid use of ,string struct tag, trying to unmarshal %q into %s", text, goName(t))
		if text == "" {
			d.save(err)
			return nil
		}
		return err
	}
	if err := inner.value(v, t); err != nil || inner.err != nil {
		return fmt.Errorf("json: invalid use of ,string struct tag, trying to unmarshal %q into %s", text, goName(t))
	}
	return nil
}

// literal reads a string, number or truth.
func (d *decoder) literal(raw []byte, v reflect.Value, t types.Type) error {
	switch first := raw[0]; {
	case first == '"' && v.Kind() == reflect.String:
		v.SetString(unquoted(raw))
	case first == '"' && v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		b, err := base64.StdEncoding.DecodeString(unquoted(raw))
		if err != nil {
			d.save(err)
			return nil
		}
		v.SetBytes(b)
	case (first == 't' || first == 'f') && v.Kind() == reflect.Bool:
		v.SetBool(first == 't')
	case described(first) == "number" && (v.CanInt() || v.CanUint() || v.CanFloat()):
		if !setNumber(v, string(raw)) {
			d.mistyped("number "+string(raw), v, t, d.off)
		}
	default:
		d.mistyped(described(first), v, t, d.off)
	}
	return nil
}

// setNumber sets a number if it fits.
func setNumber(v reflect.Value, text string) bool {
	switch {
	case v.CanInt():
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || v.OverflowInt(n) {
			return false
		}
		v.SetInt(n)
	case v.CanUint():
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil || v.OverflowUint(n) {
			return false
		}
		v.SetUint(n)
	default:
		n, err := strconv.ParseFloat(text, v.Type().Bits())
		if err != nil || v.OverflowFloat(n) {
			return false
		}
		v.SetFloat(n)
	}
	return true
}
