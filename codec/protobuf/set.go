package protobuf

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// set puts a value that is not nil into a field.
func set(m protoreflect.Message, f protoreflect.FieldDescriptor, v any, o codec.Options) error {
	switch {
	case f.IsList():
		return setList(m.Mutable(f).List(), f, v, o)
	case f.IsMap():
		return setMap(m.Mutable(f).Map(), f, v, o)
	case f.Message() != nil:
		return fill(m.Mutable(f).Message(), v, o)
	}
	x, err := valueOf(f, v, o)
	if err == nil {
		m.Set(f, x)
	}
	return err
}

func setList(l protoreflect.List, f protoreflect.FieldDescriptor, v any, o codec.Options) error {
	items, ok := v.([]any)
	if !ok {
		return unfit(f, v)
	}
	for _, item := range items {
		if item == nil && (f.Message() == nil || f.Message().FullName() != valueName) {
			return fmt.Errorf("%s holds null, which a list of Protobuf does not", f.Name())
		}
		if f.Message() != nil {
			if err := fill(l.AppendMutable().Message(), item, o); err != nil {
				return err
			}
			continue
		}
		x, err := valueOf(f, item, o)
		if err != nil {
			return err
		}
		l.Append(x)
	}
	return nil
}

func setMap(m protoreflect.Map, f protoreflect.FieldDescriptor, v any, o codec.Options) error {
	members, ok := v.(row.Object)
	if !ok {
		return unfit(f, v)
	}
	for _, member := range members {
		key, err := keyOf(f.MapKey(), member.Name)
		if err != nil {
			return err
		}
		if f.MapValue().Message() != nil {
			if err := fill(m.Mutable(key).Message(), member.Value, o); err != nil {
				return err
			}
			continue
		}
		x, err := valueOf(f.MapValue(), member.Value, o)
		if err != nil {
			return err
		}
		m.Set(key, x)
	}
	return nil
}

// keyOf reads a member's name as the key of a map.
func keyOf(f protoreflect.FieldDescriptor, name string) (protoreflect.MapKey, error) {
	var v any = name
	switch f.Kind() {
	case protoreflect.StringKind:
	case protoreflect.BoolKind:
		if name != "true" && name != "false" {
			return protoreflect.MapKey{}, unfit(f, name)
		}
		v = name == "true"
	default:
		n, err := strconv.ParseInt(name, 10, 64)
		if err != nil {
			return protoreflect.MapKey{}, unfit(f, name)
		}
		v = n
	}
	x, err := valueOf(f, v, codec.Options{})
	if err != nil {
		return protoreflect.MapKey{}, err
	}
	return x.MapKey(), nil
}

// fill puts a value into a message: what a well-known type means, or an object's members.
func fill(m protoreflect.Message, v any, o codec.Options) error {
	d := m.Descriptor()
	if w := wrapped(d); w != nil {
		return set(m, w, v, o)
	}
	switch d.FullName() {
	case timestampName:
		if t, ok := v.(time.Time); ok {
			return setSpan(m, t.Unix(), int64(t.Nanosecond()))
		}
	case durationName:
		if t, ok := v.(time.Duration); ok {
			return setSpan(m, int64(t/time.Second), int64(t%time.Second))
		}
	case structName:
		return set(m, d.Fields().ByName("fields"), v, o)
	case listName:
		return set(m, d.Fields().ByName("values"), v, o)
	case valueName:
		return setAny(m, v, o)
	default:
		return fillObject(m, v, o)
	}
	return fmt.Errorf("is %s, want a %s", row.Describe(v), d.FullName())
}

func fillObject(m protoreflect.Message, v any, o codec.Options) error {
	members, ok := v.(row.Object)
	if !ok {
		return fmt.Errorf("is %s, want a %s", row.Describe(v), m.Descriptor().FullName())
	}
	for _, member := range members {
		f := m.Descriptor().Fields().ByName(protoreflect.Name(member.Name))
		if f == nil {
			return fmt.Errorf("has a member %q, which %s does not", member.Name, m.Descriptor().FullName())
		}
		if member.Value == nil {
			continue
		}
		if err := set(m, f, member.Value, o); err != nil {
			return err
		}
	}
	return nil
}

func setSpan(m protoreflect.Message, seconds, nanos int64) error {
	f := m.Descriptor().Fields()
	if seconds != 0 {
		m.Set(f.ByName("seconds"), protoreflect.ValueOfInt64(seconds))
	}
	if nanos != 0 {
		m.Set(f.ByName("nanos"), protoreflect.ValueOfInt32(int32(nanos)))
	}
	return nil
}

