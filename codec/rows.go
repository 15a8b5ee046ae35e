package codec

import (
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Rows is the format of rows that were rows already, such as those of a file
// with kinds of its own: a record is a row as [row.AppendRow] has it. Its
// columns and their kinds are those of the schema.
func Rows(s *row.Schema) Codec { return rowsCodec{s} }

type rowsCodec struct{ schema *row.Schema }

// Name implements [Codec].
func (c rowsCodec) Name() string {
	var fields []string
	for _, f := range c.schema.Fields() {
		fields = append(fields, f.String())
	}
	return "rows(" + string(appendCSV(nil, fields, ',')) + ")"
}

func parseRows(name string) (Codec, error) {
	texts, err := splitCSV(nil, []byte(strings.TrimSuffix(strings.TrimPrefix(name, "rows("), ")")), ',')
	if err != nil {
		return nil, err
	}
	var fields []row.Field
	for _, t := range texts {
		f, err := row.ParseField(t)
		if err != nil {
			return nil, err
		}
		fields = append(fields, f)
	}
	return Rows(row.NewSchema(fields...)), nil
}

// Written implements [Described].
func (rowsCodec) Written([]row.Record) []int { return nil }

// Registered implements [Described].
func (rowsCodec) Registered(bool) bool { return false }

// Columns implements [Described].
func (c rowsCodec) Columns([]row.Record, Schemas) (*row.Schema, Codec, error) {
	return c.schema, c, nil
}

// Decoder implements [Codec].
func (c rowsCodec) Decoder(want *row.Schema, o Options) Decoder {
	d := &rowsDecoder{schema: c.schema, columns: NewColumns(want, o)}
	for _, f := range want.Fields() {
		d.places = append(d.places, c.schema.Index(f.Name))
	}
	return d
}

type rowsDecoder struct {
	schema  *row.Schema
	columns *Columns
	places  []int // by wanted column: its place in the rows, or -1
}

// Decode implements [Decoder].
func (d *rowsDecoder) Decode(recs []row.Record, b *row.Batch) []BadRow {
	var bad []BadRow
	d.columns.Start(len(recs))
	for i := range recs {
		if err := d.record(recs[i].Value); err != nil {
			bad = append(bad, BadRow{Index: i, Err: err})
			continue
		}
		d.columns.Keep(i)
	}
	d.columns.Finish(recs, b)
	return bad
}

func (d *rowsDecoder) record(value []byte) error {
	var one row.Batch
	if err := row.DecodeRow(value, d.schema, &one); err != nil {
		return err
	}
	for c, place := range d.places {
		var v any
		if place >= 0 {
			v = one.Cols[place].Value(0)
		}
		if err := d.columns.Put(c, v); err != nil {
			return err
		}
	}
	return d.columns.Timeless()
}

// Encoder implements [Codec].
func (rowsCodec) Encoder(*row.Schema, Options) Encoder { return rowsEncoder{} }

type rowsEncoder struct{}

// Append implements [Encoder].
func (rowsEncoder) Append(dst []byte, b *row.Batch, i int) ([]byte, error) {
	return row.AppendRow(dst, b, i), nil
}
