package jsontext

import (
	"encoding/base64"
	"math"
	"strconv"
	"unicode/utf8"
)

// AppendString appends s in quotes, with the shortest escapes that RFC 8259
// asks for and no others. Bytes that are not UTF-8 become U+FFFD.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' {
				i++
				continue
			}
			dst = appendEscape(append(dst, s[start:i]...), c)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			dst = append(append(dst, s[start:i]...), "\ufffd"...)
			start = i + 1
		}
		i += size
	}
	return append(append(dst, s[start:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// AppendFloat appends the shortest digits that read back as f, in the form of
// ECMAScript and encoding/json: without an exponent from 1e-6 up to 1e21, and
// 3, not 3.0. What JSON has no number for, NaN and the infinities, is null.
func AppendFloat(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	if m, ok := scaled(f, 1e3); ok {
		return AppendDecimal(dst, m, 3)
	}
	if m, ok := scaled(f, 1e6); ok {
		return AppendDecimal(dst, m, 6)
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	dst = strconv.AppendFloat(dst, f, format, -1, 64)
	if n := len(dst); format == 'e' && n >= 4 && dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1] // e-09 is e-9
		dst = dst[:n-1]
	}
	return dst
}

// scaled is f × unit, a power of ten, if f is the float nearest to a decimal with
// that many places and up to 15 digits. No two decimals of 15 digits share their
// nearest float, so that without zeros at its end this one is the shortest.
func scaled(f, unit float64) (int64, bool) {
	m := math.Round(f * unit)
	if m/unit != f || math.Abs(m) >= 1e15 || m == 0 && math.Signbit(f) {
		return 0, false
	}
	return int64(m), true
}

// AppendBytes appends b in base64 and quotes.
func AppendBytes(dst, b []byte) []byte {
	return append(base64.StdEncoding.AppendEncode(append(dst, '"'), b), '"')
}

var powers = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6}

// AppendDecimal appends n × 10^-places exactly, with up to six places and no zeros at the end of a fraction.
func AppendDecimal(dst []byte, n int64, places int) []byte {
	u := uint64(n)
	if n < 0 {
		dst = append(dst, '-')
		u = -u
	}
	unit := powers[places]
	dst = strconv.AppendUint(dst, u/unit, 10)
	rest := u % unit
	if rest == 0 {
		return dst
	}
	var digits [6]byte
	end := 0
	for k := places - 1; k >= 0; k-- {
		digits[k] = '0' + byte(rest%10)
		if rest /= 10; end == 0 && digits[k] != '0' {
			end = k + 1
		}
	}
	return append(append(dst, '.'), digits[:end]...)
}
