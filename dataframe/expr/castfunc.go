package expr

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

func castFunctions() []function {
	boolean, text := []row.Kind{row.Bool}, []row.Kind{each}
	return []function{
		{name: "int", params: "x", doc: "as an int: a float is cut, text is read; null if it does not fit", example: "int(lap)", forms: []overload{
			{in: oneInt, out: row.Int, kernel: each1(identity[int64])}, {in: oneFloat, out: row.Int, kernel: try1(cutFloat)},
			{in: oneStr, out: row.Int, kernel: try1(readInt)}, {in: boolean, out: row.Int, kernel: each1(func(b byte) int64 { return int64(b) })}}},
		{name: "float", params: "x", doc: "as a float: text is read; null if it does not fit", example: "float(speed)", forms: []overload{
			{in: oneFloat, out: row.Float, kernel: each1(identity[float64])}, {in: oneStr, out: row.Float, kernel: try1(readFloat)},
			{in: boolean, out: row.Float, kernel: each1(func(b byte) float64 { return float64(b) })}}},
		{name: "bool", params: "x", doc: "as a condition: a number is true unless 0, text is 'true' or 'false'; else null", example: "bool(brake)", forms: []overload{
			{in: boolean, out: row.Bool, kernel: each1(identity[byte])}, {in: oneInt, out: row.Bool, kernel: each1(func(x int64) byte { return bit(x != 0) })},
			{in: oneFloat, out: row.Bool, kernel: each1(func(x float64) byte { return bit(x != 0) })}, {in: oneStr, out: row.Bool, kernel: try1(readBool)}}},
		{name: "string", params: "x", doc: "as text", example: "string(gear)", forms: []overload{{in: text, out: row.String, kernel: textKernel}}},
	}
}

// cutFloat cuts off the digits behind the point; false: no int64 holds the rest.
func cutFloat(x float64) (int64, bool) {
	t := math.Trunc(x)
	if !(t >= -1<<63 && t < 1<<63) {
		return 0, false
	}
	return int64(t), true
}

func readInt(s string) (int64, bool) {
	if !numeral(s) {
		return 0, false
	}
	x, err := strconv.ParseInt(s, 10, 64)
	return x, err == nil
}

func readFloat(s string) (float64, bool) {
	if strings.ContainsAny(s, "xX_") { // Go's own notations
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

// numeral says whether s is a sign and digits; else ParseInt would make an error for each row.
func numeral(s string) bool {
	digits := strings.TrimLeft(s, "+-")
	if digits == "" || len(s)-len(digits) > 1 {
		return false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return true
}

func readBool(s string) (byte, bool) { return bit(s == "true"), s == "true" || s == "false" }

// textKernel writes every value as text.
func textKernel(s *step, n int) {
	a := s.args[0]
	for i := range s.own.Strs {
		at := i
		if a.one {
			at = 0
		}
		s.own.Strs[i] = textAt(a.vec, at)
	}
}

// textAt is the text of row i.
func textAt(v *row.Vec, i int) string {
	if v.Kind == row.String && !v.IsNull(i) {
		return v.Strs[i]
	}
	return textOf(v.Value(i))
}

// textOf is the text of a value, as string(x) and format give it.
func textOf(v any) string {
	switch x := v.(type) {
	case nil:
		return "null"
	case string:
		return x
	case []byte:
		return string(x)
	case time.Time:
		return x.Format("2006-01-02T15:04:05.999999Z07:00")
	case time.Duration:
		return spanText(x.Microseconds())
	case bool, int64, float64:
		return literalText(x)
	}
	return jsonText(v)
}
