package protobuf

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// encoder writes rows as a message: the one that was given, or else one that is derived from the columns.
type encoder struct {
	given  *protoCodec
	codec  *protoCodec // given, or of the derived message
	schema *row.Schema
	o      codec.Options
	text   string                           // for the registry
	paths  [][]protoreflect.FieldDescriptor // by column
	err    error                            // why nothing can be written
	asked  bool                             // for the id
	head   []byte
}

func newEncoder(c *protoCodec, s *row.Schema, o codec.Options) *encoder {
	e := &encoder{given: c, codec: c, schema: s, o: o, text: c.text}
	if c.reader == nil {
		if e.text, e.err = derived(s, strings.TrimSuffix(o.Subject, "-value")); e.err != nil {
			return e
		}
		e.codec = &protoCodec{plain: c.plain}
		f, err := describe(codec.Schema{Text: e.text})
		if err != nil {
			e.err = err
			return e
		}
		e.codec.reader = f.Messages().Get(0)
	} else if _, ok := setOf(c.text); ok {
		e.err = e.registrable()
	}
	e.arrange()
	return e
}

// registrable refuses a schema that a registry does not take.
func (e *encoder) registrable() error {
	if e.codec.plain {
		return nil
	}
	return fmt.Errorf("%w: a registry takes the text of a .proto file, and this is a FileDescriptorSet: give the text, or Protobuf() to have one made from the columns", ErrSchema)
}

// arrange finds the field of each column; a column without one would be lost.
func (e *encoder) arrange() {
	for _, f := range e.schema.Fields() {
		var path []protoreflect.FieldDescriptor
		for m, rest, more := e.codec.reader, f.Name, true; more; {
			var name string
			name, rest, more = strings.Cut(rest, ".")
			field := m.Fields().ByName(protoreflect.Name(name))
			if field == nil || more && !nests(field) {
				if e.err == nil {
					e.err = fmt.Errorf("the message %s has no field for the column %q: leave it out with Select or Drop", e.codec.reader.FullName(), f.Name)
				}
				return
			}
			path, m = append(path, field), field.Message()
		}
		e.paths = append(e.paths, path)
	}
}

// Append implements [codec.Encoder].
func (e *encoder) Append(dst []byte, b *row.Batch, i int) ([]byte, error) {
	if e.err != nil {
		return dst, e.err
	}
	if err := e.Register(); err != nil {
		return dst, err
	}
	root := dynamicpb.NewMessage(e.codec.reader)
	for c, path := range e.paths {
		v := b.Cols[c].Value(i)
		if v == nil {
			continue
		}
		if e.codec != e.given && b.Cols[c].Kind.Nested() {
			text, err := jsonText(v, e.o)
			if err != nil {
				return dst, fmt.Errorf("column %q: %w", e.schema.At(c).Name, err)
			}
			v = text
		}
		m := protoreflect.Message(root)
		for _, f := range path[:len(path)-1] {
			m = m.Mutable(f).Message()
		}
		if err := set(m, path[len(path)-1], v, e.o); err != nil {
			return dst, fmt.Errorf("column %q: %w", e.schema.At(c).Name, err)
		}
	}
	return proto.MarshalOptions{Deterministic: true}.MarshalAppend(append(dst, e.head...), root)
}

// Register implements [codec.Registrar].
func (e *encoder) Register() error {
	if e.err != nil || e.asked || e.codec.plain {
		return e.err
	}
	if e.o.Schemas == nil {
		return fmt.Errorf("%w: there is none to keep the schema of what is written", codec.ErrRegistry)
	}
	id, err := e.o.Schemas.Register(e.o.Subject, codec.Schema{Type: schemaType, Text: e.text})
	e.head, e.asked = appendIndex(codec.AppendRegistered(nil, id), places(e.codec.reader)), err == nil
	return err
}
