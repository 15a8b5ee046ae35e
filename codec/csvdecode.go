package codec

import (
	"encoding/base64"
	"strings"
	"unsafe"

	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

type csvDecoder struct {
	columns
	codec  csvCodec
	o      Options
	places []int    // by field: the column, or -1
	fields []string // of the record at hand
}

// Decode implements [Decoder].
func (d *csvDecoder) Decode(recs []row.Record, b *row.Batch) []BadRow {
	var bad []BadRow
	d.start(len(recs))
	for i := range recs {
		if field, err := d.record(recs[i].Value); err != nil {
			bad = append(bad, BadRow{i, field, err})
			continue
		}
		d.keep(i)
	}
	d.finish(recs, b)
	return bad
}

// record reads a line into the row being filled, and names the field at fault.
func (d *csvDecoder) record(value []byte) (field string, err error) {
	if d.fields, err = d.codec.fields(d.fields, value, d.o.Limits); err != nil {
		return "", err
	}
	for c := range d.vecs {
		d.null(c)
	}
	for i, text := range d.fields {
		c := d.places[i]
		if c < 0 || text == "" {
			continue
		}
		if want := d.field(d.set(c), text); want != "" {
			d.null(c)
			name := d.codec.columns[i]
			return name, &kindError{name, row.Describe(seenAs(text)), want}
		}
	}
	return d.o.TimeColumn, d.timeless()
}

// seenAs is a field as a value of kind Any.
func seenAs(text string) any {
	x := guess(text)
	if digits, ok := x.(jsontext.Digits); ok {
		return string(digits)
	}
	return x
}

// field sets the value of the row being filled, or says what was wanted instead of this text.
func (d *csvDecoder) field(v *row.Vec, text string) (want string) {
	raw := unsafe.Slice(unsafe.StringData(text), len(text))
	ok := true
	switch v.Kind {
	case row.String:
		v.Strs[d.at] = text
	case row.Bytes:
		var b []byte
		b, err := base64.StdEncoding.DecodeString(text)
		v.Strs[d.at], ok = string(b), err == nil
	case row.Bool:
		v.Bools[d.at], ok = 0, text == "true" || text == "false"
		if text == "true" {
			v.Bools[d.at] = 1
		}
	case row.Any:
		v.Anys[d.at] = seenAs(strings.Clone(text))
	case row.List, row.Struct:
		x, end, err := jsontext.Value(raw, 0, d.o.Limits.Depth)
		v.Anys[d.at], ok = x, err == nil && end == len(raw) && row.KindOf(x) == v.Kind
	case row.Time:
		if v.Ints[d.at], ok = parseTime(text); !ok {
			v.Ints[d.at], ok = scaled(raw, placesOf(d.o.TimeUnit))
		}
	case row.Duration:
		v.Ints[d.at], ok = scaled(raw, millis)
	default:
		ok = d.number(v, raw)
	}
	if ok {
		return ""
	}
	return v.Kind.String()
}

func scaled(text []byte, unit places) (int64, bool) {
	n, end, ok := jsontext.ScanNumber(text, 0)
	if !ok || end != len(text) {
		return 0, false
	}
	return unit.instant(n, text)
}

func (d *csvDecoder) number(v *row.Vec, text []byte) bool {
	n, end, ok := jsontext.ScanNumber(text, 0)
	if !ok || end != len(text) {
		return false
	}
	switch v.Kind {
	case row.Int:
		v.Ints[d.at], ok = n.Int()
	case row.Float:
		v.Floats[d.at], ok = n.Float(text)
	default:
		ok = false
	}
	return ok
}
