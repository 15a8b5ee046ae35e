package avro

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// decoder reads records by the schemas that they were written with.
type decoder struct {
	codec   *avroCodec
	want    *row.Schema
	o       codec.Options
	columns *codec.Columns
	written map[int]program // by id; of plain records the one is 0

	in    input
	field string // the column whose value does not fit
}

// program is how records of one schema are read, or why they are not.
type program struct {
	run step
	err error
}

func newDecoder(c *avroCodec, want *row.Schema, o codec.Options) *decoder {
	o.Limits = o.Limits.Filled()
	return &decoder{codec: c, want: want, o: o, columns: codec.NewColumns(want, o), written: map[int]program{}}
}

// Decode implements [codec.Decoder].
func (d *decoder) Decode(recs []row.Record, b *row.Batch) []codec.BadRow {
	var bad []codec.BadRow
	d.columns.Start(len(recs))
	for i := range recs {
		d.field = ""
		if err := d.record(recs[i].Value); err != nil {
			bad = append(bad, codec.BadRow{Index: i, Field: d.field, Err: err})
			continue
		}
		d.columns.Keep(i)
	}
	d.in.b = nil
	d.columns.Finish(recs, b)
	return bad
}

// record reads one record into the row being filled.
func (d *decoder) record(value []byte) error {
	if err := d.o.Limits.Check(value); err != nil {
		return err
	}
	id, rest, err := d.codec.frame.open(d.codec, value)
	if err != nil {
		return err
	}
	p := d.program(id)
	if p.err != nil {
		return p.err
	}
	d.in = input{b: rest, items: d.o.Limits.Items}
	p.run(d)
	if d.in.err != nil {
		return d.in.err
	}
	if left := len(rest) - d.in.at; left > 0 {
		return fmt.Errorf("%w: %d bytes are left after the record: it was written with another schema", ErrMalformed, left)
	}
	if err := d.columns.Timeless(); err != nil {
		d.field = d.o.TimeColumn
		return err
	}
	return nil
}

// program is how records of a schema are read. What the registry did not know, or could not say, is asked for again.
func (d *decoder) program(id int) program {
	if p, ok := d.written[id]; ok {
		return p
	}
	p := d.compiled(id)
	if !codec.Unanswered(p.err) {
		d.written[id] = p
	}
	return p
}

func (d *decoder) compiled(id int) program {
	writer := d.codec.reader
	if d.codec.frame == registered {
		var err error
		if writer, err = writerOf(id, d.o.Schemas); err != nil {
			return program{err: err}
		}
	}
	if writer == nil {
		return program{err: fmt.Errorf("%w: its schema is not given, want such as Avro(schema).Plain()", codec.ErrNoSchema)}
	}
	return program{run: compile(writer, d.codec.reader, d.want, d.o)}
}

// writerOf is the schema of an id as nodes.
func writerOf(id int, from codec.Schemas) (*node, error) {
	s, err := codec.SchemaOf(id, from, schemaType, "Protobuf() or JSON()")
	if err != nil {
		return nil, err
	}
	parsed, err := parse(*s)
	if err != nil {
		return nil, fmt.Errorf("schema %d: %w", id, err)
	}
	n, err := tree(parsed)
	if err != nil {
		return nil, fmt.Errorf("schema %d: %w", id, err)
	}
	return n, nil
}

// misfit makes a value the fault of the row, and ends its reading.
func (d *decoder) misfit(column int, err error) {
	d.field = d.want.At(column).Name
	if !errors.Is(err, codec.ErrKind) {
		err = fmt.Errorf("%s: %w", d.field, err)
	}
	d.in.err = err
	d.in.at = len(d.in.b)
}

// assign puts a value into a column of the row being filled.
func (d *decoder) assign(column int, v any) {
	if err := d.columns.Put(column, v); err != nil {
		d.misfit(column, err)
	}
}

// frame is what stands before a record.
type frame string

// The frames.
const (
	registered frame = ""        // a zero byte and the id of a registry
	plain      frame = "-plain"  // nothing, or what single has
	single     frame = "-single" // two bytes and the fingerprint of the schema
)

// open takes the frame off a record.
func (f frame) open(c *avroCodec, value []byte) (id int, rest []byte, err error) {
	if f == registered {
		return codec.OpenRegistered(value)
	}
	if len(c.head) > 0 && bytes.HasPrefix(value, c.head) {
		return 0, value[len(c.head):], nil
	}
	if f == single {
		return 0, nil, fmt.Errorf("%w: it does not begin with %x, as single objects of the schema do: it is none, or of another schema", ErrMalformed, c.head)
	}
	return 0, value, nil
}
