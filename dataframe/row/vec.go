package row

import (
	"cmp"
	"strings"
	"time"
)

// Vec is one column of a batch. One of its slices holds the values, by kind:
// Bools (0 or 1) for Bool; Ints for Int, and in µs for Time (since 1970, UTC)
// and Duration; Floats for Float; Strs for String and Bytes; Anys for List,
// Struct and Any; none for Null. A null row has a zero value there.
//
// Strs may point into a record's bytes: clone what outlives the batch.
type Vec struct {
	Kind   Kind
	Valid  []byte // nil: no nulls; else 1 where the row has a value
	Bools  []byte
	Ints   []int64
	Floats []float64
	Strs   []string
	Anys   []any
}

// MakeVec is a column of n rows, all null if the kind is Null, else zero and valid.
func MakeVec(kind Kind, n int) Vec {
	v := Vec{Kind: kind}
	v.Resize(n)
	return v
}

// Resize sets the number of rows, keeping capacity; the content is undefined
// but for Anys, and every row counts as valid.
func (v *Vec) Resize(n int) {
	v.Valid = nil
	switch {
	case v.Kind == Bool:
		v.Bools = resize(v.Bools, n)
	case v.Kind.inInts():
		v.Ints = resize(v.Ints, n)
	case v.Kind == Float:
		v.Floats = resize(v.Floats, n)
	case v.Kind == String || v.Kind == Bytes:
		v.Strs = resize(v.Strs, n)
	case v.Kind.Nested():
		v.Anys = resize(v.Anys, n)
		clear(v.Anys)
	case v.Kind == Null:
		v.Valid = resize(v.Valid, n)
		clear(v.Valid)
	}
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}

// Len is the number of rows.
func (v *Vec) Len() int {
	switch {
	case v.Kind == Bool:
		return len(v.Bools)
	case v.Kind.inInts():
		return len(v.Ints)
	case v.Kind == Float:
		return len(v.Floats)
	case v.Kind == String || v.Kind == Bytes:
		return len(v.Strs)
	case v.Kind.Nested():
		return len(v.Anys)
	}
	return len(v.Valid)
}

// IsNull says whether row i has no value.
func (v *Vec) IsNull(i int) bool { return v.Valid != nil && v.Valid[i] == 0 }

// SetNull makes row i null.
func (v *Vec) SetNull(i int) {
	if v.Valid == nil {
		v.Valid = ones(v.Len())
	}
	v.Valid[i] = 0
	v.zero(i)
}

func (v *Vec) zero(i int) {
	switch {
	case v.Kind == Bool:
		v.Bools[i] = 0
	case v.Kind.inInts():
		v.Ints[i] = 0
	case v.Kind == Float:
		v.Floats[i] = 0
	case v.Kind == String || v.Kind == Bytes:
		v.Strs[i] = ""
	case v.Kind.Nested():
		v.Anys[i] = nil
	}
}

func ones(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = 1
	}
	return b
}

// Value is row i as a Go value, as listed at [Kind]; nil for null.
func (v *Vec) Value(i int) any {
	if v.IsNull(i) {
		return nil
	}
	switch v.Kind {
	case Bool:
		return v.Bools[i] != 0
	case Int:
		return v.Ints[i]
	case Float:
		return v.Floats[i]
	case String:
		return v.Strs[i]
	case Bytes:
		return []byte(v.Strs[i])
	case Time:
		return time.UnixMicro(v.Ints[i]).UTC()
	case Duration:
		return time.Duration(v.Ints[i]) * time.Microsecond
	case List, Struct, Any:
		return v.Anys[i]
	}
	return nil
}

// Gather is a new column of the rows named by sel, in that order.
func (v *Vec) Gather(sel []int32) Vec {
	out := MakeVec(v.Kind, len(sel))
	switch {
	case v.Kind == Bool:
		gather(out.Bools, v.Bools, sel)
	case v.Kind.inInts():
		gather(out.Ints, v.Ints, sel)
	case v.Kind == Float:
		gather(out.Floats, v.Floats, sel)
	case v.Kind == String || v.Kind == Bytes:
		gather(out.Strs, v.Strs, sel)
	case v.Kind.Nested():
		gather(out.Anys, v.Anys, sel)
	}
	if v.Valid != nil && v.Kind != Null {
		out.Valid = make([]byte, len(sel))
		gather(out.Valid, v.Valid, sel)
	}
	return out
}

func gather[T any](dst, src []T, sel []int32) {
	for i, s := range sel {
		dst[i] = src[s]
	}
}

// extend copies the rows of o, which has the same kind, to the end; strings are cloned.
func (v *Vec) extend(o *Vec) {
	n := v.Len()
	if v.Kind != Null && (v.Valid != nil || o.Valid != nil) {
		if v.Valid == nil {
			v.Valid = ones(n)
		}
		if o.Valid == nil {
			v.Valid = append(v.Valid, ones(o.Len())...)
		}
	}
	if o.Valid != nil {
		v.Valid = append(v.Valid, o.Valid...)
	}
	v.Bools = append(v.Bools, o.Bools...)
	v.Ints = append(v.Ints, o.Ints...)
	v.Floats = append(v.Floats, o.Floats...)
	v.Anys = append(v.Anys, o.Anys...)
	for _, s := range o.Strs {
		v.Strs = append(v.Strs, strings.Clone(s))
	}
}

// compare orders two rows that are not null; lists, structs and values of any kind are all equal.
func (v *Vec) compare(i, j int) int {
	switch {
	case v.Kind == Bool:
		return cmp.Compare(v.Bools[i], v.Bools[j])
	case v.Kind.inInts():
		return cmp.Compare(v.Ints[i], v.Ints[j])
	case v.Kind == Float:
		return cmp.Compare(v.Floats[i], v.Floats[j])
	case v.Kind == String || v.Kind == Bytes:
		return cmp.Compare(v.Strs[i], v.Strs[j])
	}
	return 0
}

// SetValid makes row i a value again after SetNull; its value is what is set next.
func (v *Vec) SetValid(i int) {
	if v.Valid != nil && v.Kind != Null {
		v.Valid[i] = 1
	}
}

// Head is the first n rows of the column, which shares its memory.
func (v *Vec) Head(n int) Vec {
	out := Vec{Kind: v.Kind}
	if v.Valid != nil {
		out.Valid = v.Valid[:n]
	}
	switch {
	case v.Kind == Bool:
		out.Bools = v.Bools[:n]
	case v.Kind.inInts():
		out.Ints = v.Ints[:n]
	case v.Kind == Float:
		out.Floats = v.Floats[:n]
	case v.Kind == String || v.Kind == Bytes:
		out.Strs = v.Strs[:n]
	case v.Kind.Nested():
		out.Anys = v.Anys[:n]
	}
	return out
}
