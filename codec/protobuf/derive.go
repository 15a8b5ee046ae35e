package protobuf

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// derived is the schema of rows as the text of a .proto file: a message whose
// fields are the columns, all of which may be absent. A path is a message within
// it. It is the same text for the same columns.
func derived(s *row.Schema, name string) (string, error) {
	root := &branch{}
	imports := map[string]bool{}
	for i, f := range s.Fields() {
		if err := root.add(f.Name, f.Name, i); err != nil {
			return "", err
		}
		_, file := typeOf(f.Kind)
		imports[file] = true
	}
	var b strings.Builder
	b.WriteString("syntax = \"proto3\";\n")
	for _, file := range []string{"google/protobuf/duration.proto", "google/protobuf/timestamp.proto"} {
		if imports[file] {
			fmt.Fprintf(&b, "import %q;\n", file)
		}
	}
	root.write(&b, s, typeName(name), "")
	return b.String(), nil
}

// branch is a message of a derived schema, or a column.
type branch struct {
	name   string
	column int       // if it has no fields
	fields []*branch // in the order of the columns
}

// add puts a column where its path says.
func (b *branch) add(path, whole string, column int) error {
	name, rest, more := strings.Cut(path, ".")
	if !isName(name) {
		return fmt.Errorf("column %q is no name in Protobuf, want letters, digits and '_': give it another with Rename or Select", whole)
	}
	for _, f := range b.fields {
		if f.name != name {
			continue
		}
		if !more || len(f.fields) == 0 {
			return fmt.Errorf("column %q: %q is a column and has columns within it, which Protobuf does not have: leave one out", whole, name)
		}
		return f.add(rest, whole, column)
	}
	f := &branch{name: name, column: column}
	b.fields = append(b.fields, f)
	if more {
		return f.add(rest, whole, column)
	}
	return nil
}

func (b *branch) write(out *strings.Builder, s *row.Schema, name, indent string) {
	fmt.Fprintf(out, "%smessage %s {\n", indent, name)
	for i, f := range b.fields {
		if len(f.fields) > 0 {
			f.write(out, s, typeName(f.name)+"_", indent+"  ")
			fmt.Fprintf(out, "%s  %s_ %s = %d;\n", indent, typeName(f.name), f.name, i+1)
			continue
		}
		kind, _ := typeOf(s.At(f.column).Kind)
		fmt.Fprintf(out, "%s  %s %s = %d;\n", indent, kind, f.name, i+1)
	}
	fmt.Fprintf(out, "%s}\n", indent)
}

// typeOf is the type that holds values of a kind, and the file that it comes
// from. Lists, structs and values of any kind stand as JSON.
func typeOf(k row.Kind) (kind, file string) {
	switch k {
	case row.Bool:
		return "optional bool", ""
	case row.Int:
		return "optional int64", ""
	case row.Float:
		return "optional double", ""
	case row.Bytes:
		return "optional bytes", ""
	case row.Time:
		return "google.protobuf.Timestamp", "google/protobuf/timestamp.proto"
	case row.Duration:
		return "google.protobuf.Duration", "google/protobuf/duration.proto"
	}
	return "optional string", ""
}

// typeName makes a topic's name one of a message: car-speed is CarSpeed.
func typeName(topic string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(topic, func(r rune) bool { return !isName("a"+string(r)) || r == '_' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	if name := b.String(); isName(name) {
		return name
	}
	return "Row" + b.String()
}

func isName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
		if !letter && !(i > 0 && r >= '0' && r <= '9') {
			return false
		}
	}
	return s != ""
}
