package row

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
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

// The tags of an encoded value. They are part of stored state: none may change its meaning.
const (
	tagNull = iota
	tagFalse
	tagTrue
	tagInt
	tagUint // above the range of Int
	tagFloat
	tagString
	tagBytes
	tagTime
	tagDuration
	tagList
	tagStruct
)

// maxNesting bounds the lists and structs within each other that [ReadValue] takes.
const maxNesting = 1000

// AppendValue appends a value that [Vec.Value] or [State] can give to dst: a
// tag, then the value; equal values have equal bytes. Times are kept to the
// microsecond, in UTC. A value of a type that no [Kind] has is written as its text.
func AppendValue(dst []byte, value any) []byte {
	switch x := Normal(value).(type) {
	case nil:
		return append(dst, tagNull)
	case bool:
		if x {
			return append(dst, tagTrue)
		}
		return append(dst, tagFalse)
	case int64:
		return binary.AppendVarint(append(dst, tagInt), x)
	case uint:
		return binary.AppendUvarint(append(dst, tagUint), uint64(x))
	case uint64:
		return binary.AppendUvarint(append(dst, tagUint), x)
	case float64:
		return appendFloat(append(dst, tagFloat), x)
	case string:
		return appendString(append(dst, tagString), x)
	case []byte:
		return append(binary.AppendUvarint(append(dst, tagBytes), uint64(len(x))), x...)
	case time.Time:
		return binary.AppendVarint(append(dst, tagTime), x.UnixMicro())
	case time.Duration:
		return binary.AppendVarint(append(dst, tagDuration), x.Microseconds())
	case []any:
		dst = binary.AppendUvarint(append(dst, tagList), uint64(len(x)))
		for _, e := range x {
			dst = AppendValue(dst, e)
		}
		return dst
	case Object:
		dst = binary.AppendUvarint(append(dst, tagStruct), uint64(len(x)))
		for _, m := range x {
			dst = AppendValue(appendString(dst, m.Name), m.Value)
		}
		return dst
	}
	return appendString(append(dst, tagString), fmt.Sprint(value))
}

// ReadValue reads the value in front of src and gives it with the bytes after
// it. The value shares no memory with src. The error wraps [ErrEncoding].
func ReadValue(src []byte) (value any, rest []byte, err error) {
	r := reader{text: view(src), shared: true}
	value = r.value(0)
	if r.err != nil {
		return nil, src, r.err
	}
	return value, src[r.at:], nil
}

func (r *reader) value(depth int) any {
	if depth > maxNesting {
		r.fail(fmt.Sprintf("more than %d lists and structs within each other", maxNesting))
	}
	switch tag := r.byte(); tag {
	case tagNull:
		return nil
	case tagFalse, tagTrue:
		return tag == tagTrue
	case tagInt:
		return r.varint()
	case tagUint:
		return r.aboveInt()
	case tagFloat:
		return r.float()
	case tagString:
		return r.string()
	case tagBytes:
		return []byte(r.string())
	case tagTime:
		return time.UnixMicro(r.varint()).UTC()
	case tagDuration:
		return r.duration()
	case tagList:
		return r.list(depth)
	case tagStruct:
		return r.object(depth)
	default:
		r.fail(fmt.Sprintf("tag %d", tag))
		return nil
	}
}

func (r *reader) aboveInt() any {
	u := r.uvarint()
	if u <= math.MaxInt64 {
		r.fail("int written as an unsigned one")
	}
	return u
}

func (r *reader) duration() any {
	us := r.varint()
	if us > math.MaxInt64/1000 || us < math.MinInt64/1000 {
		r.fail("duration above 292 years")
	}
	return time.Duration(us) * time.Microsecond
}

// list grows as elements come: a count alone, which may lie, costs no memory.
func (r *reader) list(depth int) any {
	n := r.uvarint()
	out := make([]any, 0, min(n, uint64(len(r.text)-r.at), 64))
	for ; n > 0 && r.err == nil; n-- {
		out = append(out, r.value(depth+1))
	}
	return out
}

func (r *reader) object(depth int) any {
	n := r.uvarint()
	out := make(Object, 0, min(n, uint64(len(r.text)-r.at), 64))
	for ; n > 0 && r.err == nil; n-- {
		name := r.string()
		out = append(out, Member{name, r.value(depth + 1)})
	}
	return out
}
