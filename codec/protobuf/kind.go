package protobuf

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// columns are the columns of a message: a field is one of its name, one of a
// message within it of its path, such as engine.rpm. A message that holds
// itself is a column of its own.
func columns(m protoreflect.MessageDescriptor) *row.Schema {
	var out []row.Field
	fields := codec.MaxFields // that are still looked at: messages that name each other may make endless paths
	var walk func(m protoreflect.MessageDescriptor, prefix string, within map[protoreflect.FullName]bool)
	walk = func(m protoreflect.MessageDescriptor, prefix string, within map[protoreflect.FullName]bool) {
		within[m.FullName()] = true
		for i := range m.Fields().Len() {
			if fields--; fields < 0 {
				break
			}
			f := m.Fields().Get(i)
			name := prefix + string(f.Name())
			if inner := f.Message(); nests(f) && !within[inner.FullName()] && len(within) < codec.MaxNested {
				walk(inner, name+".", within)
				continue
			}
			out = append(out, row.Field{Name: name, Kind: column(f)})
		}
		delete(within, m.FullName())
	}
	walk(m, "", map[protoreflect.FullName]bool{})
	return row.NewSchema(out[:min(len(out), codec.MaxColumns)]...)
}

// nests says whether a field is one message that is not a value of a well-known type.
func nests(f protoreflect.FieldDescriptor) bool {
	return !f.IsList() && !f.IsMap() && f.Message() != nil && !known(f.Message())
}

// The well-known types that are values.
const (
	timestampName = "google.protobuf.Timestamp"
	durationName  = "google.protobuf.Duration"
	structName    = "google.protobuf.Struct"
	valueName     = "google.protobuf.Value"
	listName      = "google.protobuf.ListValue"
)

func known(m protoreflect.MessageDescriptor) bool {
	switch m.FullName() {
	case timestampName, durationName, structName, valueName, listName:
		return true
	}
	return wrapped(m) != nil
}

// wrapped is the field of a wrapper such as google.protobuf.Int64Value, or nil.
func wrapped(m protoreflect.MessageDescriptor) protoreflect.FieldDescriptor {
	if m.ParentFile().Path() != "google/protobuf/wrappers.proto" {
		return nil
	}
	return m.Fields().ByName("value")
}

// column is the kind of a column that holds a field.
func column(f protoreflect.FieldDescriptor) row.Kind {
	switch {
	case f.IsList():
		return row.List
	case f.IsMap():
		return row.Struct
	}
	switch f.Kind() {
	case protoreflect.BoolKind:
		return row.Bool
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		return row.Float
	case protoreflect.StringKind, protoreflect.EnumKind:
		return row.String
	case protoreflect.BytesKind:
		return row.Bytes
	case protoreflect.MessageKind, protoreflect.GroupKind:
		return messageColumn(f.Message())
	}
	return row.Int
}

func messageColumn(m protoreflect.MessageDescriptor) row.Kind {
	if w := wrapped(m); w != nil {
		return column(w)
	}
	switch m.FullName() {
	case timestampName:
		return row.Time
	case durationName:
		return row.Duration
	case valueName:
		return row.Any
	case listName:
		return row.List
	}
	return row.Struct
}
