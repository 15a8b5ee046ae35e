package codec

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// CSV is one line of RFC 4180 a record, with these columns. An empty field is null.
func CSV(columns ...string) Codec { return csvCodec{columns} }

type csvCodec struct{ columns []string }

func (c csvCodec) Name() string { return "csv(" + strings.Join(c.columns, ",") + ")" }

// line splits a value into its fields.
func (c csvCodec) line(value []byte) ([]string, error) {
	if len(value) > MaxValue {
		return nil, fmt.Errorf("%w: the value has %d bytes, at most %d", ErrLimit, len(value), MaxValue)
	}
	r := csv.NewReader(bytes.NewReader(value))
	r.FieldsPerRecord = len(c.columns)
	fields, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%w CSV, want %d fields (%s): %w", ErrSyntax, len(c.columns), strings.Join(c.columns, ","), err)
	}
	if _, err := r.Read(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w CSV: the value has more than one line", ErrSyntax)
	}
	return fields, nil
}

func (c csvCodec) fields(value []byte, each func(string, any)) error {
	fields, err := c.line(value)
	if err != nil {
		return err
	}
	for i, f := range fields {
		each(c.columns[i], guess(f))
	}
	return nil
}

// guess is the value that a text looks like.
func guess(s string) any {
	if s == "" {
		return nil
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return f
	}
	if s == "true" || s == "false" {
		return s == "true"
	}
	return s
}

func (c csvCodec) Decoder(want *row.Schema, o Options) Decoder {
	return &textDecoder{want: want, o: o, record: func(rec *row.Record, cell func(int, any) error) error {
		fields, err := c.line(rec.Value)
		if err != nil {
			return err
		}
		for i, f := range fields {
			slot := want.Index(c.columns[i])
			if slot < 0 || f == "" {
				continue
			}
			if err := cell(slot, parsed(f, want.At(slot).Kind, o.TimeUnit)); err != nil {
				return err
			}
		}
		return nil
	}}
}

// parsed is a text as a value of a kind, or the text itself if it is none.
func parsed(s string, kind row.Kind, unit string) any {
	switch kind {
	case row.String:
		return s
	case row.Time, row.Duration:
		if t, err := temporal(guess(s), kind, unit); err == nil {
			return t
		}
		return s
	}
	return guess(s)
}

func (c csvCodec) Encoder(s *row.Schema, o Options) Encoder {
	e := csvEncoder{unit: o.TimeUnit}
	for _, name := range c.columns {
		e.places = append(e.places, s.Index(name))
	}
	return e
}

type csvEncoder struct {
	places []int
	unit   string
}

func (e csvEncoder) Append(dst []byte, b *row.Batch, i int) ([]byte, error) {
	fields := make([]string, len(e.places))
	for k, c := range e.places {
		if c < 0 || b.Cols[c].IsNull(i) {
			continue
		}
		if v := &b.Cols[c]; v.Kind == row.String {
			fields[k] = v.Strs[i]
			continue
		}
		cell, err := appendColumn(nil, &b.Cols[c], i, e.unit)
		if err != nil {
			return dst, err
		}
		fields[k] = strings.Trim(string(cell), `"`)
	}
	var line bytes.Buffer
	w := csv.NewWriter(&line)
	if err := w.Write(fields); err != nil {
		return dst, fmt.Errorf("csv: %w", err)
	}
	w.Flush()
	return append(dst, bytes.TrimSuffix(line.Bytes(), []byte("\n"))...), w.Error()
}

// textDecoder decodes a record at a time by a function that gives its cells.
type textDecoder struct {
	want   *row.Schema
	o      Options
	record func(rec *row.Record, cell func(slot int, v any) error) error
}

func (d *textDecoder) Decode(recs []row.Record, b *row.Batch) []BadRow {
	var bad []BadRow
	b.Schema, b.Records, b.Origin = d.want, recs, nil
	b.Cols = make([]row.Vec, d.want.Len())
	for c := range b.Cols {
		b.Cols[c] = row.MakeVec(d.want.At(c).Kind, len(recs))
	}
	n := 0
	for i := range recs {
		if w := d.one(&recs[i], b, n); w != nil {
			w.Index = i
			bad = append(bad, *w)
			continue
		}
		b.Origin = append(b.Origin, int32(i))
		n++
	}
	for c := range b.Cols {
		b.Cols[c] = b.Cols[c].Head(n)
	}
	return bad
}

// one decodes a record into row n.
func (d *textDecoder) one(rec *row.Record, b *row.Batch, n int) *BadRow {
	for c := range b.Cols {
		b.Cols[c].SetNull(n)
	}
	field := ""
	err := d.record(rec, func(slot int, v any) error {
		if err := b.Cols[slot].Set(n, v); err != nil {
			field = d.want.At(slot).Name
			return wrongKind(field, err)
		}
		return nil
	})
	if at := d.want.Index(d.o.TimeColumn); err == nil && at >= 0 && b.Cols[at].IsNull(n) {
		field, err = d.o.TimeColumn, &kindError{d.o.TimeColumn + " is null, want the row's time"}
	}
	if err != nil {
		return &BadRow{Field: field, Err: err}
	}
	return nil
}

