package avro

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"time"

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
	d.in = input{b: rest, items: maxItems}
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

// maxItems bounds the items of a record's lists and maps: some take no bytes.
const maxItems = 1 << 20

// program is how records of a schema are read. An answer that the registry could not give is asked for again.
func (d *decoder) program(id int) program {
	if p, ok := d.written[id]; ok {
		return p
	}
	p := d.compiled(id)
	if !errors.Is(p.err, codec.ErrRegistry) {
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
	if from == nil {
		from = codec.Stored{}
	}
	s, err := from.Schema(id)
	if err != nil {
		return nil, err
	}
	if s.Type != schemaType {
		return nil, fmt.Errorf("schema %d is %s, want %s: say Protobuf() or JSON() for such records", id, s.Type, schemaType)
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

// unfit is misfit for a value of another kind.
func (d *decoder) unfit(column int, v any) {
	f := d.want.At(column)
	saw, want := describe(v), f.Kind.String()
	if f.Kind == row.Time && d.o.TimeUnit == "" && row.KindOf(v).Numeric() {
		want = fmt.Sprintf("a timestamp of Avro; give its unit as in Time(%q, \"ms\")", f.Name)
	}
	d.misfit(column, codec.Misfit(f.Name, saw, want))
}

// assign puts a value into a column of the row being filled.
func (d *decoder) assign(column int, v any) {
	if v == nil {
		d.columns.Null(column)
		return
	}
	vec, at := d.columns.Set(column)
	switch x := v.(type) {
	case string:
		if vec.Kind == row.Time {
			t, err := time.Parse(time.RFC3339Nano, x)
			if err != nil {
				d.unfit(column, v)
				return
			}
			v = t
		}
	case float64:
		if us, ok := d.real(vec.Kind, x); ok {
			vec.Ints[at] = us
			return
		}
	}
	if vec.Set(at, v) != nil {
		d.unfit(column, v)
	}
}

// real is a float as a time of the plan's unit, or as a duration in ms.
func (d *decoder) real(k row.Kind, x float64) (us int64, ok bool) {
	by := float64(perUnit(d.o.TimeUnit))
	switch {
	case k == row.Duration:
		by = 1000
	case k != row.Time || by == 0:
		return 0, false
	case by < 0:
		by = 1e-3
	}
	if x *= by; !(math.Abs(x) < 1<<63) {
		return 0, false
	}
	if by < 1 {
		return int64(math.Floor(x)), true
	}
	return int64(math.Round(x)), true
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
