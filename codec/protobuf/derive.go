package protobuf

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// derived is the schema of rows as the text of a .proto file: a message whose
// fields are the columns, all of which may be absent. A path is a message within
// it. It is the same text for the same columns.
func derived(s *row.Schema, name string) (string, error) {
	root, err := codec.Nested(s, "Protobuf")
	if err != nil {
		return "", err
	}
	imports := map[string]bool{}
	for _, f := range s.Fields() {
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
	write(&b, root, s, typeName(name), "")
	return b.String(), nil
}

// write writes the message of a nest.
func write(out *strings.Builder, of *codec.Nest, s *row.Schema, name, indent string) {
	fmt.Fprintf(out, "%smessage %s {\n", indent, name)
	for i, f := range of.Fields {
		if len(f.Fields) > 0 {
			write(out, f, s, typeName(f.Name)+"_", indent+"  ")
			fmt.Fprintf(out, "%s  %s_ %s = %d;\n", indent, typeName(f.Name), f.Name, i+1)
			continue
		}
		kind, _ := typeOf(s.At(f.Column).Kind)
		fmt.Fprintf(out, "%s  %s %s = %d;\n", indent, kind, f.Name, i+1)
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
	for _, word := range strings.FieldsFunc(topic, func(r rune) bool { return !codec.IsName("a"+string(r)) || r == '_' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	if name := b.String(); codec.IsName(name) {
		return name
	}
	return "Row" + b.String()
}
