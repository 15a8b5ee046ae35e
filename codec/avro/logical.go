package avro

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/twmb/avro"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// day is a day in µs.
const day = 24 * 3600 * 1_000_000

// micros is a number of a type in µs: since 1970 for times, and else a length of
// time. It is false if the type says no unit, or if it is beyond the range.
func (n *node) micros(x int64) (us int64, ok bool) {
	switch n.logical {
	case "date":
		return times(x, day)
	case "timestamp-millis", "local-timestamp-millis", "time-millis":
		return times(x, 1000)
	case "timestamp-micros", "local-timestamp-micros", "time-micros":
		return x, true
	case "timestamp-nanos", "local-timestamp-nanos":
		return row.FloorDiv(x, 1000), true
	}
	if n.ours == row.Duration.String() {
		return x, true
	}
	return 0, false
}

func times(x, by int64) (int64, bool) {
	y := x * by
	return y, y/by == x
}

// decimal is the text of an unscaled big-endian number: -12.50 for a scale of 2.
func decimal(b []byte, scale int) string {
	return avro.RatFromBytes(b, scale).FloatString(scale)
}

func decimalFloat(b []byte, scale int) float64 {
	if len(b) <= 8 && scale <= 22 {
		var x int64
		if len(b) > 0 && b[0] >= 0x80 {
			x = -1
		}
		for _, c := range b {
			x = x<<8 | int64(c)
		}
		if x <= 1<<53 && x >= -1<<53 { // both are exact, so the quotient is the nearest
			return float64(x) / powers[scale]
		}
	}
	f, _ := avro.RatFromBytes(b, scale).Float64()
	return f
}

var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// span is the twelve bytes of a duration: months, days and milliseconds.
type span struct{ months, days, millis uint32 }

func spanOf(b []byte) span {
	return span{binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint32(b[8:])}
}

// micros is false for a span with months, which have no one length.
func (s span) micros() (int64, bool) {
	return int64(s.days)*day + int64(s.millis)*1000, s.months == 0
}

// String is ISO 8601: P2M3DT4.5S.
func (s span) String() string {
	return fmt.Sprintf("P%dM%dDT%sS", s.months, s.days, strconv.FormatFloat(float64(s.millis)/1000, 'f', -1, 64))
}

// uuid is the text of sixteen bytes.
func uuid(b []byte) string {
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func instantOf(us int64) time.Time { return time.UnixMicro(us).UTC() }

func lengthOf(us int64) time.Duration { return time.Duration(us) * time.Microsecond }
