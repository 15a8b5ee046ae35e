package avro

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// derived is the schema of rows: a record whose fields are the columns, all of
// which may be null. A path is a record within it. It is the same text for the
// same columns.
func derived(s *row.Schema, name string, millis bool) (string, error) {
	root, err := codec.Nested(s, "Avro")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	write(&b, root, s, typeName(name), millis)
	return b.String(), nil
}

// write writes the record of a nest.
func write(out *strings.Builder, of *codec.Nest, s *row.Schema, name string, millis bool) {
	fmt.Fprintf(out, `{"type":"record","name":%q,"fields":[`, name)
	for i, f := range of.Fields {
		if i > 0 {
			out.WriteByte(',')
		}
		if len(f.Fields) > 0 {
			fmt.Fprintf(out, `{"name":%q,"type":`, f.Name)
			write(out, f, s, name+"_"+f.Name, millis)
			out.WriteByte('}')
			continue
		}
		fmt.Fprintf(out, `{"name":%q,"type":["null",%s],"default":null}`, f.Name, typeOf(s.At(f.Column).Kind, millis))
	}
	out.WriteString("]}")
}

// typeOf is the type that holds values of a kind, as JSON. What Avro has no
// type for is marked with the kind: lengths of time are µs, and lists, structs
// and values of any kind stand as JSON.
func typeOf(k row.Kind, millis bool) string {
	switch k {
	case row.Bool:
		return `"boolean"`
	case row.Int:
		return `"long"`
	case row.Float:
		return `"double"`
	case row.String:
		return `"string"`
	case row.Bytes:
		return `"bytes"`
	case row.Time:
		if millis {
			return `{"type":"long","logicalType":"timestamp-millis"}`
		}
		return `{"type":"long","logicalType":"timestamp-micros"}`
	case row.Duration:
		return fmt.Sprintf(`{"type":"long",%q:"duration"}`, property)
	}
	return fmt.Sprintf(`{"type":"string",%q:"json"}`, property)
}

// typeName makes a topic's name one of a type.
func typeName(topic string) string {
	name := strings.Map(func(r rune) rune {
		if codec.IsName("a" + string(r)) {
			return r
		}
		return '_'
	}, topic)
	if !codec.IsName(name) {
		name = "_" + name
	}
	return name
}