// setAny fills a google.protobuf.Value, whose numbers are floats.
func setAny(m protoreflect.Message, v any, o codec.Options) error {
	f := m.Descriptor().Fields()
	switch x := v.(type) {
	case nil:
		m.Set(f.ByName("null_value"), protoreflect.ValueOfEnum(0))
		return nil
	case bool:
		return set(m, f.ByName("bool_value"), x, o)
	case int64:
		return set(m, f.ByName("number_value"), float64(x), o)
	case float64:
		return set(m, f.ByName("number_value"), x, o)
	case string:
		return set(m, f.ByName("string_value"), x, o)
	case []any:
		return set(m, f.ByName("list_value"), x, o)
	case row.Object:
		return set(m, f.ByName("struct_value"), x, o)
	}
	text, err := jsonText(v, o)
	if err != nil {
		return err
	}
	return set(m, f.ByName("string_value"), text, o)
}

// valueOf is a value as a field that is no message has it.
func valueOf(f protoreflect.FieldDescriptor, v any, o codec.Options) (protoreflect.Value, error) {
	switch x := v.(type) {
	case bool:
		if f.Kind() == protoreflect.BoolKind {
			return protoreflect.ValueOfBool(x), nil
		}
	case int64:
		if out, ok := wholeOf(f, x); ok {
			return out, nil
		}
	case float64:
		switch f.Kind() {
		case protoreflect.DoubleKind:
			return protoreflect.ValueOfFloat64(x), nil
		case protoreflect.FloatKind:
			return protoreflect.ValueOfFloat32(float32(x)), nil
		}
	case []byte:
		if f.Kind() == protoreflect.BytesKind {
			return protoreflect.ValueOfBytes(x), nil
		}
	case string:
		return textOf(f, x)
	case time.Time: // as it came
		return numberOf(f, x.UnixMicro(), o)
	default:
		if f.Kind() == protoreflect.StringKind {
			text, err := jsonText(v, o)
			return protoreflect.ValueOfString(text), err
		}
	}
	return protoreflect.Value{}, unfit(f, v)
}

func textOf(f protoreflect.FieldDescriptor, s string) (protoreflect.Value, error) {
	switch f.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(s), nil
	case protoreflect.EnumKind:
		if v := f.Enum().Values().ByName(protoreflect.Name(s)); v != nil {
			return protoreflect.ValueOfEnum(v.Number()), nil
		}
		if n, err := strconv.ParseInt(s, 10, 32); err == nil { // one that has no name
			return protoreflect.ValueOfEnum(protoreflect.EnumNumber(n)), nil
		}
	}
	return protoreflect.Value{}, unfit(f, s)
}

// numberOf is a time as a number of the plan's unit, or as text.
func numberOf(f protoreflect.FieldDescriptor, us int64, o codec.Options) (protoreflect.Value, error) {
	text, err := codec.TimesAs(o.TimeUnit)(nil, us)
	if err != nil {
		return protoreflect.Value{}, err
	}
	if f.Kind() == protoreflect.StringKind && len(text) > 2 && text[0] == '"' {
		return protoreflect.ValueOfString(string(text[1 : len(text)-1])), nil
	}
	if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		if out, ok := wholeOf(f, n); ok {
			return out, nil
		}
	}
	return protoreflect.Value{}, unfit(f, time.UnixMicro(us).UTC())
}

// wholeOf is a whole number as a field has it, if it fits.
func wholeOf(f protoreflect.FieldDescriptor, x int64) (protoreflect.Value, bool) {
	switch f.Kind() {
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(int32(x)), x == int64(int32(x))
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(uint32(x)), x >= 0 && x <= math.MaxUint32
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return protoreflect.ValueOfInt64(x), true
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return protoreflect.ValueOfUint64(uint64(x)), x >= 0
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(float64(x)), true
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(x)), true
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(x)), x == int64(int32(x))
	}
	return protoreflect.Value{}, false
}

func jsonText(v any, o codec.Options) (string, error) {
	w := jsontext.Writer{Time: codec.TimesAs(o.TimeUnit)}
	b, err := w.Value(nil, v)
	return string(b), err
}

func unfit(f protoreflect.FieldDescriptor, v any) error {
	return fmt.Errorf("is %s, which field %s does not hold: it is %s", row.Describe(v), f.Name(), f.Kind())
}
