package avro

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// value reads any value, written as w and read as r, as package row has it:
// lists as []any, maps and records as Objects. Strings are copies.
func (in *input) value(w, r *node, depth int) any {
	if depth < 0 {
		in.refuse(jsontext.ErrDepth)
		return nil
	}
	if r == nil {
		r = w
	}
	if w.kind == "union" {
		b := w.branches[in.index(len(w.branches))]
		if in.err != nil {
			return nil
		}
		return in.value(b, r.branch(b), depth-1)
	}
	if r.kind == "union" {
		r = r.branch(w)
		if r == nil {
			r = w
		}
	}
	switch w.kind {
	case "record":
		return in.record(w, r, depth)
	case "array":
		return in.list(w, r.items, depth)
	case "map":
		return in.object(w, r.items, depth)
	}
	return in.scalar(w, r)
}

// scalar reads a value that holds no others; w is no union, and r is what it is read as.
func (in *input) scalar(w, r *node) any {
	switch w.kind {
	case "boolean":
		return in.bool()
	case "int":
		return r.number(in.int())
	case "long":
		return r.number(in.long())
	case "float":
		return in.float()
	case "double":
		return in.double()
	case "string", "bytes":
		return in.written(in.bytes(), r)
	case "fixed":
		return in.written(in.take(w.size), r)
	case "enum":
		return in.symbol(w, r)
	}
	return nil
}

// number is a whole number as a value of the type.
func (n *node) number(x int64) any {
	if n.kind == "float" || n.kind == "double" {
		return float64(x)
	}
	us, ok := n.micros(x)
	switch k := n.column(); {
	case ok && k == row.Time:
		return instantOf(us)
	case ok && k == row.Duration:
		return lengthOf(us)
	}
	return x
}

// written is what bytes mean as a type of strings, bytes or fixed.
func (in *input) written(b []byte, r *node) any {
	if in.err != nil {
		return nil
	}
	switch k := r.column(); {
	case r.logical == "decimal" && len(b) > codec.MaxDecimal:
		in.fail("a decimal of %d bytes, want at most %d", len(b), codec.MaxDecimal)
		return nil
	case r.logical == "decimal" && k == row.Float:
		return decimalFloat(b, r.scale)
	case r.logical == "decimal":
		return decimal(b, r.scale)
	case r.logical == "uuid" && len(b) == 16:
		return uuid(b)
	case k == row.Duration && len(b) == 12:
		s := spanOf(b)
		if us, ok := s.micros(); ok {
			return lengthOf(us)
		}
		return s.String()
	case k == row.String:
		if !utf8.Valid(b) {
			in.fail("a string is not UTF-8")
		}
		return string(b)
	}
	return slices.Clone(b)
}

func (in *input) symbol(w, r *node) string {
	i := in.index(len(w.symbols))
	if in.err != nil {
		return ""
	}
	s := w.symbols[i]
	if r.kind == "enum" && r != w && !slices.Contains(r.symbols, s) {
		if r.other == "" {
			in.fail("symbol %q is not one of the reader's: %s", s, strings.Join(r.symbols, ", "))
		}
		return r.other
	}
	return s
}

func (in *input) list(w, r *node, depth int) []any {
	out := []any{}
	for items, _ := in.block(); items > 0; items, _ = in.block() {
		for ; items > 0 && in.err == nil; items-- {
			out = append(out, in.value(w.items, r, depth-1))
		}
	}
	return out
}

func (in *input) object(w, r *node, depth int) row.Object {
	out := row.Object{}
	for items, _ := in.block(); items > 0; items, _ = in.block() {
		for ; items > 0 && in.err == nil; items-- {
			name := in.written(in.bytes(), &node{kind: "string"})
			if in.err == nil {
				out = append(out, row.Member{Name: name.(string), Value: in.value(w.items, r, depth-1)})
			}
		}
	}
	return out
}

// record reads the writer's fields, which stand in its order, and adds what only the reader has.
func (in *input) record(w, r *node, depth int) row.Object {
	if in.open(w); in.err != nil {
		return nil
	}
	out := make(row.Object, 0, len(w.fields))
	for _, f := range w.fields {
		name, as := f.name, f.node
		if to := r.field(f.name); to != nil {
			name, as = to.name, to.node
		}
		v := in.value(f.node, as, depth-1)
		if in.err != nil {
			return nil
		}
		out = append(out, row.Member{Name: name, Value: v})
	}
	for _, f := range r.fields {
		if _, ok := out.Get(f.name); !ok && f.has && r != w {
			out = append(out, row.Member{Name: f.name, Value: f.node.standard(f.missing)})
		}
	}
	return out
}

// standard is a default of a schema as a value.
func (n *node) standard(v any) any {
	switch x := v.(type) {
	case int32:
		return n.whole(int64(x))
	case int64:
		return n.whole(x)
	case float32:
		return float64(x)
	case []byte:
		in := input{}
		return in.written(x, n.optional())
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = n.itemsOf("array").standard(x[i])
		}
		return out
	case map[string]any:
		return n.standardObject(x)
	}
	return v
}

// whole is a whole number as the first branch of a union that holds one has it.
func (n *node) whole(x int64) any {
	for _, b := range n.branches {
		if b.kind == "int" || b.kind == "long" {
			return b.number(x)
		}
	}
	return n.number(x)
}

func (n *node) itemsOf(kind string) *node {
	for _, b := range slices.Concat(n.branches, []*node{n}) {
		if b.kind == kind {
			return b.items
		}
	}
	return &node{kind: "null"}
}

func (n *node) standardObject(x map[string]any) row.Object {
	out := row.Object{}
	if o := n.optional(); o.kind == "record" {
		for _, f := range o.fields {
			if v, ok := x[f.name]; ok {
				out = append(out, row.Member{Name: f.name, Value: f.node.standard(v)})
			}
		}
		return out
	}
	for _, k := range slices.Sorted(maps.Keys(x)) {
		out = append(out, row.Member{Name: k, Value: n.itemsOf("map").standard(x[k])})
	}
	return out
}
