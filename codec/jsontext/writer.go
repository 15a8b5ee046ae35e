package jsontext

import (
	"fmt"
	"strconv"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Times appends an instant in µs since 1970 the way a format asks for.
type Times func(dst []byte, us int64) ([]byte, error)

// Writer appends values; what it has no number for it counts.
type Writer struct {
	Time      Times
	NotFinite int64 // NaN and infinities written as null
}

// Float appends f as [AppendFloat] does.
func (w *Writer) Float(dst []byte, f float64) []byte {
	if f-f != 0 {
		w.NotFinite++
	}
	return AppendFloat(dst, f)
}

// Value appends a value as [row.Vec.Value] gives it: bytes in base64,
// durations in ms, and what has no [row.Kind] is an error.
func (w *Writer) Value(dst []byte, value any) ([]byte, error) {
	switch x := row.Normal(value).(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, x), nil
	case int64:
		return strconv.AppendInt(dst, x, 10), nil
	case uint64:
		return strconv.AppendUint(dst, x, 10), nil
	case uint:
		return strconv.AppendUint(dst, uint64(x), 10), nil
	case float64:
		return w.Float(dst, x), nil
	case string:
		return AppendString(dst, x), nil
	case []byte:
		return AppendBytes(dst, x), nil
	case time.Time:
		return w.Time(dst, x.UnixMicro())
	case time.Duration:
		return AppendDecimal(dst, x.Microseconds(), 3), nil
	case []any:
		return w.list(dst, x)
	case row.Object:
		return w.object(dst, x)
	}
	return dst, fmt.Errorf("is %T, which JSON has no form for", value)
}

func (w *Writer) list(dst []byte, list []any) (_ []byte, err error) {
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = w.Value(dst, v); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func (w *Writer) object(dst []byte, o row.Object) (_ []byte, err error) {
	dst = append(dst, '{')
	for i, m := range o {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(AppendString(dst, m.Name), ':')
		if dst, err = w.Value(dst, m.Value); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}
