package avro

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// encoder writes rows by a schema: the one that was given, or else one that is derived from the columns.
type encoder struct {
	codec  *avroCodec
	schema *row.Schema
	o      codec.Options
	given  bool
	tree   []part // of a derived schema
	err    error  // why nothing can be written
	asked  bool   // for the id
	id     int
}

// part is a column of a derived schema, in the order of its fields.
type part struct {
	column int
	write  func(dst []byte, v *row.Vec, i int) ([]byte, error)
}

func newEncoder(c *avroCodec, s *row.Schema, o codec.Options) *encoder {
	e := &encoder{codec: c, schema: s, o: o, given: c.text != ""}
	if e.given {
		e.err = e.check()
		return e
	}
	text, err := derived(s, nameOf(o.Subject), o.TimeUnit == "ms")
	if err == nil {
		e.codec = &avroCodec{frame: c.frame}
		err = e.codec.give(text)
	}
	if e.err = err; err == nil {
		e.arrange(e.codec.reader, "")
	}
	return e
}

// nameOf is the topic of a subject.
func nameOf(subject string) string {
	if n := len(subject) - len("-value"); n > 0 {
		return subject[:n]
	}
	return "row"
}

// check refuses columns that the schema does not have: they would be lost.
func (e *encoder) check() error {
	var lost []string
	for _, f := range e.schema.Fields() {
		if !e.codec.reader.has(f.Name) {
			lost = append(lost, f.Name)
		}
	}
	if lost != nil {
		return fmt.Errorf("the schema has no field for the columns %v: leave them out with Select or Drop", lost)
	}
	return nil
}

// arrange finds the column of each field.
func (e *encoder) arrange(n *node, prefix string) {
	for _, f := range n.fields {
		path := prefix + f.name
		if f.node.kind == "record" {
			e.arrange(f.node, path+".")
			continue
		}
		column := e.schema.Index(path)
		e.tree = append(e.tree, part{column, writerOfKind(e.schema.At(column).Kind, e.o)})
	}
}

// Append implements [codec.Encoder].
func (e *encoder) Append(dst []byte, b *row.Batch, i int) ([]byte, error) {
	if e.err != nil {
		return dst, e.err
	}
	dst, err := e.head(dst)
	if err != nil {
		return dst, err
	}
	if e.given {
		return e.codec.schema.AppendEncode(dst, e.object(b, i))
	}
	for _, p := range e.tree {
		v := &b.Cols[p.column]
		if v.Kind == row.Null || v.IsNull(i) {
			dst = append(dst, 0)
			continue
		}
		if dst, err = p.write(append(dst, 2), v, i); err != nil {
			return dst, fmt.Errorf("column %q: %w", e.schema.At(p.column).Name, err)
		}
	}
	return dst, nil
}

// head writes what stands before a record.
func (e *encoder) head(dst []byte) ([]byte, error) {
	switch e.codec.frame {
	case plain:
		return dst, nil
	case single:
		return append(dst, e.codec.head...), nil
	}
	if err := e.Register(); err != nil {
		return dst, err
	}
	return codec.AppendRegistered(dst, e.id), nil
}

// Register implements [codec.Registrar].
func (e *encoder) Register() error {
	if e.err != nil || e.asked || e.codec.frame != registered {
		return e.err
	}
	if e.o.Schemas == nil {
		return fmt.Errorf("%w: there is none to keep the schema of what is written", codec.ErrRegistry)
	}
	id, err := e.o.Schemas.Register(e.o.Subject, codec.Schema{Type: schemaType, Text: e.codec.text})
	e.id, e.asked = id, err == nil
	return err
}

// writerOfKind writes a value that is not null.
func writerOfKind(k row.Kind, o codec.Options) func([]byte, *row.Vec, int) ([]byte, error) {
	switch k {
	case row.Bool:
		return func(dst []byte, v *row.Vec, i int) ([]byte, error) { return append(dst, v.Bools[i]&1), nil }
	case row.Int, row.Duration:
		return func(dst []byte, v *row.Vec, i int) ([]byte, error) { return binary.AppendVarint(dst, v.Ints[i]), nil }
	case row.Time:
		per := int64(1)
		if o.TimeUnit == "ms" {
			per = 1000
		}
		return func(dst []byte, v *row.Vec, i int) ([]byte, error) {
			return binary.AppendVarint(dst, row.FloorDiv(v.Ints[i], per)), nil
		}
	case row.Float:
		return func(dst []byte, v *row.Vec, i int) ([]byte, error) {
			return binary.LittleEndian.AppendUint64(dst, math.Float64bits(v.Floats[i])), nil
		}
	case row.String, row.Bytes:
		return func(dst []byte, v *row.Vec, i int) ([]byte, error) {
			return append(binary.AppendVarint(dst, int64(len(v.Strs[i]))), v.Strs[i]...), nil
		}
	}
	return func(dst []byte, v *row.Vec, i int) ([]byte, error) { return appendJSON(dst, v.Value(i), o) }
}

// appendJSON writes a value as the JSON of it.
func appendJSON(dst []byte, x any, o codec.Options) ([]byte, error) {
	w := jsontext.Writer{Time: codec.TimesAs(o.TimeUnit)}
	b, err := w.Value(nil, x)
	if err != nil {
		return dst, err
	}
	if o.NotFinite != nil {
		*o.NotFinite += w.NotFinite
	}
	return append(binary.AppendVarint(dst, int64(len(b))), b...), nil
}

// object is a row as the encoder of a given schema takes it.
func (e *encoder) object(b *row.Batch, i int) map[string]any {
	out := map[string]any{}
	for c := range b.Cols {
		at, path := out, e.schema.At(c).Name
		for {
			name, rest, more := strings.Cut(path, ".")
			if !more {
				at[name] = free(b.Cols[c].Value(i))
				break
			}
			inner, ok := at[name].(map[string]any)
			if !ok {
				inner = map[string]any{}
				at[name] = inner
			}
			at, path = inner, rest
		}
	}
	return out
}

// free is a value without types of ours.
func free(v any) any {
	switch x := v.(type) {
	case row.Object:
		out := make(map[string]any, len(x))
		for _, m := range x {
			out[m.Name] = free(m.Value)
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = free(x[i])
		}
		return out
	}
	return v
}

// has says whether a path leads to a field.
func (n *node) has(path string) bool {
	name, rest, more := strings.Cut(path, ".")
	f := n.field(name)
	if f == nil || f.name != name {
		return false
	}
	o := f.node.optional()
	return !more || o.kind == "map" || o.kind == "record" && o.has(rest)
}
