package protobuf

import (
	"fmt"
	"math"
	"slices"
	"time"
	"unicode/utf8"
	"unsafe"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// scalar puts the value of a field that is no message into a column.
func (d *decoder) scalar(column int, f protoreflect.FieldDescriptor, b []byte) error {
	switch kind := f.Kind(); kind {
	case protoreflect.StringKind:
		s, _ := protowire.ConsumeBytes(b)
		if !utf8.Valid(s) {
			return fmt.Errorf("%s: %w", f.Name(), codec.ErrText)
		}
		return d.columns.PutText(column, unsafe.String(unsafe.SliceData(s), len(s)))
	case protoreflect.BytesKind:
		s, _ := protowire.ConsumeBytes(b)
		return d.columns.Put(column, slices.Clone(s))
	case protoreflect.FloatKind:
		x, _ := protowire.ConsumeFixed32(b)
		return d.columns.PutFloat(column, float64(math.Float32frombits(x)))
	case protoreflect.DoubleKind:
		x, _ := protowire.ConsumeFixed64(b)
		return d.columns.PutFloat(column, math.Float64frombits(x))
	case protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind:
		x, _ := protowire.ConsumeFixed32(b)
		return d.columns.PutInt(column, narrow(kind, uint64(x)))
	case protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind:
		x, _ := protowire.ConsumeFixed64(b)
		return d.whole(column, f, x)
	}
	x, _ := protowire.ConsumeVarint(b)
	return d.whole(column, f, x)
}

// whole puts a whole number, a bool or an enum into a column.
func (d *decoder) whole(column int, f protoreflect.FieldDescriptor, x uint64) error {
	switch kind := f.Kind(); kind {
	case protoreflect.BoolKind:
		return d.columns.Put(column, protowire.DecodeBool(x))
	case protoreflect.EnumKind:
		if d.want.At(column).Kind == row.Int {
			return d.columns.PutInt(column, int64(int32(x)))
		}
		return d.columns.PutText(column, symbol(f.Enum(), protoreflect.EnumNumber(int32(x))))
	case protoreflect.Sint32Kind:
		return d.columns.PutInt(column, int64(int32(protowire.DecodeZigZag(x&math.MaxUint32))))
	case protoreflect.Sint64Kind:
		return d.columns.PutInt(column, protowire.DecodeZigZag(x))
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		if x > math.MaxInt64 {
			return codec.Misfit(d.want.At(column).Name, fmt.Sprintf("int %d beyond 63 bits", x), "int")
		}
		return d.columns.PutInt(column, int64(x))
	default:
		return d.columns.PutInt(column, narrow(kind, x))
	}
}

// narrow is a whole number in the bits of its kind.
func narrow(kind protoreflect.Kind, x uint64) int64 {
	switch kind {
	case protoreflect.Int32Kind, protoreflect.Sfixed32Kind:
		return int64(int32(x))
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return int64(uint32(x))
	}
	return int64(x)
}

// symbol is the name of an enum's value, or its number if it has none.
func symbol(e protoreflect.EnumDescriptor, n protoreflect.EnumNumber) string {
	if v := e.Values().ByNumber(n); v != nil {
		return string(v.Name())
	}
	return fmt.Sprint(n)
}

// known puts a timestamp, a duration or what a wrapper holds into a column.
func (d *decoder) known(column int, m protoreflect.MessageDescriptor, b []byte) error {
	if w := wrapped(m); w != nil {
		if err := d.columns.Put(column, absent(w)); err != nil {
			return err
		}
		return each(b, func(num protowire.Number, kind protowire.Type, value []byte) error {
			if num != 1 || kind != wireType(w) {
				return nil
			}
			return d.scalar(column, w, value)
		})
	}
	var seconds, nanos int64
	err := each(b, func(num protowire.Number, kind protowire.Type, value []byte) error {
		x, _ := protowire.ConsumeVarint(value)
		switch {
		case kind != protowire.VarintType:
		case num == 1:
			seconds = int64(x)
		case num == 2:
			nanos = int64(int32(x))
		}
		return nil
	})
	if err != nil {
		return err
	}
	v, err := span(m, seconds, nanos)
	if err != nil {
		return fmt.Errorf("%s: %w", d.want.At(column).Name, err)
	}
	return d.columns.Put(column, v)
}

// span is a timestamp or duration as a value.
func span(m protoreflect.MessageDescriptor, seconds, nanos int64) (any, error) {
	const most = math.MaxInt64 / 1_000_000_000 // as a duration of Go
	if m.FullName() == durationName {
		if seconds > most || seconds < -most {
			return nil, malformed("a duration of %d s, which is more than 292 years", seconds)
		}
		return time.Duration(seconds)*time.Second + time.Duration(nanos), nil
	}
	if seconds > math.MaxInt64/1_000_000-1 || seconds < math.MinInt64/1_000_000+1 {
		return nil, malformed("a timestamp of %d s since 1970, which µs do not reach", seconds)
	}
	return time.UnixMicro(seconds*1_000_000 + row.FloorDiv(nanos, 1000)).UTC(), nil
}

// each calls fn for the fields of a message.
func each(b []byte, fn func(protowire.Number, protowire.Type, []byte) error) error {
	for len(b) > 0 {
		num, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return malformed("a field does not begin: %v", protowire.ParseError(n))
		}
		m := protowire.ConsumeFieldValue(num, kind, b[n:])
		if m < 0 {
			return malformed("field %d: %v", num, protowire.ParseError(m))
		}
		if err := fn(num, kind, b[n:n+m]); err != nil {
			return err
		}
		b = b[n+m:]
	}
	return nil
}
