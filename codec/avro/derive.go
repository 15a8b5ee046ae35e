package avro

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// derived is the schema of rows: a record whose fields are the columns, all of
// which may be null. A path is a record within it. It is the same text for the
// same columns.
func derived(s *row.Schema, name string, millis bool) (string, error) {
	root := &branch{}
	for i, f := range s.Fields() {
		if err := root.add(f.Name, f.Name, i); err != nil {
			return "", err
		}
	}
	var b strings.Builder
	root.write(&b, s, typeName(name), millis)
	return b.String(), nil
}

// branch is a record of a derived schema, or a column.
type branch struct {
	name   string
	column int       // if it has no fields
	fields []*branch // in the order of the columns
}

// add puts a column where its path says.
func (b *branch) add(path, whole string, column int) error {
	name, rest, more := strings.Cut(path, ".")
	if !isName(name) {
		return fmt.Errorf("column %q is no name in Avro, want letters, digits and '_': give it another with Rename or Select", whole)
	}
	for _, f := range b.fields {
		if f.name != name {
			continue
		}
		if !more || len(f.fields) == 0 {
			return fmt.Errorf("column %q: %q is a column and has columns within it, which Avro does not have: leave one out", whole, name)
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

func (b *branch) write(out *strings.Builder, s *row.Schema, name string, millis bool) {
	fmt.Fprintf(out, `{"type":"record","name":%q,"fields":[`, name)
	for i, f := range b.fields {
		if i > 0 {
			out.WriteByte(',')
		}
		if len(f.fields) > 0 {
			fmt.Fprintf(out, `{"name":%q,"type":`, f.name)
			f.write(out, s, name+"_"+f.name, millis)
			out.WriteByte('}')
			continue
		}
		fmt.Fprintf(out, `{"name":%q,"type":["null",%s],"default":null}`, f.name, typeOf(s.At(f.column).Kind, millis))
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
		if isName("a" + string(r)) {
			return r
		}
		return '_'
	}, topic)
	if !isName(name) {
		name = "_" + name
	}
	return name
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
