package protobuf

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// schemaType is the registry's name of the format.
const schemaType = "PROTOBUF"

// Format is Protobuf, for [codec.Formats]. A name is "protobuf" for records of a
// schema registry or "protobuf-plain" for messages with nothing before them;
// then ":" and the name of a message, and in brackets the schema, if they are given.
func Format() codec.Format { return codec.Format{Name: "protobuf", Parse: parseName} }

// protoCodec implements [codec.Described].
type protoCodec struct {
	plain  bool
	name   string // the message that is given, or ""
	text   string // the schema that is given, or ""
	reader protoreflect.MessageDescriptor
}

func parseName(rest string) (codec.Codec, error) {
	c := &protoCodec{}
	head, text, given := strings.Cut(rest, "(")
	head, c.plain = strings.CutSuffix(head, "-plain")
	if before, name, ok := strings.Cut(rest[:len(rest)-len(text)], ":"); ok {
		head, c.plain = strings.CutSuffix(before, "-plain")
		c.name = strings.TrimSuffix(name, "(")
	}
	if head != "" || given && !strings.HasSuffix(text, ")") {
		return nil, fmt.Errorf("format %.40q is not known, want protobuf or protobuf-plain, and a schema in brackets", "protobuf"+rest)
	}
	if !given {
		return c, nil
	}
	c.text = strings.TrimSuffix(text, ")")
	f, err := describe(codec.Schema{Text: c.text})
	if err != nil {
		return nil, err
	}
	c.reader, err = message(f, c.name)
	return c, err
}

// Name implements [codec.Codec].
func (c *protoCodec) Name() string {
	out := "protobuf"
	if c.plain {
		out += "-plain"
	}
	if c.name != "" {
		out += ":" + c.name
	}
	if c.text != "" {
		out += "(" + c.text + ")"
	}
	return out
}

// Registered implements [codec.Described].
func (c *protoCodec) Registered(bool) bool { return !c.plain }

// Written implements [codec.Described].
func (c *protoCodec) Written(recs []row.Record) []int {
	if c.plain {
		return nil
	}
	return codec.WrittenBy(recs)
}

// Columns implements [codec.Described]. Without a schema that is given, the
// records are read as the message of the last record that names the newest schema.
func (c *protoCodec) Columns(recs []row.Record, s codec.Schemas) (*row.Schema, codec.Codec, error) {
	if c.reader != nil {
		return columns(c.reader), c, nil
	}
	if c.plain {
		return nil, nil, fmt.Errorf("%w: records without a registry are read by a schema that is given: Protobuf(schema).Plain()", codec.ErrNoSchema)
	}
	ids := c.Written(recs)
	if len(ids) == 0 {
		return row.NewSchema(), c, nil
	}
	m, err := newest(recs, ids[len(ids)-1], c.name, s)
	if err != nil {
		return nil, nil, err
	}
	text, err := whole(m.ParentFile())
	if err != nil {
		return nil, nil, err
	}
	frozen := &protoCodec{name: string(m.FullName()), text: text, reader: m}
	return columns(m), frozen, nil
}

// newest is the message of the last record of a schema.
func newest(recs []row.Record, id int, name string, s codec.Schemas) (protoreflect.MessageDescriptor, error) {
	f, err := fileOf(id, s)
	if err != nil {
		return nil, err
	}
	if name != "" {
		return message(f, name)
	}
	for _, r := range slices.Backward(recs) {
		of, rest, err := codec.OpenRegistered(r.Value)
		if err != nil || of != id {
			continue
		}
		if index, _, err := indexOf(rest); err == nil {
			return indexed(f, index)
		}
	}
	return message(f, "")
}

// Decoder implements [codec.Codec].
func (c *protoCodec) Decoder(want *row.Schema, o codec.Options) codec.Decoder {
	return newDecoder(c, want, o)
}

// Encoder implements [codec.Codec].
func (c *protoCodec) Encoder(s *row.Schema, o codec.Options) codec.Encoder {
	return newEncoder(c, s, o)
}
