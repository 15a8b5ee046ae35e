package avro

import (
	"fmt"
	"strings"

	"github.com/twmb/avro"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// schemaType is the registry's name of the format.
const schemaType = "AVRO"

// Format is Avro, for [codec.Formats]. A name is "avro" for records of a schema
// registry, "avro-plain" for those with nothing before them, or "avro-single"
// for single objects; in brackets behind it stands the schema by which they are
// read or written, as JSON, if it is given.
func Format() codec.Format { return codec.Format{Name: "avro", Parse: parseName} }

// avroCodec implements [codec.Described].
type avroCodec struct {
	frame  frame
	text   string // the schema that is given, or ""
	schema *avro.Schema
	reader *node
	head   []byte // of single objects
}

func parseName(rest string) (codec.Codec, error) {
	c := &avroCodec{}
	for _, f := range []frame{plain, single} {
		if strings.HasPrefix(rest, string(f)) {
			c.frame = f
			rest = rest[len(f):]
		}
	}
	if rest == "" {
		return c, nil
	}
	if !strings.HasPrefix(rest, "(") || !strings.HasSuffix(rest, ")") {
		return nil, fmt.Errorf("format %.40q is not known, want avro, avro-plain or avro-single, and a schema in brackets", "avro"+rest)
	}
	return c, c.give(rest[1 : len(rest)-1])
}

// give sets the schema.
func (c *avroCodec) give(text string) (err error) {
	if c.schema, err = parse(codec.Schema{Text: text}); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	if c.reader, err = tree(c.schema); err != nil {
		return err
	}
	print := c.schema.Fingerprint(avro.NewRabin())
	c.head = []byte{0xc3, 0x01}
	for i := range print { // it is written with the lowest byte first
		c.head = append(c.head, print[len(print)-1-i])
	}
	c.text = text
	return nil
}

// Name implements [codec.Codec].
func (c *avroCodec) Name() string {
	if c.text == "" {
		return "avro" + string(c.frame)
	}
	return "avro" + string(c.frame) + "(" + c.text + ")"
}

// Registered implements [codec.Described].
func (c *avroCodec) Registered(bool) bool { return c.frame == registered }

// Written implements [codec.Described].
func (c *avroCodec) Written(recs []row.Record) []int {
	if c.frame != registered {
		return nil
	}
	return codec.WrittenBy(recs)
}

// Columns implements [codec.Described]. Without a schema that is given, the
// records are read by the newest that they were written with: the one of the
// highest id.
func (c *avroCodec) Columns(recs []row.Record, s codec.Schemas) (*row.Schema, codec.Codec, error) {
	if c.reader != nil {
		return columns(c.reader), c, nil
	}
	if c.frame != registered {
		return nil, nil, fmt.Errorf("%w: records without a registry are read by a schema that is given: Avro(schema).Plain()", codec.ErrNoSchema)
	}
	ids := c.Written(recs)
	if len(ids) == 0 {
		return row.NewSchema(), c, nil
	}
	newest, err := s.Schema(ids[len(ids)-1])
	if err != nil {
		return nil, nil, err
	}
	parsed, err := parse(*newest)
	if err != nil {
		return nil, nil, fmt.Errorf("schema %d: %w", newest.ID, err)
	}
	text, err := whole(parsed)
	if err != nil {
		return nil, nil, fmt.Errorf("schema %d: %w", newest.ID, err)
	}
	frozen := &avroCodec{frame: c.frame}
	if err := frozen.give(text); err != nil {
		return nil, nil, fmt.Errorf("schema %d: %w", newest.ID, err)
	}
	return columns(frozen.reader), frozen, nil
}

// Decoder implements [codec.Codec].
func (c *avroCodec) Decoder(want *row.Schema, o codec.Options) codec.Decoder {
	return newDecoder(c, want, o)
}

// Encoder implements [codec.Codec].
func (c *avroCodec) Encoder(s *row.Schema, o codec.Options) codec.Encoder {
	return newEncoder(c, s, o)
}
