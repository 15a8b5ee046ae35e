package codec

import (
	"fmt"
	"strconv"
	"unsafe"

	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// jsonEncoder writes the one form that a row has: columns in the order of the
// schema, no spaces, null written out, floats as [jsontext.AppendFloat] has
// them, durations in ms, bytes in base64. Equal rows have equal bytes.
type jsonEncoder struct {
	names  []string
	quoted []string // the names as they are written, with their colons
	writer jsontext.Writer
	count  *int64
}

func newJSONEncoder(s *row.Schema, o Options) *jsonEncoder {
	e := &jsonEncoder{names: s.Names(), count: o.NotFinite}
	for _, n := range e.names {
		e.quoted = append(e.quoted, string(jsontext.AppendString(nil, n))+":")
	}
	e.writer.Time = timesAs(o.TimeUnit, `"`)
	return e
}

// Append implements [Encoder].
func (e *jsonEncoder) Append(dst []byte, b *row.Batch, i int) (_ []byte, err error) {
	dst = append(dst, '{')
	for c := range e.quoted {
		if c > 0 {
			dst = append(dst, ',')
		}
		if dst, err = e.member(dst, c, &b.Cols[c], i); err != nil {
			return dst, err
		}
	}
	e.counted()
	return append(dst, '}'), nil
}

func (e *jsonEncoder) counted() {
	if e.count != nil {
		*e.count += e.writer.NotFinite
	}
	e.writer.NotFinite = 0
}

// member writes the name of column c and its value in row i.
func (e *jsonEncoder) member(dst []byte, c int, v *row.Vec, i int) (_ []byte, err error) {
	dst = append(dst, e.quoted[c]...)
	if v.Kind == row.Null || v.IsNull(i) {
		return append(dst, "null"...), nil
	}
	switch v.Kind {
	case row.Bool:
		return strconv.AppendBool(dst, v.Bools[i] != 0), nil
	case row.Int:
		return strconv.AppendInt(dst, v.Ints[i], 10), nil
	case row.Float:
		return e.writer.Float(dst, v.Floats[i]), nil
	case row.String:
		return jsontext.AppendString(dst, v.Strs[i]), nil
	case row.Bytes:
		s := v.Strs[i]
		return jsontext.AppendBytes(dst, unsafe.Slice(unsafe.StringData(s), len(s))), nil
	case row.Duration:
		return jsontext.AppendDecimal(dst, v.Ints[i], 3), nil
	case row.Time:
		dst, err = e.writer.Time(dst, v.Ints[i])
	default:
		dst, err = e.writer.Value(dst, v.Anys[i])
	}
	if err != nil {
		return dst, fmt.Errorf("column %q: %w", e.names[c], err)
	}
	return dst, nil
}
