package row

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"
)

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
