package avro

import (
	"fmt"
	"strings"

	"github.com/twmb/avro"

	"github.com/riffle-stream/riffle/codec"
)

// node is a type of a schema; names stand for the nodes that they mean.
type node struct {
	kind     string // "null", "boolean", "int", "long", "float", "double", "bytes", "string", "record", "enum", "array", "map", "fixed", "union"
	logical  string
	scale    int
	digits   int // of a decimal
	size     int // of a fixed
	fields   []*field
	items    *node // of an array or map
	branches []*node
	symbols  []string
	other    string // the symbol for one that the reader does not have; "" if there is none
	ours     string // the kind of column that a schema of ours was derived from
}

type field struct {
	name    string
	aliases []string
	node    *node
	missing any // its default
	has     bool
}

// property marks a type of a derived schema with the kind of its column, where Avro has no type for it.
const property = "riffle.kind"

// parse reads a schema with all that it refers to.
func parse(s codec.Schema) (*avro.Schema, error) {
	var cache avro.SchemaCache
	for _, r := range s.References {
		if _, err := cache.Parse(r.Text); err != nil {
			return nil, fmt.Errorf("schema %s, which another refers to: %w", r.Name, err)
		}
	}
	return cache.Parse(s.Text)
}

// whole is a schema's text without references to others.
func whole(s *avro.Schema) (string, error) {
	all, err := s.Root().Schema()
	if err != nil {
		return "", err
	}
	return all.String(), nil
}

// tree makes nodes of a schema.
func tree(s *avro.Schema) (*node, error) {
	b := builder{names: map[string]*node{}}
	n, err := b.node(s.Root())
	if err != nil {
		return nil, err
	}
	if n.kind != "record" {
		return nil, fmt.Errorf("schema is %s, want a record: its fields are the columns", n.kind)
	}
	return n, nil
}

type builder struct{ names map[string]*node }

func (b *builder) node(s *avro.SchemaNode) (*node, error) {
	n := &node{kind: s.Type, logical: s.LogicalType, scale: s.Scale, digits: s.Precision, size: s.Size, symbols: s.Symbols, other: s.EnumDefault}
	n.ours, _ = s.Props[property].(string)
	if n.logical == "decimal" && (n.scale < 0 || n.scale > codec.MaxScale) {
		return nil, fmt.Errorf("schema: a decimal has %d digits behind its point, want at most %d", n.scale, codec.MaxScale)
	}
	switch s.Type {
	case "null", "boolean", "int", "long", "float", "double", "bytes", "string":
		return n, nil
	case "enum", "fixed":
		b.names[fullName(s)] = n
		return n, nil
	case "record", "error":
		n.kind = "record"
		b.names[fullName(s)] = n
		return n, b.fields(n, s)
	case "array", "map":
		items := s.Items
		if s.Type == "map" {
			items = s.Values
		}
		if items == nil {
			return nil, fmt.Errorf("schema: %s has no type of its items", s.Type)
		}
		var err error
		n.items, err = b.node(items)
		return n, err
	case "union":
		for i := range s.Branches {
			branch, err := b.node(&s.Branches[i])
			if err != nil {
				return nil, err
			}
			n.branches = append(n.branches, branch)
		}
		return n, nil
	}
	if known := b.names[s.Type]; known != nil {
		return known, nil
	}
	return nil, fmt.Errorf("schema: type %q is not known", s.Type)
}

func (b *builder) fields(n *node, s *avro.SchemaNode) error {
	for i := range s.Fields {
		f := &s.Fields[i]
		of, err := b.node(&f.Type)
		if err != nil {
			return err
		}
		n.fields = append(n.fields, &field{f.Name, f.Aliases, of, f.Default, f.HasDefault})
	}
	return nil
}

func fullName(s *avro.SchemaNode) string {
	if s.Namespace == "" || strings.Contains(s.Name, ".") {
		return s.Name
	}
	return s.Namespace + "." + s.Name
}

// optional is the one type beside null of a union, and else the type itself.
func (n *node) optional() *node {
	if n.kind != "union" {
		return n
	}
	var one *node
	for _, b := range n.branches {
		if b.kind == "null" {
			continue
		}
		if one != nil {
			return n
		}
		one = b
	}
	if one == nil {
		return n
	}
	return one
}

// field finds the reader's field for a writer's, by name and then by alias.
func (n *node) field(name string) *field {
	if n == nil {
		return nil
	}
	for _, f := range n.fields {
		if f.name == name {
			return f
		}
	}
	for _, f := range n.fields {
		for _, a := range f.aliases {
			if a == name {
				return f
			}
		}
	}
	return nil
}

// branch is the type of a reader that a writer's type is read as: of a union the first that fits.
func (n *node) branch(w *node) *node {
	if n == nil || n.kind != "union" {
		return n
	}
	for _, fits := range []func(a, b *node) bool{same, widens} {
		for _, b := range n.branches {
			if fits(w, b) {
				return b
			}
		}
	}
	return nil
}

func same(w, r *node) bool { return w.kind == r.kind }

// widens says whether Avro's resolution reads w as r.
func widens(w, r *node) bool {
	switch w.kind {
	case "int":
		return r.kind == "long" || r.kind == "float" || r.kind == "double"
	case "long":
		return r.kind == "float" || r.kind == "double"
	case "float":
		return r.kind == "double"
	case "string":
		return r.kind == "bytes"
	case "bytes":
		return r.kind == "string"
	}
	return false
}
