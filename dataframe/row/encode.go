package row

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unsafe"
)

// ErrEncoding is wrapped by the errors of [DecodeRow] and [ReadValue] for
// bytes that [AppendRow] and [AppendValue] did not write.
var ErrEncoding = errors.New("bytes are not an encoded row")

// AppendRow appends the columns of row i to dst in a compact form that is
// equal for equal rows: one bit a column that says null, then the values that
// are not, in the order of the schema. What stands beside the columns (time,
// mark, place, key, record) is not written.
func AppendRow(dst []byte, b *Batch, i int) []byte {
	at := len(dst)
	dst = append(dst, make([]byte, (len(b.Cols)+7)/8)...)
	for c := range b.Cols {
		v := &b.Cols[c]
		if v.Kind == Null || v.IsNull(i) {
			dst[at+c/8] |= 1 << (c % 8)
			continue
		}
		switch {
		case v.Kind == Float:
			dst = appendFloat(dst, v.Floats[i])
		case v.Kind.inInts():
			dst = binary.AppendVarint(dst, v.Ints[i])
		case v.Kind == Bool:
			dst = append(dst, v.Bools[i])
		case v.Kind == String || v.Kind == Bytes:
			dst = appendString(dst, v.Strs[i])
		default:
			dst = AppendValue(dst, v.Anys[i])
		}
	}
	return dst
}

// appendFloat writes every NaN alike: their bits differ between processors.
func appendFloat(dst []byte, f float64) []byte {
	if f != f {
		f = math.NaN()
	}
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(f))
}

func appendString(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// DecodeRow appends the row that src holds to the columns of b, which are of
// the kinds of s; a batch without columns gets them. Its strings are a copy of
// src. After an error, which wraps [ErrEncoding], no row was added.
func DecodeRow(src []byte, s *Schema, b *Batch) error {
	if len(b.Cols) == 0 {
		b.Cols = make([]Vec, s.Len())
		for c := range b.Cols {
			b.Cols[c] = MakeVec(s.At(c).Kind, 0)
		}
	}
	if len(b.Cols) != s.Len() {
		return fmt.Errorf("batch has %d columns, want the %d of its schema", len(b.Cols), s.Len())
	}
	nulls := (s.Len() + 7) / 8
	if len(src) < nulls {
		return fmt.Errorf("row of %d columns has %d bytes: %w", s.Len(), len(src), ErrEncoding)
	}
	r := reader{text: view(src), at: nulls}
	if pointing(b.Cols) {
		r.text = string(src)
	}
	for c := range b.Cols {
		v := &b.Cols[c]
		if src[c/8]>>(c%8)&1 != 0 {
			v.appendNull()
			continue
		}
		if r.column(v); r.err != nil {
			b.cut(c)
			return fmt.Errorf("column %q %s: %w", s.At(c).Name, v.Kind, r.err)
		}
	}
	if spare := s.Len() % 8; r.at < len(src) || spare != 0 && src[nulls-1]>>spare != 0 {
		b.cut(len(b.Cols) - 1)
		return fmt.Errorf("row of %d columns has %d bytes after them: %w", s.Len(), len(src)-r.at, ErrEncoding)
	}
	return nil
}

func view(src []byte) string { return unsafe.String(unsafe.SliceData(src), len(src)) }

// pointing says whether values of a column point to memory.
func pointing(cols []Vec) bool {
	for c := range cols {
		if k := cols[c].Kind; k == String || k == Bytes || k.Nested() {
			return true
		}
	}
	return false
}

// cut takes the last row off the columns up to and with last.
func (b *Batch) cut(last int) {
	for c := range last + 1 {
		v := &b.Cols[c]
		n := v.Len() - 1
		valid := v.Valid
		switch {
		case v.Kind == Bool:
			v.Bools = v.Bools[:n]
		case v.Kind.inInts():
			v.Ints = v.Ints[:n]
		case v.Kind == Float:
			v.Floats = v.Floats[:n]
		case v.Kind == String || v.Kind == Bytes:
			v.Strs = v.Strs[:n]
		case v.Kind.Nested():
			v.Anys = v.Anys[:n]
		}
		if valid != nil {
			v.Valid = valid[:n]
		}
	}
}

func (v *Vec) appendNull() {
	n := v.Len()
	v.grow(n + 1)
	v.SetNull(n)
}
