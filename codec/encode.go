package codec

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/riffle-stream/riffle/dataframe/row"
)

func (jsonCodec) Encoder(s *row.Schema, o Options) Encoder {
	e := &jsonEncoder{unit: o.TimeUnit}
	for _, name := range s.Names() {
		e.names = append(e.names, append(appendString(nil, name), ':'))
	}
	return e
}

// jsonEncoder writes rows in one canonical form: columns in the order of the
// schema, no space, the shortest digits that read back, no escapes but those
// that JSON asks for. Rows in this form are what proofs compare.
type jsonEncoder struct {
	names [][]byte // quoted, with the colon
	unit  string
}

func (e *jsonEncoder) Append(dst []byte, b *row.Batch, i int) ([]byte, error) {
	dst = append(dst, '{')
	var err error
	for c := range b.Cols {
		if c > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, e.names[c]...)
		if dst, err = appendColumn(dst, &b.Cols[c], i, e.unit); err != nil {
			return dst, fmt.Errorf("column %s: %w", e.names[c], err)
		}
	}
	return append(dst, '}'), nil
}

// appendColumn writes row i of a column.
func appendColumn(dst []byte, v *row.Vec, i int, unit string) ([]byte, error) {
	if v.IsNull(i) {
		return append(dst, "null"...), nil
	}
	switch v.Kind {
	case row.Float:
		return appendFloat(dst, v.Floats[i]), nil
	case row.Int:
		return strconv.AppendInt(dst, v.Ints[i], 10), nil
	case row.String:
		return appendString(dst, v.Strs[i]), nil
	case row.Bool:
		return strconv.AppendBool(dst, v.Bools[i] != 0), nil
	case row.Time:
		return appendTime(dst, v.Ints[i], unit), nil
	case row.Duration:
		return appendFloat(dst, float64(v.Ints[i])/1000), nil
	}
	return appendValue(dst, v.Value(i), unit)
}

func appendValue(dst []byte, x any, unit string) ([]byte, error) {
	var err error
	switch x := x.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, x), nil
	case int64:
		return strconv.AppendInt(dst, x, 10), nil
	case float64:
		return appendFloat(dst, x), nil
	case string:
		return appendString(dst, x), nil
	case []byte:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, x)
		return append(dst, '"'), nil
	case time.Time:
		return appendTime(dst, x.UnixMicro(), unit), nil
	case time.Duration:
		return appendFloat(dst, float64(x.Microseconds())/1000), nil
	case []any:
		dst = append(dst, '[')
		for i, e := range x {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, err = appendValue(dst, e, unit); err != nil {
				return dst, err
			}
		}
		return append(dst, ']'), nil
	case row.Object:
		dst = append(dst, '{')
		for i, m := range x {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, m.Name), ':')
			if dst, err = appendValue(dst, m.Value, unit); err != nil {
				return dst, err
			}
		}
		return append(dst, '}'), nil
	}
	return dst, fmt.Errorf("%w: %T has no form in JSON", ErrKind, x)
}

// appendFloat writes the shortest digits that read back, as encoding/json and
// ECMAScript do; JSON has no word for what is not finite, so that is null.
func appendFloat(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	form := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		form = 'e'
	}
	dst = strconv.AppendFloat(dst, f, form, -1, 64)
	if n := len(dst); form == 'e' && n >= 4 && dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}

// appendTime writes µs since 1970 in a unit, rounded down, or as RFC 3339 in UTC.
func appendTime(dst []byte, us int64, unit string) []byte {
	switch unit {
	case "s":
		return strconv.AppendInt(dst, floorDiv(us, 1e6), 10)
	case "ms":
		return strconv.AppendInt(dst, floorDiv(us, 1e3), 10)
	case "us":
		return strconv.AppendInt(dst, us, 10)
	case "ns":
		return strconv.AppendInt(dst, us*1000, 10)
	}
	dst = append(dst, '"')
	dst = time.UnixMicro(us).UTC().AppendFormat(dst, "2006-01-02T15:04:05.999999Z07:00")
	return append(dst, '"')
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

const hexDigits = "0123456789abcdef"

// appendString writes a string, with escapes only where JSON asks for them;
// bytes that are not UTF-8 become U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				dst = append(append(dst, s[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += n
			continue
		}
		if c >= 0x20 && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, c)
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}
