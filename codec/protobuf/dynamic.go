package protobuf

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// values makes values of messages. Items that take two bytes may have many fields that are not there, each with a value.
type values struct {
	left int // items, messages and fields of these that a record may still have
}

// take counts n of what a record has.
func (vs *values) take(n int) error {
	if vs.left -= n; vs.left < 0 {
		return fmt.Errorf("%w: %w", ErrMalformed, codec.ErrItems)
	}
	return nil
}

// field is a field of a message as a value: nil if it is not there.
func (vs *values) field(m protoreflect.Message, f protoreflect.FieldDescriptor) (any, error) {
	if f.HasPresence() && !m.Has(f) {
		return absent(f), nil
	}
	v := m.Get(f)
	switch {
	case f.IsList():
		if err := vs.take(v.List().Len()); err != nil {
			return nil, err
		}
		out := make([]any, v.List().Len())
		for i := range out {
			x, err := vs.one(f, v.List().Get(i))
			if err != nil {
				return nil, err
			}
			out[i] = x
		}
		return out, nil
	case f.IsMap():
		return vs.mapped(f, v.Map())
	}
	return vs.one(f, v)
}

// mapped is a map in the order of its keys' texts.
func (vs *values) mapped(f protoreflect.FieldDescriptor, m protoreflect.Map) (any, error) {
	if err := vs.take(m.Len()); err != nil {
		return nil, err
	}
	out := row.Object{}
	var failed error
	m.Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
		var x any
		if x, failed = vs.one(f.MapValue(), v); failed != nil {
			return false
		}
		out = append(out, row.Member{Name: k.String(), Value: x})
		return true
	})
	slices.SortFunc(out, func(a, b row.Member) int { return cmp.Compare(a.Name, b.Name) })
	return out, failed
}

// one is a single value.
func (vs *values) one(f protoreflect.FieldDescriptor, v protoreflect.Value) (any, error) {
	if f.Message() == nil {
		if x := scalar(f, v); x != nil {
			return x, nil
		}
		return nil, malformed("%s is %v, which is beyond 63 bits", f.Name(), v)
	}
	return vs.object(v.Message())
}

// scalar is a value that is no message; nil for a whole number beyond 63 bits.
func scalar(f protoreflect.FieldDescriptor, v protoreflect.Value) any {
	switch x := v.Interface().(type) {
	case bool, string:
		return x
	case int32:
		return int64(x)
	case int64:
		return x
	case uint32:
		return int64(x)
	case uint64:
		if x > math.MaxInt64 {
			return nil
		}
		return int64(x)
	case float32:
		return float64(x)
	case float64:
		return x
	case []byte:
		return slices.Clone(x)
	case protoreflect.EnumNumber:
		return symbol(f.Enum(), x)
	}
	return nil
}

// object is a message as a value: its fields in the order of their numbers, and well-known types as what they mean.
func (vs *values) object(m protoreflect.Message) (any, error) {
	d := m.Descriptor()
	if err := vs.take(1 + d.Fields().Len()); err != nil {
		return nil, err
	}
	if w := wrapped(d); w != nil {
		return vs.field(m, w)
	}
	switch d.FullName() {
	case timestampName, durationName:
		return span(d, m.Get(d.Fields().ByName("seconds")).Int(), m.Get(d.Fields().ByName("nanos")).Int())
	case structName:
		return vs.field(m, d.Fields().ByName("fields"))
	case listName:
		return vs.field(m, d.Fields().ByName("values"))
	case valueName:
		f := m.WhichOneof(d.Oneofs().Get(0))
		if f == nil || f.Kind() == protoreflect.EnumKind {
			return nil, nil
		}
		return vs.field(m, f)
	}
	out := row.Object{}
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		x, err := vs.field(m, f)
		if err != nil {
			return nil, err
		}
		out = append(out, row.Member{Name: string(f.Name()), Value: x})
	}
	return out, nil
}

// at is the value of a path in a message; nil where a message on the way is not there.
func (vs *values) at(m protoreflect.Message, path string) (any, error) {
	for {
		name, rest, more := strings.Cut(path, ".")
		f := m.Descriptor().Fields().ByName(protoreflect.Name(name))
		if f == nil {
			return nil, nil
		}
		if !more {
			return vs.field(m, f)
		}
		if f.Message() == nil || f.IsList() || f.IsMap() || !m.Has(f) {
			return nil, nil
		}
		m, path = m.Get(f).Message(), rest
	}
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}
