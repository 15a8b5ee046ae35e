package codec

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/riffle-stream/riffle/codec/jsontext"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// places are the decimal places from a unit down to the microsecond.
type places int

// The units of times as numbers.
const (
	seconds places = 6
	millis  places = 3
	micros  places = 0
	nanos   places = -3
	noUnit  places = -1 // times are RFC 3339
)

func placesOf(unit string) places {
	switch unit {
	case "s":
		return seconds
	case "ms":
		return millis
	case "us":
		return micros
	case "ns":
		return nanos
	}
	return noUnit
}

// instant is a number of a unit since 1970 in µs; ok is false if it is beyond
// the range. Parts of a nanosecond count go towards the past, as UnixMicro does.
func (p places) instant(n jsontext.Number, text []byte) (us int64, ok bool) {
	if p == noUnit {
		return 0, false
	}
	if x, whole := n.Int(); whole {
		return p.shift(x)
	}
	f, ok := n.Float(text)
	if !ok {
		return 0, false
	}
	return p.part(f)
}

func (p places) shift(x int64) (int64, bool) {
	if p < 0 {
		return row.FloorDiv(x, 1000), true
	}
	for range p {
		if x > math.MaxInt64/10 || x < math.MinInt64/10 {
			return 0, false
		}
		x *= 10
	}
	return x, true
}

// parseTime reads an RFC 3339 string; what is below a microsecond is cut off.
func parseTime(s string) (us int64, ok bool) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return 0, false
	}
	return t.UnixMicro(), true
}

// The first and last instants that RFC 3339 has a form for, in µs.
const (
	firstTime = -62167219200_000_000
	lastTime  = 253402300799_999_999
)

// timeText is an instant as RFC 3339 in UTC, without zeros at the end of the fraction.
func timeText(dst []byte, us int64) ([]byte, error) {
	if us < firstTime || us > lastTime {
		return dst, fmt.Errorf("time %d µs since 1970 is outside the years 0 to 9999 of RFC 3339", us)
	}
	return time.UnixMicro(us).UTC().AppendFormat(dst, "2006-01-02T15:04:05.999999Z07:00"), nil
}

// append writes an instant in µs as a whole number of the unit, rounded down.
func (p places) append(dst []byte, us int64) []byte {
	if p < 0 && us != 0 {
		return append(strconv.AppendInt(dst, us, 10), "000"...)
	}
	unit := int64(1)
	for range p {
		unit *= 10
	}
	n := us / unit
	if us%unit < 0 {
		n--
	}
	return strconv.AppendInt(dst, n, 10)
}

// timesAs gives how instants are written for a unit, strings within quotes.
func timesAs(unit, quote string) jsontext.Times {
	if p := placesOf(unit); p != noUnit {
		return func(dst []byte, us int64) ([]byte, error) { return p.append(dst, us), nil }
	}
	return func(dst []byte, us int64) ([]byte, error) {
		dst, err := timeText(append(dst, quote...), us)
		return append(dst, quote...), err
	}
}

// TimesAs is how instants stand in JSON for a unit; see [Options].
func TimesAs(unit string) jsontext.Times { return timesAs(unit, `"`) }

// Text is a value as JSON; a text stays as it is.
func Text(v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	w := jsontext.Writer{Time: TimesAs("")}
	b, err := w.Value(nil, v)
	return string(b), err
}
