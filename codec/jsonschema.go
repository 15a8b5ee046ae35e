package codec

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// JSONSchema is JSON as the JSON Schema serializers of a schema registry write
// it: the id of a schema and the object. The schema is not needed to read it.
func JSONSchema() Codec { return schemaJSON{} }

const jsonSchemaName = "json-schema"

type schemaJSON struct{ jsonCodec }

// Name implements [Codec].
func (schemaJSON) Name() string { return jsonSchemaName }

// Written implements [Described].
func (schemaJSON) Written([]row.Record) []int { return nil }

// Registered implements [Described].
func (schemaJSON) Registered(writing bool) bool { return writing }

// Columns implements [Described].
func (c schemaJSON) Columns(recs []row.Record, _ Schemas) (*row.Schema, Codec, error) {
	s, _ := Infer(c, recs)
	return s, c, nil
}

func (c schemaJSON) observe(value []byte, each func(string, any)) error {
	if value == nil {
		return ErrNoValue
	}
	_, rest, err := OpenRegistered(value)
	if err != nil {
		return err
	}
	return c.jsonCodec.observe(rest, each)
}

// Decoder implements [Codec].
func (c schemaJSON) Decoder(want *row.Schema, o Options) Decoder {
	return &framedDecoder{Decoder: c.jsonCodec.Decoder(want, o)}
}

// framedDecoder takes off what stands before the objects.
type framedDecoder struct {
	Decoder
	bare []row.Record
}

// Decode implements [Decoder].
func (d *framedDecoder) Decode(recs []row.Record, b *row.Batch) []BadRow {
	d.bare = append(d.bare[:0], recs...)
	unframed := map[int]error{}
	for i := range d.bare {
		if d.bare[i].Value == nil {
			continue
		}
		_, rest, err := OpenRegistered(d.bare[i].Value)
		if d.bare[i].Value = rest; err != nil {
			unframed[i] = err
		}
	}
	bad := d.Decoder.Decode(d.bare, b)
	for i := range bad {
		if err := unframed[bad[i].Index]; err != nil {
			bad[i].Err = err
		}
	}
	b.Records = recs
	return bad
}

// Encoder implements [Codec].
func (c schemaJSON) Encoder(s *row.Schema, o Options) Encoder {
	return &framedEncoder{jsonEncoder: newJSONEncoder(s, o), o: o, text: jsonSchemaOf(s, o)}
}

type framedEncoder struct {
	*jsonEncoder
	o     Options
	text  string
	id    int
	asked bool
}

// Append implements [Encoder].
func (e *framedEncoder) Append(dst []byte, b *row.Batch, i int) ([]byte, error) {
	if err := e.Register(); err != nil {
		return dst, err
	}
	return e.jsonEncoder.Append(AppendRegistered(dst, e.id), b, i)
}

// Register implements [Registrar].
func (e *framedEncoder) Register() error {
	if e.asked {
		return nil
	}
	if e.o.Schemas == nil {
		return fmt.Errorf("%w: there is none to keep the schema of what is written", ErrRegistry)
	}
	id, err := e.o.Schemas.Register(e.o.Subject, Schema{Type: "JSON", Text: e.text})
	e.id, e.asked = id, err == nil
	return err
}

// jsonSchemaOf is the schema of rows: an object whose members are the columns, all of which may be null.
func jsonSchemaOf(s *row.Schema, o Options) string {
	var b strings.Builder
	b.WriteString(`{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{`)
	for i, f := range s.Fields() {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(jsontext.AppendString(nil, f.Name))
		b.WriteString(":" + jsonTypeOf(f.Kind, o))
	}
	b.WriteString("}}")
	return b.String()
}

func jsonTypeOf(k row.Kind, o Options) string {
	switch k {
	case row.Bool:
		return `{"type":["boolean","null"]}`
	case row.Int:
		return `{"type":["integer","null"]}`
	case row.Float, row.Duration:
		return `{"type":["number","null"]}`
	case row.Time:
		if o.TimeUnit != "" {
			return `{"type":["integer","null"]}`
		}
		return `{"type":["string","null"],"format":"date-time"}`
	case row.String, row.Bytes:
		return `{"type":["string","null"]}`
	case row.List:
		return `{"type":["array","null"]}`
	case row.Struct:
		return `{"type":["object","null"]}`
	}
	return `{}`
}
