package codec

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Nest is a column, or what columns whose names are paths lie in: the records
// within each other that formats with declared schemas have for them.
type Nest struct {
	Name   string  // "" of the outermost
	Column int     // if it has no fields
	Fields []*Nest // in the order of the columns
}

// Nested is the nest of a schema's columns. The error is about a column that a
// format, which is named in it, cannot have under its name.
func Nested(s *row.Schema, format string) (*Nest, error) {
	root := &Nest{}
	for i, f := range s.Fields() {
		if err := root.add(f.Name, f.Name, i, format); err != nil {
			return nil, err
		}
	}
	return root, nil
}

// add puts a column where its path says.
func (n *Nest) add(path, whole string, column int, format string) error {
	name, rest, more := strings.Cut(path, ".")
	if !IsName(name) {
		return fmt.Errorf("column %q is no name in %s, want letters, digits and '_': give it another with Rename or Select", whole, format)
	}
	for _, f := range n.Fields {
		if f.Name != name {
			continue
		}
		if !more || len(f.Fields) == 0 {
			return fmt.Errorf("column %q: %q is a column and has columns within it, which %s does not have: leave one out", whole, name, format)
		}
		return f.add(rest, whole, column, format)
	}
	f := &Nest{Name: name, Column: column}
	n.Fields = append(n.Fields, f)
	if more {
		return f.add(rest, whole, column, format)
	}
	return nil
}

// IsName says whether a text is a name in formats with declared schemas.
func IsName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
		if !letter && !(i > 0 && r >= '0' && r <= '9') {
			return false
		}
	}
	return s != ""
}
