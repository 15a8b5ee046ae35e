package codec

import (
	"errors"
	"fmt"
	"unicode/utf8"
	"unsafe"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// RawColumn is the one column of the raw format.
const RawColumn = "value"

// ErrText is wrapped by the error for a value that is to be text and is not UTF-8.
var ErrText = errors.New("value is not UTF-8")

// Raw is the record value as it is, in one column named value: a string if all
// of the sample is UTF-8, else bytes. A record without a value gives null.
func Raw() Codec { return rawCodec{} }

type rawCodec struct{}

func (rawCodec) Name() string { return "raw" }

func (rawCodec) Decoder(want *row.Schema, o Options) Decoder {
	o.Limits = o.Limits.orDefault()
	return &rawDecoder{newColumns(want, o), o}
}

func (rawCodec) Encoder(s *row.Schema, _ Options) Encoder { return rawEncoder{s.Index(RawColumn)} }

func (rawCodec) observe(value []byte, each func(string, any)) error {
	switch {
	case value == nil:
		each(RawColumn, nil)
	case utf8.Valid(value):
		each(RawColumn, "")
	default:
		each(RawColumn, value)
	}
	return nil
}

type rawDecoder struct {
	columns
	o Options
}

// Decode implements [Decoder].
func (d *rawDecoder) Decode(recs []row.Record, b *row.Batch) []BadRow {
	var bad []BadRow
	d.start(len(recs))
	for i := range recs {
		if err := d.record(recs[i].Value); err != nil {
			bad = append(bad, BadRow{i, RawColumn, err})
			continue
		}
		d.keep(i)
	}
	d.finish(recs, b)
	return bad
}

func (d *rawDecoder) record(value []byte) error {
	if err := d.o.Limits.check(value); err != nil && !errors.Is(err, ErrNoValue) {
		return err
	}
	for c := range d.vecs {
		f := d.schema.At(c)
		if f.Name != RawColumn || value == nil {
			d.null(c)
			continue
		}
		v := d.set(c)
		switch f.Kind {
		case row.Bytes:
		case row.String:
			if _, err := utf8Text(value); err != nil {
				return err
			}
		default:
			return &kindError{RawColumn, "bytes", f.Kind.String()}
		}
		v.Strs[d.at] = unsafe.String(unsafe.SliceData(value), len(value))
	}
	return d.timeless()
}

type rawEncoder struct{ column int }

// Append implements [Encoder]; a null adds nothing.
func (e rawEncoder) Append(dst []byte, b *row.Batch, i int) ([]byte, error) {
	if e.column < 0 {
		return dst, fmt.Errorf("raw record needs a column %q of kind string or bytes", RawColumn)
	}
	v := &b.Cols[e.column]
	if v.Kind != row.String && v.Kind != row.Bytes {
		return dst, &kindError{RawColumn, v.Kind.String(), "string or bytes"}
	}
	return append(dst, v.Strs[i]...), nil
}

// utf8Text is the value as a string that shares its memory.
func utf8Text(value []byte) (string, error) {
	if !utf8.Valid(value) {
		return "", ErrText
	}
	return unsafe.String(unsafe.SliceData(value), len(value)), nil
}
