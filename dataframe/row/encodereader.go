package row

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"unsafe"
)

// reader takes values off the front of an encoding. Its first error stays, and
// every read after that gives a zero value.
type reader struct {
	text   string
	at     int
	shared bool // text is the caller's memory: clone strings
	err    error
}

// column appends one value to v, a zero one on error.
func (r *reader) column(v *Vec) {
	switch {
	case v.Kind == Float:
		v.Floats = append(v.Floats, r.float())
	case v.Kind.inInts():
		v.Ints = append(v.Ints, r.varint())
	case v.Kind == Bool:
		v.Bools = append(v.Bools, r.bool())
	case v.Kind == String || v.Kind == Bytes:
		v.Strs = append(v.Strs, r.string())
	case v.Kind == Null:
		r.fail("a value where only null is possible")
		v.Valid = append(v.Valid, 0)
		return
	default:
		x := r.value(0)
		if r.err == nil && v.Kind != Any && KindOf(x) != v.Kind {
			r.fail("a value of kind " + KindOf(x).String())
		}
		v.Anys = append(v.Anys, x)
	}
	if v.Valid != nil {
		v.Valid = append(v.Valid, 1)
	}
}

func (r *reader) fail(saw string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s: %w", saw, ErrEncoding)
	}
	r.at = len(r.text)
}

func (r *reader) byte() byte {
	if r.at >= len(r.text) {
		r.fail("cut short")
		return 0
	}
	r.at++
	return r.text[r.at-1]
}

func (r *reader) bool() byte {
	c := r.byte()
	if c > 1 {
		r.fail(fmt.Sprintf("bool %d", c))
		return 0
	}
	return c
}

func (r *reader) float() float64 {
	if len(r.text)-r.at < 8 {
		r.fail("float cut short")
		return 0
	}
	b := unsafe.Slice(unsafe.StringData(r.text), len(r.text))[r.at:]
	r.at += 8
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

func (r *reader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// uvarint refuses forms longer than needed, so that no two encodings mean the same row.
func (r *reader) uvarint() uint64 {
	if r.at < len(r.text) && r.text[r.at] < 0x80 {
		r.at++
		return uint64(r.text[r.at-1])
	}
	var u uint64
	for i := range binary.MaxVarintLen64 {
		c := r.byte()
		if i == 9 && c > 1 || i > 0 && c == 0 {
			break
		}
		u |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			return u
		}
	}
	r.fail("number of a wrong length")
	return 0
}

func (r *reader) string() string {
	n := r.uvarint()
	if left := len(r.text) - r.at; n > uint64(left) {
		r.fail(fmt.Sprintf("string of %d bytes with %d left", n, left))
		return ""
	}
	s := r.text[r.at : r.at+int(n)]
	r.at += int(n)
	if r.shared {
		return strings.Clone(s)
	}
	return s
}
