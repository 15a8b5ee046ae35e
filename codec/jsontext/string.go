package jsontext

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// String reads the string whose opening quote is at i and gives the place
// after it. Without escapes, s points into src.
func String(src []byte, i int) (s string, next int, err error) {
	if i >= len(src) || src[i] != '"' {
		return "", i, Unexpected(src, i, "a string")
	}
	next, escaped, err := scanString(src, i+1)
	if err != nil {
		return "", next, err
	}
	if raw := src[i+1 : next-1]; escaped {
		return Unescape(raw), next, nil
	} else {
		return unsafe.String(unsafe.SliceData(raw), len(raw)), next, nil
	}
}

// scanString passes over a string from after its opening quote to after its closing one.
func scanString(src []byte, i int) (next int, escaped bool, err error) {
	for {
		i = plain(src, i)
		if i >= len(src) {
			return i, escaped, wrong(i, "it ends inside a string")
		}
		switch c := src[i]; {
		case c == '"':
			return i + 1, escaped, nil
		case c == '\\':
			escaped = true
			if i, err = skipEscape(src, i); err != nil {
				return i, escaped, err
			}
		case c < ' ':
			return i, escaped, wrong(i, "byte 0x%02x in a string, want it escaped", c)
		default:
			r, size := utf8.DecodeRune(src[i:])
			if r == utf8.RuneError && size <= 1 {
				return i, escaped, wrong(i, "byte 0x%02x is not UTF-8", c)
			}
			i += size
		}
	}
}

const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
)

// plain is the place of the first byte from i that is a quote, a backslash, a
// control character or not ASCII. It looks at eight bytes at a time: x-lows
// borrows into the high bit of a byte that is zero, and the lowest hit is exact.
func plain(src []byte, i int) int {
	for ; i+8 <= len(src); i += 8 {
		x := binary.LittleEndian.Uint64(src[i:])
		quote, slash := x^'"'*lows, x^'\\'*lows
		hit := ((quote - lows) &^ quote) | ((slash - lows) &^ slash) | ((x - ' '*lows) &^ x) | x
		if hit &= highs; hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
	}
	for i < len(src) && src[i] != '"' && src[i] != '\\' && src[i]-' ' < 0x80-' ' {
		i++
	}
	return i
}

// skipEscape passes over the escape whose backslash is at i.
func skipEscape(src []byte, i int) (int, error) {
	if i+1 >= len(src) {
		return len(src), wrong(len(src), "it ends inside a string")
	}
	switch src[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2, nil
	case 'u':
	default:
		return i, wrong(i, "escape \\%c is not known", src[i+1])
	}
	r, ok := hex4(src, i+2)
	if !ok {
		return i, wrong(i, "\\u without four hexadecimal digits")
	}
	if !utf16.IsSurrogate(r) {
		return i + 6, nil
	}
	if i+7 < len(src) && src[i+6] == '\\' && src[i+7] == 'u' {
		if low, ok := hex4(src, i+8); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
			return i + 12, nil
		}
	}
	return i, wrong(i, "half a surrogate pair, %s", src[i:i+6])
}

func hex4(src []byte, i int) (rune, bool) {
	if i+4 > len(src) {
		return 0, false
	}
	var r rune
	for _, c := range src[i : i+4] {
		switch {
		case c-'0' <= 9:
			c -= '0'
		case c|0x20-'a' <= 5:
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// Text is a copy of the text of a name as [Name] gives it.
func Text(raw []byte, escaped bool) string {
	if escaped {
		return Unescape(raw)
	}
	return string(raw)
}

// Unescape is the text of the bytes between a string's quotes, which are known to be right.
func Unescape(raw []byte) string {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			i++
			continue
		}
		c := raw[i+1]
		if c != 'u' {
			out = append(out, unescaped(c))
			i += 2
			continue
		}
		r, _ := hex4(raw, i+2)
		i += 6
		if utf16.IsSurrogate(r) {
			low, _ := hex4(raw, i+2)
			r = utf16.DecodeRune(r, low)
			i += 6
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

func unescaped(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}
