package interp

import (
	"bytes"
	"encoding/json"
)

// The text of a decoder is well formed, so that its parts are found by their first letters.

func (d *decoder) space() {
	for d.off < len(d.data) && bytes.IndexByte([]byte(" \t\r\n"), d.data[d.off]) >= 0 {
		d.off++
	}
}

// more reports whether a list goes on, and steps over its comma or its end.
func (d *decoder) more(end byte) bool {
	d.space()
	if d.data[d.off] == ',' {
		d.off++
		d.space()
		return true
	}
	if d.data[d.off] == end {
		d.off++
		return false
	}
	return true
}

func (d *decoder) colon() {
	d.space()
	d.off++
	d.space()
}

// skip steps over the value at hand, and gives its text.
func (d *decoder) skip() []byte {
	start, depth := d.off, 0
	for {
		switch c := d.data[d.off]; c {
		case '{', '[':
			depth++
			d.off++
		case '}', ']':
			depth--
			d.off++
		case '"':
			d.skipString()
		case ',', ':', ' ', '\t', '\r', '\n':
			d.off++
		default:
			d.skipWord()
		}
		if depth == 0 {
			return d.data[start:d.off]
		}
	}
}

func (d *decoder) skipString() {
	for d.off++; d.data[d.off] != '"'; d.off++ {
		if d.data[d.off] == '\\' {
			d.off++
		}
	}
	d.off++
}

// skipWord steps over a number, or true, false and null.
func (d *decoder) skipWord() {
	for d.off < len(d.data) && bytes.IndexByte([]byte(",:]} \t\r\n"), d.data[d.off]) < 0 {
		d.off++
	}
}

// unquoted is what a JSON string says.
func unquoted(raw []byte) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}
