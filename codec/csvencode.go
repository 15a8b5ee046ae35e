package codec

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

type csvEncoder struct {
	places []int    // by field: the column, or -1
	cells  []string // of the row at hand
	writer jsontext.Writer
	count  *int64
	comma  byte
}

// Append implements [Encoder]. A column that the format does not name is not written.
func (e *csvEncoder) Append(dst []byte, b *row.Batch, i int) ([]byte, error) {
	for k, c := range e.places {
		e.cells[k] = ""
		if c < 0 || b.Cols[c].Kind == row.Null || b.Cols[c].IsNull(i) {
			continue
		}
		cell, err := e.cell(&b.Cols[c], i)
		if err != nil {
			return dst, fmt.Errorf("column %q: %w", b.Schema.At(c).Name, err)
		}
		e.cells[k] = cell
	}
	if e.count != nil {
		*e.count += e.writer.NotFinite
	}
	e.writer.NotFinite = 0
	return appendCSV(dst, e.cells, e.comma), nil
}

func (e *csvEncoder) cell(v *row.Vec, i int) (string, error) {
	var cell []byte
	var err error
	switch v.Kind {
	case row.String:
		return v.Strs[i], nil
	case row.Bytes:
		return base64.StdEncoding.EncodeToString([]byte(v.Strs[i])), nil
	case row.Bool:
		return strconv.FormatBool(v.Bools[i] != 0), nil
	case row.Int:
		return strconv.FormatInt(v.Ints[i], 10), nil
	case row.Float:
		if cell = e.writer.Float(nil, v.Floats[i]); math.IsNaN(v.Floats[i] - v.Floats[i]) {
			return "", nil
		}
	case row.Duration:
		cell = jsontext.AppendDecimal(nil, v.Ints[i], 3)
	case row.Time:
		cell, err = e.writer.Time(nil, v.Ints[i])
	default:
		if s, ok := v.Anys[i].(string); ok {
			return s, nil
		}
		cell, err = e.writer.Value(nil, v.Anys[i])
	}
	return string(cell), err
}

// appendCSV writes a line without its end, with quotes where RFC 4180 or a space at an end asks for them.
func appendCSV(dst []byte, cells []string, comma byte) []byte {
	for i, c := range cells {
		if i > 0 {
			dst = append(dst, comma)
		}
		if !strings.ContainsAny(c, "\"\r\n") && strings.IndexByte(c, comma) < 0 && strings.TrimSpace(c) == c {
			dst = append(dst, c...)
			continue
		}
		dst = append(dst, '"')
		dst = append(dst, strings.ReplaceAll(c, `"`, `""`)...)
		dst = append(dst, '"')
	}
	return dst
}
